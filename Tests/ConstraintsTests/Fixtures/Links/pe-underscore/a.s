.section .text,"ax"
.globl _tick
_tick: .skip 8

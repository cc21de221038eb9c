.text
.globl _start
_start: jmp _start
.byte 1
.section .resetvec,"ax"
.byte 0xea

.syntax unified
.thumb
.section .text,"ax"
.globl _start,f1
.thumb_func
_start: nop
nop
.thumb_func
f1: nop
.section .data,"aw"
.globl d0
d0: .word 1

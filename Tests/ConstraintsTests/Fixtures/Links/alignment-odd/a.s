.section .data,"aw"
.balign 64
.globl d0
d0: .skip 8
.section .text,"ax"
.globl _start
_start: .skip 4
.section .note.GNU-stack,"",%progbits

.section .text,"ax"
.globl _start,f1
_start: .skip 0x20
f1: .skip 0x13
.section .data,"aw"
.balign 8
.globl d0
d0: .skip 8
.section .bss,"aw",%nobits
.balign 8
.globl b0
b0: .skip 0x20
.section .note.GNU-stack,"",%progbits
.section later,"aw",%progbits
.balign 64
.skip 0x14,1

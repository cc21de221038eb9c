.section .text,"ax"
.globl _start,f1
_start: .skip 0x20
f1: .skip 0x13
.section tbl,"a"
.skip 0x100
.section .data.rel.ro,"aw"
.balign 16
.skip 3
.section .note.GNU-stack,"",%progbits

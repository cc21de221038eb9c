.section .v0,"ax"
nop
.section .v1,"ax"
nop
.section .v2,"ax"
nop
.section .v3,"ax"
nop
.text
.globl _start
_start: nop

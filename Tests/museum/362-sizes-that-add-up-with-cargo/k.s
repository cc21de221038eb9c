.text
.globl _start
_start: nop
.skip 0x1f00
.section .rodata,"a"
.skip 0x900

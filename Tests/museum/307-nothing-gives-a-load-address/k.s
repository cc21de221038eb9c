	.globl _start
	.text
_start:	.skip 0x40
	.section .rodata, "a"
	.skip 0x30
	.data
	.quad 1
	.bss
	.skip 0x200

	.globl _start
	.text
_start: .space 0x13
	.section .rodata, "a"
	.space 5

	.globl _start
	.text
_start: .space 8
	.data
	.space 0x80
	.bss
	.space 0x700

	.globl _start
	.text
_start: .space 10
	.data
	.space 5
	.bss
	.space 64

	.globl _start
	.text
_start: .space 8
	.section .ctors, "aw"
	.space 8

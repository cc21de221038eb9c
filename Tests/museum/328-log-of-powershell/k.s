	.globl _start
	.text
_start: .space 24
	.data
	.space 16

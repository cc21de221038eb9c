	.globl _start
	.text
_start: .space 4

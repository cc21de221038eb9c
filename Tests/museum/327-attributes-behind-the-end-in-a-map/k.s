	.globl _start
	.text
_start: .space 0x1234
	.data
	.space 0x2345

	.globl _start, paging
	.text
_start: .space 0x20
paging: .space 0x214

	.globl _start
	.text
_start: .space 8
	.section .dma, "aw"
	.balign 4
	.space 12

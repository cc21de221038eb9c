	.globl _start
	.section .isr_vectors, "a"
	.space 16
	.text
_start: .space 8

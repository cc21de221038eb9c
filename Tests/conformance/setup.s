# The object that expressions speak of.
	.section .text,"ax",@progbits
	.p2align 4
	.globl _start,f1,f2
_start:	.fill 0x40,1,0x90
f1:	.fill 8,1,0x90
f2:	.fill 8,1,0x90
	.section .data,"aw",@progbits
	.p2align 3
	.globl d0,d1,wdef
	.weak wdef
d0:	.quad 1
d1:	.quad wundef
wdef:	.quad needme
	.quad needhid
	.section .bss,"aw",@nobits
	.p2align 5
	.globl b0
b0:	.skip 0x100
	.globl absym,absbig,abszero
absym = 0x1234
absbig = 0xffffffff80000000
abszero = 0
	.weak wundef
	.comm com,0x20,16
	.section .gone,"a",@progbits
	.globl gone
gone:	.quad 0
	.section .note.GNU-stack,"",@progbits

 .section .note.Xen,"a",@note
 .long 4, 4, 18, 0x6e6558, _start
 .section .note.id,"a",@note
 .long 4, 4, 1, 0x6b, 7
 .text
 .globl _start
_start: .skip 16

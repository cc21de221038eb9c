 .text
 .globl _start
_start: .skip 0x41, 0x90
 .data
 .balign 4
 .long 1, 2, 3
 .section .sdata,"aw"
 .long 4, 5
 .bss
 .skip 8

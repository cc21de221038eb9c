 .section .vectors,"a"
 .long top_of_stack, reset
 .text
 .globl reset
 .thumb_func
reset: .skip 0x42
 .bss
 .skip 8

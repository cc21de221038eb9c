.section .vectors,"a"
.long 1
.text
.globl reset
reset: .long 2

.section .vectors,"a"
.word 1,2,3
.data
.word 1
.bss
.globl heap_pool
heap_pool: .skip 0x900

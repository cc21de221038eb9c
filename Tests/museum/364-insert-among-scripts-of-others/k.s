.text
.globl _start
_start: nop
.section .table,"a"
.word 1

.text
.globl _start
_start: nop
.data
.word 1

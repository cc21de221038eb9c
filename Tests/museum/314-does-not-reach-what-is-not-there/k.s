.globl _start
.text
_start: call nowhere
.section .note.GNU-stack,"",@progbits

.globl _start
.text
_start: .zero 300
.data
d: .zero 100
.section .note.GNU-stack,"",@progbits

.globl _start
.text
_start: .zero 300
.data
d: .zero 100
.bss
b: .zero 50
.section .note.GNU-stack,"",@progbits

.section .boot,"a"
.long 1
.section .address,"a"
.long 2
.section .size,"a"
.long 3
.section .note.GNU-stack,"",@progbits

.globl gets
.data
gets: .long 0
.section .gnu.warning.gets,"a"
.ascii "the gets function is dangerous and should not be used."

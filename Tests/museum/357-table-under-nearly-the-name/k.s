.section .isr_vector,"a"
.word 1,2
.text
nop

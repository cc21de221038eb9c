.globl start
.text
start: .skip 16

.set micromips
.text
.globl _start,f1
.ent _start
_start: nop
nop
.end _start
.ent f1
.type f1,@function
f1: nop
.end f1
.data
.globl d0
d0: .word 1

.text
nop
.data
.word 1
.bss
.skip 0x900

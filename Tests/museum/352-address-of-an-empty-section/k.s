.text
nop
.bss
.skip 0x900

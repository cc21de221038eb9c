.text
.globl lib_open, lib_close
lib_open: nop
lib_close: nop

@ The network: buffers in RAM, tables in flash. NET_TABLE is what the two builds differ in.
        .syntax unified
        .cpu cortex-m3
        .thumb

        .section .text.net_poll, "ax"
        .global net_poll
        .type net_poll, %function
        .thumb_func
net_poll: .skip 700
        bx lr
        .size net_poll, . - net_poll

        .section .rodata.crc, "a"
        .global crc_table
        .type crc_table, %object
        .balign 16
crc_table: .skip NET_TABLE, 2
        .size crc_table, . - crc_table

        .section .rodata.str1.1, "aMS", %progbits, 1
        .string "link up"
        .string "link down"

        .bss
        .global buffers
        .type buffers, %object
        .balign 8
buffers: .skip 1536
        .size buffers, 1536

        .section .noinit, "aw", %nobits
        .global last_fault
        .type last_fault, %object
last_fault: .skip 64
        .size last_fault, 64

@ What runs first, and the application.
        .syntax unified
        .cpu cortex-m3
        .thumb

        .section .vectors, "a"
        .word __stack_top, reset + 1
        .skip 56

        .section .text.reset, "ax"
        .global reset
        .type reset, %function
        .thumb_func
reset:  bl net_poll
        b reset
        .size reset, . - reset

        .section .text.app, "ax"
        .global app
        .type app, %function
        .thumb_func
app:    .skip APP_BYTES
        .size app, . - app

        .section .rodata.str1.1, "aMS", %progbits, 1
        .string "ready"
        .string "link up"

        .data
        .global settings
        .type settings, %object
        .balign 8
settings: .skip 96, 1
        .size settings, 96

        .comm heap, 512, 8

/*
 * Enough of a boot image to fill the regions of boot.lds.S. It is linked, never run.
 * KEXEC_BYTES is the size of the code that has to fit in one page.
 */
#ifndef KEXEC_BYTES
#define KEXEC_BYTES 0x1a0
#endif

#define STACK_BYTES 0x4000

        .section .text.header, "ax", @progbits
        .globl  start
start:
        lea     boot_stack + STACK_BYTES(%rip), %rsp
        call    setup
        jmp     main_loop

        .section .text.kexec, "ax", @progbits
kexec_code:
        mov     %rdi, %cr3
        jmp     *%rsi
        .fill   KEXEC_BYTES - (. - kexec_code), 1, 0x90
        .globl  kexec_reloc_size
kexec_reloc_size = . - kexec_code

        .text
        .globl  main_loop
main_loop:
        incq    ticks(%rip)
        hlt
        jmp     main_loop
        .fill   0x8340, 1, 0x90

        .section .rodata, "a", @progbits
        .globl  banner
banner:
        .asciz  "booting"
        .balign 64
        .fill   0x2400, 1, 0

        .section .init.text, "ax", @progbits
        .globl  setup
setup:
        lea     banner(%rip), %rsi
        ret
        .fill   0x1180, 1, 0x90

        .section .init.data, "aw", @progbits
        .fill   0x340, 1, 0

        .section .data.page_aligned, "aw", @progbits
        .balign 4096
        .globl  boot_page_directory
boot_page_directory:
        .fill   4096, 1, 0

        .data
        .globl  ticks
ticks:  .quad   0

        .section .bss.stack_aligned, "aw", @nobits
        .balign STACK_BYTES
        .globl  boot_stack
boot_stack:
        .skip   STACK_BYTES

        .bss
        .skip   0x28b1

        .section .note.GNU-stack, "", @progbits

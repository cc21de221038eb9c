/*
 * A small boot image in four regions: code, constants, boot-only data, variables. Boot code maps each
 * region with 2M pages and one permission, so each region has to begin and end on a 2M boundary.
 */
#include "config.h"

OUTPUT_FORMAT("elf64-x86-64")
OUTPUT_ARCH(i386:x86-64)
ENTRY(start)

PHDRS
{
  text PT_LOAD;
}

SECTIONS
{
  . = VIRT_START;
  __image_base__ = .;

  . = VIRT_START + MB(2);
  _start = .;
  .text : {
    _stext = .;
    *(.text.header)
    . = ALIGN(PAGE_SIZE);
    kexec_reloc = .;
    *(.text.kexec)
    kexec_reloc_end = .;
    *(.text)
    _etext = .;
  } :text = 0x9090

  . = ALIGN(SECTION_ALIGN);
  __2M_text_end = .;

  __2M_rodata_start = .;
  .rodata : {
    *(.rodata)
    *(.rodata.*)
  } :text

  . = ALIGN(SECTION_ALIGN);
  __2M_rodata_end = .;

  __2M_init_start = .;
  __init_begin = .;
  .init : {
    *(.init.text)
    . = ALIGN(8);
    *(.init.data)
  } :text
  . = ALIGN(PAGE_SIZE);
  __init_end = .;

  . = ALIGN(SECTION_ALIGN);
  __2M_init_end = .;

  __2M_rwdata_start = .;
  .data : {
    *(.data.page_aligned)
    *(.data)
  } :text
  .bss : {
    __bss_start = .;
    *(.bss.stack_aligned)
    *(.bss)
    . = ALIGN(8);
    __bss_end = .;
  } :text
  _end = .;

  . = ALIGN(SECTION_ALIGN);
  __2M_rwdata_end = .;

  .got : { *(.got) }

  /DISCARD/ : {
    *(.comment)
    *(.note.*)
  }
}

ASSERT(IS_ALIGNED(_start, MB(2)), "_start misaligned")

ASSERT(IS_ALIGNED(__2M_text_end,     SECTION_ALIGN), "__2M_text_end misaligned")
ASSERT(IS_ALIGNED(__2M_rodata_start, SECTION_ALIGN), "__2M_rodata_start misaligned")
ASSERT(IS_ALIGNED(__2M_rodata_end,   SECTION_ALIGN), "__2M_rodata_end misaligned")
ASSERT(IS_ALIGNED(__2M_init_start,   SECTION_ALIGN), "__2M_init_start misaligned")
ASSERT(IS_ALIGNED(__2M_init_end,     SECTION_ALIGN), "__2M_init_end misaligned")
ASSERT(IS_ALIGNED(__2M_rwdata_start, SECTION_ALIGN), "__2M_rwdata_start misaligned")
ASSERT(IS_ALIGNED(__2M_rwdata_end,   SECTION_ALIGN), "__2M_rwdata_end misaligned")

ASSERT(IS_ALIGNED(__init_begin, PAGE_SIZE), "__init_begin misaligned")
ASSERT(IS_ALIGNED(__init_end,   PAGE_SIZE), "__init_end misaligned")
ASSERT(IS_ALIGNED(boot_stack, STACK_SIZE),  "boot_stack misaligned")
ASSERT(IS_ALIGNED(__bss_start, 8),          "__bss_start misaligned")
ASSERT(IS_ALIGNED(__bss_end, 8),            "__bss_end misaligned")

/* Copied to one page before the jump into the next kernel. */
ASSERT(kexec_reloc_end - kexec_reloc <= PAGE_SIZE, "kexec_reloc is too large")
ASSERT(kexec_reloc_size <= PAGE_SIZE, "kexec_reloc_size is more than a page")

ASSERT(_end <= VIRT_END, "image larger than its page directory covers")

ASSERT(!SIZEOF(.got), ".got non-empty")

#if CONFIG(BIG)
ASSERT(SIZEOF(.text) < 0x10000, "big")
#elif CONFIG_ROM_SIZE == 0
#error no size
#endif
SECTIONS { .text : { *(.text) } }

#include <memlayout.h>
#if CONFIG(BIG)
#define BASE 0x1000
#else
#define BASE 0x2000
#endif
SECTIONS
{
  . = BASE;
  STACK(0x3000, 4K)
  TTB(0x4000, 8K)
  PRERAM(0x6000, 8K)
  .text : { *(.text) }
}

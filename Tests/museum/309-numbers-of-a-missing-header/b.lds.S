#include "generated/board.h"
SECTIONS
{
  . = BASE + 0x100;
  .text : { *(.text) *(.rodata) }
  limit = BASE + (1 << SHIFT);
  .data : { *(.data) }
  end = .;
}
ASSERT((end & (PAGE - 1)) == 0, "end is not on a page")
ASSERT(end < limit, "past the limit")

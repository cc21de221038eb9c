#include <segments.h>
PHDRS { text PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); dynamic PT_DYNAMIC; }
ENTRY(_start)
SECTIONS
{
	. = 0x100000;
	.text : { *(.text .text.*) } :text
	. = ALIGN(0x1000);
	.dynamic : { *(.dynamic) } :dynamic SEGMENT_DATA
	.data : { *(.data) } SEGMENT_DATA
	.bss : { *(.bss) *(COMMON) }
}

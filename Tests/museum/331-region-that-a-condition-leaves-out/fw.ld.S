MEMORY
{
	ram (rwx) : ORIGIN = 0x20000000, LENGTH = 8K
#if defined(_ROM)
	rom (rx) : ORIGIN = 0x08000000, LENGTH = _ROM
#endif
}
SECTIONS
{
	.text : { *(.text) } > rom
	.data : { *(.data) } > ram AT > rom
}

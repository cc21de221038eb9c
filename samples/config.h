/* What start.S and boot.lds.S have to agree on. */
#ifndef SAMPLE_CONFIG_H
#define SAMPLE_CONFIG_H

#ifdef __ASSEMBLER__
#define _AC(number, suffix) number
#else
#define _AC(number, suffix) number ## suffix
#endif

#define KB(n) (_AC(n, ULL) << 10)
#define MB(n) (_AC(n, ULL) << 20)
#define GB(n) (_AC(n, ULL) << 30)
#define IS_ALIGNED(value, align) (!((value) & ((align) - 1)))

#define PAGE_SIZE KB(4)

/* Map every region with pages of its own size: 2M pages want 2M boundaries. */
#define CONFIG_ALIGN_2M 1

#if CONFIG_ALIGN_2M
#define SECTION_ALIGN MB(2)
#else
#define SECTION_ALIGN PAGE_SIZE
#endif

/* The image lives in the one gigabyte that its only page directory covers. */
#define VIRT_START 0xffff82d040000000
#define VIRT_END   (VIRT_START + GB(1))

#define STACK_SIZE KB(16)

#endif

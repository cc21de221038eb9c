#define BASE 0x400000
#define PAGE 0x1000
#define SHIFT 16

ld -m elf_x86_64 -T extra.ld -T base.ld k.o -o b.elf

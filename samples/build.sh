#!/bin/sh
# Makes the scripts, maps and symbol lists of the three variants again:
#
#   sound       every ASSERT holds
#   unaligned   a line is missing: nothing aligns __2M_text_end
#   grown       an input section is larger than the page it has to fit in
#
# Needs gcc and GNU ld for x86-64. Same tools, same bytes; the committed files are from gcc 12.2 and
# binutils 2.40. The images themselves are not kept.
set -eu
cd "$(dirname "$0")"

CC=${CC:-gcc}
LD=${LD:-ld}
NM=${NM:-nm}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

# A link whose ASSERTs fail writes its map too; the image is forced out for its symbols.
build() {
  variant=$1 script=$2 kexec_bytes=$3
  "$CC" -E -P -x assembler-with-cpp -I. -o "$variant/boot.lds" "$script"
  "$CC" -c -DKEXEC_BYTES="$kexec_bytes" -o "$WORK/start.o" start.S
  here=$PWD
  ( cd "$WORK" && cp "$here/$variant/boot.lds" . &&
    "$LD" -melf_x86_64 --build-id=none --noinhibit-exec -z max-page-size=0x200000 \
      -T boot.lds -Map=boot.map -o boot start.o 2>boot.log || : )
  cp "$WORK/boot.map" "$variant/boot.map"
  "$NM" "$WORK/boot" >"$variant/boot.nm"
  sed -n 's/^[^ ]*ld: //; /^warning: /!p' "$WORK/boot.log" >"$variant/ld.stderr"
}

mkdir -p sound unaligned grown
# The patch that breaks the build: the first ALIGN to a section boundary is gone.
awk '/ALIGN\(SECTION_ALIGN\);/ && !dropped { dropped = 1; next } { print }' boot.lds.S \
  >unaligned/boot.lds.S

build sound boot.lds.S 0x1a0
build unaligned unaligned/boot.lds.S 0x1a0
build grown boot.lds.S 0x1020

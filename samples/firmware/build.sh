#!/bin/sh
# Makes the maps again: before.map of a firmware that fits, after.map of one whose link fails. Needs binutils for
# arm-none-eabi; the committed files are from 2.40.
set -eu
cd "$(dirname "$0")"

TOOLS=${TOOLS:-arm-none-eabi-}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

build() {
  map=$1 app=$2 table=$3
  "${TOOLS}as" --defsym APP_BYTES="$app" -o "$WORK/main.o" main.s
  "${TOOLS}as" --defsym NET_TABLE="$table" -o "$WORK/net.o" net.s
  here=$PWD
  ( cd "$WORK" && "${TOOLS}ld" -T "$here/firmware.ld" -Map="$here/$map" --print-memory-usage -o fw.elf main.o net.o ||
    : )
}

build before.map 5000 1024
build after.map 5900 2608

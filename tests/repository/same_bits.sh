#!/usr/bin/env bash
# same_bits.sh PROGRAM...: the demo rendered by every one of these builds of the program, with both vector widths, is one file.
set -eu
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
"$1" demo "$folder/Demo" >/dev/null
for program in "$@"; do
  for target in "" avx2; do
    LACQUER_TARGET="$target" "$program" render "$folder/Demo" -o "$folder/out.wav" >/dev/null 2>&1
    sha256sum <"$folder/out.wav" | tee -a "$folder/sums"
  done
done
[ "$(sort -u "$folder/sums" | wc -l)" -eq 1 ]

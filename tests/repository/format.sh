#!/usr/bin/env bash
# format.sh SOURCE-FOLDER: every source file is as clang-format 14 writes it.
set -u
cd "$1" || exit 2
format=$(command -v clang-format-14 || command -v clang-format) || { echo "clang-format is missing"; exit 2; }
"$format" --version | grep -q 'version 14\.' || { echo "clang-format 14 is wanted: $("$format" --version)"; exit 2; }
mapfile -t files < <(find src tests bench -name '*.cpp' -o -name '*.h' | sort)
[ ${#files[@]} -gt 20 ] || { echo "only ${#files[@]} files found"; exit 1; }
"$format" --dry-run --Werror "${files[@]}"

#!/usr/bin/env bash
# documents.sh SOURCE-FOLDER: links in documents lead somewhere, no merge marks, no machine paths, no files over 1 MB.
set -u
cd "$1" || exit 2
bad=0
say() { echo "$1"; bad=1; }
documents=$(find . -name '*.md' -not -path './build/*')
[ -n "$documents" ] || { echo "no documents found"; exit 1; }
for document in $documents; do
  while read -r link; do
    target="${link%%#*}"
    case "$target" in "" | http*://* | mailto:*) continue ;; esac
    [ -e "$(dirname "$document")/$target" ] || say "$document: $link leads nowhere"
  done < <(grep -oE '\]\([^) ]+\)' "$document" | sed -E 's/^\]\((.*)\)$/\1/')
done
if [ -d .git ] || [ -f .git ]; then
  git grep -nE '^(<<<<<<<|>>>>>>>) ' -- . && say "merge marks"
  git grep -nIE '(^|[^A-Za-z0-9_.])/(work|root|home/[a-z]+)/' -- . ':!*.svg' && say "machine paths"
  while read -r file; do
    [ -f "$file" ] && [ "$(stat -c %s "$file")" -gt 1048576 ] && say "$file is over 1 MB"
  done < <(git ls-files)
fi
exit $bad

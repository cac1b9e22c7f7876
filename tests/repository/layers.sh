#!/usr/bin/env bash
# layers.sh COMPILER LAYERS-FOLDER CORE-LIBRARY: an upward include does not compile and an upward call does not link. Each refusal
# is paired with the same thing done downward, so that the test cannot pass because the compiler is missing.
set -u
compiler=$1 layers=$2 core=$3
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
cd "$folder"
compile() { "$compiler" -std=c++20 "$@" 2>>log; }
fail() { echo "FAILED: $1"; cat log; exit 1; }

echo '#include "core/Param.h"' >down.cpp
compile -fsyntax-only -I "$layers/core" down.cpp || fail "core cannot include itself"
echo '#include "session/Project.h"' >up.cpp
compile -fsyntax-only -I "$layers/core" up.cpp && fail "core can include session"
echo '#include "engine/Effect.h"' >across.cpp
compile -fsyntax-only -I "$layers/core" -I "$layers/session" across.cpp && fail "session can include engine"

cat >call-down.cpp <<'T'
#include "core/Param.h"
int main() { return static_cast<int> (lacquer::choiceText (lacquer::Param {}, 0).size()); }
T
compile -I "$layers/core" call-down.cpp "$core" -o down || fail "a call into core does not link"
cat >call-up.cpp <<'T'
namespace lacquer::session { struct Project; bool operator== (const Project&, const Project&); }
int main() { const lacquer::session::Project* p = nullptr; return *p == *p; }
T
compile call-up.cpp "$core" -o up && fail "a call from core into session links"
echo "an upward include does not compile, an upward call does not link"

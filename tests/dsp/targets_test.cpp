// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Targets.h"
#include "dsp/kernels/Strip.h"

#include <catch2/catch.hpp>
#include <string>

using namespace lacquer;

TEST_CASE ("the instruction set can be limited, and the limit ends")
{
    // Oracle: stripTarget(), which asks Highway about the kernel itself, in Highway's names.
    const std::string best (dsp::target()), kernel (dsp::stripTarget());
    for (const std::string name : { "SSE4", "AVX2", "AVX-512" })
    {
        if (! dsp::limitTargets (name))
            continue;
        CHECK (dsp::target() == name);
        CHECK (dsp::stripTarget() == (name == "AVX-512" ? "AVX3" : name));
        CHECK (dsp::isFallbackTarget() == (name == "SSE4"));
    }
    CHECK_FALSE (dsp::limitTargets ("abacus"));
    CHECK (dsp::limitTargets (""));
    CHECK (dsp::target() == best);
    CHECK (dsp::stripTarget() == kernel);
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Targets.h"

#include <cctype>
#include <cstdint>
#include <hwy/targets.h>
#include <string>

namespace lacquer::dsp
{

namespace
{

struct Target
{
    std::string_view name, key;
    std::int64_t bit;
};

/// Best first, as Highway counts: a better set has a lower bit.
#if HWY_ARCH_X86
constexpr Target targets[] { { "AVX-512", "avx512", HWY_AVX3 },
                             { "AVX2", "avx2", HWY_AVX2 },
                             { "SSE4", "sse4", HWY_SSE4 } };
#else
constexpr Target targets[] { { "NEON", "neon", HWY_NEON } };
#endif

} // namespace

std::string_view target() noexcept
{
    for (const auto& t : targets)
        if ((hwy::SupportedTargets() & t.bit) != 0)
            return t.name;
    return "scalar";
}

bool isFallbackTarget() noexcept
{
#if HWY_ARCH_X86
    return (hwy::SupportedTargets() & (HWY_AVX3 | HWY_AVX2)) == 0;
#else
    return false;
#endif
}

bool limitTargets (std::string_view name)
{
    std::string key;
    for (const char c : name)
        if (c != '-')
            key += static_cast<char> (std::tolower (static_cast<unsigned char> (c)));
    if (key.empty())
    {
        hwy::DisableTargets (0);
        return true;
    }
    for (const auto& t : targets)
        if (t.key == key)
        {
            hwy::DisableTargets (0);
            if ((hwy::SupportedTargets() & t.bit) == 0)
                return false;
            hwy::DisableTargets (t.bit - 1);
            return true;
        }
    return false;
}

} // namespace lacquer::dsp

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Dither.h"

#include "core/Random.h"

#include <cassert>
#include <cmath>
#include <span>

namespace lacquer::dsp
{
namespace
{

// The published error filters for 44.1 kHz, as in SoX's dither effect; the error is fed back as
// x - sum of c[k] e[n - 1 - k].
constexpr double lipshitz[] = { 2.033, -2.165, 1.959, -1.590, 0.6149 };
constexpr double fWeighted[] = { 2.412, -3.370, 3.937, -4.174, 3.353, -2.205, 1.281, -0.569, 0.0847 };
constexpr double improvedE[] = { 2.847, -4.685, 6.214, -7.184, 6.639, -5.032, 3.263, -1.632, 0.4191 };

struct Entry
{
    DitherKind kind;
    std::string_view name;
    std::span<const double> filter;
};
constexpr Entry table[] = {
    { DitherKind::none, "none", {} },
    { DitherKind::tpdf, "tpdf", {} },
    { DitherKind::lipshitz, "lipshitz", lipshitz },
    { DitherKind::fWeighted, "f-weighted", fWeighted },
    { DitherKind::improvedE, "improved-e", improvedE },
};

const Entry& entryOf (DitherKind kind) noexcept
{
    return table[static_cast<size_t> (kind)];
}

} // namespace

std::string_view nameOf (DitherKind kind) noexcept
{
    return entryOf (kind).name;
}

bool found (std::string_view name, DitherKind& kind) noexcept
{
    for (const auto& e : table)
        if (e.name == name)
        {
            kind = e.kind;
            return true;
        }
    return false;
}

Dither::Dither (DitherKind k, int bits, std::uint64_t seed, int channel) noexcept
    : kind (k), scale (std::ldexp (1.0, bits - 1)),
      stream (hashed (seed ^ hashed (static_cast<std::uint64_t> (channel))))
{
    assert (bits >= 2 && bits <= 24 && "a double holds the sums of no more than 24 bits with room");
}

void Dither::reset() noexcept
{
    errors = {};
    newest = 0;
}

template <typename T>
void Dither::cut (const T* in, std::int32_t* out, Frames frames, Frames position) noexcept
{
    const auto filter = entryOf (kind).filter;
    for (Frames n = 0; n < frames; ++n)
    {
        double x = static_cast<double> (in[n]) * scale;
        if (! (std::abs (x) < 4 * scale)) // NaN, or so far over that the shaping would carry it on
            x = std::isnan (x) ? 0.0 : std::copysign (4 * scale, x);

        for (size_t k = 0; k < filter.size(); ++k)
            x -= filter[k] * errors[(static_cast<size_t> (newest) + k) % longest];

        double noise = 0;
        if (kind != DitherKind::none)
        {
            // The difference of two independent uniforms, from the halves of one hash.
            const auto bits = hashed (stream + static_cast<std::uint64_t> (position + n));
            noise = (static_cast<double> (bits >> 32) - static_cast<double> (bits & 0xffffffffu)) * 0x1p-32;
        }
        const double y = std::nearbyint (x + noise);
        const double clipped = y < -scale ? -scale : y > scale - 1 ? scale - 1 : y;
        if (! filter.empty())
        {
            newest = newest == 0 ? longest - 1 : newest - 1;
            errors[static_cast<size_t> (newest)] = y == clipped ? y - x : 0.0;
        }
        out[n] = static_cast<std::int32_t> (clipped);
    }
}

void Dither::process (const float* in, std::int32_t* out, Frames frames, Frames position) noexcept
{
    cut (in, out, frames, position);
}

void Dither::process (const double* in, std::int32_t* out, Frames frames, Frames position) noexcept
{
    cut (in, out, frames, position);
}

} // namespace lacquer::dsp

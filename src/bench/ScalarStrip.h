// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Units.h"
#include "dsp/EqDesign.h"
#include "dsp/FastMath.h"
#include "mix/StripDesign.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lacquer::bench
{

/// What the strips of a block are added to: left and right of the mix bus and of two sends.
struct ScalarBuses
{
    static constexpr int frames = 64;
    alignas (64) float channel[6][frames] {};
    void clear() { *this = {}; }
};

/// A mono channel strip as it is usually written: an object per strip, a loop per module, single precision,
/// transposed direct form II sections, the standard library's logarithm and power, branches for attack and
/// release. The same modules as a full strip of mix::StripBank: trim, high-pass, six bands, compressor, fader
/// with a ramp, pan, two sends after the fader, meters and the sum into the buses. What the bank's speed is
/// compared with; its low sections are less accurate than the bank's, which is part of the comparison.
class ScalarStrip
{
public:
    /// values: as mix::StripParams; gate, low-pass and saturation are left out. [control]
    ScalarStrip (mix::StripValues values, double sampleRate)
    {
        trim = static_cast<float> (mix::trimGain (values));
        const auto at = [&] (int p) { return values[static_cast<std::size_t> (p)]; };
        const int highPass = LACQUER_STRIP_INDEX (hpf);
        if (isOn (at (highPass)))
        {
            constexpr int counts[] { 1, 2, 4 };
            const auto cut = dsp::cutFilter (
                dsp::EqShape::highPass, at (highPass + 1),
                counts[std::clamp (static_cast<int> (at (highPass + 2) + 0.5f), 0, 2)], sampleRate);
            for (int k = 0; k < cut.count; ++k)
                add (cut.section[static_cast<std::size_t> (k)]);
        }
        constexpr int band1 = LACQUER_STRIP_INDEX (eq.band1),
                      size = LACQUER_STRIP_INDEX (eq.band2) - LACQUER_STRIP_INDEX (eq.band1);
        constexpr dsp::EqShape shapes[] { dsp::EqShape::bell, dsp::EqShape::lowShelf, dsp::EqShape::highShelf,
                                          dsp::EqShape::notch };
        for (int k = 0; k < mix::eqBands; ++k)
        {
            const int base = band1 + k * size;
            if (isOn (at (LACQUER_STRIP_INDEX (eq.on))) && isOn (at (base)))
                add (dsp::eqSection (shapes[std::clamp (static_cast<int> (at (base + 1) + 0.5f), 0, 3)],
                                     at (base + 2), at (base + 4), at (base + 3), sampleRate));
        }

        const auto comp = mix::compDesign (values, sampleRate);
        compOn = comp.on;
        threshold = at (LACQUER_STRIP_INDEX (comp.threshold));
        knee = std::max (at (LACQUER_STRIP_INDEX (comp.knee)), 0.01f);
        slope = static_cast<float> (comp.slope);
        attack = static_cast<float> (comp.attack);
        release = static_cast<float> (comp.release);
        makeup = at (LACQUER_STRIP_INDEX (comp.makeup));

        fader = target =
            isOn (at (LACQUER_STRIP_INDEX (fader.mute)))
                ? 0.0f
                : static_cast<float> (gainOf (Decibels { at (LACQUER_STRIP_INDEX (fader.level)) }));
        const auto pan = mix::panGains (at (LACQUER_STRIP_INDEX (pan.position)),
                                        static_cast<int> (at (LACQUER_STRIP_INDEX (pan.law)) + 0.5f), 1);
        left = static_cast<float> (pan.left);
        right = static_cast<float> (pan.right);
        constexpr int sends[] { LACQUER_STRIP_INDEX (send1), LACQUER_STRIP_INDEX (send2) };
        for (std::size_t k = 0; k < 2; ++k)
            send[k] =
                isOn (at (sends[k] + 1)) ? static_cast<float> (gainOf (Decibels { at (sends[k]) })) : 0.0f;
    }

    /// The fader goes to a gain in a straight line over the next block. [audio]
    void setFader (float gain) { target = gain; }

    /// Adds 1 to ScalarBuses::frames frames to the buses. Does not lag. [audio]
    void process (const float* in, int frames, ScalarBuses& to) noexcept
    {
        float x[ScalarBuses::frames];
        for (int n = 0; n < frames; ++n)
            x[n] = in[n] * trim;
        for (int k = 0; k < used; ++k)
            filter (sections[static_cast<std::size_t> (k)], x, frames);
        if (compOn)
            compress (x, frames);

        const float step = (target - fader) / static_cast<float> (frames);
        for (int n = 0; n < frames; ++n)
            x[n] *= fader += step;
        fader = target;

        float sides[2][ScalarBuses::frames];
        for (int n = 0; n < frames; ++n)
        {
            sides[0][n] = x[n] * left;
            sides[1][n] = x[n] * right;
        }
        for (std::size_t c = 0; c < 2; ++c)
        {
            const float* const y = sides[c];
            for (int n = 0; n < frames; ++n)
            {
                peak[c] = std::max (peak[c], std::abs (y[n]));
                energy[c] += y[n] * y[n];
            }
            float* const mix = to.channel[c];
            for (int n = 0; n < frames; ++n)
                mix[n] += y[n];
            for (std::size_t k = 0; k < 2; ++k)
            {
                float* const bus = to.channel[2 + 2 * k + c];
                for (int n = 0; n < frames; ++n)
                    bus[n] += y[n] * send[k];
            }
        }
    }

    std::array<float, 2> peak {}, energy {}; ///< largest |x| and sum of squares, of left and right

private:
    struct Section
    {
        float b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0, z1 = 0, z2 = 0;
    };

    void add (const dsp::Biquad& b)
    {
        sections[static_cast<std::size_t> (used++)] = { static_cast<float> (b.b0), static_cast<float> (b.b1),
                                                        static_cast<float> (b.b2), static_cast<float> (b.a1),
                                                        static_cast<float> (b.a2) };
    }

    static void filter (Section& s, float* x, int frames) noexcept
    {
        float z1 = s.z1, z2 = s.z2;
        for (int n = 0; n < frames; ++n)
        {
            const float in = x[n], out = s.b0 * in + z1;
            z1 = s.b1 * in - s.a1 * out + z2;
            z2 = s.b2 * in - s.a2 * out;
            x[n] = out;
        }
        s.z1 = z1;
        s.z2 = z2;
    }

    void compress (float* x, int frames) noexcept
    {
        for (int n = 0; n < frames; ++n)
        {
            const float level = 20.0f * std::log10 (std::max (std::abs (x[n]), 1e-6f));
            const float over = level - threshold;
            float wanted = 0;
            if (over >= knee / 2)
                wanted = slope * over;
            else if (over > -knee / 2)
                wanted = slope * (over + knee / 2) * (over + knee / 2) / (2 * knee);
            if (wanted > reduction)
                reduction += attack * (wanted - reduction);
            else
                reduction += release * (wanted - reduction);
            x[n] *= std::pow (10.0f, (makeup - reduction) / 20.0f);
        }
    }

    float trim = 1;
    std::array<Section, 4 + mix::eqBands> sections;
    int used = 0;
    bool compOn = false;
    float threshold = 0, knee = 1, slope = 0, attack = 0, release = 0, makeup = 0, reduction = 0;
    float fader = 1, target = 1, left = 1, right = 1;
    std::array<float, 2> send {};
};

} // namespace lacquer::bench

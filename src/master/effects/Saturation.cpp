// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Glide.h"
#include "dsp/kernels/Saturator.h"
#include "engine/Effect.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace lacquer::master
{

/// The curve x/sqrt (1 + x^2) at four times the rate, linear phase throughout (dsp/kernels/Saturator.h).
struct Saturation
{
    static constexpr std::string_view id = "master-saturation", name = "Saturation",
                                      help = "Rounds peaks off and adds odd harmonics.";

    template <typename T>
    struct Params
    {
        T drive = inDecibels<T> ("drive", "Drive", { -12, 24 }, 0, "Level into the curve.");
        T autoLevel = onOff<T> ("auto-level", "Auto level", true,
                                "Keeps the level of a tone at -12 dBFS whatever the drive.");
        T output = inDecibels<T> ("output", "Output", { -12, 12 }, 0, "Level of the saturated sound.");
        T mix = inPercent<T> ("mix", "Mix", { 0, 100 }, 100, "Share of the saturated sound in the output.");
    };

    static constexpr int delay = dsp::kernels::Saturator::delay; ///< in frames, at every rate

    void prepare (const engine::Format&) { reset(); }

    void reset() noexcept
    {
        saturator.reset();
        for (auto* r : { &drive, &level, &dryLevel })
            r->forget();
        known = false;
    }

    void process (const engine::Block& io, Params<float> p) noexcept
    {
        const int frames = io.frames;
        if (known)
            p.drive = dsp::nearer (values.drive, p.drive, 6, frames);
        follow (p);
        drive.towards (wantedDrive, frames);
        level.towards (wantedLevel, frames);
        dryLevel.towards (1 - p.mix / 100, frames);

        float other[engine::quantum];
        float *const left = io.channels[0], *right = other;
        if (io.channels.size() == 2)
            right = io.channels[1];
        else
            std::copy_n (left, frames, other);
        saturator.process (drive, level, dryLevel, left, right, frames);
    }

    int latency (const Params<float>&) const noexcept { return delay; }
    Frames tail (const Params<float>&) const noexcept { return 2 * delay; } // both halves of a symmetric FIR

private:
    void follow (const Params<float>& p) noexcept
    {
        using Bits = std::array<std::uint32_t, sizeof (Params<float>) / 4>;
        if (known && std::bit_cast<Bits> (p) == std::bit_cast<Bits> (values))
            return;
        const double d = gainOf (Decibels { p.drive });
        constexpr double reference = 0.25118864; // -12 dBFS
        const double makeup = isOn (p.autoLevel) ? std::sqrt (1 + d * d * reference * reference) / d : 1.0;
        wantedDrive = static_cast<float> (d);
        wantedLevel = static_cast<float> (makeup * gainOf (Decibels { p.output }) * p.mix / 100);
        values = p;
        known = true;
    }

    dsp::kernels::Saturator saturator;
    Params<float> values;
    bool known = false;
    float wantedDrive = 1, wantedLevel = 1;
    dsp::Ramp drive, level, dryLevel;
};

LACQUER_EFFECT (Saturation)

} // namespace lacquer::master

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Finite.h"
#include "dsp/Ramp.h"
#include "engine/Effect.h"

namespace lacquer::mix
{

/// Level, polarity, side swap and mono, as one 2 x 2 matrix.
struct Gain
{
    static constexpr std::string_view id = "gain", name = "Gain",
                                      help = "Sets level, polarity, sides and mono.";

    template <typename T>
    struct Params
    {
        T gain = inDecibels<T> ("gain", "Gain", { -60, 24 }, 0, "Level change of both sides.");
        T invertLeft = onOff<T> ("invert-left", "Invert left", false,
                                 "Turns the waveform of the left side upside down.");
        T invertRight = onOff<T> ("invert-right", "Invert right", false,
                                  "Turns the waveform of the right side upside down.");
        T swap = onOff<T> ("swap", "Swap sides", false, "Exchanges left and right.");
        T mono = onOff<T> ("mono", "Mono", false, "Puts the mean of left and right on both sides.");
    };

    void prepare (const engine::Format&) { reset(); }

    void reset() noexcept
    {
        for (auto& row : matrix)
            for (auto& r : row)
                r.forget();
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        if (p.gain != decibels)
        {
            decibels = p.gain;
            level = static_cast<float> (gainOf (Decibels { p.gain }));
        }
        const float l = isOn (p.invertLeft) ? -level : level, r = isOn (p.invertRight) ? -level : level;

        if (io.channels.size() == 1)
        {
            auto& g = matrix[0][0];
            g.towards (l, io.frames);
            for (int n = 0; n < io.frames; ++n)
                io.channels[0][n] = dsp::finite (io.channels[0][n]) * g[n];
            return;
        }

        // Polarity first, then mono or swap.
        const bool mono = isOn (p.mono), swap = isOn (p.swap);
        const float wanted[2][2] = { { mono   ? l / 2
                                       : swap ? 0
                                              : l,
                                       mono   ? r / 2
                                       : swap ? r
                                              : 0 },
                                     { mono   ? l / 2
                                       : swap ? l
                                              : 0,
                                       mono   ? r / 2
                                       : swap ? 0
                                              : r } };
        for (int a = 0; a < 2; ++a)
            for (int b = 0; b < 2; ++b)
                matrix[a][b].towards (wanted[a][b], io.frames);

        for (int n = 0; n < io.frames; ++n)
        {
            const float x = dsp::finite (io.channels[0][n]), y = dsp::finite (io.channels[1][n]);
            io.channels[0][n] = matrix[0][0][n] * x + matrix[0][1][n] * y;
            io.channels[1][n] = matrix[1][0][n] * x + matrix[1][1][n] * y;
        }
    }

private:
    dsp::Ramp matrix[2][2];
    float decibels = 0, level = 1; // computed when it changes only
};

LACQUER_EFFECT (Gain)

} // namespace lacquer::mix

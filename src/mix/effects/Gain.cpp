// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Finite.h"
#include "dsp/FirstOrder.h"
#include "dsp/Ramp.h"
#include "engine/Effect.h"

namespace lacquer::mix
{

/// Level, polarity, side swap and mono, as one 2 x 2 matrix; before it, where wanted, a high-pass of 6 dB per
/// octave at 5 Hz, which takes a constant offset out (0.3 dB at 20 Hz).
struct Gain
{
    static constexpr std::string_view id = "gain", name = "Utility",
                                      help = "Sets level, polarity, sides and mono and takes offsets out.";

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
        T dc = onOff<T> ("dc", "DC filter", false, "Takes a constant offset out of the waveform.");
    };

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        for (auto& o : offset)
            o.prepare (rate);
        reset();
    }

    void reset() noexcept
    {
        for (auto& row : matrix)
            for (auto& r : row)
                r.forget();
        withoutOffset.forget();
        for (auto& o : offset)
            o.reset();
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        if (p.gain != decibels)
        {
            decibels = p.gain;
            level = static_cast<float> (gainOf (Decibels { p.gain }));
        }
        withoutOffset.towards (isOn (p.dc) ? 1.0f : 0.0f, io.frames);
        for (std::size_t c = 0; c < io.channels.size(); ++c)
            for (int n = 0; n < io.frames; ++n)
            {
                float& x = io.channels[c][n];
                x = dsp::finite (x);
                x -= withoutOffset[n] * offset[c](x);
            }
        const float l = isOn (p.invertLeft) ? -level : level, r = isOn (p.invertRight) ? -level : level;

        if (io.channels.size() == 1)
        {
            auto& g = matrix[0][0];
            g.towards (l, io.frames);
            for (int n = 0; n < io.frames; ++n)
                io.channels[0][n] *= g[n];
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
            const float x = io.channels[0][n], y = io.channels[1][n];
            io.channels[0][n] = matrix[0][0][n] * x + matrix[0][1][n] * y;
            io.channels[1][n] = matrix[1][0][n] * x + matrix[1][1][n] * y;
        }
    }

    Frames tail (const Params<float>& p) const noexcept
    {
        return isOn (p.dc) ? framesIn (Seconds { dsp::DcBlock::settled }, rate) : 0;
    }

private:
    double rate = 48000;
    dsp::DcBlock offset[2];
    dsp::Ramp withoutOffset;
    dsp::Ramp matrix[2][2];
    float decibels = 0, level = 1; // computed when it changes only
};

LACQUER_EFFECT (Gain)

} // namespace lacquer::mix

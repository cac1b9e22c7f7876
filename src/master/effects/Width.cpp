// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Crossover.h"
#include "dsp/Finite.h"
#include "dsp/Ramp.h"
#include "engine/Effect.h"

namespace lacquer::master
{

/// Width of the stereo image, and one centre for the bass. With bass mono, side passes a fourth-order
/// Linkwitz-Riley high-pass and mid the allpass of the same phase: the image above the corner stays in place
/// and the level of left + right is that of the input at every frequency. Without, left + right is the input.
struct Width
{
    static constexpr std::string_view id = "width", name = "Width",
                                      help = "Makes the stereo image wider or narrower and centres the bass.";

    template <typename T>
    struct Params
    {
        T width = inPercent<T> ("width", "Width", { 0, 200 }, 100, "Level of the side signal; 0 is mono.");
        T bassMono = onOff<T> ("bass-mono", "Bass mono", false, "Puts the lows in the centre.");
        T frequency = inHertz<T> ("frequency", "Mono below", { 40, 400 }, 120,
                                  "Frequency below which the bass is mono.");
    };

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        reset();
    }

    void reset() noexcept
    {
        first = second = pass = {};
        pole.forget();
        width.forget();
        mono.forget();
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        if (io.channels.size() == 1) // has no side
        {
            dsp::makeFinite (io.channels[0], io.frames);
            return;
        }
        pole.towards (p.frequency, rate, io.frames);
        width.towards (p.width / 100, io.frames);
        mono.towards (isOn (p.bassMono) ? 1.0f : 0.0f, io.frames);
        float *const left = io.channels[0], *const right = io.channels[1];
        for (int n = 0; n < io.frames; ++n)
        {
            const double l = dsp::finite (left[n]), r = dsp::finite (right[n]);
            const double m = (l + r) / 2, s = (l - r) / 2;
            const auto a = pole.at (n);
            const double high = second.highOf (first.highOf (s, a), a), turned = pass.allOf (m, a);
            const double w = mono[n], mid = m + w * (turned - m), side = width[n] * (s + w * (high - s));
            left[n] = static_cast<float> (mid + side);
            right[n] = static_cast<float> (mid - side);
        }
    }

    /// The fall of three Butterworth sections by 120 dB.
    Frames tail (const Params<float>& p) const noexcept
    {
        return isOn (p.bassMono) ? framesIn (Seconds { 3 * 13.8 / (4.4 * p.frequency) }, rate) : 0;
    }

private:
    double rate = 48000;
    dsp::ButterworthPole pole;
    dsp::ButterworthSection first, second, pass;
    dsp::Ramp width, mono;
};

LACQUER_EFFECT (Width)

} // namespace lacquer::master

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/BassMono.h"
#include "dsp/Finite.h"
#include "dsp/Ramp.h"
#include "engine/Effect.h"

namespace lacquer::master
{

/// Width of the stereo image, and one centre for the bass (dsp/BassMono.h). With the bass as it is, left +
/// right is the input.
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
        bass.reset();
        width.forget();
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        if (io.channels.size() == 1) // has no side
        {
            dsp::makeFinite (io.channels[0], io.frames);
            return;
        }
        bass.towards (isOn (p.bassMono), static_cast<double> (p.frequency), rate, io.frames);
        width.towards (p.width / 100, io.frames);
        float *const left = io.channels[0], *const right = io.channels[1];
        for (int n = 0; n < io.frames; ++n)
        {
            const double l = dsp::finite (left[n]), r = dsp::finite (right[n]);
            double mid = (l + r) / 2, side = (l - r) / 2;
            bass (mid, side, n);
            side *= width[n];
            left[n] = static_cast<float> (mid + side);
            right[n] = static_cast<float> (mid - side);
        }
    }

    Frames tail (const Params<float>& p) const noexcept
    {
        return isOn (p.bassMono) ? framesIn (Seconds { dsp::BassMono::tail (p.frequency) }, rate) : 0;
    }

private:
    double rate = 48000;
    dsp::BassMono bass;
    dsp::Ramp width;
};

LACQUER_EFFECT (Width)

} // namespace lacquer::master

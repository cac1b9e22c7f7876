// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/BassMono.h"
#include "dsp/DelayLine.h"
#include "dsp/Finite.h"
#include "engine/Effect.h"

#include <cmath>

namespace lacquer::mix
{

/// Width in three bands of the side signal, and a side made of the middle: the middle through a chain of
/// Schroeder allpasses, added left and taken away right. Whatever is set, left + right is the input but for
/// the bass in the centre, whose phase turns (dsp/BassMono.h). With equal widths the bands leave no trace.
struct StereoWidth
{
    static constexpr std::string_view id = "stereo-width", name = "Stereo width",
                                      help = "Sets the width of lows, middle and highs and widens mono.";

    template <typename T>
    struct Params
    {
        T low = inPercent<T> ("low", "Low width", { 0, 200 }, 100, "Level of the side signal in the lows.");
        T mid = inPercent<T> ("mid", "Mid width", { 0, 200 }, 100, "Level of the side signal in the middle.");
        T high =
            inPercent<T> ("high", "High width", { 0, 200 }, 100, "Level of the side signal in the highs.");
        T lowSplit = inHertz<T> ("low-split", "Low split", { 60, 1000 }, 250, "Border of lows and middle.");
        T highSplit =
            inHertz<T> ("high-split", "High split", { 1000, 12000 }, 4000, "Border of middle and highs.");
        T spread = inPercent<T> ("spread", "Spread", { 0, 100 }, 0,
                                 "Makes a side signal out of the middle; it is gone again in mono.");
        T spreadAbove = inHertz<T> ("spread-above", "Spread above", { 60, 4000 }, 300,
                                    "The lows below this are not spread.");
        T bassMono = onOff<T> ("bass-mono", "Bass mono", false, "Puts the lows in the centre.");
        T frequency = inHertz<T> ("frequency", "Mono below", { 40, 400 }, 120,
                                  "Frequency below which the bass is mono.");
    };

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        for (int k = 0; k < stages; ++k)
        {
            frames[k] = static_cast<int> (framesIn (Seconds { seconds[k] }, rate));
            lines[k].prepare (frames[k] + 1);
        }
        reset();
    }

    void reset() noexcept
    {
        bass.reset();
        for (auto& line : lines)
            line.reset();
        for (auto* pole : { &lowPole, &highPole, &spreadPole })
            pole->forget();
        lows = highs = above = {};
        for (auto* r : { &low, &mid, &high, &spread })
            r->forget();
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        if (io.channels.size() == 1) // has no side
        {
            dsp::makeFinite (io.channels[0], io.frames);
            return;
        }
        bass.towards (isOn (p.bassMono), static_cast<double> (p.frequency), rate, io.frames);
        lowPole.towards (static_cast<double> (p.lowSplit), rate, io.frames);
        highPole.towards (static_cast<double> (p.highSplit), rate, io.frames);
        spreadPole.towards (static_cast<double> (p.spreadAbove), rate, io.frames);
        mid.towards (p.mid / 100, io.frames);
        low.towards ((p.low - p.mid) / 100, io.frames);
        high.towards ((p.high - p.mid) / 100, io.frames);
        spread.towards (p.spread / 100, io.frames);
        float *const left = io.channels[0], *const right = io.channels[1];
        for (int n = 0; n < io.frames; ++n)
        {
            const double l = static_cast<double> (dsp::finite (left[n])),
                         r = static_cast<double> (dsp::finite (right[n]));
            double m = (l + r) / 2;
            const double s = (l - r) / 2;
            double side = s * static_cast<double> (mid[n]) +
                          static_cast<double> (low[n]) * lows (s, lowPole.at (n)).low +
                          static_cast<double> (high[n]) * highs.highOf (s, highPole.at (n)) +
                          static_cast<double> (spread[n]) * scattered (above.highOf (m, spreadPole.at (n)));
            bass (m, side, n);
            left[n] = static_cast<float> (m + side);
            right[n] = static_cast<float> (m - side);
        }
    }

    /// The allpasses' ring and the filters', until 120 dB down.
    Frames tail (const Params<float>& p) const noexcept
    {
        double time = 13.8 / (4.4 * std::min (p.lowSplit, p.spreadAbove)) * 2;
        if (p.spread > 0)
            time += 40 * seconds[stages - 1];
        if (isOn (p.bassMono))
            time += dsp::BassMono::tail (static_cast<double> (p.frequency));
        return framesIn (Seconds { time }, rate);
    }

private:
    /// M. R. Schroeder, "Natural sounding artificial reverberation", JAES 10(3), 1962. All frequencies pass
    /// at the same level, each at another time.
    double scattered (double x) noexcept
    {
        for (int k = 0; k < stages; ++k)
        {
            const double late = lines[k][frames[k] - 1]; // the newest sample is one frame old
            const double in = x + gain * late;
            lines[k].push (in);
            x = late - gain * in;
        }
        return x;
    }

    static constexpr int stages = 5;
    static constexpr double gain = 0.55, seconds[stages] { 0.00071, 0.00133, 0.00239, 0.00427, 0.00761 };

    double rate = 48000;
    int frames[stages] {};
    dsp::DelayLine<double> lines[stages];
    dsp::BassMono bass;
    dsp::ButterworthPole lowPole, highPole, spreadPole;
    dsp::ButterworthSection lows, highs, above;
    dsp::Ramp low, mid, high, spread;
};

LACQUER_EFFECT (StereoWidth)

} // namespace lacquer::mix

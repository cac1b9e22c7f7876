// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/EffectNode.h"
#include "mix/Catalogue.h"
#include "mix/StripSession.h"
#include "support/Scipy.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::mix;

namespace
{

/// A ride of a gain and how fast it goes.
struct Fall
{
    const char* name;
    double decibels, seconds;
    double most; ///< error in dBFS that is asked for
};
constexpr Fall falls[] { { "60 dB in a second", 60, 1.0, -100 }, { "60 dB in 10 ms", 60, 0.010, -80 } };

/// Up and down again at 48 kHz, with corners off every grid.
std::shared_ptr<const engine::Lane> laneOf (const Fall& fall, engine::Curve curve, double top)
{
    const auto length = static_cast<Frames> (std::lround (fall.seconds * 48000));
    return std::make_shared<const engine::Lane> (
        std::vector<engine::Point> { { 1011, top - fall.decibels, curve, 0.6 },
                                     { 1011 + length, top, curve, -0.4 },
                                     { 1111 + 2 * length, top - fall.decibels } });
}

/// A tone of 997 Hz through a gain that is moved by a lane: strip's fader, strip's send, or the gain effect.
Channel ridden (const std::string& what, const std::shared_ptr<const engine::Lane>& lane, const Channel& tone)
{
    const int frames = static_cast<int> (tone.size());
    if (what != "effect")
    {
        Session s;
        auto& t = s.add (1, { tone, {} });
        t.controls.set (INDEX (pan.law), 0);
        t.automation = { { 0, what == "fader" ? INDEX (fader.level) : INDEX (send1.level), lane } };
        auto out = s.play (frames)[what == "fader" ? 3 : 1][0];
        out.erase (out.begin(), out.begin() + StripBank::latency());
        return out;
    }
    const auto& all = catalogue();
    const auto type = std::find_if (all.begin(), all.end(), [] (const auto& t) { return t.id == "gain"; });
    engine::EffectNode node (*type, { 48000, 1 });
    const engine::Binding binding { 0, 0, lane };
    Channel out (tone.size());
    for (int n = 0; n < frames; n += 64)
    {
        engine::Chunk chunk;
        chunk.frames = std::min (64, frames - n);
        chunk.time.position = n;
        chunk.time.playing = true;
        chunk.automation = { &binding, 1 };
        Channel in (tone.begin() + n, tone.begin() + n + chunk.frames);
        const engine::Signal input { { in.data(), nullptr }, 1, false };
        engine::Signal output { { out.data() + n, nullptr }, 1, false };
        node.process (chunk, { &input, 1 }, { &output, 1 });
    }
    return out;
}

Channel toneOf (int frames)
{
    Channel tone (static_cast<std::size_t> (frames));
    for (std::size_t n = 0; n < tone.size(); ++n)
        tone[n] =
            static_cast<float> (std::sin (2 * std::numbers::pi * 997 * static_cast<double> (n) / 48000));
    return tone;
}

} // namespace

TEST_CASE ("a ridden gain is the curve that was drawn, in faders, sends and effects")
{
    // Oracle: 10^(dB/20) of the lane in double, times the tone, at every frame. Asked for: -100 dBFS at 60 dB
    // a second, -80 dBFS at 60 dB in 10 ms; full scale is the top of the ride.
    for (const auto& fall : falls)
        for (const auto curve : { engine::Curve::linear, engine::Curve::smooth, engine::Curve::exponential })
        {
            // Of the bent curves the steepest stretch goes this much faster than the straight line.
            const double bend = curve == engine::Curve::linear   ? 1
                                : curve == engine::Curve::smooth ? std::numbers::pi / 2
                                                                 : 3.7;
            const auto lane = laneOf ({ fall.name, fall.decibels, fall.seconds * bend, fall.most }, curve, 0);
            const auto tone = toneOf (2400 + static_cast<int> (2 * fall.seconds * bend * 48000));
            for (const std::string what : { "fader", "send", "effect" })
            {
                const auto out = ridden (what, lane, tone);
                double worst = 0;
                for (std::size_t n = 0; n < out.size(); ++n)
                    worst = std::max (
                        worst,
                        std::abs (out[n] - tone[n] * std::pow (10, lane->at (static_cast<Frames> (n)) / 20)));
                INFO (what << ", " << fall.name << ", curve " << static_cast<int> (curve) << ": "
                           << 20 * std::log10 (worst) << " dBFS");
                CHECK (20 * std::log10 (worst) <= fall.most);
            }
        }
}

TEST_CASE ("no line at a multiple of 750 Hz shows the steps in which automation is worked out")
{
    // Oracle: NumPy. A tone under a ride of 60 dB a second, down and up; what the drawn curve makes of it in
    // double is taken away, and the spectrum of the rest is looked at around the multiples of 48000 / 64 Hz
    // and of the side bands of the tone around them. Asked for: below -100 dBc.
    const auto lane = laneOf (falls[0], engine::Curve::linear, 0);
    const auto tone = toneOf (98304);
    for (const std::string what : { "fader", "send", "effect" })
    {
        const auto out = ridden (what, lane, tone);
        std::vector<double> data;
        for (std::size_t n = 0; n < tone.size(); ++n)
            data.push_back (n < out.size() ? static_cast<double> (out[n]) : 0);
        for (std::size_t n = 0; n < tone.size(); ++n)
            data.push_back (tone[n] * std::pow (10, lane->at (static_cast<Frames> (n)) / 20));
        const auto lines =
            tests::scipy ("y, ideal = x.reshape (2, -1)\n"
                          "y[-8:] = ideal[-8:] = 0\n"
                          "w = signal.windows.blackmanharris (len (y))\n"
                          "carrier = np.abs (np.fft.rfft (ideal * w)).max()\n"
                          "rest = np.abs (np.fft.rfft ((y - ideal) * w))\n"
                          "f = np.fft.rfftfreq (len (y), 1 / 48000)\n"
                          "worst = 0\n"
                          "for k in range (1, 32):\n"
                          "    for side in (-997, 0, 997):\n"
                          "        near = np.abs (f - abs (750 * k + side)) < 5\n"
                          "        worst = max (worst, rest[near].max()) if near.any() else worst\n"
                          "print (20 * np.log10 (worst / carrier + 1e-30))\n",
                          data);
        INFO (what << ": " << lines.at (0) << " dBc");
        CHECK (lines.at (0) < -100);
    }
}

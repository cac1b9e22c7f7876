// SPDX-License-Identifier: GPL-3.0-or-later
#include "conformance/Rig.h"
#include "mix/Catalogue.h"
#include "support/Scipy.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

const engine::EffectType& utility()
{
    for (const auto& type : mix::catalogue())
        if (type.id == "gain")
            return type;
    throw std::runtime_error ("no such effect");
}

} // namespace

TEST_CASE ("with its initial values the utility passes every sample as it is")
{
    Rig rig (utility(), 48000, 2);
    const auto in = noise (2, 10000, 0.9f);
    CHECK (rig.run (in) == in);
}

TEST_CASE ("the DC filter takes an offset out and is 0.3 dB down at 20 Hz")
{
    // The analogue high-pass of 6 dB per octave at 5 Hz: -10 log10 (1 + (5/f)^2).
    for (double rate : { 44100.0, 192000.0 })
        for (const auto& [hertz, db] : { std::pair (20.0, -0.263), std::pair (1000.0, -0.0001) })
        {
            Rig rig (utility(), rate, 1);
            rig.set ("dc", 1);
            const auto frames = static_cast<int> (2 * rate);
            auto in = sine (1, frames, hertz, rate, 0.5f);
            for (float& x : in[0])
                x += 0.25f;
            const auto out = rig.run (in)[0];
            // Over the second half: whole periods, and the offset has gone.
            const auto power =
                scipy ("h = x[len(x)//2:]\nprint (np.mean (h), np.std (h) * np.sqrt (2) / 0.5)",
                       { out.begin(), out.end() });
            INFO (hertz << " Hz at " << rate);
            CHECK (std::abs (power[0]) < 1e-6);
            CHECK (20 * std::log10 (power[1]) == Approx (db).margin (0.005));
        }
}

TEST_CASE ("mono is the mean of both sides, after polarity, and swap exchanges them")
{
    const auto in = noise (2, 500, 0.5f);
    Rig rig (utility(), 48000, 2);
    rig.set ("swap", 1);
    CHECK (rig.run (in) == Sound { in[1], in[0] });
    rig.reset();
    rig.set ("mono", 1);
    rig.set ("invert-right", 1);
    const auto out = rig.run (in);
    CHECK (out[0] == out[1]);
    for (std::size_t n = 0; n < 500; ++n)
        CHECK (out[0][n] == 0.5f * in[0][n] - 0.5f * in[1][n]);
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "mix/spaces/Ring.h"

#include <algorithm>
#include <array>

namespace lacquer::mix
{

namespace
{

/// A ring of four pieces, each two all-passes and a delay (K. Barr's loop, in Spin Semiconductor's notes on
/// reverberation), entered at every piece through four all-passes a side and heard at several places of its
/// delays. There are no single reflections: the sound is dense from the first milliseconds, as in a small
/// chamber of bare walls. The all-passes absorb as the delays do (L. Dahl and J.-M. Jot, DAFx 2000), so the
/// whole ring dies away at one rate.
struct ChamberSpace final : RingSpace<12, 4>
{
    // At size 1: two all-passes and a delay for each piece.
    static constexpr std::array pieces { 0.0107, 0.0171, 0.0331, 0.0123, 0.0194, 0.0379,
                                         0.0098, 0.0157, 0.0353, 0.0115, 0.0183, 0.0299 };
    static constexpr float gain = 0.6f;

    void prepare (double rate) override
    {
        prepareLines (rate, pieces, { 1, 7 });
        entrance[0].prepare (rate, { 0.0019, 0.0031, 0.0053, 0.0083 });
        entrance[1].prepare (rate, { 0.0021, 0.0029, 0.0058, 0.0079 });
        reset();
    }

    void settle (const SpaceSettings& s, int frames) noexcept override
    {
        // Of the lengths above, more than 0.92 would grow dense later than 100 ms.
        settleLines (
            s, 0.92 * static_cast<double> (s.size), 1.2 * s.decay.mid, 5,
            [] (double x) { return dsp::primeFrom (static_cast<int> (x)); }, frames);
        const auto way = static_cast<float> (std::min (1.0, s.decay.mid / 0.3));
        for (auto& e : entrance)
            e.setLengths (way);
        // Twice as fast again: there are four in a row, and the ring is dense without them.
        diffusion.towards (s.diffusion * AllpassChain<4>::shareFor (s.decay.mid, 2 * 0.0083, 0.6), frames);
    }

    void process (const float* const* in, int sides, dsp::FdnSums& early, dsp::FdnSums& late,
                  int frames) noexcept override
    {
        for (std::size_t c = 0; c < 2; ++c)
        {
            std::fill_n (late.side[c], frames, 0.0f);
            // One channel alone enters both sides, with half of its energy each.
            const float g = sides == 2 ? 1.0f : 0.70710678f;
            const float* const x = in[sides == 2 ? c : 0];
            for (int n = 0; n < frames; ++n)
                early.side[c][n] = g * x[n];
            entrance[c].process (early.side[c], { 0.7f, 0.7f, 0.65f, 0.6f }, diffusion, frames);
            for (std::size_t piece = 0; piece < 4; ++piece)
                lines.tap (3 * piece + 2, piece % 2 == c ? 0.31 + 0.07 * static_cast<double> (piece) : 0.83,
                           piece < 2 ? 0.8f : -0.8f, late.side[c], frames);
        }

        leave (frames);
        for (std::size_t piece = 0; piece < 4; ++piece)
        {
            const std::size_t a = 3 * piece;
            const float *const enters = early.side[piece % 2], *const ring = leaving.line[(a + 11) % 12];
            const float g = piece < 2 ? 0.70710678f : -0.70710678f;
            for (int n = 0; n < frames; ++n)
                sound[n] = ring[n] + g * enters[n];
            allpass (sound, leaving.line[a], gain, lines.coming (a), sound, frames);
            allpass (sound, leaving.line[a + 1], -gain, lines.coming (a + 1), sound, frames);
            std::copy_n (sound, frames, lines.coming (a + 2));
        }
        lines.wrote (frames);
    }

    float level() const noexcept override { return 0.84f * lost(); }

    double span (float at) const noexcept override { return 0.4 * static_cast<double> (at) + 0.1; }
};

} // namespace

std::unique_ptr<Space> makeChamber()
{
    return std::make_unique<ChamberSpace>();
}

} // namespace lacquer::mix

// SPDX-License-Identifier: GPL-3.0-or-later
#include "mix/spaces/Ring.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lacquer::mix
{

namespace
{

/// J. Dattorro's plate ("Effect Design, Part 1", JAES 45, 1997): four all-passes, then a tank of two halves
/// that feed each other, heard at seven places a side; lengths, gains and places are those of the paper, at
/// full size. As the plate it stands for it has one driver: left and right enter as one. Three things are
/// ours: the low and the high end have decay times of their own, for which every line of the tank absorbs (L.
/// Dahl and J.-M. Jot, DAFx 2000); two more all-passes at the entrance; and the right pickup has all-passes
/// of its own for the first sound.
struct PlateSpace final : RingSpace<8, 6>
{
    static constexpr double paper = 29761; // hertz
    // Lines of the tank: all-pass, delay, all-pass, delay of one half, then of the other.
    static constexpr double frames0[8] { 672, 4453, 1800, 3720, 908, 4217, 2656, 3163 };
    static constexpr float first = 0.7f, second = 0.5f; // the tank's all-passes

    struct Place
    {
        std::size_t line;
        double at; // frames of the paper
        float sign;
    };
    static constexpr Place places[2][7] {
        { { 5, 266, 1 },
          { 5, 2974, 1 },
          { 6, 1913, -1 },
          { 7, 1996, 1 },
          { 1, 1990, -1 },
          { 2, 187, -1 },
          { 3, 1066, -1 } },
        { { 1, 353, 1 },
          { 1, 3627, 1 },
          { 2, 1228, -1 },
          { 3, 2673, 1 },
          { 5, 2111, -1 },
          { 6, 335, -1 },
          { 7, 121, -1 } },
    };

    void prepare (double rate) override
    {
        std::array<double, 8> lengths;
        for (std::size_t i = 0; i < 8; ++i)
            lengths[i] = frames0[i] / paper;
        prepareLines (rate, lengths, { 0, 4 });
        for (std::size_t c = 0; c < 2; ++c)
        {
            const double stretch = (c == 0 ? 1 : 1.13) / paper;
            entrance[c].prepare (rate, { 61 * stretch, 211 * stretch, 142 * stretch, 107 * stretch,
                                         379 * stretch, 277 * stretch });
        }
        reset();
    }

    void settle (const SpaceSettings& s, int frames) noexcept override
    {
        settleLines (
            s, std::min (scale (s.size), 0.1 + 0.54 * s.decay.mid), s.decay.mid, 8,
            [] (double x) { return static_cast<int> (std::lround (x)); }, frames);
        const auto way = static_cast<float> (std::min (1.0, s.decay.mid / 0.3));
        for (auto& e : entrance)
            e.setLengths (way);
        diffusion.towards (s.diffusion * AllpassChain<6>::shareFor (
                                             s.decay.mid, 379 / paper * static_cast<double> (way), 0.625),
                           frames);
    }

    void process (const float* const* in, int sides, dsp::FdnSums& early, dsp::FdnSums& late,
                  int frames) noexcept override
    {
        for (int n = 0; n < frames; ++n)
            sound[n] = sides == 2 ? 0.5f * (in[0][n] + in[1][n]) : 0.5f * in[0][n];
        for (std::size_t c = 0; c < 2; ++c)
        {
            std::copy_n (sound, frames, early.side[c]);
            entrance[c].process (early.side[c], { 0.7f, 0.7f, 0.75f, 0.75f, 0.625f, 0.625f }, diffusion,
                                 frames);
            std::fill_n (late.side[c], frames, 0.0f);
            for (const auto& p : places[c])
                lines.tap (p.line, p.at / frames0[p.line], 0.6f * p.sign, late.side[c], frames);
        }

        leave (frames);
        for (std::size_t half = 0; half < 2; ++half)
        {
            const std::size_t a = 4 * half;
            const float *const enters = early.side[0], *const other = leaving.line[(a + 7) % 8];
            for (int n = 0; n < frames; ++n)
                sound[n] = other[n] + enters[n];
            allpass (sound, leaving.line[a], -first, lines.coming (a), sound, frames);
            std::copy_n (sound, frames, lines.coming (a + 1));
            allpass (leaving.line[a + 1], leaving.line[a + 2], second, lines.coming (a + 2), sound, frames);
            std::copy_n (sound, frames, lines.coming (a + 3));
        }
        lines.wrote (frames);
    }

    float level() const noexcept override { return 1.12f * lost(); }

    double span (float at) const noexcept override { return 0.5 * scale (at) + 0.1; }

private:
    static double scale (float size) noexcept { return 0.1 + 0.9 * static_cast<double> (size); }
};

} // namespace

std::unique_ptr<Space> makePlate()
{
    return std::make_unique<PlateSpace>();
}

} // namespace lacquer::mix

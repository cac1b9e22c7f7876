// SPDX-License-Identifier: GPL-3.0-or-later
#include "mix/spaces/Allpasses.h"
#include "mix/spaces/Space.h"

#include <algorithm>
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
struct PlateSpace final : Space
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
        sampleRate = rate;
        dsp::LineLengths room;
        for (std::size_t i = 0; i < 8; ++i)
            room.of[i] =
                static_cast<int> (frames0[i] / paper * scale (1) * rate) + dsp::DampedLines::shortest + 200;
        lines.prepare (rate, room, { 0, 4 });
        for (std::size_t c = 0; c < 2; ++c)
        {
            const double stretch = (c == 0 ? 1 : 1.13) / paper;
            entrance[c].prepare (rate, { 61 * stretch, 211 * stretch, 142 * stretch, 107 * stretch,
                                         379 * stretch, 277 * stretch });
        }
        reset();
    }

    void reset() noexcept override
    {
        lines.reset();
        for (auto& e : entrance)
            e.reset();
        depth.forget();
        diffusion.forget();
        size = -1;
    }

    bool clearSome() noexcept override
    {
        return lines.clearSome() && entrance[0].clearSome() && entrance[1].clearSome();
    }

    void settle (const SpaceSettings& s, int frames) noexcept override
    {
        const auto wanted = static_cast<float> (std::min<double> (s.size, 0.6 * s.decay.mid));
        if (wanted != size && ! lines.gliding())
        {
            size = wanted;
            dsp::LineLengths length;
            for (int i = 0; i < 8; ++i)
                length.of[i] = std::max (
                    dsp::DampedLines::shortest / 2 + 24 * i,
                    static_cast<int> (std::lround (frames0[i] / paper * scale (size) * sampleRate)));
            lines.setLengths (length);
        }
        lines.setDecay (s.decay);
        lines.setWander (s.wander, s.position);
        const auto way = static_cast<float> (std::min (1.0, s.decay.mid / 0.3));
        for (auto& e : entrance)
            e.setLengths (way);
        diffusion.towards (s.diffusion * AllpassChain<6>::shareFor (
                                             s.decay.mid, 379 / paper * static_cast<double> (way), 0.625),
                           frames);
        depth.towards (s.modulation * static_cast<float> (sampleRate), frames);
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

        const float* const* const from = lines.leaving (frames, depth);
        dsp::kernels::damp (lines.damping, lines.moving(), from, leaving, frames);
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

    float level() const noexcept override
    {
        float product = 1;
        for (std::size_t i = 0; i < 8; ++i)
            product *= lines.energy (i);
        return 1.12f * std::sqrt (1 - std::sqrt (product));
    }

    double span (float at) const noexcept override { return 0.5 * scale (at) + 0.1; }

private:
    static double scale (float size) noexcept { return 0.1 + 0.9 * static_cast<double> (size); }

    double sampleRate = 48000;
    dsp::DampedLines lines;
    AllpassChain<6> entrance[2];
    dsp::FdnRows leaving {};
    float sound[dsp::fdnFrames] {};
    dsp::Ramp diffusion, depth;
    float size = -1;
};

} // namespace

std::unique_ptr<Space> makePlate()
{
    return std::make_unique<PlateSpace>();
}

} // namespace lacquer::mix

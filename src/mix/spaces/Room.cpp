// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Random.h"
#include "mix/spaces/Allpasses.h"
#include "mix/spaces/Space.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lacquer::mix
{

namespace
{

/// One way from a source to an ear.
struct Reflection
{
    double seconds; // behind the direct sound, at size 1
    float gain;
};

constexpr double soundSpeed = 343;
constexpr int reflectionCount = 18;

/// The strongest reflections in a shoebox of 12 x 9 x 4 m whose walls leave 0.8 of the pressure, by the
/// method of image sources (J. B. Allen and D. A. Berkley, JASA 65, 1979). side: the ear on the source's side
/// (0) or the other one.
std::vector<Reflection> shoebox (int side)
{
    constexpr double size[3] { 12, 9, 4 }, source[3] { 4.3, 2.7, 1.6 };
    const double ear[3] { side == 0 ? 5.1 : 6.6, 6.7, 1.7 };
    const auto distance = [&] (int i, int j, int k)
    {
        double sum = 0;
        const int image[3] { i, j, k };
        for (int a = 0; a < 3; ++a)
        {
            // Image n of a source between two walls: n rooms away, every other one turned round.
            const double inside = image[a] % 2 == 0 ? source[a] : size[a] - source[a];
            sum += std::pow (image[a] * size[a] + inside - ear[a], 2);
        }
        return std::sqrt (sum);
    };
    const double direct = distance (0, 0, 0);
    std::vector<Reflection> all;
    for (int i = -2; i <= 2; ++i)
        for (int j = -2; j <= 2; ++j)
            for (int k = -2; k <= 2; ++k)
            {
                const int order = std::abs (i) + std::abs (j) + std::abs (k);
                if (order == 0 || order > 3)
                    continue;
                const double way = distance (i, j, k);
                all.push_back ({ (way - direct) / soundSpeed,
                                 static_cast<float> (std::pow (0.8, order) * direct / way) });
            }
    std::stable_sort (all.begin(), all.end(), [] (auto& a, auto& b) { return a.gain > b.gain; });
    all.resize (reflectionCount);
    return all;
}

/// The walls of a shoebox as single reflections, which feed a network (after J. A. Moorer, CMJ 3, 1979): 16
/// lines whose lengths lie around the mean free path, with a Hadamard matrix, so that after one way all lines
/// sound (W. M. Rocchesso and J. O. Smith, IEEE SAP 5, 1997). Sparse at first, dense within 50 ms.
struct RoomSpace final : Space
{
    static constexpr double lineSeconds = 0.052; // at size 1

    void prepare (double rate) override
    {
        sampleRate = rate;
        double energy = 0;
        lastReflection = 0;
        for (int side = 0; side < 2; ++side)
        {
            way[side] = shoebox (side);
            for (const auto& r : way[side])
            {
                energy += static_cast<double> (r.gain) * static_cast<double> (r.gain);
                lastReflection = std::max (lastReflection, r.seconds);
            }
        }
        for (auto& w : way)
            for (auto& r : w)
                r.gain = static_cast<float> (r.gain / std::sqrt (energy));
        const int longest = static_cast<int> (lastReflection * rate) + 3 * dsp::fdnFrames;
        walls.prepare (std::array { longest, longest });
        dsp::LineLengths room;
        std::fill_n (room.of, dsp::fdnLines, static_cast<int> (lineSeconds * rate) + 256 + 400);
        lines.prepare (rate, room, { 3, 12 });
        for (std::size_t c = 0; c < 2; ++c)
            smear[c].prepare (rate, c == 0 ? std::array { 0.0047, 0.0031 } : std::array { 0.0043, 0.0034 });
        fade.length = static_cast<int> (0.04 * rate);
        reset();
    }

    void reset() noexcept override
    {
        walls.clear();
        lines.reset();
        for (auto& s : smear)
            s.reset();
        depth.forget();
        diffusion.forget();
        fade.left = 0;
        size = -1;
    }

    bool clearSome() noexcept override
    {
        return walls.clearSome() && lines.clearSome() && smear[0].clearSome() && smear[1].clearSome();
    }

    void settle (const SpaceSettings& s, int frames) noexcept override
    {
        const auto wanted = static_cast<float> (std::min<double> (s.size, 0.5 * s.decay.mid));
        const auto newShortest = static_cast<float> (
            std::clamp (s.decay.mid * 1.6 / 60 * sampleRate, double (dsp::DampedLines::shortest), 256.0));
        if ((wanted != size || newShortest != shortest) && ! lines.gliding() && ! fade.active())
        {
            before = size < 0 ? wanted : size;
            if (size >= 0)
                fade.start();
            size = wanted;
            shortest = newShortest;
            dsp::LineLengths length;
            // Spread exponentially over an octave and a half. In the smallest room, too: lines of nearly one
            // length would ring as one. The shortest may have 256 frames, unless it fell by more than 1.6 dB
            // in that time: then the longest took a good part of the decay, whose beginning was no straight
            // line.
            const auto share = [] (std::size_t i)
            { return std::pow (2.8, (static_cast<double> (i) + 0.6 * uniform (4700 + i)) / 16.0 - 1.0); };
            const double longest = std::max (lineSeconds * static_cast<double> (size) * sampleRate,
                                             static_cast<double> (shortest) / share (0));
            for (std::size_t i = 0; i < dsp::fdnLines; ++i)
                length.of[i] = dsp::primeFrom (static_cast<int> (longest * share (i)));
            lines.setLengths (length);
        }
        lines.setDecay (s.decay);
        lines.setWander (s.wander, s.position);
        const auto part = static_cast<float> (std::min (1.0, s.decay.mid / 0.3));
        for (auto& e : smear)
            e.setLengths (part);
        diffusion.towards (s.diffusion * AllpassChain<2>::shareFor (s.decay.mid, 0.0047, 0.6), frames);
        depth.towards (s.modulation * static_cast<float> (sampleRate), frames);
    }

    void process (const float* const* in, int sides, dsp::FdnSums& early, dsp::FdnSums& late,
                  int frames) noexcept override
    {
        for (std::size_t c = 0; c < static_cast<std::size_t> (sides); ++c)
            std::copy_n (in[c], frames, walls.coming (c));
        walls.wrote (frames);
        reflect (sides, early, size, frames);
        if (fade.active())
        {
            reflect (sides, old, before, frames);
            for (int c = 0; c < 2; ++c)
                for (int n = 0; n < frames; ++n)
                    early.side[c][n] = old.side[c][n] + (early.side[c][n] - old.side[c][n]) * fade.share (n);
        }
        fade.advance (frames);

        const float* const* const from = lines.leaving (frames, depth);
        dsp::kernels::damp (lines.damping, lines.moving(), from, leaving, frames);
        for (std::size_t c = 0; c < 2; ++c)
        {
            float* const sum = late.side[c];
            for (int n = 0; n < frames; ++n)
                sum[n] = leaving.line[c][n] + leaving.line[c + 2][n];
            for (std::size_t i = c + 4; i < dsp::fdnLines; i += 4)
                for (int n = 0; n < frames; ++n)
                    sum[n] += leaving.line[i][n] + leaving.line[i + 2][n];
        }

        const float* rows[dsp::fdnLines];
        float* back[dsp::fdnLines];
        for (std::size_t i = 0; i < dsp::fdnLines; ++i)
            rows[i] = leaving.line[i];
        lines.coming (back);
        dsp::kernels::diffuse (rows, quarter, nullptr, back, frames);
        for (std::size_t c = 0; c < 2; ++c)
        {
            for (int n = 0; n < frames; ++n)
                fed[n] = 0.35355339f * early.side[c][n]; // on 8 lines, with unit energy
            smear[c].process (fed, { 0.6f, 0.55f }, diffusion, frames);
            for (std::size_t i = c; i < dsp::fdnLines; i += 2)
                for (int n = 0; n < frames; ++n)
                    back[i][n] += fed[n];
        }
        lines.wrote (frames);
    }

    float level() const noexcept override
    {
        float sum = 0;
        for (std::size_t i = 0; i < dsp::fdnLines; ++i)
            sum += lines.energy (i);
        return 1.16f * std::sqrt (1 - sum / dsp::fdnLines);
    }

    double span (float at) const noexcept override
    {
        return (lastReflection + lineSeconds) * static_cast<double> (at) + 0.05;
    }

private:
    /// What the walls give back of this block, whose lines hold it already.
    void reflect (int sides, dsp::FdnSums& to, float at, int frames) noexcept
    {
        for (std::size_t ear = 0; ear < 2; ++ear)
        {
            float* const sum = to.side[ear];
            std::fill_n (sum, frames, 0.0f);
            for (std::size_t source = 0; source < static_cast<std::size_t> (sides); ++source)
                for (const auto& r : way[ear ^ source])
                {
                    const float* const x =
                        walls.past (source, frames + static_cast<int> (r.seconds * static_cast<double> (at) *
                                                                       sampleRate));
                    for (int n = 0; n < frames; ++n)
                        sum[n] += r.gain * x[n];
                }
        }
    }

    static constexpr float quarter[dsp::fdnLines] { 0.25f, 0.25f, 0.25f,  -0.25f, 0.25f, -0.25f,
                                                    0.25f, 0.25f, -0.25f, 0.25f,  0.25f, 0.25f,
                                                    0.25f, 0.25f, -0.25f, 0.25f };
    double sampleRate = 48000, lastReflection = 0;
    std::vector<Reflection> way[2];
    dsp::LineBank walls; // a line for each source
    dsp::DampedLines lines;
    AllpassChain<2> smear[2];
    dsp::Crossfade fade;
    dsp::FdnSums old {};
    dsp::FdnRows leaving {};
    float fed[dsp::fdnFrames] {};
    dsp::Ramp diffusion, depth;
    float size = -1, before = 0, shortest = 0; // the latter in frames
};

} // namespace

std::unique_ptr<Space> makeRoom()
{
    return std::make_unique<RoomSpace>();
}

} // namespace lacquer::mix

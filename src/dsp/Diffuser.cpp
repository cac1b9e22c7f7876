// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Diffuser.h"

#include "core/Random.h"

#include <algorithm>

namespace lacquer::dsp
{

namespace
{
// Long enough that no line jumps audibly when the size moves, short enough that a turn of the knob is heard.
constexpr double fadeSeconds = 0.04;
} // namespace

void Diffuser::prepare (double sampleRate, double total)
{
    rate = sampleRate;
    longest = total;
    for (std::size_t s = 0; s < steps; ++s)
    {
        // What comes in is one signal per side, which its lines share.
        const double slot = total * sampleRate * (1 << s) / 15.0 / fdnLines;
        std::array<int, fdnLines> longestOf;
        for (std::size_t i = 0; i < fdnLines; ++i)
            longestOf[i] = static_cast<int> (slot * (s == 0 ? fdnLines : static_cast<double> (i + 1))) + 1;
        step[s].lines.prepare ({ longestOf.data(), s == 0 ? 2u : fdnLines });
        for (std::size_t i = 0; i < fdnLines; ++i)
            step[s].gain[i] = hashed (1000 + 16 * s + i) & 1 ? -0.25f : 0.25f;
    }
    fade.length = static_cast<int> (fadeSeconds * sampleRate);
    reset();
}

void Diffuser::reset() noexcept
{
    for (auto& s : step)
        s.lines.clear();
    fade.left = 0;
    size = -1;
    fresh = true;
}

bool Diffuser::clearSome() noexcept
{
    return std::all_of (std::begin (step), std::end (step), [] (Step& s) { return s.lines.clearSome(); });
}

void Diffuser::setSize (float wanted) noexcept
{
    if (wanted == size || fade.active())
        return;
    size = wanted;
    for (std::size_t s = 0; s < steps; ++s)
    {
        // 8 : 4 : 2 : 1 of the whole, the shortest first so that the first echoes are close together.
        const double slot = longest * size * rate * (1 << s) / 15.0 / fdnLines;
        for (std::size_t i = 0; i < fdnLines; ++i)
        {
            const double place = static_cast<double> (i) + uniform (64 * s + i);
            step[s].before[i] = step[s].now[i];
            step[s].now[i] = static_cast<int> (slot * place);
        }
    }
    if (! fresh)
        fade.start();
    fresh = false;
}

void Diffuser::process (const float* const* in, int sides, FdnRows& out, int frames,
                        const std::array<Ramp, steps>& amount) noexcept
{
    const std::size_t odd = sides > 1 ? 1 : 0;
    for (std::size_t i = 0; i <= odd; ++i)
        std::copy_n (in[i], frames, step[0].lines.coming (i));
    for (std::size_t s = 0; s < steps; ++s)
    {
        auto& stage = step[s];
        stage.lines.wrote (frames);
        if (s > 0)
            stage.lines.past (stage.now, frames, from);
        else
            for (std::size_t i = 0; i < fdnLines; ++i)
                from[i] = stage.lines.past (i & odd, stage.now[i] + frames);
        if (s + 1 < steps)
            step[s + 1].lines.coming (to);
        else
            for (std::size_t i = 0; i < fdnLines; ++i)
                to[i] = out.line[i];

        const float* gain = stage.gain;
        static constexpr float unity[fdnLines] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
        if (fade.active())
        {
            for (std::size_t i = 0; i < fdnLines; ++i)
            {
                const float* const before = stage.lines.past (s > 0 ? i : i & odd, stage.before[i] + frames);
                for (int n = 0; n < frames; ++n)
                {
                    const float x = gain[i] * from[i][n], old = gain[i] * before[n];
                    faded[i][n] = old + (x - old) * fade.share (n);
                }
                from[i] = faded[i];
            }
            gain = unity;
        }

        const auto& w = amount[s];
        const bool whole = w.target() == 1.0f && ! w.moves();
        if (! whole)
            for (int n = 0; n < fdnFrames; ++n)
                part[n] = w[n];
        kernels::diffuse (from, gain, whole ? nullptr : part, to, frames);
    }
    fade.advance (frames);
}

int Diffuser::span() const noexcept
{
    int sum = 0;
    for (const auto& s : step)
        sum += *std::max_element (std::begin (s.now), std::end (s.now));
    return sum;
}

} // namespace lacquer::dsp

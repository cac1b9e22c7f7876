// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/EffectNode.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace lacquer::engine
{

namespace
{

constexpr double crossfadeSeconds = 0.010;

bool isZero (const Signal& s, int frames)
{
    for (int c = 0; c < s.channels; ++c)
        if (std::any_of (s.channel[c], s.channel[c] + frames, [] (float x) { return x != 0.0f; }))
            return false;
    return true;
}

} // namespace

EffectNode::EffectNode (const EffectType& type, const Format& f, bool on)
    : effect (type.create()), values (type.params), told (type.params.size()), format (f), wanted (on),
      fadeStep (static_cast<float> (1.0 / std::max (1.0, crossfadeSeconds * f.sampleRate))),
      wet (on ? 1.0f : 0.0f), running (on)
{
    assert (format.channels == 1 || format.channels == 2);
    effect->prepare (format);
}

void EffectNode::setOn (bool on) noexcept
{
    wanted.store (on, std::memory_order_relaxed);
}

std::vector<float> EffectNode::valuesNow() const
{
    std::vector<float> now (told.size());
    for (int p = 0; p < values.size(); ++p)
        now[static_cast<std::size_t> (p)] = values[p];
    return now;
}

int EffectNode::latency() const noexcept
{
    const std::uint64_t version = values.version();
    const Frames longest = std::numeric_limits<std::uint32_t>::max();
    const Frames resting = effect->rest (valuesNow());
    // A chunk without sound never lets the effect rest in one cut of time and not in another.
    rest.store (
        static_cast<std::uint64_t> (resting < 0 ? longest : std::clamp<Frames> (resting, quantum, longest))
                << 32 |
            version,
        std::memory_order_relaxed);
    const int frames = std::max (0, effect->latency (valuesNow()));
    if (frames != dryLength)
    {
        dryLength = frames;
        dryDelays.offer (std::make_unique<DryDelay> (format.channels, frames));
    }
    return frames;
}

/// Frames without input after which the effect is not called; the largest number when it is not known.
Frames EffectNode::restNow (const Chunk& chunk) const noexcept
{
    const std::uint64_t known = rest.load (std::memory_order_relaxed);
    const auto frames = static_cast<std::uint32_t> (known >> 32);
    const bool holds = static_cast<std::uint32_t> (known) == values.version() && chunk.automation.empty() &&
                       frames != std::numeric_limits<std::uint32_t>::max();
    return holds ? static_cast<Frames> (frames) : std::numeric_limits<Frames>::max();
}

Frames EffectNode::tail() const
{
    return effect->tail (valuesNow());
}

void EffectNode::reset() noexcept
{
    effect->reset();
    if (const auto* dry = dryDelays.current())
        dry->line->reset();
    running = isOn();
    wet = running ? 1.0f : 0.0f;
    warmUp = 0;
    quiet = 0;
}

void EffectNode::process (const Chunk& chunk, std::span<const Signal> inputs,
                          std::span<Signal> outputs) noexcept
{
    const Signal& in = inputs.front();
    Signal& out = outputs.front();
    const bool on = isOn();
    const auto* dry = dryDelays.current();
    const Frames late = dry != nullptr ? dry->line->frames() : 0;
    if (late > 0)
        dry->line->write (in, chunk.frames);
    if (on && ! running)
    {
        effect->reset();
        running = true;
        warmUp = late;
    }

    // Where the sound of this chunk begins and ends.
    int first = chunk.frames, end = 0;
    for (const auto& s : inputs)
        for (int c = 0; c < s.channels && ! s.silent; ++c)
        {
            const float *x = s.channel[c], *past = x + chunk.frames;
            const auto sounds = [] (float v) { return v != 0.0f; };
            const auto* begins = std::find_if (x, past, sounds);
            if (begins == past)
                continue;
            first = std::min (first, static_cast<int> (begins - x));
            while (*(past - 1) == 0.0f)
                --past;
            end = std::max (end, static_cast<int> (past - x));
        }
    const Frames before = quiet;
    quiet = first < end ? chunk.frames - end : before + chunk.frames;

    if (running)
    {
        const auto* side = inputs.size() > 1 ? &inputs[1] : nullptr;
        const bool mayRest = on && warmUp == 0 && wet == 1.0f;
        const Frames patience = mayRest ? restNow (chunk) : std::numeric_limits<Frames>::max();
        // It runs until it has rested long enough, and again from the first sound.
        const int rests =
            static_cast<int> (std::clamp<Frames> (patience - std::min (before, patience), 0, first));
        for (int c = 0; c < out.channels; ++c)
        {
            std::copy_n (in.channel[c], chunk.frames, out.channel[c]);
            std::fill (out.channel[c] + rests, out.channel[c] + first, 0.0f);
        }
        processSpan (chunk, out, side, 0, rests < first ? rests : chunk.frames);
        if (rests < first && first < chunk.frames)
            processSpan (chunk, out, side, first, chunk.frames);
        if (mayRest && rests == 0 && first == chunk.frames)
        {
            out.silent = true;
            return;
        }
        if (on && warmUp == 0 && wet == 1.0f)
        {
            out.silent = in.silent && isZero (out, chunk.frames);
            return;
        }
    }

    // The dry sound, as late as the effect's; mixed with the effect's while that runs.
    const float start = wet;
    const Frames waits = warmUp;
    for (int c = 0; c < out.channels; ++c)
    {
        const auto mix = [&] (const float* x, int frames, int at)
        {
            for (int n = at; n < at + frames; ++n)
            {
                const float share =
                    on ? std::min (1.0f, start + fadeStep *
                                                     static_cast<float> (std::max<Frames> (0, n + 1 - waits)))
                       : std::max (0.0f, start - fadeStep * static_cast<float> (n + 1));
                float& y = out.channel[c][n];
                y = running ? x[n - at] + share * (y - x[n - at]) : x[n - at];
                wet = share;
            }
        };
        if (late > 0)
            dry->line->read (c, mix);
        else
            mix (in.channel[c], chunk.frames, 0);
    }
    warmUp = std::max<Frames> (0, warmUp - chunk.frames);
    running = on || (running && wet > 0.0f);
    out.silent = in.silent && isZero (out, chunk.frames);
}

/// Cut at the points of the lanes.
void EffectNode::processSpan (const Chunk& chunk, Signal& out, const Signal* sidechain, int from,
                              int until) noexcept
{
    while (from < until)
    {
        Frames next = Lane::noPoint;
        for (const auto& b : chunk.automation)
            next = std::min (next, b.lane->nextTurn (chunk.positionAt (from)));
        int to = until;
        if (chunk.time.playing && next < chunk.positionAt (to))
            to = static_cast<int> (next - chunk.time.position);
        processTurn (chunk, out, sidechain, from, to);
        from = to;
    }
}

/// In halves for as long as a level leaves the straight line in gain that effects go along by more than
/// 8e-6: at 60 dB a second that is a matter of 32 frames, at 60 dB in 10 ms of one.
void EffectNode::processTurn (const Chunk& chunk, Signal& out, const Signal* sidechain, int from,
                              int to) noexcept
{
    constexpr double most = 8e-6, step = 0.004; // two frames: step^2 / 2
    const int middle = from + (to - from) / 2;
    const auto bends = [&] (const Binding& b)
    {
        if (b.parameter < 0 || b.parameter >= values.size() ||
            values.table()[static_cast<std::size_t> (b.parameter)].unit != "dB")
            return false;
        const auto level = [&] (int n) { return b.lane->at (chunk.positionAt (n)); };
        const double levels[] { level (from), level (middle), level (to - 1) };
        if (levels[0] == levels[1] && levels[1] == levels[2])
            return false;
        double gain[3];
        for (int k = 0; k < 3; ++k)
            gain[k] = gainOf (Decibels { levels[k] });
        const double top = std::max (gain[0], gain[2]), rise = gain[2] - gain[0];
        const double x = static_cast<double> (middle - from) / (to - 1 - from);
        return std::abs (gain[1] - gain[0] - rise * x) > most * top ||
               (to - from == 2 && std::abs (rise) > step * top);
    };
    if (to - from > 1 && chunk.time.playing &&
        std::any_of (chunk.automation.begin(), chunk.automation.end(), bends))
    {
        processTurn (chunk, out, sidechain, from, middle);
        processTurn (chunk, out, sidechain, middle, to);
        return;
    }
    processPart (chunk, out, sidechain, from, to);
}

void EffectNode::processPart (const Chunk& chunk, Signal& out, const Signal* sidechain, int from,
                              int to) noexcept
{
    for (int p = 0; p < values.size(); ++p)
        told[static_cast<std::size_t> (p)] = values[p];
    for (const auto& b : chunk.automation)
    {
        if (b.parameter < 0 || b.parameter >= values.size())
            continue;
        const auto p = static_cast<std::size_t> (b.parameter);
        const Param& spec = values.table()[p];
        const double v = b.lane->at (chunk.positionAt (to - 1));
        const float inRange = std::clamp (static_cast<float> (v), spec.min, spec.max);
        told[p] = spec.isChoice() ? std::round (inRange) : inRange;
    }

    float* const channels[] { out.channel[0] + from, out.channels > 1 ? out.channel[1] + from : nullptr };
    const float* side[2] {};
    for (int c = 0; sidechain != nullptr && c < sidechain->channels; ++c)
        side[c] = sidechain->channel[c] + from;

    SongTime time = chunk.time;
    if (time.playing)
    {
        time.position += from;
        time.beat += from / format.sampleRate * time.bpm / 60.0;
    }
    effect->process ({ { channels, static_cast<std::size_t> (out.channels) },
                       { side, sidechain != nullptr ? static_cast<std::size_t> (sidechain->channels) : 0 },
                       to - from,
                       time },
                     told);
}

} // namespace lacquer::engine

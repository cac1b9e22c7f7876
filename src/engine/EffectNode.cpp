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

Param mixParam()
{
    return inPercent<Param> ("mix", "Mix", { 0, 100 }, 100,
                             "Share of the effect; the rest is the sound before it, in time with it.");
}

Param listenParam()
{
    return onOff<Param> ("sidechain.listen", "Listen to sidechain", false,
                         "Lets the sidechain be heard in place of the effect.");
}

bool isZero (const Signal& s, int frames)
{
    for (int c = 0; c < s.channels; ++c)
        if (std::any_of (s.channel[c], s.channel[c] + frames, [] (float x) { return x != 0.0f; }))
            return false;
    return true;
}

} // namespace

std::vector<Param> EffectNode::tableOf (const EffectType& type)
{
    auto table = type.params;
    const Param general[] { mixParam(), listenParam() };
    for (const auto& p : general)
        if ((type.keyed || p.id != listenParam().id) &&
            std::none_of (type.params.begin(), type.params.end(),
                          [&] (const Param& q) { return q.id == p.id; }))
            table.push_back (p);
    return table;
}

EffectNode::EffectNode (const EffectType& type, const Format& f, bool on, bool dualMono)
    : values (tableOf (type)), own (static_cast<int> (type.params.size())),
      told (static_cast<std::size_t> (values.size())), format (f), wanted (on),
      fadeStep (static_cast<float> (1.0 / std::max (1.0, crossfadeSeconds * f.sampleRate))),
      wet (on ? 1.0f : 0.0f), running (on)
{
    assert (format.channels == 1 || format.channels == 2);
    const bool two = dualMono && format.channels == 2;
    for (int n = 0; n < (two ? 2 : 1); ++n)
    {
        effects[n] = type.create();
        effects[n]->prepare ({ format.sampleRate, two ? 1 : format.channels });
    }
    for (int p = own; p < values.size(); ++p)
        (values.table()[static_cast<std::size_t> (p)].id == mixParam().id ? mixParameter : listenParameter) =
            p;
}

void EffectNode::hear (const std::shared_ptr<const Recording>& recording)
{
    for (const auto& effect : effects)
        if (effect != nullptr)
            effect->hear (recording);
}

void EffectNode::setOn (bool on) noexcept
{
    wanted.store (on, std::memory_order_relaxed);
}

float EffectNode::reduction() const noexcept
{
    const float first = effects[0]->reduction();
    return isDualMono() ? std::max (first, effects[1]->reduction()) : first;
}

std::vector<float> EffectNode::valuesNow() const
{
    std::vector<float> now (static_cast<std::size_t> (own));
    for (int p = 0; p < own; ++p)
        now[static_cast<std::size_t> (p)] = values[p];
    return now;
}

void EffectNode::ready (std::span<const float> v) const
{
    for (const auto& effect : effects)
        if (effect != nullptr)
            effect->ready (v);
}

void EffectNode::expect (std::span<const Binding> lanes)
{
    for (const auto& b : lanes)
        if (b.parameter >= 0 && b.parameter < own &&
            values.table()[static_cast<std::size_t> (b.parameter)].isChoice())
        {
            auto then = valuesNow();
            auto& value = then[static_cast<std::size_t> (b.parameter)];
            const auto& spec = values.table()[static_cast<std::size_t> (b.parameter)];
            for (value = spec.min; value <= spec.max; ++value)
                ready (then);
        }
}

int EffectNode::latency() const noexcept
{
    ready (valuesNow());
    const std::uint64_t version = values.version();
    const Frames longest = std::numeric_limits<std::uint32_t>::max();
    const Frames resting = effects[0]->rest (valuesNow());
    // A chunk without sound never lets the effect rest in one cut of time and not in another.
    rest.store (
        static_cast<std::uint64_t> (resting < 0 ? longest : std::clamp<Frames> (resting, quantum, longest))
                << 32 |
            version,
        std::memory_order_relaxed);
    const int frames = std::max (0, effects[0]->latency (valuesNow()));
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
    return effects[0]->tail (valuesNow());
}

void EffectNode::reset() noexcept
{
    for (const auto& effect : effects)
        if (effect != nullptr)
            effect->reset();
    if (const auto* dry = dryDelays.current())
        dry->line->reset();
    running = isOn();
    wet = running ? 1.0f : 0.0f;
    mixed = -1; // begins where it is
    listened = 0;
    warmUp = 0;
    quiet = silentForEver;
}

/// The key with the channels that the effect has; null when nothing is connected, as when the inputs only
/// reach further to one that is waited for.
const Signal* EffectNode::keyed (std::span<const Signal> inputs, int frames) noexcept
{
    if (inputs.size() < 2 || inputs[1].channels == 0)
        return nullptr;
    key = inputs[1];
    if (key.channels == 1)
        key.channel[1] = key.channel[0];
    else if (format.channels == 1)
    {
        for (int n = 0; n < frames; ++n)
            keyRoom[n] = 0.5f * (key.channel[0][n] + key.channel[1][n]);
        key.channel[0] = keyRoom;
    }
    key.channels = format.channels;
    return &key;
}

/// What is heard when the effect is not: its input, or, while somebody listens to it, the key.
const Signal& EffectNode::dryOf (const Signal& in, const Signal* side, bool listens, int frames) noexcept
{
    if (side == nullptr || (! listens && listened == 0.0f))
        return in;
    const float start = listened;
    for (int c = 0; c < format.channels; ++c)
        for (int n = 0; n < frames; ++n)
        {
            const float way = fadeStep * static_cast<float> (n + 1);
            listened = listens ? std::min (1.0f, start + way) : std::max (0.0f, start - way);
            dryRoom[c][n] = in.channel[c][n] + listened * (side->channel[c][n] - in.channel[c][n]);
        }
    drySound = { { dryRoom[0], dryRoom[1] }, format.channels, false };
    return drySound;
}

/// True when the dry sound is needed in this chunk though the effect is on.
bool EffectNode::mixes (const Chunk& chunk) const noexcept
{
    return mixParameter >= 0 &&
           ((mixed >= 0 && mixed != 1.0f) || values[mixParameter] != 100.0f ||
            std::any_of (chunk.automation.begin(), chunk.automation.end(),
                         [&] (const Binding& b) { return b.parameter == mixParameter; }));
}

/// What a parameter is to reach with the last frame of a part.
float EffectNode::valueIn (const Chunk& chunk, int parameter, int to) const noexcept
{
    float value = values[parameter];
    for (const auto& b : chunk.automation)
        if (b.parameter == parameter)
        {
            const Param& spec = values.table()[static_cast<std::size_t> (parameter)];
            const double v = b.lane->at (chunk.positionAt (to - 1));
            const float inRange = std::clamp (static_cast<float> (v), spec.min, spec.max);
            value = spec.isChoice() ? std::round (inRange) : inRange;
        }
    return value;
}

void EffectNode::process (const Chunk& chunk, std::span<const Signal> inputs,
                          std::span<Signal> outputs) noexcept
{
    const Signal& in = inputs.front();
    Signal& out = outputs.front();
    const auto* side = keyed (inputs, chunk.frames);
    const bool listens = side != nullptr && listenParameter >= 0 &&
                         lacquer::isOn (valueIn (chunk, listenParameter, chunk.frames));
    const bool on = isOn() && ! listens;
    const Signal& dryIn = dryOf (in, side, listens, chunk.frames);
    const auto* dry = dryDelays.current();
    const Frames late = dry != nullptr ? dry->line->frames() : 0;
    if (late > 0)
        dry->line->write (dryIn, chunk.frames);
    if (on && ! running)
    {
        for (const auto& effect : effects)
            if (effect != nullptr)
                effect->reset();
        running = true;
        warmUp = late;
    }
    mixing = mixes (chunk);
    if (mixing)
        for (int c = 0; c < out.channels; ++c)
        {
            float* const room = lateDry[c];
            if (late > 0)
                dry->line->read (c, [room] (const float* x, int frames, int at)
                                 { std::copy_n (x, frames, room + at); });
            else
                std::copy_n (dryIn.channel[c], chunk.frames, room);
        }
    else
        mixed = 1.0f;

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
        const bool mayRest = on && warmUp == 0 && wet == 1.0f && ! mixing;
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
            mix (dryIn.channel[c], chunk.frames, 0);
    }
    warmUp = std::max<Frames> (0, warmUp - chunk.frames);
    running = on || (running && wet > 0.0f);
    out.silent = dryIn.silent && isZero (out, chunk.frames);
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
    for (int p = 0; p < own; ++p)
        told[static_cast<std::size_t> (p)] = values[p];
    for (const auto& b : chunk.automation)
        if (b.parameter >= 0 && b.parameter < own)
            told[static_cast<std::size_t> (b.parameter)] = valueIn (chunk, b.parameter, to);

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
    const std::span<const float> ownValues (told.data(), static_cast<std::size_t> (own));
    const auto count = static_cast<std::size_t> (isDualMono() ? 1 : out.channels);
    for (std::size_t n = 0; n < 2 && effects[n] != nullptr; ++n)
        effects[n]->process (
            { { channels + n, count }, { side + n, sidechain != nullptr ? count : 0 }, to - from, time },
            ownValues);
    if (! mixing)
        return;
    const float target = valueIn (chunk, mixParameter, to) / 100, start = mixed < 0 ? target : mixed,
                step = (target - start) / static_cast<float> (to - from);
    for (int c = 0; c < out.channels; ++c)
        for (int n = from; n < to; ++n)
        {
            const float share = n + 1 == to ? target : start + step * static_cast<float> (n + 1 - from);
            float& y = out.channel[c][n];
            y = lateDry[c][n] + share * (y - lateDry[c][n]);
        }
    mixed = target;
}

} // namespace lacquer::engine

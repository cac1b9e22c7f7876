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

Param onParam()
{
    return onOff<Param> ("on", "On", true, "Off, the sound passes by it, as late as through it.");
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
    const Param general[] { mixParam(), onParam(), listenParam() };
    for (const auto& p : general)
        if ((type.keyed || p.id != listenParam().id) &&
            std::none_of (type.params.begin(), type.params.end(),
                          [&] (const Param& q) { return q.id == p.id; }))
            table.push_back (p);
    return table;
}

EffectNode::EffectNode (const EffectType& type, const Format& f, bool on, bool dualMono)
    : values (tableOf (type)), own (static_cast<int> (type.params.size())),
      told (static_cast<std::size_t> (values.size())), format (f),
      fadeFrames (std::max (1, static_cast<int> (std::lround (crossfadeSeconds * f.sampleRate)))),
      faded (on ? fadeFrames : 0), running (on), worked (on)
{
    assert (format.channels == 1 || format.channels == 2);
    const bool two = dualMono && format.channels == 2;
    for (int n = 0; n < (two ? 2 : 1); ++n)
    {
        effects[n] = type.create();
        effects[n]->prepare ({ format.sampleRate, two ? 1 : format.channels });
    }
    for (int p = own; p < values.size(); ++p)
    {
        const auto id = values.table()[static_cast<std::size_t> (p)].id;
        (id == mixParam().id ? mixParameter : id == onParam().id ? onParameter : listenParameter) = p;
    }
    assert (onParameter >= 0); // no effect has a switch of its own by this name
    setOn (on);
}

void EffectNode::hear (const std::shared_ptr<const Recording>& recording)
{
    for (const auto& effect : effects)
        if (effect != nullptr)
            effect->hear (recording);
}

void EffectNode::setOn (bool on) noexcept
{
    if (on != isOn())
        values.set (onParameter, on ? 1 : 0);
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
    running = worked = isOn();
    faded = running ? fadeFrames : 0;
    begun = false;
    mixed = -1; // begins where it is
    listened = 0;
    warmUp = inside = 0;
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
    const float start = listened, fadeStep = 1.0f / static_cast<float> (fadeFrames);
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
    return mixParameter >= 0 && ((mixed >= 0 && mixed != 1.0f) || values[mixParameter] != 100.0f ||
                                 laneOf (chunk, mixParameter) != nullptr);
}

/// The lane that drives a parameter, or null.
const Lane* EffectNode::laneOf (const Chunk& chunk, int parameter) const noexcept
{
    const auto found = std::find_if (chunk.automation.begin(), chunk.automation.end(),
                                     [&] (const Binding& b) { return b.parameter == parameter; });
    return found != chunk.automation.end() ? found->lane.get() : nullptr;
}

/// What a parameter is to reach with the last frame of a part, of a song that is so late.
float EffectNode::valueIn (const Chunk& chunk, int parameter, int to, Frames lateness) const noexcept
{
    const auto* lane = laneOf (chunk, parameter);
    if (lane == nullptr)
        return values[parameter];
    const Param& spec = values.table()[static_cast<std::size_t> (parameter)];
    const double v = lane->at (chunk.positionAt (to - 1) - (chunk.time.playing ? lateness : 0));
    const float inRange = std::clamp (static_cast<float> (v), spec.min, spec.max);
    return spec.isChoice() ? std::round (inRange) : inRange;
}

EffectNode::Switch EffectNode::switchAt (const Chunk& chunk, int frame) const noexcept
{
    const auto on = [&] (Frames lateness)
    { return lacquer::isOn (valueIn (chunk, onParameter, frame + 1, lateness)); };
    return { on (0), on (late) };
}

void EffectNode::process (const Chunk& chunk, std::span<const Signal> inputs,
                          std::span<Signal> outputs) noexcept
{
    const Signal& in = inputs.front();
    Signal& out = outputs.front();
    const auto* side = keyed (inputs, chunk.frames);
    const bool listens = side != nullptr && listenParameter >= 0 &&
                         lacquer::isOn (valueIn (chunk, listenParameter, chunk.frames));
    const Signal& dryIn = dryOf (in, side, listens, chunk.frames);
    const auto* dry = dryDelays.current();
    late = dry != nullptr ? dry->line->frames() : 0;
    if (late > 0)
        dry->line->write (dryIn, chunk.frames);
    for (int c = 0; c < format.channels; ++c)
        dryNow[c] = late > 0 ? nullptr : dryIn.channel[c];
    mixing = mixes (chunk);
    if (! mixing)
        mixed = 1.0f;

    const auto* lane = laneOf (chunk, onParameter);
    if (lane != nullptr && ! begun)
    {
        const auto now = switchAt (chunk, 0);
        running = now.in || now.out;
        worked = now.in;
        faded = now.out ? fadeFrames : 0;
    }
    begun = true;

    const bool may = ! listens, live = isOn() && may;
    bool rested = true;
    for (int from = 0; from < chunk.frames;)
    {
        Switch now { live, live };
        int to = chunk.frames;
        if (lane != nullptr)
        {
            now = switchAt (chunk, from);
            if (! lane->isConstant (chunk.positionAt (from) - late, chunk.positionAt (to - 1)))
                for (to = from + 1; to < chunk.frames && switchAt (chunk, to) == now;)
                    ++to;
            now = { now.in && may, now.out && may };
        }
        else
        {
            inside = 0;
            if (live && ! worked)
                warmUp = late;
            if (live && warmUp > 0)
            {
                now.out = false;
                to = static_cast<int> (std::min<Frames> (to, from + warmUp));
            }
        }
        rested = processStretch (chunk, inputs, out, side, now, from, to) && rested;
        if (lane != nullptr)
            inside = now.in ? late : std::max<Frames> (0, inside - (to - from));
        running = now.in || (running && (now.out || faded > 0 || inside > 0));
        worked = now.in;
        from = to;
    }
    out.silent = rested || (in.silent && dryIn.silent && isZero (out, chunk.frames));
}

/// A part of a chunk in which the switch stays as it is. True when the effect rested all the while.
bool EffectNode::processStretch (const Chunk& chunk, std::span<const Signal> inputs, Signal& out,
                                 const Signal* side, Switch now, int from, int to) noexcept
{
    if ((now.in || now.out) && ! running)
    {
        for (const auto& effect : effects)
            if (effect != nullptr)
                effect->reset();
        running = true;
        warmUp = late;
    }

    // Where the sound of this part begins and ends.
    int first = to, end = from;
    for (const auto& s : inputs)
        for (int c = 0; c < s.channels && ! s.silent; ++c)
        {
            const float *x = s.channel[c] + from, *past = s.channel[c] + to;
            const auto sounds = [] (float v) { return v != 0.0f; };
            const auto* begins = std::find_if (x, past, sounds);
            if (begins == past)
                continue;
            first = std::min (first, static_cast<int> (begins - s.channel[c]));
            while (*(past - 1) == 0.0f)
                --past;
            end = std::max (end, static_cast<int> (past - s.channel[c]));
        }
    const Frames before = quiet;
    quiet = first < end ? to - end : before + (to - from);

    const bool alone = now.in && now.out && warmUp == 0 && faded == fadeFrames;
    if (running)
    {
        const bool mayRest = alone && ! mixing;
        const Frames patience = mayRest ? restNow (chunk) : std::numeric_limits<Frames>::max();
        // It runs until it has rested long enough, and again from the first sound.
        const int rests = from + static_cast<int> (std::clamp<Frames> (patience - std::min (before, patience),
                                                                       0, first - from));
        for (int c = 0; c < out.channels; ++c)
        {
            std::copy_n (inputs.front().channel[c] + from, to - from, out.channel[c] + from);
            std::fill (out.channel[c] + rests, out.channel[c] + first, 0.0f);
        }
        processSpan (chunk, out, side, from, rests < first ? rests : to);
        if (rests < first && first < to)
            processSpan (chunk, out, side, first, to);
        if (mayRest && rests == from && first == to)
            return true;
        if (mixing)
            mix (chunk, out, from, to);
    }
    if (! running || ! alone)
        fade (out, now.out, from, to);
    return false;
}

/// The dry sound of this chunk, as late as the effect's.
const float* EffectNode::lateDryOf (int channel) noexcept
{
    if (dryNow[channel] == nullptr)
    {
        float* const room = lateDry[channel];
        dryDelays.current()->line->read (channel, [room] (const float* x, int frames, int at)
                                         { std::copy_n (x, frames, room + at); });
        dryNow[channel] = room;
    }
    return dryNow[channel];
}

/// Crosses over between the effect's sound, while it runs, and the dry one.
void EffectNode::fade (Signal& out, bool towardsEffect, int from, int to) noexcept
{
    for (int n = from; n < to; ++n)
    {
        if (! towardsEffect)
            faded = std::max (0, faded - 1);
        else if (warmUp == 0)
            faded = std::min (fadeFrames, faded + 1);
        warmUp = std::max<Frames> (0, warmUp - 1);
        shares[n] = faded == fadeFrames ? 1.0f : static_cast<float> (faded) / static_cast<float> (fadeFrames);
    }
    for (int c = 0; c < out.channels; ++c)
    {
        const float* const x = lateDryOf (c);
        float* const y = out.channel[c];
        for (int n = from; n < to; ++n)
            if (! running)
                y[n] = x[n];
            else if (shares[n] != 1.0f) // else to the bit what the effect made
                y[n] = x[n] + shares[n] * (y[n] - x[n]);
    }
}

/// Mixes the effect's sound with the dry one, in straight lines from point to point of the lane.
void EffectNode::mix (const Chunk& chunk, Signal& out, int from, int to) noexcept
{
    const auto* lane = laneOf (chunk, mixParameter);
    while (from < to)
    {
        int until = to;
        if (lane != nullptr && chunk.time.playing)
            if (const Frames turn = lane->nextTurn (chunk.positionAt (from) - late);
                turn < chunk.positionAt (to) - late)
                until = static_cast<int> (turn - (chunk.time.position - late));
        const float target = valueIn (chunk, mixParameter, until, late) / 100,
                    start = mixed < 0 ? target : mixed,
                    step = (target - start) / static_cast<float> (until - from);
        for (int c = 0; c < out.channels && (start != 1.0f || target != 1.0f); ++c)
        {
            const float* const x = lateDryOf (c);
            float* const y = out.channel[c];
            for (int n = from; n < until; ++n)
            {
                const float share =
                    n + 1 == until ? target : start + step * static_cast<float> (n + 1 - from);
                y[n] = x[n] + share * (y[n] - x[n]);
            }
        }
        mixed = target;
        from = until;
    }
}

/// Cut at the points of the lanes.
void EffectNode::processSpan (const Chunk& chunk, Signal& out, const Signal* sidechain, int from,
                              int until) noexcept
{
    while (from < until)
    {
        Frames next = Lane::noPoint;
        for (const auto& b : chunk.automation)
            if (b.parameter < own) // the switch and the mix are followed by what comes out
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
}

} // namespace lacquer::engine

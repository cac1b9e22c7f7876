// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Metronome.h"

#include <algorithm>
#include <cmath>

namespace lacquer::studio
{

namespace
{

constexpr Id clickNode { std::numeric_limits<std::uint64_t>::max() };
constexpr Frames fadeFrames = 64;

/// 30 ms of a sine that starts at 0 and falls by 60 dB.
std::vector<float> click (double rate, double hertz, double peak)
{
    std::vector<float> sound (static_cast<std::size_t> (0.03 * rate));
    for (std::size_t n = 0; n < sound.size(); ++n)
    {
        const double t = static_cast<double> (n) / rate;
        sound[n] = static_cast<float> (peak * std::sin (2 * 3.14159265358979323846 * hertz * t) *
                                       std::pow (10.0, -3.0 * t / 0.03));
    }
    return sound;
}

Frames frameOf (const TempoMap& map, double beat) noexcept
{
    return static_cast<Frames> (std::floor (map.frameAt (beat) + 0.5));
}

/// The bar a beat lies in; before the song the first metre goes on backwards.
TempoMap::Bar barAt (const TempoMap& map, double beat) noexcept
{
    if (beat >= 0)
        return map.barOfBeat (beat);
    auto bar = map.bar (1);
    const double length = bar.metre.numerator * 4.0 / bar.metre.denominator;
    bar.begin = std::floor (beat / length) * length;
    bar.end = bar.begin + length;
    return bar;
}

} // namespace

std::pair<Click, Click> clicksAround (const TempoMap& map, Frames position) noexcept
{
    // The beat under the position may round to a frame behind it, so the search begins a little later and
    // goes back by one where it must.
    constexpr double little = 1e-6;
    auto bar = barAt (map, map.beatAt (position) + little);
    double unit = 4.0 / bar.metre.denominator;
    double n = std::max (0.0, std::floor ((map.beatAt (position) + little - bar.begin) / unit));
    Click before { frameOf (map, bar.begin + n * unit), n == 0 };
    Click after;
    const auto behind = [&] (double count)
    {
        const double beat = bar.begin + (count + 1) * unit;
        return beat > bar.end - little ? Click { frameOf (map, bar.end), true }
                                       : Click { frameOf (map, beat), false };
    };
    after = behind (n);
    if (before.position > position)
    {
        after = before;
        if (n > 0)
            before = { frameOf (map, bar.begin + (n - 1) * unit), n == 1 };
        else
        {
            bar = barAt (map, bar.begin - little);
            unit = 4.0 / bar.metre.denominator;
            n = std::max (0.0, std::ceil ((bar.end - bar.begin) / unit - little) - 1);
            before = { frameOf (map, bar.begin + n * unit), n == 0 };
        }
    }
    else if (after.position <= position)
    {
        before = after;
        bar = barAt (map, before.accent ? bar.end + little : bar.begin + little);
        unit = 4.0 / bar.metre.denominator;
        after = behind (before.accent ? 0 : n + 1);
    }
    return { before, after };
}

Metronome::Metronome (double sampleRate)
    : accent (click (sampleRate, 1760, 1)), plain (click (sampleRate, 880, 0.5)),
      level (static_cast<float> (gainOf (Decibels { -12 })))
{
    follow (TempoMap (sampleRate));
}

void Metronome::attach (engine::Graph& graph, const std::shared_ptr<Metronome>& metronome)
{
    graph.nodes.push_back ({ clickNode, "metronome", metronome, { 2 }, { 2 }, {} });
    graph.edges.push_back ({ graph.result, graph.resultPort, clickNode, 0 });
    graph.result = clickNode;
    graph.resultPort = 0;
}

void Metronome::set (bool sounds, double levelDb) noexcept
{
    level.store (static_cast<float> (gainOf (Decibels { std::min (0.0, levelDb) })),
                 std::memory_order_relaxed);
    on.store (sounds, std::memory_order_relaxed);
}

void Metronome::follow (const TempoMap& map)
{
    tempo.offer (std::make_unique<const TempoMap> (map));
}

Frames Metronome::startOfCountIn (const TempoMap& map, Frames position, int bars)
{
    const double beat = map.beatAt (position);
    const auto metre = map.metreAt (std::max (0.0, beat));
    return frameOf (map, beat - bars * metre.numerator * 4.0 / metre.denominator);
}

void Metronome::process (const engine::Chunk& chunk, std::span<const engine::Signal> inputs,
                         std::span<engine::Signal> outputs) noexcept
{
    const auto* map = tempo.current();
    const auto until = counted.load (std::memory_order_relaxed);
    const auto position = chunk.time.position;
    const bool playing = chunk.time.playing;
    for (int c = 0; c < 2; ++c)
        std::copy_n (inputs[0].channel[c], chunk.frames, outputs[0].channel[c]);
    outputs[0].silent = inputs[0].silent;
    if (! playing || map == nullptr)
        return;
    if (position < until)
        for (int n = 0; n < chunk.frames; ++n)
        {
            const auto left = until - (position + n);
            const float gain = left <= 0            ? 1.0f
                               : left >= fadeFrames ? 0.0f
                                                    : 1.0f - static_cast<float> (left) / fadeFrames;
            for (int c = 0; c < 2; ++c)
                outputs[0].channel[c][n] *= gain;
        }
    if (! on.load (std::memory_order_relaxed) && position >= until)
        return;
    const float gain = level.load (std::memory_order_relaxed);
    auto [now, next] = clicksAround (*map, position);
    for (int n = 0; n < chunk.frames; ++n)
    {
        const auto at = position + n;
        while (at >= next.position)
            std::tie (now, next) = clicksAround (*map, at);
        const auto& sound = now.accent ? accent : plain;
        const auto age = static_cast<std::size_t> (at - now.position);
        if (age >= sound.size())
            continue;
        for (int c = 0; c < 2; ++c)
            outputs[0].channel[c][n] += gain * sound[age];
        outputs[0].silent = false;
    }
}

} // namespace lacquer::studio

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/FollowerNode.h"

#include <algorithm>
#include <cmath>

namespace lacquer::engine
{

class FollowerNode::Told final : public Modulator
{
public:
    Told() { clear(); }
    double at (Frames position) const noexcept override { return place (position - late).load (order); }
    void put (Frames position, double value) noexcept { place (position).store (value, order); }
    void clear() noexcept
    {
        for (auto& v : values)
            v.store (-1, order);
    }

private:
    static constexpr std::size_t count = 8192;
    static constexpr auto order = std::memory_order_relaxed; // the edges of the graph order it
    std::atomic<double>& place (Frames position) const noexcept
    {
        return values[static_cast<std::size_t> (position / quantum) % count];
    }
    mutable std::array<std::atomic<double>, count> values;
};

FollowerNode::FollowerNode (double sampleRate)
    : rate (sampleRate), values (specs<FollowerParams>()), told (std::make_shared<Told>())
{
}

ModulatorPtr FollowerNode::modulator() const
{
    return told;
}

void FollowerNode::reset() noexcept
{
    level = 0;
    told->clear();
}

void FollowerNode::process (const Chunk& chunk, std::span<const Signal> inputs,
                            std::span<Signal> outputs) noexcept
{
    std::array<float, paramCount<FollowerParams>> now {};
    for (std::size_t p = 0; p < now.size(); ++p)
        now[p] = values[static_cast<int> (p)];
    const auto v = unpack<FollowerParams> (now);
    // One pole towards the peaks, 63 % of the way in its time.
    const auto slowness = [&] (float ms)
    { return 1 - std::exp (-1000.0 / (static_cast<double> (ms) * rate)); };
    const double attack = slowness (v.attack), release = slowness (v.release);
    const double floor = v.floor, top = std::max<double> (v.top, v.floor + 1);

    const auto& in = inputs.front();
    const bool playing = chunk.time.playing;
    for (int n = 0; n < chunk.frames; ++n)
    {
        double peak = 0;
        for (int c = 0; c < in.channels && ! in.silent; ++c)
            peak = std::max<double> (peak, std::abs (in.channel[c][n]));
        level += (peak > level ? attack : release) * (peak - level);
        if (const Frames next = chunk.positionAt (n) + 1; playing && next % quantum == 0)
        {
            const double decibels = decibelsOf (level).value;
            told->put (next, 2 * std::clamp ((decibels - floor) / (top - floor), 0.0, 1.0) - 1);
        }
    }
    for (auto& out : outputs)
    {
        for (int c = 0; c < out.channels; ++c)
            std::fill_n (out.channel[c], chunk.frames, 0.0f);
        out.silent = true;
    }
}

} // namespace lacquer::engine

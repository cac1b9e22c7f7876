// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/FadedBands.h"

#include <algorithm>

namespace lacquer::dsp
{

void FadedBands::prepare (double sampleRate) noexcept
{
    for (auto& r : row)
        r.prepare (sampleRate);
    hearing = static_cast<int> (0.005 * sampleRate);
    fade.length = static_cast<int> (0.02 * sampleRate);
    reset();
}

void FadedBands::reset() noexcept
{
    row[now].reset();
    hears = 0;
    fade.left = 0;
}

void FadedBands::begin() noexcept
{
    row[1 - now].goOn (row[now], wanted);
    hears = hearing;
}

void FadedBands::set (std::span<const EqBand, EqBands::count> bands, int frames) noexcept
{
    std::copy (bands.begin(), bands.end(), wanted.begin());
    row[now].set (bands, frames);
    if (fading())
        row[1 - now].set (bands, frames);
    else if (row[now].waits())
        begin();
}

std::span<const EqBand, EqBands::count> FadedBands::heard() const noexcept
{
    const bool next = fade.active() && 2 * fade.left < fade.length;
    return row[next ? 1 - now : now].bands();
}

void FadedBands::process (std::span<float* const> channels, int frames,
                          std::span<const EqBands::Turn> turns) noexcept
{
    if (! fading())
        return row[now].process (channels, frames, turns);

    // From one end of hearing or fading to the other, so that the cut into blocks is not heard.
    for (int at = 0; at < frames;)
    {
        const int rest = frames - at;
        const int part = ! fading() ? rest : std::min (rest, hears > 0 ? hears : fade.left);
        std::array<EqBands::Turn, cascade::longest / EqBands::step + 1> some;
        std::size_t count = 0;
        for (; ! turns.empty() && turns.front().frame <= at + part; turns = turns.subspan (1))
            some[count++] = { turns.front().frame - at, turns.front().offsets };
        const std::span<const EqBands::Turn> here (some.data(), count);

        float next[2][cascade::longest];
        std::array<float*, 2> sound {}, copy { next[0], next[1] };
        for (std::size_t c = 0; c < channels.size(); ++c)
        {
            sound[c] = channels[c] + at;
            if (fading())
                std::copy_n (sound[c], part, copy[c]);
        }
        row[now].process ({ sound.data(), channels.size() }, part, here);
        at += part;
        if (! fading())
            continue;
        row[1 - now].process ({ copy.data(), channels.size() }, part, here);
        if (hears > 0)
        {
            hears -= part;
            if (hears == 0)
                fade.start();
            continue;
        }
        for (std::size_t c = 0; c < channels.size(); ++c)
            for (int n = 0; n < part; ++n)
                sound[c][n] += fade.share (n) * (copy[c][n] - sound[c][n]);
        fade.advance (part);
        if (fade.active())
            continue;
        now = 1 - now;
        if (row[now].waits())
            begin();
    }
}

} // namespace lacquer::dsp

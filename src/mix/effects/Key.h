// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/kernels/Dynamics.h"
#include "mix/effects/WetDry.h"

#include <algorithm>

namespace lacquer::mix
{

/// What an effect of the dynamics listens to: the sidechain where one is connected, else the sound itself;
/// with a low and a high cut where wanted. A mono key counts for both sides.
class Key
{
public:
    void prepare (double sampleRate) noexcept
    {
        cuts.prepare (sampleRate);
        reset();
    }

    void reset() noexcept
    {
        share.forget();
        listening.forget();
        ran = false;
    }

    /// Two rows of `frames` samples of sound or key, zeros behind them. [audio]
    static void copy (std::span<const float* const> from, int frames, dsp::dynamics::Sound& to) noexcept
    {
        for (std::size_t c = 0; c < 2; ++c)
        {
            std::copy_n (from[std::min (c, from.size() - 1)], frames, to.value[c]);
            std::fill (to.value[c] + frames, std::end (to.value[c]), 0.0f);
        }
    }

    /// The key of the block, which may be `sound` itself; else it is made in `room`. [audio]
    dsp::dynamics::Sound& take (const engine::Block& io, dsp::dynamics::Sound& sound,
                                dsp::dynamics::Sound& room, bool filtered, float lowCut, float highCut,
                                bool mayChange) noexcept
    {
        share.towards (filtered ? 1.0f : 0.0f, io.frames);
        const bool runs = share.moves() || share.target() > 0;
        if (io.sidechain.empty() && ! runs && ! mayChange)
            return sound;
        if (io.sidechain.empty())
            room = sound;
        else
            copy (io.sidechain, io.frames, room);
        if (! runs)
        {
            ran = false;
            return room;
        }
        if (! ran)
            cuts.reset();
        ran = true;
        dsp::dynamics::Sound cut;
        float* const rows[] { cut.value[0], cut.value[1] };
        for (int c = 0; c < 2; ++c)
        {
            dsp::makeFinite (room.value[c], io.frames);
            std::copy_n (room.value[c], io.frames, rows[c]);
        }
        cuts.towards (lowCut, highCut, io.frames);
        cuts.process (rows, 2, io.frames);
        for (int c = 0; c < 2; ++c)
            for (int n = 0; n < io.frames; ++n)
                room.value[c][n] += share[n] * (rows[c][n] - room.value[c][n]);
        return room;
    }

    /// Puts the key in place of the sound, by a ramp. Call it once for every block, for each channel. [audio]
    void listen (bool wanted, int frames) noexcept { listening.towards (wanted ? 1.0f : 0.0f, frames); }
    bool isHeard() const noexcept { return listening.moves() || listening.target() > 0; }
    float heard (int n) const noexcept { return listening[n]; }

    /// Seconds for which the filters ring after the key, when one listens to them.
    static double ringing (float lowCut) noexcept { return 2 * 13.8 / (4.4 * static_cast<double> (lowCut)); }

private:
    Cuts cuts;
    dsp::Ramp share, listening;
    bool ran = false;
};

} // namespace lacquer::mix

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Diffuser.h"
#include "dsp/Fdn.h"
#include "mix/spaces/Space.h"

#include <algorithm>
#include <cmath>

namespace lacquer::mix
{

namespace
{

/// A diffuser of four steps (G. Luff, "Let's Write a Reverb", ADC 2021) and a feedback delay network of 16
/// lines with a Householder matrix (J.-M. Jot and A. Chaigne, AES 90, 1991). The first sound is a cloud that
/// grows over a tenth of a second, the tail sets in behind it.
///
/// Left feeds the even lines and right the odd ones, with unit energy; the same lines sum to the outputs.
struct HallSpace final : Space
{
    static constexpr double diffuserSeconds = 0.15, lineSeconds = 0.14; // at size 1

    void prepare (double rate) override
    {
        sampleRate = rate;
        diffuser.prepare (rate, diffuserSeconds);
        network.prepare (rate, lineSeconds);
        reset();
    }

    void reset() noexcept override
    {
        diffuser.reset();
        network.reset();
        depth.forget();
        for (auto& r : amount)
            r.forget();
    }

    bool clearSome() noexcept override { return diffuser.clearSome() && network.clearSome(); }

    void settle (const SpaceSettings& s, int frames) noexcept override
    {
        // Where one way through the diffuser takes more than an eighth of the decay, or a line falls by more
        // than 10 dB, they would be what one hears decay: such halls are as large as their decay allows.
        const auto size = static_cast<float> (std::min<double> (s.size, 0.8 * s.decay.mid));
        diffuser.setSize (size);
        network.setSize (size);
        network.setDecay (s.decay);
        network.setWander (s.wander, s.position);
        for (std::size_t k = 0; k < amount.size(); ++k)
            amount[k].towards (
                std::clamp (s.diffusion * dsp::Diffuser::steps - static_cast<float> (k), 0.0f, 1.0f), frames);
        depth.towards (s.modulation * static_cast<float> (sampleRate), frames);
    }

    void process (const float* const* in, int sides, dsp::FdnSums& early, dsp::FdnSums& late,
                  int frames) noexcept override
    {
        // One side on 8 lines, or one channel on all 16, with unit energy.
        const float g = sides == 2 ? 0.35355339f : 0.25f;
        const float* entering[2] { scaled[0], scaled[1] };
        for (int c = 0; c < sides; ++c)
            for (int n = 0; n < frames; ++n)
                scaled[c][n] = g * in[c][n];
        diffuser.process (entering, sides, cloud, frames, amount);
        network.process (cloud, early, late, frames, depth);
    }

    float level() const noexcept override { return std::sqrt (1 - network.passEnergy()); }
    double span (float size) const noexcept override
    {
        return (diffuserSeconds + lineSeconds) * static_cast<double> (size);
    }

private:
    double sampleRate = 48000;
    dsp::Diffuser diffuser;
    dsp::Fdn network;
    dsp::FdnRows cloud {}; // of the block being processed
    float scaled[2][dsp::fdnFrames] {};
    std::array<dsp::Ramp, dsp::Diffuser::steps> amount;
    dsp::Ramp depth;
};

} // namespace

std::unique_ptr<Space> makeHall()
{
    return std::make_unique<HallSpace>();
}

} // namespace lacquer::mix

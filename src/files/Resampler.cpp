// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/Resampler.h"

#include "files/Sound.h"

#include <algorithm>
#include <soxr.h>

namespace lacquer::files
{

struct Resampler::State
{
    static constexpr int chunk = 4096;
    soxr_t soxr = nullptr;
    double from = 0, to = 0;
    Frames taken = 0, given = 0;
    std::vector<std::vector<float>> lanes;
    std::vector<float*> out;

    ~State() { soxr_delete (soxr); }

    Outcome give (int frames, const Sink& sink)
    {
        given += frames;
        return frames > 0 ? sink (out.data(), frames) : Outcome {};
    }
};

Resampler::Resampler (std::unique_ptr<State> made) : state (std::move (made)) {}
Resampler::Resampler (Resampler&&) noexcept = default;
Resampler& Resampler::operator= (Resampler&&) noexcept = default;
Resampler::~Resampler() = default;

Result<Resampler> Resampler::made (double from, double to, int channels)
{
    auto state = std::make_unique<State>();
    const auto io = soxr_io_spec (SOXR_FLOAT32_S, SOXR_FLOAT32_S);
    const auto quality = soxr_quality_spec (SOXR_VHQ | SOXR_LINEAR_PHASE, 0);
    const auto runtime = soxr_runtime_spec (1); // one thread: the same bits on every machine
    soxr_error_t error = nullptr;
    state->soxr = soxr_create (from, to, static_cast<unsigned> (channels), &error, &io, &quality, &runtime);
    if (error != nullptr || state->soxr == nullptr)
        return Problem { "The sample rate cannot be converted from " +
                         std::to_string (static_cast<int> (from)) + " to " +
                         std::to_string (static_cast<int> (to)) + " Hz." };
    state->from = from;
    state->to = to;
    state->lanes.assign (static_cast<std::size_t> (channels), std::vector<float> (State::chunk));
    for (auto& lane : state->lanes)
        state->out.push_back (lane.data());
    return Resampler (std::move (state));
}

Outcome Resampler::process (const float* const* channels, int frames, const Sink& sink)
{
    auto& s = *state;
    std::vector<const float*> in (channels, channels + s.out.size());
    s.taken += frames;
    for (std::size_t left = static_cast<std::size_t> (frames);;)
    {
        std::size_t used = 0, made = 0;
        if (soxr_process (s.soxr, in.data(), left, &used, s.out.data(), State::chunk, &made) != nullptr)
            return Problem { "The sample rate could not be converted." };
        left -= used;
        for (auto& lane : in)
            lane += used;
        if (auto done = s.give (static_cast<int> (made), sink); ! done)
            return done;
        if (left == 0 && made < State::chunk)
            return {};
    }
}

Outcome Resampler::finish (const Sink& sink)
{
    auto& s = *state;
    const auto whole = framesAtRate (s.taken, s.from, s.to);
    for (std::size_t made = 1; made > 0 && s.given < whole;)
    {
        if (soxr_process (s.soxr, nullptr, 0, nullptr, s.out.data(), State::chunk, &made) != nullptr)
            return Problem { "The sample rate could not be converted." };
        const auto wanted = std::min<Frames> (static_cast<Frames> (made), whole - s.given);
        if (auto done = s.give (static_cast<int> (wanted), sink); ! done)
            return done;
    }
    for (auto& lane : s.lanes)
        std::fill (lane.begin(), lane.end(), 0.0f);
    while (s.given < whole)
        if (auto done = s.give (static_cast<int> (std::min<Frames> (State::chunk, whole - s.given)), sink);
            ! done)
            return done;
    return {};
}

} // namespace lacquer::files

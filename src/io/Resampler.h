// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstddef>
#include <vector>

namespace lacquer::io
{

/// Where a Resampler takes its input from, in pieces of its own size. [audio]
struct Source
{
    virtual ~Source() = default;
    virtual void pull (float* const* out, int channels, int frames) noexcept = 0;
};

/// Changes the sample rate of a running stereo stream: polyphase windowed sinc (Kaiser, 120 dB), exact
/// rational ratio, so it never drifts. Wait-free once prepared. Passband to 20 kHz at 44.1 kHz; aliases below
/// -110 dB there. Formula of the Kaiser length: Kaiser 1974, as in Oppenheim and Schafer, section 7.6.
class Resampler
{
public:
    static constexpr int channels = 2;
    static constexpr int chunk = 64; ///< frames of input asked for at once

    /// Rates in whole hertz. Allocates, resets. [control]
    void prepare (double fromRate, double toRate);
    /// Back to silence. [audio]
    void reset() noexcept;
    /// Fills `frames` of output from as much input as it takes. [audio]
    void process (float* const* out, int frames, Source&) noexcept;

    /// Equal rates: the input goes through untouched.
    bool transparent() const noexcept { return up == down; }
    /// Delay in frames of input.
    int latency() const noexcept { return transparent() ? 0 : taps / 2; }

private:
    std::size_t up = 1, down = 1;
    int taps = 0;
    std::vector<float> table; // up phases of `taps` coefficients
    std::vector<float> buffer[channels];
    int read = 0, filled = 0; // frames in buffer
    std::size_t phase = 0;
};

} // namespace lacquer::io

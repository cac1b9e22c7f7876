// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "dsp/Halfband.h"
#include "dsp/Svf.h"
#include "mix/StripDesign.h"

#include <array>

namespace lacquer::mix
{

/// The function of a channel strip in its plainest form: double precision, the standard library's
/// mathematics, one sample after the other, at constant settings. What StripBank is measured against.
class ReferenceStrip
{
public:
    /// values: as StripParams. channels: 1 or 2.
    ReferenceStrip (StripValues values, double sampleRate, int channels);

    struct Frame
    {
        double left = 0, right = 0;
    };
    struct Output
    {
        Frame preFader; ///< a mono strip's is in `left`
        Frame direct;   ///< after fader and pan
        std::array<Frame, stripSends> sends;
    };
    /// One frame; a mono strip reads `left`. Lags by StripBank::latency().
    Output operator() (Frame in) noexcept;

    /// Gain reduction of the compressor in dB.
    double reduction() const noexcept;

private:
    struct Channel
    {
        std::array<dsp::Svf<double>, 14> sections;
        dsp::HalfbandUp<double, 6> up;
        dsp::HalfbandDown<double, 6> down;
        std::array<double, 4> taps {}; ///< of the tilt at twice the rate, newest first
        double last = 0;
        std::array<double, 4> past {}; ///< newest first
    };
    double saturated (Channel&, double) const noexcept;

    std::array<float, stripParamCount> values;
    int channels;
    double trim;
    GateDesign gate;
    CompDesign comp;
    SatDesign sat;
    std::array<Channel, 2> side;
    double gatePeak = 0, gateLevel = 0, gateLeft = 0, compLevel = 0;
};

} // namespace lacquer::mix

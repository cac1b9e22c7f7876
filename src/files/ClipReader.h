// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/FrameSource.h"
#include "files/PcmFile.h"

#include <memory>
#include <vector>

namespace lacquer::files
{

enum class FadeShape
{
    linear,
    equalPower, ///< sine: two of them crossfade sounds that have nothing in common at constant power
    sCurve,     ///< sine squared: two of them add to 1
    exponential ///< straight in decibels, from -60 dB
};

/// A point of a clip's gain envelope: between two the gain is straight in dB.
struct EnvelopePoint
{
    Frames position = 0; ///< from the start of the clip
    double gain = 0;     ///< dB; silence at and under silenceDb
};

/// A piece of a file on a track's timeline, at the file's own rate.
struct ClipSource
{
    std::shared_ptr<const PcmFile> media;
    Frames start = 0;  ///< on the timeline
    Frames offset = 0; ///< into the media, >= 0
    Frames length = 0; ///< > 0
    float gain = 1;    ///< linear
    Frames fadeIn = 0, fadeOut = 0;
    FadeShape fadeInShape = FadeShape::equalPower, fadeOutShape = FadeShape::equalPower;
    bool reversed = false;                  ///< the same piece from its end to its beginning
    std::vector<EnvelopePoint> envelope {}; ///< sorted; before the first and after the last the gain stays
};

/// The gain of a fade at a share of its way, 0 to 1: exactly 0 at 0 and 1 at 1.
double fadeGain (FadeShape, double share);

/// The gain of an envelope at a position from the start of the clip, linear. A stretch between equal points
/// has their gain exactly; between others it is 10 ^ (dB / 20).
double envelopeGain (std::span<const EnvelopePoint>, Frames position);

/// The clips of a track as one sound by absolute position, read as it is asked for: what the offline renderer
/// plays, and what fills the rings of live streams. Where clips overlap they add, in order of start. A clip
/// at gain 1 without an envelope is, outside its fades, the samples of its file, untouched.
class ClipReader : public FrameSource
{
public:
    /// channels: 1 or 2, of the track. A mono file on a stereo track sounds on both sides, a stereo file on a
    /// mono track as half the sum. [control]
    /// ahead: for whoever asks for little at a time. Without it every read goes to the files as it is asked.
    enum class Reads
    {
        ahead,
        asAsked
    };
    ClipReader (std::vector<ClipSource> clips, int channels, Reads = Reads::ahead);

    int channels() const noexcept override { return lanes; }

    /// [offline or reader thread] Reads files. The samples depend on the position only, never on how it is
    /// asked for. Less than frames is returned where a disk fails.
    int read (Frames position, std::span<float* const> out, int frames) noexcept override;

    void locate (Frames) noexcept override {}

    /// Asks the system to have the files' part of these frames in memory soon. [reader thread]
    void expect (Frames position, Frames frames) const noexcept;

    /// First frame after the last clip.
    Frames end() const noexcept { return last; }

private:
    static Frames inMedia (const ClipSource&, Frames begin, Frames end) noexcept;
    std::size_t firstAt (Frames position) const noexcept;
    int rendered (Frames position, float* const* out, int frames) noexcept;

    // The engine asks for 64 frames at a time: reading ahead makes that one file access in 64.
    static constexpr int ahead = 4096;
    std::vector<ClipSource> clips;
    std::vector<Frames>
        endsBefore; // the latest end of clips [0, n]: where the search for a position may stop
    int lanes;
    Reads reads;
    Frames last = 0;
    std::vector<float> window[2], scratch[2];
    Frames windowBegin = 0;
    int windowFrames = 0, windowGood = 0;
};

} // namespace lacquer::files

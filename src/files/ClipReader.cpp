// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/ClipReader.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace lacquer::files
{

double fadeGain (FadeShape shape, double share)
{
    constexpr double quarter = 1.57079632679489661923; // pi / 2
    if (share <= 0)
        return 0;
    if (share >= 1)
        return 1;
    switch (shape)
    {
        case FadeShape::linear: return share;
        case FadeShape::equalPower: return std::sin (quarter * share);
        case FadeShape::sCurve:
        {
            const double s = std::sin (quarter * share);
            return s * s;
        }
        case FadeShape::exponential: break;
    }
    // 1000^share is straight in decibels over 60 dB; the rest moves its lower end from -60 dB to silence.
    return (std::pow (1000.0, share) - 1) / 999;
}

double envelopeGain (std::span<const EnvelopePoint> points, Frames position)
{
    if (points.empty())
        return 1;
    const auto after = std::upper_bound (points.begin(), points.end(), position,
                                         [] (Frames x, const EnvelopePoint& e) { return x < e.position; });
    if (after == points.begin())
        return gainOf (Decibels { points.front().gain });
    const auto& from = *std::prev (after);
    if (after == points.end() || from.gain == after->gain)
        return gainOf (Decibels { from.gain });
    return gainOf (
        Decibels { from.gain + (after->gain - from.gain) * static_cast<double> (position - from.position) /
                                   static_cast<double> (after->position - from.position) });
}

ClipReader::ClipReader (std::vector<ClipSource> given, int channels, Reads how)
    : clips (std::move (given)), lanes (channels), reads (how)
{
    assert (channels == 1 || channels == 2);
    std::erase_if (clips, [] (const ClipSource& clip) { return clip.media == nullptr || clip.length <= 0; });
    std::stable_sort (clips.begin(), clips.end(),
                      [] (const ClipSource& a, const ClipSource& b) { return a.start < b.start; });
    for (const auto& clip : clips)
    {
        assert (clip.media->channels() <= 2 && clip.offset >= 0);
        last = std::max (last, clip.start + clip.length);
        endsBefore.push_back (last);
    }
    for (int c = 0; c < 2; ++c)
    {
        if (reads == Reads::ahead)
            window[c].resize (ahead);
        scratch[c].resize (ahead);
    }
}

int ClipReader::read (Frames position, std::span<float* const> out, int frames) noexcept
{
    assert (static_cast<int> (out.size()) >= lanes);
    int done = 0, good = frames;
    while (done < frames && reads == Reads::asAsked)
    {
        float* into[2] = {};
        for (int c = 0; c < lanes; ++c)
            into[c] = out[static_cast<std::size_t> (c)] + done;
        const int part = std::min (frames - done, ahead);
        if (const int got = rendered (position + done, into, part); got < part)
            good = std::min (good, done + got);
        done += part;
    }
    while (done < frames)
    {
        const Frames at = position + done;
        if (at < windowBegin || at >= windowBegin + windowFrames)
        {
            float* const into[2] = { window[0].data(), window[1].data() };
            windowBegin = at;
            windowFrames = ahead;
            windowGood = rendered (at, into, ahead);
        }
        const int skip = static_cast<int> (at - windowBegin);
        const int part = std::min (frames - done, windowFrames - skip);
        for (int c = 0; c < lanes; ++c)
            std::copy_n (window[c].data() + skip, part, out[static_cast<std::size_t> (c)] + done);
        if (skip + part > windowGood)
        {
            good = std::min (good, done + std::max (0, windowGood - skip));
            windowFrames = 0; // the disk may have recovered when it is asked again
        }
        done += part;
    }
    return good;
}

void ClipReader::expect (Frames position, Frames frames) const noexcept
{
    for (auto k = firstAt (position); k < clips.size() && clips[k].start < position + frames; ++k)
    {
        const auto& clip = clips[k];
        const Frames begin = std::max (position, clip.start);
        const Frames end = std::min (position + frames, clip.start + clip.length);
        if (end > begin)
            clip.media->expect (inMedia (clip, begin, end), end - begin);
    }
}

/// Where in its file the first of the frames lies that a clip plays from begin to end: the last of them when
/// it plays backwards.
Frames ClipReader::inMedia (const ClipSource& clip, Frames begin, Frames end) noexcept
{
    return clip.offset + (clip.reversed ? clip.start + clip.length - end : begin - clip.start);
}

/// Clips are sorted by start, and endsBefore never falls: the first that can sound at a position or after it
/// is found by halving.
std::size_t ClipReader::firstAt (Frames position) const noexcept
{
    return static_cast<std::size_t> (std::upper_bound (endsBefore.begin(), endsBefore.end(), position) -
                                     endsBefore.begin());
}

int ClipReader::rendered (Frames position, float* const* out, int frames) noexcept
{
    // Mostly one clip fills everything as it is: its samples go where they are wanted.
    if (const auto k = firstAt (position); k < clips.size())
    {
        const auto& clip = clips[k];
        const Frames end = clip.start + clip.length;
        if (clip.media->channels() == lanes && clip.gain == 1.0f && clip.envelope.empty() &&
            ! clip.reversed && position >= clip.start + clip.fadeIn &&
            position + frames <= end - clip.fadeOut &&
            (k + 1 == clips.size() || clips[k + 1].start >= position + frames))
            return clip.media->read (position - clip.start + clip.offset, frames, out);
    }
    for (int c = 0; c < lanes; ++c)
        std::fill_n (out[c], frames, 0.0f);
    int good = frames;
    for (auto k = firstAt (position); k < clips.size() && clips[k].start < position + frames; ++k)
    {
        const auto& clip = clips[k];
        const Frames begin = std::max (position, clip.start);
        const Frames end = std::min (position + frames, clip.start + clip.length);
        if (end <= begin)
            continue;
        const int count = static_cast<int> (end - begin), to = static_cast<int> (begin - position);
        float* const in[2] = { scratch[0].data(), scratch[1].data() };
        const bool stereo = clip.media->channels() == 2;
        const int got = clip.media->read (inMedia (clip, begin, end), count, in);
        if (got < count) // backwards, what is missing comes first
            good = std::min (good, clip.reversed ? to : to + got);
        if (clip.reversed)
            for (int c = 0; c < (stereo ? 2 : 1); ++c)
                std::reverse (in[c], in[c] + count);

        if (stereo && lanes == 1)
            for (int n = 0; n < count; ++n)
                in[0][n] = 0.5f * (in[0][n] + in[1][n]);
        if (! stereo && lanes == 2)
            std::copy_n (in[0], count, in[1]);

        // Gain by position in the clip, so that it is the same however the clip is cut into blocks.
        const Frames inEnd = clip.start + clip.fadeIn, outBegin = clip.start + clip.length - clip.fadeOut;
        if (clip.gain != 1.0f || ! clip.envelope.empty() || begin < inEnd || end > outBegin)
        {
            for (int n = 0; n < count; ++n)
            {
                const Frames at = begin + n;
                double gain = static_cast<double> (clip.gain);
                if (! clip.envelope.empty())
                    gain *= envelopeGain (clip.envelope, at - clip.start);
                if (at < inEnd)
                    gain *= fadeGain (clip.fadeInShape, static_cast<double> (at - clip.start) /
                                                            static_cast<double> (clip.fadeIn));
                if (at >= outBegin)
                    gain *= fadeGain (clip.fadeOutShape, static_cast<double> (clip.start + clip.length - at) /
                                                             static_cast<double> (clip.fadeOut));
                for (int c = 0; c < lanes; ++c)
                    in[c][n] *= static_cast<float> (gain);
            }
        }
        for (int c = 0; c < lanes; ++c)
            for (int n = 0; n < count; ++n)
                out[c][to + n] += in[c][n];
    }
    return good;
}

} // namespace lacquer::files

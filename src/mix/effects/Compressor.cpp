// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Characters.h"
#include "dsp/FadedDelay.h"
#include "dsp/FastMath.h"
#include "dsp/LoudnessKeeper.h"
#include "engine/Effect.h"
#include "mix/effects/Key.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>

namespace lacquer::mix
{

namespace dynamics = dsp::dynamics;

/// A threshold with ratio and quadratic knee (Giannoulis, Massberg, Reiss, JAES 60(6), 2012) in four
/// characters (dsp/Characters.h). Listens to the sidechain where one is connected, else to what it works on.
struct Compressor
{
    static constexpr std::string_view id = "compressor", name = "Compressor", help = "Evens out the level.";
    static constexpr bool keyed = true;

    template <typename T>
    struct Params
    {
        T threshold = inDecibels<T> ("threshold", "Threshold", { -60, 0 }, -20,
                                     "Level above which the sound is reduced.");
        T ratio =
            asRatio<T> ("ratio", "Ratio", { 1, 20 }, 4, "Rise of the input for 1 dB more of the output.");
        T knee = inDecibels<T> ("knee", "Knee", { 0, 24 }, 6,
                                "Range around the threshold in which the ratio sets in.");
        T attack = inMilliseconds<T> ("attack", "Attack", { 0.02f, 200 }, 10,
                                      "Time in which 63% of a reduction arrives.");
        T release = inMilliseconds<T> ("release", "Release", { 10, 2000 }, 120,
                                       "Time in which 63% of a reduction goes away.");
        T makeup =
            inDecibels<T> ("makeup", "Makeup", { -12, 24 }, 0, "Level of the sound after the reduction.");
        T link = inPercent<T> ("link", "Stereo link", { 0, 100 }, 100,
                               "How much the louder side reduces the other one too.");
        T mix = inPercent<T> ("mix", "Mix", { 0, 100 }, 100,
                              "Share of the compressed sound; the rest is the dry one.");
        T character = oneOf<T> ("character", "Character", "Clean|Opto|FET|VCA", 0,
                                "How the gain moves and what is added to the sound.");
        T detector = oneOf<T> ("detector", "Detector", "Peak|RMS", 0,
                               "Whether peaks or the average power count as level.");
        T window = inMilliseconds<T> ("window", "RMS window", { 1, 100 }, 10,
                                      "Time over which the power is averaged.");
        T hold = inMilliseconds<T> ("hold", "Hold", { 0, 500 }, 0,
                                    "How long a reduction stays before it is released.");
        T lookahead =
            inMilliseconds<T> ("lookahead", "Lookahead", { 0, 10 }, 0,
                               "How far the reduction comes before the sound; it delays the sound.");
        T autoRelease = onOff<T> ("auto-release", "Auto release", false,
                                  "Releases what lasts eight times as slowly as short peaks.");
        T autoGain = onOff<T> ("auto-gain", "Auto gain", false,
                               "Gives the compressed sound the loudness of the dry one, under the makeup.");
        T keyFilter = onOff<T> ("key.filter", "Key filter", false, "Filters what the compressor listens to.");
        T keyLowCut = inHertz<T> ("key.low-cut", "Key low cut", { 20, 2000 }, 100,
                                  "The compressor does not hear what lies below.");
        T keyHighCut = inHertz<T> ("key.high-cut", "Key high cut", { 500, 20000 }, 20000,
                                   "The compressor does not hear what lies above.");
        T keyListen = onOff<T> ("key.listen", "Key listen", false, "Plays what the compressor listens to.");
    };

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        key.prepare (rate);
        colour.prepare (rate);
        delay.prepare (static_cast<int> (longestLookahead * rate / 1000) + 1, static_cast<int> (0.01 * rate));
        keeper = dsp::LoudnessKeeper (rate);
        reset();
    }

    void reset() noexcept
    {
        ballistics.reset();
        meanSquare.reset();
        key.reset();
        colour.reset();
        delay.reset();
        rmsShare.forget();
        autoShare.forget();
        averaging = matching = false;
        fresh = true;
        shown.store (0, std::memory_order_relaxed);
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const int frames = io.frames, channels = static_cast<int> (io.channels.size());
        const Settings next = settingsOf (p);
        if (fresh)
            now = next;
        const auto line = [&] (float Settings::*value)
        {
            const float from = now.*value, to = next.*value;
            return from == to ? dynamics::Line { to, 0 }
                              : dynamics::Line { from, (to - from) / static_cast<float> (frames) };
        };
        const auto character = characterOf (p);
        ballistics.set (character, timesOf (p), rate);
        colour.towards (character, frames);
        autoShare.towards (isOn (p.autoGain) ? 1.0f : 0.0f, frames);
        rmsShare.towards (p.detector >= 0.5f ? 1.0f : 0.0f, frames);
        key.listen (isOn (p.keyListen), frames);
        const bool plain = ! colour.sounds() && ! key.isHeard() && ! moves (autoShare);

        dynamics::Sound sound, room;
        const std::array<const float*, 2> ins { io.channels.front(), io.channels.back() };
        Key::copy (ins, frames, sound);
        const bool changes = moves (rmsShare) || character == dynamics::Character::vca;
        dynamics::Sound& heard =
            key.take (io, sound, room, isOn (p.keyFilter), p.keyLowCut, p.keyHighCut, changes || ! plain);
        dynamics::Sound played;
        if (key.isHeard())
            played = heard;
        if (changes)
            average (heard, p.window, frames);

        dynamics::wanted (heard,
                          { line (&Settings::offset), line (&Settings::knee), line (&Settings::slope),
                            line (&Settings::bend) },
                          line (&Settings::link), frames, levels);
        ballistics.follow (frames, levels);

        float* const rows[] { sound.value[0], sound.value[1] };
        delay.process (rows, 2, frames, framesOf (p.lookahead));
        float most = 0;
        if (plain)
            most = dynamics::apply (levels, line (&Settings::makeup), line (&Settings::mix), channels, frames,
                                    sound);
        else
            most =
                shape (sound, played, line (&Settings::makeup), line (&Settings::mix), channels, frames, p);
        for (std::size_t c = 0; c < io.channels.size(); ++c)
            std::copy_n (sound.value[c], frames, io.channels[c]);
        shown.store (most / static_cast<float> (dsp::octavesPerDb), std::memory_order_relaxed);
        now = next;
        fresh = false;
    }

    int latency (const Params<float>& p) const noexcept { return framesOf (p.lookahead); }

    /// The delay, and what the filters of a colour or of a key that one listens to still give.
    Frames tail (const Params<float>& p) const noexcept
    {
        double seconds = characterOf (p) != dynamics::Character::clean ? dynamics::Colour::tail : 0.0;
        if (isOn (p.keyListen) && isOn (p.keyFilter))
            seconds = std::max (seconds, Key::ringing (p.keyLowCut));
        return latency (p) + framesIn (Seconds { seconds }, rate);
    }

    /// Until a new sound does not meet the gain of the last one any more. The gain that matches loudness is
    /// remembered for good.
    Frames rest (const Params<float>& p) const noexcept
    {
        if (isOn (p.autoGain))
            return -1;
        const double averaged = p.detector >= 0.5f ? 30 * p.window / 1000.0 : 0.0;
        return tail (p) +
               framesIn (Seconds { averaged + dynamics::Ballistics::rest (characterOf (p), timesOf (p)) },
                         rate);
    }

    /// Largest reduction of the last block, in dB. [any thread]
    float reduction() const noexcept { return shown.load (std::memory_order_relaxed); }

private:
    static constexpr double longestLookahead = 10; // ms

    /// What moves in a straight line over a block, in log2 of the gain.
    struct Settings
    {
        float offset = 0, knee = 0, slope = 0, bend = 0, link = 0, makeup = 0, mix = 0;
    };

    static Settings settingsOf (const Params<float>& p) noexcept
    {
        constexpr auto octaves = static_cast<float> (dsp::octavesPerDb);
        const float knee = std::max (p.knee, 0.01f) * octaves; // a corner is a knee too narrow to see
        const float slope = 1 - 1 / p.ratio;
        return { knee / 2 - p.threshold * octaves,
                 knee,
                 slope,
                 slope / (2 * knee),
                 p.link / 100,
                 p.makeup * octaves,
                 p.mix / 100 };
    }

    static dynamics::Character characterOf (const Params<float>& p) noexcept
    {
        return static_cast<dynamics::Character> (std::clamp (std::lround (p.character), 0L, 3L));
    }

    static dynamics::Ballistics::Times timesOf (const Params<float>& p) noexcept
    {
        return { p.attack, p.release, p.hold, isOn (p.autoRelease) };
    }

    static bool moves (const dsp::Ramp& r) noexcept { return r.moves() || r.target() > 0; }

    int framesOf (float milliseconds) const noexcept
    {
        return static_cast<int> (framesIn (Seconds { milliseconds / 1000.0 }, rate));
    }

    /// From the key to its level.
    void average (dynamics::Sound& heard, float window, int frames) noexcept
    {
        if (! moves (rmsShare))
            averaging = false;
        else
        {
            if (! averaging)
                meanSquare.reset();
            averaging = true;
            meanSquare.set (window, rate);
            dynamics::Sound mean = heard;
            meanSquare.process (mean, frames);
            for (int c = 0; c < 2; ++c)
                for (int n = 0; n < frames; ++n)
                {
                    const float x = std::abs (dsp::finite (heard.value[c][n]));
                    heard.value[c][n] = x + rmsShare[n] * (mean.value[c][n] - x);
                }
        }
        ballistics.hear (heard, frames);
    }

    /// The way of the sound with a colour, with the loudness matched, or where one listens to the key.
    float shape (dynamics::Sound& sound, const dynamics::Sound& played, dynamics::Line makeup,
                 dynamics::Line mix, int channels, int frames, const Params<float>& p) noexcept
    {
        for (auto& row : sound.value)
            dsp::makeFinite (row, frames);
        dynamics::Sound wet = sound;
        if (colour.sounds())
            colour.process (levels, channels, frames, wet);
        const float most = dynamics::apply (levels, {}, { 1, 0 }, channels, frames, wet);

        float gain[engine::quantum];
        for (int n = 0; n < frames; ++n)
            gain[n] = dsp::fastExp2 (makeup.start + makeup.step * static_cast<float> (n + 1));
        if (moves (autoShare))
        {
            if (! matching)
                keeper.reset (expectedGain (p));
            float match[engine::quantum];
            const std::size_t other = channels > 1 ? 1 : 0;
            const float *const before[] { sound.value[0], sound.value[other] }, *const after[] {
                wet.value[0], wet.value[other]
            };
            keeper.process (before, after, frames, match);
            for (int n = 0; n < frames; ++n)
                gain[n] *= 1 + autoShare[n] * (match[n] - 1);
        }
        matching = moves (autoShare);

        for (int c = 0; c < channels; ++c)
            for (int n = 0; n < frames; ++n)
            {
                const float dry = sound.value[c][n];
                const float share = mix.start + mix.step * static_cast<float> (n + 1);
                sound.value[c][n] = dry + share * (gain[n] * wet.value[c][n] - dry);
            }
        for (int c = 0; c < channels && key.isHeard(); ++c)
            for (int n = 0; n < frames; ++n)
            {
                float& x = sound.value[c][n];
                x += key.heard (n) * (dsp::finite (played.value[c][n]) - x);
            }
        return most;
    }

    /// What the static curve takes off a level of -12 dB, given back.
    static double expectedGain (const Params<float>& p) noexcept
    {
        const double over = std::max (0.0, -6.0 - static_cast<double> (p.threshold));
        return std::pow (10, std::min (dsp::LoudnessKeeper::most, over * (1 - 1 / p.ratio)) / 20);
    }

    double rate = 48000;
    dynamics::Ballistics ballistics;
    dynamics::MeanSquare meanSquare;
    dynamics::Colour colour;
    dynamics::Levels levels;
    Key key;
    dsp::FadedDelay delay;
    dsp::LoudnessKeeper keeper;
    dsp::Ramp rmsShare, autoShare;
    bool averaging = false, matching = false; // whether they ran in the last block
    Settings now;
    bool fresh = true;
    std::atomic<float> shown { 0 };
};

LACQUER_EFFECT (Compressor)

} // namespace lacquer::mix

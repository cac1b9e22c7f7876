// SPDX-License-Identifier: GPL-3.0-or-later
#include "Parts.h"

#include <catch2/catch.hpp>
#include <random>

using namespace lacquer;
using namespace lacquer::engine;
using namespace lacquer::engine::test;

namespace
{

constexpr Frames echoFrames = 1000;
Frames calledFor = 0; // frames for which the effect below was called
bool endless = false; // it does not know its tail

/// The input and one echo of it: a tail of exactly 1000 frames. Named unlike all other effects of this
/// program: g++ 12 gives functions with a template of an unnamed namespace as argument, such as unpack(), one
/// body for all files.
struct Repeat
{
    template <typename T>
    struct Params
    {
        T level = asNumber<T> ("level", "Level", { 0, 1 }, 0.5f, Taper::linear, "Of the echo.");
    };
    static constexpr std::string_view id = "repeat", name = "Repeat", help = "An echo.";
    void prepare (const Format&) { past.assign (2, std::vector<float> (echoFrames)); }
    void reset() noexcept
    {
        for (auto& p : past)
            std::fill (p.begin(), p.end(), 0.0f);
        at = 0;
    }
    void process (const Block& b, const Params<float>& p) noexcept
    {
        calledFor += b.frames;
        for (int n = 0; n < b.frames; ++n, at = (at + 1) % echoFrames)
            for (std::size_t c = 0; c < b.channels.size(); ++c)
            {
                float& old = past[c][static_cast<std::size_t> (at)];
                const float x = b.channels[c][n];
                b.channels[c][n] = x + p.level * old;
                old = x;
            }
    }
    Frames tail (const Params<float>&) const noexcept { return endless ? -1 : echoFrames; }
    std::vector<std::vector<float>> past;
    Frames at = 0;
};

/// Sound in [0, 100), [3001, 3050) and [3700, 3733), else zeros; the output of a node whose chunks are cut at
/// random, or on the grid.
Stereo heard (EffectNode& node, bool random, int* silentChunks = nullptr)
{
    const unsigned seed = 5;
    std::mt19937 generator (seed);
    Stereo all;
    float in[2][quantum], out[2][quantum];
    for (Frames at = 0; at < 6400;)
    {
        const int n = static_cast<int> (
            std::min<Frames> (random ? 1 + static_cast<int> (generator() % quantum) : quantum, 6400 - at));
        for (int c = 0; c < 2; ++c)
            for (int k = 0; k < n; ++k)
            {
                const Frames f = at + k;
                const bool sounds = f < 100 || (f >= 3001 && f < 3050) || (f >= 3700 && f < 3733);
                in[c][k] = sounds ? noise (f, c) : 0.0f;
                out[c][k] = 99;
            }
        const Signal input { { in[0], in[1] }, 2, false };
        Signal output { { out[0], out[1] }, 2, false };
        node.process ({ n, { at, 0, 120, 4, 4, true }, {}, nullptr }, { &input, 1 }, { &output, 1 });
        if (silentChunks != nullptr)
            *silentChunks += output.silent;
        const float* const ch[] { out[0], out[1] };
        all.append (ch, n);
        at += n;
    }
    return all;
}

} // namespace

TEST_CASE ("an effect is not called once its tail is over, and nobody hears the difference")
{
    // The oracle is the definition of the echo, x (n) + x (n - 1000) / 2. Awake: until 1000 frames after the
    // sound that ends at 100, then from 3001 until 1000 frames after the one that ends at 3733.
    const auto type = effectType<Repeat>();
    for (const bool random : { false, true })
    {
        EffectNode node (type, { 48000, 2 });
        node.latency(); // as compile() asks
        calledFor = 0;
        int silentChunks = 0;
        const auto sound = heard (node, random, &silentChunks);
        CHECK (calledFor == 1100 + (4733 - 3001));
        const auto x = [] (Frames f, int c)
        {
            const bool sounds = (f >= 0 && f < 100) || (f >= 3001 && f < 3050) || (f >= 3700 && f < 3733);
            return sounds ? noise (f, c) : 0.0f;
        };
        int wrong = 0;
        // What slept keeps the frames it had: the ring stands still, so echoes of what came right before the
        // sleep, which is silence, stay silence.
        for (Frames f = 0; f < 6400; ++f)
            for (int c = 0; c < 2; ++c)
                wrong += sound.side[c][static_cast<std::size_t> (f)] != x (f, c) + 0.5f * x (f - 1000, c);
        CHECK (wrong == 0);
        if (! random)
            CHECK (silentChunks >= (6400 - 1100 - 1732) / quantum - 3);
    }
}

TEST_CASE ("an effect that does not know its tail, or whose values are new, is always called")
{
    const auto type = effectType<Repeat>();
    endless = true;
    {
        EffectNode node (type, { 48000, 2 });
        node.latency();
        calledFor = 0;
        heard (node, false);
        CHECK (calledFor == 6400);
    }
    endless = false;
    EffectNode node (type, { 48000, 2 });
    node.latency();
    node.controls().set (0, 0.25f); // nobody has asked for the tail at this value yet
    calledFor = 0;
    heard (node, false);
    CHECK (calledFor == 6400);
    node.latency();
    heard (node, false);
    CHECK (calledFor < 2 * 6400);
}

TEST_CASE ("an effect that sleeps is heard at once when it is switched off and on, and after a reset")
{
    const auto type = effectType<Repeat>();
    EffectNode node (type, { 48000, 2 });
    node.latency();
    const auto before = heard (node, false);
    node.reset();
    CHECK (heard (node, false) == before);
    node.setOn (false);
    const auto off = heard (node, false);
    // Off is a crossfade of 480 frames to the input.
    CHECK (off.side[0][99] != 0.0f);
    CHECK (off.side[0][3001 + 1000] == 0.0f);
    CHECK (before.side[0][3001 + 1000] != 0.0f);
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Effects.h"

#include "bench/Clock.h"
#include "bench/Sounds.h"
#include "engine/Effect.h"
#include "engine/FlushDenormals.h"
#include "studio/Catalogue.h"
#include "studio/Chain.h"

#include <algorithm>
#include <array>
#include <memory>

namespace lacquer::bench
{

namespace
{

constexpr double rate = 48000;
constexpr int frames = engine::quantum;
constexpr int blocks = 375; // half a second: two beats of the music

struct Player
{
    std::unique_ptr<engine::Effect> effect;
    std::vector<float> values;
    std::array<std::vector<float>, 2> sound;
    Frames position = 0;

    /// Half a second; nanoseconds per sample and channel.
    double play()
    {
        const engine::FlushDenormals flush;
        std::array<std::array<float, frames>, 2> buffer;
        float* channels[2] { buffer[0].data(), buffer[1].data() };
        const CpuWatch watch;
        for (int n = 0; n < blocks; ++n)
        {
            for (std::size_t c = 0; c < 2; ++c)
                std::copy_n (sound[c].begin() + n * frames, frames, channels[c]);
            engine::Block block { channels, {}, frames, {} };
            block.time.position = position;
            block.time.beat = static_cast<double> (position) / rate * 2;
            block.time.playing = true;
            effect->process (block, values);
            position += frames;
        }
        return 1e9 * watch.seconds() / (2.0 * blocks * frames);
    }
};

} // namespace

Result<Sampler> effectCost (std::string_view text, Session& session)
{
    const std::string id (text.substr (0, text.find (' ')));
    const auto* type = studio::effectOf (id);
    if (type == nullptr)
        return Problem { "The effect \"" + id + "\" is not in this build." };
    const auto settings = studio::effectFrom (std::string (text));
    if (! settings)
        return settings.problem();
    auto player = std::make_shared<Player>();
    player->effect = type->create();
    player->values = studio::numbersOf (type->params, settings->values);
    player->effect->prepare ({ rate, 2 });
    for (std::size_t c = 0; c < 2; ++c)
        player->sound[c] = music (c + 1, blocks * frames, rate);
    // Until everything in it moves: tails, detectors, and what is worked out behind the audio thread's back.
    for (int n = 0; n < (session.quick ? 2 : 8); ++n)
        player->play();
    return Sampler { [player]() -> Result<Sample> { return Sample { player->play() }; } };
}

} // namespace lacquer::bench

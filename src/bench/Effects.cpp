// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Effects.h"

#include "bench/Clock.h"
#include "bench/Sounds.h"
#include "engine/Effect.h"
#include "engine/FlushDenormals.h"
#include "studio/Catalogue.h"
#include "studio/Chain.h"
#include "studio/FactoryPresets.h"
#include "studio/Presets.h"

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>

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

/// One that has run until everything in it moves: tails, detectors, and what is worked out behind the audio
/// thread's back.
std::shared_ptr<Player> playing (const engine::EffectType& type, const session::Values& settings,
                                 const Session& session)
{
    auto player = std::make_shared<Player>();
    player->effect = type.create();
    player->values = studio::numbersOf (type.params, settings);
    player->effect->prepare ({ rate, 2 });
    player->effect->ready (player->values);
    for (std::size_t c = 0; c < 2; ++c)
        player->sound[c] = music (c + 1, blocks * frames, rate);
    for (int n = 0; n < (session.quick ? 2 : 8); ++n)
        player->play();
    return player;
}

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
    return Sampler { [player = playing (*type, settings->values, session)]() -> Result<Sample>
                     { return Sample { player->play() }; } };
}

Result<Sampler> presetCost (std::string_view effect, Session& session)
{
    const auto* type = studio::effectOf (std::string (effect));
    if (type == nullptr)
        return Problem { "The effect \"" + std::string (effect) + "\" is not in this build." };
    std::vector<std::shared_ptr<Player>> all;
    for (const auto& file : studio::factoryPresets())
        if (file.effect == effect)
        {
            const auto preset = studio::presetFrom (file.text, effect);
            if (! preset)
                return preset.problem();
            all.push_back (playing (*type, preset->values(), session));
        }
    if (all.empty())
        all.push_back (playing (*type, {}, session));
    return Sampler { [all]() -> Result<Sample>
                     {
                         std::vector<double> costs;
                         for (const auto& player : all)
                             costs.push_back (player->play());
                         const auto [least, most] = std::minmax_element (costs.begin(), costs.end());
                         return Sample { std::accumulate (costs.begin(), costs.end(), 0.0) /
                                             static_cast<double> (costs.size()),
                                         1,
                                         { { "least", *least }, { "most", *most } } };
                     } };
}

} // namespace lacquer::bench

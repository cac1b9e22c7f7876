// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/Hash.h"
#include "io/Device.h"
#include "studio/Demo.h"
#include "studio/Player.h"
#include "studio/Render.h"
#include "studio/Studio.h"
#include "support/Jack.h"

#include <juce_events/juce_events.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <vector>

using namespace lacquer;
namespace fs = std::filesystem;

namespace
{

/// The player behind a real device; keeps what it handed over.
struct Recorder final : io::Callback
{
    explicit Recorder (studio::Player& p) : player (p)
    {
        for (auto& channel : heard)
            channel.resize (48000 * 20);
    }
    void render (float* const* out, int channels, int frames) noexcept override
    {
        player.render (out, channels, frames);
        const auto at = count.load();
        if (at + static_cast<std::size_t> (frames) > heard[0].size())
            return;
        for (std::size_t c = 0; c < 2; ++c)
            std::copy_n (out[c], frames, heard[c].begin() + static_cast<std::ptrdiff_t> (at));
        count = at + static_cast<std::size_t> (frames);
    }
    void started (double, int) override { player.deviceStarted(); }
    void stopped() override { player.deviceStopped(); }

    studio::Player& player;
    std::array<std::vector<float>, 2> heard;
    std::atomic<std::size_t> count { 0 };
};

std::string hashOf (const float* left, const float* right, std::size_t frames)
{
    files::Sha256 hash;
    hash.add (left, frames * sizeof (float));
    hash.add (right, frames * sizeof (float));
    return hash.digest();
}

} // namespace

TEST_CASE ("the demo played through a real device callback has the SHA-256 of its export")
{
    // Four seconds of the whole song, mixed and mastered, through a JACK server; the export of the same
    // seconds is the reference.
    constexpr std::size_t frames = 4 * 48000;
    const juce::ScopedJuceInitialiser_GUI up;
    auto pattern = (fs::temp_directory_path() / "lacquer-playback-XXXXXX").string();
    const fs::path folder = ::mkdtemp (pattern.data());
    REQUIRE (studio::makeDemo (folder).ok());
    {
        const auto opened = studio::Studio::opened (folder.string(), session::ProjectFolder::Use::read);
        REQUIRE (opened.ok());
        const auto& project = opened->shared();
        std::array<std::vector<float>, 2> exported;
        REQUIRE (studio::render (*project, folder, *project->songs.front(),
                                 { {}, 0, static_cast<Frames> (frames) },
                                 [&] (const float* const* channels, int n) -> Outcome
                                 {
                                     for (std::size_t c = 0; c < 2; ++c)
                                         exported[c].insert (exported[c].end(), channels[c], channels[c] + n);
                                     return {};
                                 })
                     .ok());

        test::Jack jack (48000, 256);
        REQUIRE (jack.up);
        studio::Player player (folder, 48000);
        REQUIRE (player.follow (project, project->songs.front()).ok());
        player.settle();
        Recorder recorder (player);
        io::Device device (recorder, 48000);
        REQUIRE (device.open ({ "JACK", "", 48000, 256 }).ok());
        player.play();
        for (int n = 0; n < 600 && recorder.count < frames + 48000; ++n)
            juce::MessageManager::getInstance()->runDispatchLoopUntil (50);
        device.close();
        REQUIRE (recorder.count >= frames + 24000);
        CHECK (player.health().underruns == 0);

        // Playback began some callbacks after the device did.
        const auto& left = recorder.heard[0];
        const auto sound =
            std::find_if (exported[0].begin(), exported[0].end(), [] (float x) { return x != 0; });
        REQUIRE (static_cast<std::size_t> (sound - exported[0].begin()) < frames / 2);
        const auto found = std::search (left.begin(), left.end(), sound, sound + 1000);
        REQUIRE (found != left.end());
        const auto begin = (found - left.begin()) - (sound - exported[0].begin());
        REQUIRE (begin >= 0);
        REQUIRE (static_cast<std::size_t> (begin) + frames <= recorder.count);
        CHECK (hashOf (left.data() + begin, recorder.heard[1].data() + begin, frames) ==
               hashOf (exported[0].data(), exported[1].data(), frames));
    }
    fs::remove_all (folder);
}

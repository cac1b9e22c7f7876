// SPDX-License-Identifier: GPL-3.0-or-later
#include "BigMix.h"
#include "bench/Yardstick.h"
#include "io/Device.h"
#include "studio/Player.h"
#include "support/Jack.h"

#include <juce_events/juce_events.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <sys/resource.h>

using namespace lacquer;
using lacquer::Id;
using ui::fakes::BigMix;

namespace
{

struct Through final : io::Callback
{
    explicit Through (studio::Player& p) : player (p) {}
    void render (float* const* out, int channels, int frames) noexcept override
    {
        player.render (out, channels, frames);
    }
    void started (double, int) override { player.deviceStarted(); }
    void stopped() override { player.deviceStopped(); }
    studio::Player& player;
};

/// MiB of this process in memory: proc(5), VmHWM and VmRSS.
double megabytes (const std::string& which)
{
    std::ifstream in ("/proc/self/status");
    for (std::string line; std::getline (in, line);)
        if (line.starts_with (which + ":"))
            return std::stod (line.substr (which.size() + 1)) / 1024;
    return -1;
}

double cpuSeconds()
{
    rusage use {};
    ::getrusage (RUSAGE_SELF, &use);
    return static_cast<double> (use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
           1e-6 * static_cast<double> (use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

struct Told
{
    engine::Health health;
    bench::Yardstick::Seen constant; ///< what the machine did to a constant work beside
    double highestLoad = 0;          ///< of the device's thread, by its processor time
    double process = 0;              ///< processor time of the whole program, cores
    double memory = 0;               ///< MiB
    double longestEdit = 0;          ///< seconds, of the control thread
    int edits = 0, dropouts = 0;
};

/// Plays through a JACK server in blocks of 64 while the structure changes so many times, every 100 ms or as
/// fast as the machine can.
Told played (int tracks, int edits, unsigned seed)
{
    using Clock = std::chrono::steady_clock;
    std::mt19937 random (seed);
    const juce::ScopedJuceInitialiser_GUI up;
    BigMix mix (tracks);
    test::Jack jack (48000, 64);
    REQUIRE (jack.up);
    studio::Player player (mix.folder, 48000);
    const auto follow = [&]
    {
        const auto shared = std::make_shared<const session::Project> (mix.project);
        const auto followed = player.follow (shared, shared->songs.front());
        INFO ((followed ? std::string() : followed.problem().sentence()));
        REQUIRE (followed.ok());
    };
    follow();
    Through through (player);
    io::Device device (through, 48000);
    const auto opened = device.open ({ "JACK", "", 48000, 64 });
    INFO ((opened ? std::string() : opened.problem().sentence()));
    REQUIRE (opened.ok());
    REQUIRE (device.status().block == 64);
    player.play();

    Told told;
    Id insert {}, newGroup {}, newTrack {};
    const auto& song = [&]() -> const session::Song& { return mix.song(); };
    const auto anyTrack = [&] { return song().tracks[random() % song().tracks.size()]->strip.id; };
    bench::Yardstick yardstick (64.0 / 48000, 0.12 * 64 / 48000);
    const auto begun = Clock::now();
    const double before = cpuSeconds();
    for (auto next = begun; told.edits < edits;)
    {
        next += std::chrono::milliseconds (100);
        const auto edit = Clock::now();
        switch (told.edits++ % 10)
        {
            case 0: newTrack = mix.addTrack (static_cast<int> (random() % 1000)); break;
            case 1: insert = mix.done (session::addedEffect (mix.project, anyTrack(), "limiter")); break;
            case 2: newGroup = mix.done (session::addedGroup (mix.project, song().id, "New")); break;
            case 3: mix.done (session::withOutput (mix.project, anyTrack(), newGroup)); break;
            case 4: mix.done (session::withSend (mix.project, anyTrack(), 0, {})); break;
            case 5: mix.done (session::withSend (mix.project, anyTrack(), 0, mix.reverb)); break;
            case 6:
                mix.done (session::reordered (mix.project, anyTrack(), random() % song().tracks.size()));
                break;
            case 7: mix.done (session::removedEffect (mix.project, insert)); break;
            case 8: mix.done (session::removedStrip (mix.project, newGroup)); break;
            case 9: mix.done (session::removedStrip (mix.project, newTrack)); break;
        }
        follow();
        told.longestEdit =
            std::max (told.longestEdit, std::chrono::duration<double> (Clock::now() - edit).count());
        told.highestLoad = std::max (told.highestLoad, player.health().computing);
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds> (next - Clock::now()).count();
        juce::MessageManager::getInstance()->runDispatchLoopUntil (std::max (1, static_cast<int> (left)));
        device.poll();
    }
    told.constant = yardstick.stop();
    told.process =
        (cpuSeconds() - before - told.constant.typical * static_cast<double> (told.constant.turns)) /
        std::chrono::duration<double> (Clock::now() - begun).count();
    told.dropouts = device.status().dropouts;
    CHECK (device.status().open);
    CHECK (player.position() > 0);
    device.close();
    told.health = player.health();
    told.memory = megabytes ("VmRSS");
    return told;
}

/// What does not depend on how busy the machine is.
void checkLive (const Told& told)
{
    CHECK (told.health.nonFiniteBlocks == 0);
    CHECK (told.health.droppedEvents == 0);
}

} // namespace

#define TELL(told)                                                                                           \
    CAPTURE (told.health.blocks, told.health.lateBlocks, told.dropouts, told.highestLoad, told.process,      \
             told.memory, told.longestEdit, told.edits)

TEST_CASE ("24 full stereo tracks play on at 64 frames while their mixer is rebuilt every 100 ms")
{
    const unsigned seed = std::random_device {}();
    const auto told = played (24, 50, seed);
    CAPTURE (seed);
    TELL (told);
    checkLive (told);
}

TEST_CASE ("128 full stereo tracks play for a minute at 64 frames while their mixer is rebuilt every 100 ms",
           "[.full]")
{
    const unsigned seed = std::random_device {}();
    const auto told = played (128, 600, seed);
    CAPTURE (seed);
    TELL (told);
    checkLive (told);
    CHECK (told.health.underruns == 0);
    CHECK (told.memory <= 250);
    // Told, not judged: a machine that is shared makes even a constant work last longer than the period.
    WARN ("blocks whose processor time exceeded the period: "
          << told.health.overBlocks << " of " << told.health.blocks << "; of a constant work of "
          << 1e3 * told.constant.typical << " ms beside: " << told.constant.over << " of "
          << told.constant.turns << " (longest " << 1e3 * told.constant.longest << " ms); late by the clock "
          << told.health.lateBlocks << "; highest load " << told.highestLoad << " of one core, whole program "
          << told.process);
}

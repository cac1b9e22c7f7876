// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/Device.h"
#include "support/Jack.h"

#include <juce_events/juce_events.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sndfile.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace lacquer;
using namespace lacquer::io;
using lacquer::test::Jack;

namespace
{

/// Renders a ramp that names every frame, and remembers how it was asked.
struct Ramp final : Callback
{
    std::atomic<long long> frames { 0 };
    std::atomic<int> starts { 0 }, stops { 0 }, wrong { 0 };
    void render (float* const* out, int channels, int n) noexcept override
    {
        if (channels != 2 || n < 1 || n > Device::maximumBlock)
            ++wrong;
        auto at = frames.load();
        for (int k = 0; k < n; ++k, ++at)
        {
            out[0][k] = value (at);
            out[1][k] = -value (at);
        }
        frames = at;
    }
    void started (double, int) override { ++starts; }
    void stopped() override { ++stops; }
    /// Exact in float, repeats after 65521 frames, never zero.
    static float value (long long frame) { return static_cast<float> (frame % 65521 + 1) / 131072.0f; }
};

void pump (int ms)
{
    juce::MessageManager::getInstance()->runDispatchLoopUntil (ms);
}

template <typename Condition>
bool pumpUntil (Condition condition, Device* device = nullptr)
{
    for (int n = 0; n < 1200; ++n)
    {
        if (condition())
            return true;
        pump (50);
        if (device != nullptr)
            device->poll();
    }
    return condition();
}

} // namespace

TEST_CASE ("A device that does not exist is refused with a sentence")
{
    const juce::ScopedJuceInitialiser_GUI up;
    Ramp ramp;
    Device device (ramp, 48000);
    const auto none = device.open ({ "CoreAudio", "", 0, 256 });
    REQUIRE_FALSE (none);
    CHECK (none.problem().what == "There is no audio driver called \"CoreAudio\".");
    const auto gone = device.open ({ "ALSA", "No such output", 0, 256 });
    REQUIRE_FALSE (gone);
    CHECK (gone.problem().what == "The output \"No such output\" is not there.");
    CHECK_FALSE (device.status().open);
    CHECK (ramp.starts == 0);
}

TEST_CASE ("What the callback renders arrives at a real JACK server bit by bit, and a killed server is told")
{
    // jack_rec records our two output ports as 32-bit float: what it writes must be the ramp, frame by frame.
    const juce::ScopedJuceInitialiser_GUI up;
    Jack jack (48000, 256);
    REQUIRE (jack.up);
    Ramp ramp;
    Device device (ramp, 48000);
    CHECK_FALSE (device.names ("JACK").empty());
    const auto opened = device.open ({ "JACK", "", 48000, 256 });
    if (! opened)
        FAIL (opened.problem().sentence());
    CHECK (device.status().open);
    CHECK (device.status().rate == 48000);
    CHECK (device.status().block == 256);
    REQUIRE (pumpUntil ([&] { return ramp.frames > 4800; }, &device));
    CHECK (ramp.starts == 1);

    char folder[] = "/tmp/lacquer-io-XXXXXX";
    REQUIRE (mkdtemp (folder) != nullptr);
    const std::string file = std::string (folder) + "/out.wav";
    const std::string command =
        "jack_rec -f " + file + " -d 2 -b 32 Lacquer:out_1 Lacquer:out_2 >/dev/null 2>&1";
    std::atomic<bool> done { false };
    std::thread recorder ([&] { done = std::system (command.c_str()) >= 0; });
    pumpUntil ([&] { return done.load(); }, &device);
    recorder.join();

    SF_INFO info {};
    SNDFILE* sound = sf_open (file.c_str(), SFM_READ, &info);
    REQUIRE (sound != nullptr);
    std::vector<float> all (static_cast<std::size_t> (info.frames * info.channels));
    sf_readf_float (sound, all.data(), info.frames);
    sf_close (sound);
    unlink (file.c_str());
    rmdir (folder);
    REQUIRE (info.channels == 2);
    REQUIRE (info.frames > 48000);
    // Where the recording starts is told by its first frame that is not silence; from there on every frame is
    // the one after. A server that was too late for a moment (xrun) may skip whole blocks.
    std::size_t first = 0;
    while (first < static_cast<std::size_t> (info.frames) && all[2 * first] == 0.0f)
        ++first;
    REQUIRE (first + 24000 < static_cast<std::size_t> (info.frames));
    auto frame = static_cast<long long> (std::lround (static_cast<double> (all[2 * first]) * 131072)) - 1;
    long long matched = 0, jumps = 0;
    for (auto n = first; n < static_cast<std::size_t> (info.frames); ++n, ++frame)
    {
        const float l = all[2 * n], r = all[2 * n + 1];
        if (l == 0.0f && r == 0.0f)
            break; // the recorder's own end
        if (l != Ramp::value (frame))
        {
            ++jumps;
            frame = static_cast<long long> (std::lround (static_cast<double> (l) * 131072)) - 1;
        }
        if (l == Ramp::value (frame) && r == -Ramp::value (frame))
            ++matched;
    }
    CAPTURE (matched, jumps, info.frames, first);
    CHECK (matched > 24000);
    // At most one a block of 256: any change of a sample would break nearly every frame.
    CHECK (jumps <= info.frames / 256);
    CHECK (matched >= info.frames - static_cast<long long> (first) - 1024);
    CHECK (ramp.wrong == 0);

    jack.kill();
    REQUIRE (pumpUntil ([&] { return device.status().lost; }, &device));
    CHECK_FALSE (device.status().open);
    CHECK (ramp.stops == 1);
    CHECK (device.status().text.find ("stopped answering") != std::string::npos);
}

TEST_CASE ("A device at another rate pulls the song at the song's own speed")
{
    // 44.1 kHz device, 48 kHz song: 48000 / 44100 frames are rendered for each frame played.
    const juce::ScopedJuceInitialiser_GUI up;
    Jack jack (44100, 512);
    REQUIRE (jack.up);
    Ramp ramp;
    Device device (ramp, 48000);
    REQUIRE (device.open ({ "JACK", "", 0, 64 }));
    CHECK (device.status().rate == 44100);
    CHECK (device.status().block == 512);
    CHECK (device.status().text.find ("converted from 48 kHz") != std::string::npos);
    REQUIRE (pumpUntil ([&] { return ramp.frames > 48000; }, &device));
    CHECK (ramp.wrong == 0);
    device.close();
    CHECK (ramp.stops == 1);
    CHECK_FALSE (device.status().lost);
}

TEST_CASE (
    "A device that is lost is looked for, and goes on at whatever rate and block size it comes back with")
{
    const juce::ScopedJuceInitialiser_GUI up;
    Ramp ramp;
    Device device (ramp, 48000);
    {
        Jack jack (48000, 256);
        REQUIRE (jack.up);
        REQUIRE (device.open ({ "JACK", "", 48000, 256 }));
        REQUIRE (pumpUntil ([&] { return ramp.frames > 4800; }, &device));
        CHECK_FALSE (device.takeEvent());
        jack.kill();
        REQUIRE (pumpUntil ([&] { return device.status().lost; }, &device));
    }
    const auto lost = device.takeEvent();
    REQUIRE (lost);
    CHECK (lost->kind == Event::Kind::lost);
    CHECK (lost->text == "\"system\" was unplugged or stopped answering. Playback goes on when it is back.");
    CHECK (ramp.stops == 1);
    // Two looks that find nothing change nothing and say nothing.
    for (int n = 0; n < 25; ++n)
    {
        pump (100);
        device.poll();
    }
    CHECK (device.status().lost);
    CHECK (device.status().text == "\"system\" was unplugged or stopped answering.");
    CHECK_FALSE (device.takeEvent());

    Jack jack (44100, 512);
    REQUIRE (jack.up);
    REQUIRE (pumpUntil ([&] { return device.status().open; }, &device));
    CHECK_FALSE (device.status().lost);
    const auto returned = device.takeEvent();
    REQUIRE (returned);
    CHECK (returned->kind == Event::Kind::returned);
    CHECK (returned->text ==
           "Playing through system, 44.1 kHz, 512 samples (11.6 ms), converted from 48 kHz again.");
    CHECK (ramp.starts == 2);
    const auto before = ramp.frames.load();
    CHECK (pumpUntil ([&] { return ramp.frames > before + 4800; }, &device));
    CHECK (ramp.wrong == 0);

    // Whoever closes a device does not want it back.
    device.close();
    CHECK_FALSE (device.status().lost);
    pump (1200);
    device.poll();
    CHECK_FALSE (device.status().open);
}

TEST_CASE ("A block size that is changed from outside is followed without a stop, and told once")
{
    // jack_bufsize is JACK's own program; 2048 is more than the callback is ever asked for at once.
    const juce::ScopedJuceInitialiser_GUI up;
    Jack jack (48000, 256);
    REQUIRE (jack.up);
    Ramp ramp;
    Device device (ramp, 48000);
    REQUIRE (device.open ({ "JACK", "", 48000, 256 }));
    REQUIRE (pumpUntil ([&] { return ramp.frames > 4800; }, &device));
    for (const int block : { 2048, 64 })
    {
        REQUIRE (std::system (("jack_bufsize " + std::to_string (block) + " >/dev/null 2>&1").c_str()) >= 0);
        REQUIRE (pumpUntil ([&] { return device.status().block == block; }, &device));
        const auto event = device.takeEvent();
        REQUIRE (event);
        CHECK (event->kind == Event::Kind::changed);
        CHECK (event->text ==
               "\"system\" now works in blocks of " + std::to_string (block) + " samples; playback goes on.");
        const auto before = ramp.frames.load();
        CHECK (pumpUntil ([&] { return ramp.frames > before + 9600; }, &device));
        CHECK_FALSE (device.takeEvent());
        CHECK (device.status().open);
    }
    CHECK (device.status().text == "system, 48 kHz, 64 samples (1.3 ms)");
    CHECK (ramp.starts == 1);
    CHECK (ramp.stops == 0);
    CHECK (ramp.wrong == 0);
}

TEST_CASE ("Being plugged elsewhere is not being lost")
{
    // JUCE stops and starts its callback when the set of connected ports changes.
    const juce::ScopedJuceInitialiser_GUI up;
    Jack jack (48000, 256);
    REQUIRE (jack.up);
    Ramp ramp;
    Device device (ramp, 48000);
    REQUIRE (device.open ({ "JACK", "", 48000, 256 }));
    REQUIRE (pumpUntil ([&] { return ramp.frames > 4800; }, &device));
    REQUIRE (std::system ("jack_disconnect Lacquer:out_2 system:playback_2 >/dev/null 2>&1") == 0);
    const auto before = ramp.frames.load();
    CHECK (pumpUntil ([&] { return ramp.frames > before + 24000; }, &device));
    CHECK_FALSE (device.takeEvent());
    CHECK (device.status().open);
    CHECK (ramp.stops == 0);
}

TEST_CASE ("The ALSA way out plays, is lost with what is behind it, and comes back")
{
    // alsa-lib's jack plug-in makes an ALSA output of a JACK server: it drives the same code as a sound card.
    const juce::ScopedJuceInitialiser_GUI up;
    auto pattern = (std::filesystem::temp_directory_path() / "lacquer-alsa-XXXXXX").string();
    const std::filesystem::path folder = ::mkdtemp (pattern.data());
    const auto config = (folder / "asound.conf").string();
    {
        std::ofstream out (config);
        out << "</usr/share/alsa/alsa.conf>\n"
               "pcm.raw { type jack playback_ports { 0 system:playback_1 1 system:playback_2 } }\n"
               "pcm.card { type plug slave { pcm \"raw\" } hint { show on description \"Test card\" } }\n";
    }
    setenv ("ALSA_CONFIG_PATH", config.c_str(), 1);
    Ramp ramp;
    Device device (ramp, 48000);
    {
        Jack jack (48000, 256);
        REQUIRE (jack.up);
        const auto opened = device.open ({ "ALSA", "Test card", 48000, 256 });
        if (! opened)
            FAIL (opened.problem().sentence());
        REQUIRE (pumpUntil ([&] { return ramp.frames > 9600; }, &device));
        jack.kill();
        REQUIRE (pumpUntil ([&] { return device.status().lost; }, &device));
    }
    CHECK (ramp.stops == 1);
    const auto lost = device.takeEvent();
    REQUIRE (lost);
    CHECK (lost->kind == Event::Kind::lost);
    Jack jack (48000, 256);
    REQUIRE (jack.up);
    REQUIRE (pumpUntil ([&] { return device.status().open; }, &device));
    const auto before = ramp.frames.load();
    CHECK (pumpUntil ([&] { return ramp.frames > before + 9600; }, &device));
    CHECK (ramp.wrong == 0);
    device.close();
    std::filesystem::remove_all (folder);
    unsetenv ("ALSA_CONFIG_PATH");
}

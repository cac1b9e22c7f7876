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
    for (int n = 0; n < 200; ++n)
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
    CHECK (jumps < 32); // any change of a sample would break nearly every frame
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

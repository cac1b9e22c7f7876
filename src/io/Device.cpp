// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/Device.h"

#include "core/RealTime.h"
#include "io/Resampler.h"

#include <juce_audio_devices/juce_audio_devices.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <deque>
#include <dlfcn.h>
#include <pthread.h>

namespace lacquer::io
{

namespace
{

using Clock = std::chrono::steady_clock;

double secondsSince (Clock::time_point t)
{
    return std::chrono::duration<double> (Clock::now() - t).count();
}

/// libjack writes a dozen lines to the standard error when no server runs, which is nothing unusual.
void quietenJack()
{
    static const bool done = []
    {
        using Print = void (*) (const char*);
        using SetPrint = void (*) (Print);
        void* const library = dlopen ("libjack.so.0", RTLD_LAZY); // stays loaded: JUCE uses it too
        for (const auto* name : { "jack_set_error_function", "jack_set_info_function" })
            if (const auto set =
                    library != nullptr ? reinterpret_cast<SetPrint> (dlsym (library, name)) : nullptr)
                set ([] (const char*) {});
        return true;
    }();
    static_cast<void> (done);
}

std::unique_ptr<juce::AudioIODeviceType> makeType (const std::string& name)
{
    if (name == "JACK")
        quietenJack();
    std::unique_ptr<juce::AudioIODeviceType> type;
    if (name == "ALSA")
        type.reset (juce::AudioIODeviceType::createAudioIODeviceType_ALSA());
    else if (name == "JACK")
        type.reset (juce::AudioIODeviceType::createAudioIODeviceType_JACK());
    if (type != nullptr)
        type->scanForDevices();
    return type;
}

std::string numberText (double value)
{
    const auto rounded = juce::String (value, 1);
    return (rounded.endsWith (".0") ? rounded.dropLastCharacters (2) : rounded).toStdString();
}

} // namespace

struct Device::Driver final : juce::AudioIODeviceCallback, Source
{
    Driver (Callback& c, double rate) : callback (c), sourceRate (rate) {}

    // Source: the resampler wants input.
    void pull (float* const* out, int channels, int frames) noexcept override
    {
        callback.render (out, channels, frames);
    }

    void audioDeviceAboutToStart (juce::AudioIODevice* d) override
    {
        halted = false; // JUCE stops and starts by itself when somebody plugs our ports elsewhere
        if (! running.exchange (true))
            callback.started (d->getCurrentSampleRate(), d->getCurrentBufferSizeSamples());
    }

    void audioDeviceStopped() override { halted.store (true); }
    void audioDeviceError (const juce::String&) override { halted.store (true); }

    void audioDeviceIOCallbackWithContext (const float* const*, int, float* const* out, int channels,
                                           int frames, const juce::AudioIODeviceCallbackContext&) override
    {
        if (! scheduled)
            schedule();
        const RealTimeScope scope;
        const auto begin = Clock::now();
        for (int done = 0; done < frames;)
        {
            const int now = std::min (frames - done, maximumBlock);
            float* target[2] { scratch[0].data(), scratch[1].data() };
            for (int c = 0; c < std::min (channels, 2); ++c)
                if (out[c] != nullptr && channels >= 2)
                    target[c] = out[c] + done;
            resampler.process (target, now, *this);
            if (channels == 1 && out[0] != nullptr)
                for (int n = 0; n < now; ++n)
                    out[0][done + n] = 0.5f * (target[0][n] + target[1][n]);
            done += now;
        }
        for (int c = 2; c < channels; ++c)
            if (out[c] != nullptr)
                std::fill_n (out[c], frames, 0.0f);
        measure (begin, frames);
        asked.store (frames, std::memory_order_relaxed);
        beats.fetch_add (1, std::memory_order_release);
    }

    /// JUCE's ALSA thread runs at the ordinary priority; ask for more once, from the thread itself. Where the
    /// system does not grant it, all goes on as before.
    void schedule() noexcept
    {
        scheduled = true;
        int policy = SCHED_OTHER;
        sched_param p {};
        if (pthread_getschedparam (pthread_self(), &policy, &p) == 0 && policy == SCHED_OTHER)
        {
            p.sched_priority = 60;
            pthread_setschedparam (pthread_self(), SCHED_FIFO, &p);
        }
    }

    void measure (Clock::time_point begin, int frames) noexcept
    {
        const double budget = frames / deviceRate;
        const double share = secondsSince (begin) / budget;
        const double before = load.load (std::memory_order_relaxed);
        load.store (before + (share - before) * std::min (1.0, budget), std::memory_order_relaxed);
        const double worst = peak.load (std::memory_order_relaxed);
        peak.store (std::max (share, worst * (1 - std::min (1.0, budget / 3))), std::memory_order_relaxed);
        if (share > 1)
            late.fetch_add (1, std::memory_order_relaxed);
    }

    Outcome open (const Setup& wanted)
    {
        close();
        wanting = wanted;
        lost = false;
        type = makeType (wanted.type);
        if (type == nullptr)
            return fail (
                { "There is no audio driver called \"" + wanted.type + "\".", {}, "Choose ALSA or JACK." });
        const auto names = type->getDeviceNames();
        auto name = juce::String (wanted.name);
        if (name.isEmpty() && ! names.isEmpty())
            name = names[std::max (0, type->getDefaultDeviceIndex (false))];
        if (! names.contains (name))
            return fail (
                wanted.type == "JACK"
                    ? Problem { "The JACK server is not running.", {}, "Start it, or choose another driver." }
                    : Problem { name.isEmpty() ? std::string ("No audio output was found.")
                                               : "The output \"" + name.toStdString() + "\" is not there.",
                                {},
                                "Plug it in, or choose another output." });
        device.reset (type->createDevice (name, {}));
        if (device == nullptr)
            return fail ({ "The output \"" + name.toStdString() + "\" could not be used.",
                           {},
                           "Choose another output." });

        const double rate =
            nearest (device->getAvailableSampleRates(), wanted.rate > 0 ? wanted.rate : sourceRate);
        const int block = nearest (device->getAvailableBufferSizes(), wanted.block);
        juce::BigInteger outputs;
        pairs = std::max (1, device->getOutputChannelNames().size() / 2);
        const int pair = wanted.pair > 0 && wanted.pair < pairs ? wanted.pair : 0;
        outputs.setRange (2 * pair, 2, true);
        const auto error = device->open ({}, outputs, rate, block);
        if (error.isNotEmpty() || ! device->isOpen())
        {
            device.reset();
            return fail ({ "The output \"" + name.toStdString() + "\" could not be opened" +
                               (error.isEmpty() ? std::string (".")
                                                : ": " + error.trimCharactersAtEnd (".").toStdString() + "."),
                           {},
                           "Another program may be using it. Close that, or choose another output." });
        }
        opened = { wanted.type, name.toStdString(), device->getCurrentSampleRate(),
                   device->getCurrentBufferSizeSamples(), pair };
        deviceRate = opened.rate;
        resampler.prepare (sourceRate, deviceRate);
        for (auto& s : scratch)
            s.assign (maximumBlock, 0.0f);
        asked = opened.block;
        scheduled = false;
        halted = false;
        load = peak = 0;
        late = 0;
        lastBeats = beats.load();
        lastBeat = Clock::now();
        firstXruns = std::max (0, device->getXRunCount());
        describe();
        device->start (this);
        return {};
    }

    void describe()
    {
        text = opened.name + ", " + numberText (opened.rate / 1000) + " kHz, " +
               std::to_string (opened.block) + " samples (" + numberText (opened.block / opened.rate * 1000) +
               " ms)";
        if (! resampler.transparent())
            text += ", converted from " + numberText (sourceRate / 1000) + " kHz";
    }

    Problem fail (Problem p)
    {
        text = p.what;
        return p;
    }

    template <typename T>
    static T nearest (const juce::Array<T>& offered, T wanted)
    {
        T best = wanted;
        double distance = 1e300;
        for (const auto v : offered)
            if (const double d = std::abs (static_cast<double> (v) - static_cast<double> (wanted));
                d < distance)
            {
                best = v;
                distance = d;
            }
        return best;
    }

    void close()
    {
        if (device != nullptr)
        {
            device->stop();
            device->close();
            device.reset();
        }
        if (running.exchange (false))
            callback.stopped();
        type.reset();
        text = "No audio device is open.";
    }

    void poll()
    {
        if (device == nullptr)
        {
            if (lost)
                lookForIt();
            return;
        }
        if (const int block = asked.load (std::memory_order_relaxed); block != opened.block)
        {
            opened.block = block;
            describe();
            events.push_back ({ Event::Kind::changed, "\"" + opened.name + "\" now works in blocks of " +
                                                          std::to_string (block) +
                                                          " samples; playback goes on." });
        }
        const auto now = beats.load (std::memory_order_acquire);
        if (now != lastBeats)
        {
            lastBeats = now;
            lastBeat = Clock::now();
        }
        const double patience = std::max (1.0, 8 * opened.block / opened.rate);
        if (halted.load() || secondsSince (lastBeat) > patience)
        {
            const auto name = opened.name;
            close();
            lost = true;
            lostName = name;
            nextLook = Clock::now() + std::chrono::seconds (1);
            text = "\"" + name + "\" was unplugged or stopped answering.";
            events.push_back ({ Event::Kind::lost, text + " Playback goes on when it is back." });
        }
    }

    /// Asking for a device takes the control thread's time, with some drivers much: at most a tenth of it.
    void lookForIt()
    {
        const auto begin = Clock::now();
        if (begin < nextLook)
            return;
        const auto told = text;
        auto setup = wanting;
        if (setup.name.empty())
            setup.name = lostName; // not whatever is the default now
        const auto back = open (setup);
        const auto end = Clock::now();
        if (back)
        {
            events.push_back ({ Event::Kind::returned, "Playing through " + text + " again." });
            return;
        }
        lost = true;
        text = told;
        nextLook = end + std::max<Clock::duration> (std::chrono::seconds (1), 9 * (end - begin));
    }

    Callback& callback;
    double sourceRate;
    std::unique_ptr<juce::AudioIODeviceType> type;
    std::unique_ptr<juce::AudioIODevice> device; // before its type, which made it, goes
    Setup wanting, opened;                       // as asked for, and what came of it
    std::deque<Event> events;
    std::string lostName;
    Clock::time_point nextLook;
    std::string text = "No audio device is open.";
    bool lost = false;
    int pairs = 1;
    std::atomic<bool> running { false }, halted { false };
    int firstXruns = 0;
    std::uint64_t lastBeats = 0;
    Clock::time_point lastBeat;

    // The audio thread's
    Resampler resampler;
    std::array<std::vector<float>, 2> scratch;
    double deviceRate = 48000;
    bool scheduled = false;
    std::atomic<std::uint64_t> beats { 0 };
    std::atomic<double> load { 0 }, peak { 0 };
    std::atomic<int> late { 0 }, asked { 0 };
};

Device::Device (Callback& c, double sourceRate) : driver (std::make_unique<Driver> (c, sourceRate)) {}

Device::~Device()
{
    driver->close();
}

std::vector<std::string> Device::names (const std::string& type)
{
    std::vector<std::string> all;
    if (const auto t = makeType (type))
        for (const auto& n : t->getDeviceNames())
            all.push_back (n.toStdString());
    return all;
}

Outcome Device::open (const Setup& s)
{
    return driver->open (s);
}

void Device::close()
{
    driver->close();
    driver->lost = false;
}

Outcome Device::setSourceRate (double rate)
{
    const bool again = driver->device != nullptr;
    driver->sourceRate = rate;
    if (! again)
        return {};
    return driver->open (Setup (driver->wanting));
}

Setup Device::setup() const
{
    return driver->opened;
}

Status Device::status() const
{
    const auto& d = *driver;
    Status s;
    s.open = d.device != nullptr;
    s.lost = d.lost;
    s.text = d.text;
    if (! s.open)
        return s;
    s.rate = d.opened.rate;
    s.block = d.opened.block;
    s.pairs = d.pairs;
    s.latency = d.device->getOutputLatencyInSamples() / d.opened.rate + d.resampler.latency() / d.sourceRate;
    s.load = d.load.load();
    s.peakLoad = d.peak.load();
    const int xruns = d.device->getXRunCount();
    s.dropouts = xruns >= 0 ? xruns - d.firstXruns : d.late.load();
    return s;
}

void Device::poll()
{
    driver->poll();
}

std::optional<Event> Device::takeEvent()
{
    if (driver->events.empty())
        return std::nullopt;
    auto first = std::move (driver->events.front());
    driver->events.pop_front();
    return first;
}

} // namespace lacquer::io

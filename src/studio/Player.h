// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "engine/Driver.h"
#include "engine/Engine.h"
#include "files/Stream.h"
#include "session/Project.h"
#include "studio/Metronome.h"
#include "studio/Rig.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <vector>

namespace lacquer::studio
{

/// Plays a song live: keeps rig, plan and engine in step with the project. Whoever has a device calls
/// render(). [control] where not said otherwise.
class Player
{
public:
    Player (std::filesystem::path projectFolder, double sampleRate);
    ~Player();

    /// Follows the project: values go to the processors; a change of structure becomes a new plan. A Problem
    /// leaves the old plan.
    Outcome follow (const session::ProjectPtr&, const session::SongPtr&);

    /// Edits made while the song played have left strips in lanes where no export would have them, and the
    /// order of lanes is the order of additions: a start, which is from silence anyway, puts them in order.
    /// countIn: so many bars of the metronome alone come before.
    void play (int countIn = 0);
    void stop() { engine.stop(); }
    void locate (Frames position)
    {
        click->countIn (Metronome::noCountIn);
        engine.locate (position);
    }
    Metronome& metronome() { return *click; }
    void setLoop (Frames begin, Frames end, bool on);
    bool playing() { return engine.state().playing; }
    Frames position() { return engine.state().position; }
    engine::Health health() const { return engine.health(); }
    double sampleRate() const { return engine.sampleRate(); }
    Frames latency() const { return engine.plan() != nullptr ? engine.plan()->latency() : 0; }

    /// The live values that changed since last asked, where they took effect in the song: what an
    /// AutomationRecorder wants to be told.
    std::vector<Rig::Landed> landed()
    {
        return engine.plan() != nullptr ? parts.landed (*engine.plan()) : std::vector<Rig::Landed> {};
    }
    /// Where in the song a value that is set now takes effect, or somewhat later.
    Frames landing (Id target, const std::string& parameter)
    {
        return engine.plan() == nullptr
                   ? 0
                   : engine.state().position + latency() - parts.lateness (*engine.plan(), target, parameter);
    }

    Rig& rig() { return parts; }
    Monitor& monitor() { return *monitorSection; }
    /// What is heard in place of the song, before or after the faders; without strips the song again.
    Outcome listen (std::vector<Id> strips, bool beforeFader);
    /// Of strips after their faders, a stretch of the spectrum alone is heard, in place of the song and of
    /// what listen() said; without strips that again. Over 5 ms, and never in an export.
    Outcome listenToBand (std::vector<Id> strips, ListenBand);
    /// A file of plain samples at the project's rate that plays beside the song from its start, for
    /// Monitor::hearReference(); an empty path: none.
    Outcome setReference (const std::filesystem::path&);
    /// Waits until the disk has delivered what playback wants next. For the start, and for playing faster
    /// than time.
    void settle() { reader->settle(); }
    /// What could not be played, since last asked.
    std::vector<Problem> takeProblems() { return std::exchange (problems, {}); }

    /// The device is there, or gone. Without one, transport and edits work and nothing moves; what was
    /// playing goes on from where it was heard last as soon as there is one.
    void deviceStarted();
    void deviceStopped();
    /// The next frames. [audio] Between deviceStarted() and deviceStopped().
    void render (float* const* out, int channels, int frames) noexcept
    {
        constexpr int most = 64;
        const int first = 2 * monitorSection->outputPair();
        if (first <= 0 || first + 1 >= channels || channels > most)
            return engine.process (out, channels, frames);
        float* ordered[most];
        std::copy_n (out, channels, ordered);
        std::rotate (ordered, ordered + first, ordered + first + 2);
        engine.process (ordered, channels, frames);
    }

private:
    Outcome rewired();

    /// Where sources are asked next: ahead of what is heard by the latency.
    Frames nextPosition();

    std::shared_ptr<files::Reader> reader;
    std::vector<Problem> problems;
    std::vector<std::weak_ptr<files::Stream>> streams;
    bool newStreams = false;             ///< the graph being made has some
    Frames loopStart = -1, loopEnd = -1; ///< of the loop that is on; -1: none
    std::shared_ptr<Monitor> monitorSection;
    LiveEnd liveEnd;
    std::vector<Id> soloed; ///< by listen()
    bool soloedBeforeFader = false;
    bool newEnd = false; ///< the next follow() makes a plan whatever the song is
    std::shared_ptr<Metronome> click;
    Rig parts;
    engine::Engine engine; // after the rig: its plans let go of processors that point into it
    std::unique_ptr<engine::Driver> driver;
    session::ProjectPtr project;
    session::SongPtr song;
    bool shuffled = false; ///< the banks have seen more than one structure
    Wiring now, earlier;   ///< of the plan used last, and of the one before
    std::vector<int> latencies;
};

} // namespace lacquer::studio

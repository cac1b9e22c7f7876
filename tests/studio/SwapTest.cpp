// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of a real song while it plays. The oracle: the song before the edit and the song after it, each
// played from the start, and the straight line of 10 ms between the two.
#include "core/Random.h"
#include "files/Writer.h"
#include "session/Edits.h"
#include "session/RoutingEdits.h"
#include "studio/Build.h"
#include "studio/Player.h"
#include "support/RtGuard.h"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <thread>

using namespace lacquer;
using lacquer::Id;
namespace fs = std::filesystem;

namespace
{

using Sound = std::array<std::vector<float>, 2>;
constexpr Frames fade = 480, swapAt = 12800, total = 25600;
const double inaudible = std::pow (10.0, -90.0 / 20);

/// Four tracks of noise, a group, a return with a gain, a mix; nothing that remembers.
struct Studio
{
    fs::path folder;
    studio::Build build { session::newProject ("Swap", 48000) };
    std::map<std::string, Id> id;

    Studio()
    {
        auto pattern = (fs::temp_directory_path() / "lacquer-swap-XXXXXX").string();
        folder = ::mkdtemp (pattern.data());
        fs::create_directories (folder / "Audio");
        for (const char* name : { "a", "b", "c" })
            track (name, name[0] == 'b' ? 1 : 2);
        group ("group");
        id["return"] = build (session::addedReturn (build.project, song(), "return"));
        id["gain"] = build (session::addedEffect (build.project, id["return"], "gain"));
        output ("b", "group");
        send ("a", 0, "return");
        build (session::withValue (build.project, id["b"], "pan.position", -40.0));
        build (session::withValue (build.project, id["c"], "fader.level", -3.0));
        REQUIRE (! build.problem);
    }
    ~Studio() { fs::remove_all (folder); }
    Studio (const Studio&) = delete;
    Studio& operator= (const Studio&) = delete;

    Id song() const { return build.project.songs.front()->id; }
    Id mix() const { return build.project.songs.front()->mix->id; }
    Id master() const { return build.project.songs.front()->master->id; }

    void track (const std::string& name, int channels)
    {
        const auto file = "Audio/" + name + ".wav";
        files::WriterOptions options;
        options.encoding = files::Encoding::wavFloat;
        options.channels = channels;
        auto writer = files::Writer::opened (folder / file, options);
        REQUIRE (writer.ok());
        std::vector<std::vector<float>> sound (static_cast<std::size_t> (channels));
        std::vector<const float*> pointers;
        for (std::size_t c = 0; c < sound.size(); ++c)
        {
            for (Frames n = 0; n < 2 * total; ++n)
                sound[c].push_back (static_cast<float> (
                    0.3 * (uniform (static_cast<std::uint64_t> (name[0] * 1000003 + 2 * n) + c) - 0.5)));
            pointers.push_back (sound[c].data());
        }
        REQUIRE ((*writer)->write (pointers.data(), static_cast<int> (2 * total)).ok());
        REQUIRE ((*writer)->finish().ok());
        session::Media media;
        media.path = file;
        media.channels = channels;
        media.frames = 2 * total;
        media.originalRate = 48000;
        session::Clip clip;
        clip.media = build (session::addedMedia (build.project, media));
        clip.length = 2 * total;
        id[name] = build (session::addedTrack (build.project, song(), name, channels));
        build (session::addedClip (build.project, id[name], clip));
    }
    void group (const std::string& name)
    {
        id[name] = build (session::addedGroup (build.project, song(), name));
    }
    void output (const std::string& from, const std::string& to)
    {
        build (session::withOutput (build.project, id[from], to == "mix" ? mix() : id[to]));
    }
    void send (const std::string& from, int n, const std::string& to)
    {
        build (session::withSend (build.project, id[from], n, to.empty() ? Id {} : id[to]));
        build (session::withValue (build.project, id[from], "send" + std::to_string (n + 1) + ".on",
                                   std::string ("On")));
        build (
            session::withValue (build.project, id[from], "send" + std::to_string (n + 1) + ".level", -6.0));
    }
    void effect (const std::string& name, Id strip, const std::string& type)
    {
        id[name] = build (session::addedEffect (build.project, strip, type));
    }
    void gain (const std::string& name, double decibels)
    {
        build (session::withValue (build.project, id[name], "gain", decibels));
    }
    void removed (const std::string& name) { build (session::removedEffect (build.project, id[name])); }
};

void play (studio::Player& player, Sound& sound, Frames end, int block)
{
    std::vector<float> left (static_cast<std::size_t> (block)), right (left);
    float* const out[] { left.data(), right.data() };
    while (static_cast<Frames> (sound[0].size()) < end)
    {
        const int n =
            static_cast<int> (std::min<Frames> (block, end - static_cast<Frames> (sound[0].size())));
        player.settle(); // faster than time
        player.render (out, 2, n);
        for (std::size_t c = 0; c < 2; ++c)
            sound[c].insert (sound[c].end(), out[c], out[c] + n);
    }
}

void follow (studio::Player& player, const Studio& s)
{
    INFO ((s.build.problem ? s.build.problem->sentence() : std::string()));
    REQUIRE (! s.build.problem);
    const auto project = std::make_shared<const session::Project> (s.build.project);
    REQUIRE (player.follow (project, project->songs.front()).ok());
}

struct Take
{
    Sound sound;
    Frames latency = 0;
};

/// Plays the song; after swapAt with the edit, if any.
Take played (Studio& s, const std::function<void (Studio&)>& edit, int block = 256)
{
    Take take;
    studio::Player player (s.folder, 48000);
    follow (player, s);
    player.deviceStarted();
    player.play();
    play (player, take.sound, swapAt, 256);
    if (edit)
    {
        edit (s);
        const auto before = test::realTimeViolations();
        follow (player, s);
        play (player, take.sound, total, block);
        CHECK (test::realTimeViolations() == before);
    }
    else
        play (player, take.sound, total, 256);
    take.latency = player.latency();
    CHECK (player.health().underruns == 0);
    CHECK (player.health().nonFiniteBlocks == 0);
    player.deviceStopped();
    return take;
}

double apart (const Sound& live, const std::function<double (std::size_t, std::size_t)>& wanted, Frames first,
              Frames end)
{
    double most = 0;
    for (std::size_t c = 0; c < 2; ++c)
        for (auto n = static_cast<std::size_t> (first); n < static_cast<std::size_t> (end); ++n)
            most = std::max (most, std::abs (live[c][n] - wanted (c, n)));
    return most;
}

struct Swap
{
    std::function<void (Studio&)> before, edit;
    Frames longest = 0; ///< delay in the song before
};

void check (const Swap& swap)
{
    const auto prepared = [&] (bool edited)
    {
        auto s = std::make_unique<Studio>();
        if (swap.before)
            swap.before (*s);
        if (edited)
            swap.edit (*s);
        return s;
    };
    const auto a = played (*prepared (false), {}), b = played (*prepared (true), {});
    const auto live = played (*prepared (false), swap.edit);
    REQUIRE (live.sound[0].size() == static_cast<std::size_t> (total));
    const Frames begin = swapAt + std::max (fade, swap.longest) + b.latency;
    const auto crossed = [&] (std::size_t c, std::size_t n)
    {
        const double w =
            static_cast<double> (std::clamp<Frames> (static_cast<Frames> (n) + 1 - begin, 0, fade)) / fade;
        return (1 - w) * a.sound[c][n] + w * b.sound[c][n];
    };
    REQUIRE (apart (
                 a.sound, [&] (auto c, auto n) { return static_cast<double> (b.sound[c][n]); }, begin,
                 begin + fade) > 0.01);
    CHECK (apart (
               live.sound, [&] (auto c, auto n) { return static_cast<double> (a.sound[c][n]); }, 0, swapAt) ==
           0);
    CHECK (apart (live.sound, crossed, 0, total) <= inaudible);
    // Nothing but the order of addition may be another afterwards.
    CHECK (apart (
               live.sound, [&] (auto c, auto n) { return static_cast<double> (b.sound[c][n]); }, begin + fade,
               total) < 1e-7);
    // Whatever block the device has from there on.
    for (const int block : { 64, 333, 1024 })
        CHECK (played (*prepared (false), swap.edit, block).sound == live.sound);
}

} // namespace

TEST_CASE ("a track that is added or removed while the song plays is faded in or out")
{
    check ({ {}, [] (Studio& s) { s.track ("d", 1); } });
    check ({ {}, [] (Studio& s) { s.track ("d", 2); } });
    check ({ {}, [] (Studio& s) { s.build (session::removedStrip (s.build.project, s.id["a"])); } });
    check ({ {}, [] (Studio& s) { s.build (session::removedStrip (s.build.project, s.id["b"])); } });
}

TEST_CASE ("an insert that is added or removed while the song plays is faded in or out")
{
    const auto add = [] (Studio& s)
    {
        s.effect ("insert", s.id["c"], "gain");
        s.gain ("insert", -9);
    };
    check ({ {}, add });
    check ({ add, [] (Studio& s) { s.removed ("insert"); } });
    const auto onGroup = [] (Studio& s)
    {
        s.effect ("insert", s.id["group"], "gain");
        s.gain ("insert", -9);
    };
    check ({ {}, onGroup });
    check ({ onGroup, [] (Studio& s) { s.removed ("insert"); } });
    const auto onMaster = [] (Studio& s)
    {
        s.effect ("insert", s.master(), "width");
        s.build (session::withValue (s.build.project, s.id["insert"], "width", 30.0));
    };
    check ({ {}, onMaster });
    check ({ onMaster, [] (Studio& s) { s.removed ("insert"); } });
}

TEST_CASE ("a send that is added, removed or turned elsewhere while the song plays is faded")
{
    const auto second = [] (Studio& s) { s.send ("c", 1, "return"); };
    check ({ {}, second });
    check (
        { second, [] (Studio& s) { s.build (session::withSend (s.build.project, s.id["c"], 1, Id {})); } });
    const auto other = [] (Studio& s)
    {
        s.id["other"] = s.build (session::addedReturn (s.build.project, s.song(), "other"));
        s.effect ("half", s.id["other"], "gain");
        s.gain ("half", -20);
    };
    check ({ other, [] (Studio& s) { s.send ("a", 0, "other"); } });
}

TEST_CASE ("a group that is added, removed or moved while the song plays is faded")
{
    check ({ {},
             [] (Studio& s)
             {
                 s.group ("new");
                 s.build (session::withValue (s.build.project, s.id["new"], "fader.level", -10.0));
                 s.output ("c", "new");
             } });
    const auto quiet = [] (Studio& s)
    { s.build (session::withValue (s.build.project, s.id["group"], "fader.level", -10.0)); };
    check ({ quiet, [] (Studio& s) { s.build (session::removedStrip (s.build.project, s.id["group"])); } });
    const auto two = [] (Studio& s)
    {
        s.group ("new");
        s.build (session::withValue (s.build.project, s.id["new"], "fader.level", -10.0));
    };
    check ({ two, [] (Studio& s) { s.output ("b", "new"); } });
    check ({ two, [] (Studio& s) { s.output ("group", "new"); } });
}

TEST_CASE ("the order of inserts and of tracks can change while the song plays")
{
    // Turning one side upside down and adding both up does not commute. Both crossfades go through the sound
    // without the two.
    const auto two = [] (Studio& s)
    {
        s.effect ("swap", s.id["c"], "gain");
        s.build (session::withValue (s.build.project, s.id["swap"], "invert-left", std::string ("On")));
        s.effect ("mono", s.id["c"], "gain");
        s.build (session::withValue (s.build.project, s.id["mono"], "mono", std::string ("On")));
    };
    const auto made = [&] (bool effects, bool moved)
    {
        auto s = std::make_unique<Studio>();
        if (effects)
            two (*s);
        if (moved)
            s->build (session::movedEffect (s->build.project, s->id["mono"], 0));
        return s;
    };
    const auto a = played (*made (true, false), {}), dry = played (*made (false, false), {}),
               b = played (*made (true, true), {});
    const auto live = played (*made (true, false), [] (Studio& s)
                              { s.build (session::movedEffect (s.build.project, s.id["mono"], 0)); });
    // The first crossing lasts 10 ms to run in, 10 ms to fade and as long as the song is late in front of
    // where it fades, in whole chunks; then comes the second.
    const auto share = [] (std::size_t n, Frames begin) {
        return static_cast<double> (std::clamp<Frames> (static_cast<Frames> (n) + 1 - begin, 0, fade)) / fade;
    };
    const Frames leave = swapAt + fade + b.latency;
    Frames arrive = leave + 2 * fade;
    double best = 1;
    for (Frames late = 0; late < 256; late += engine::quantum)
        best = std::min (best, apart (
                                   live.sound,
                                   [&] (auto c, auto n)
                                   {
                                       const double u = share (n, leave), v = share (n, arrive + late);
                                       return (1 - u) * a.sound[c][n] + (u - v) * dry.sound[c][n] +
                                              v * b.sound[c][n];
                                   },
                                   0, total));
    CHECK (best <= inaudible);
    CHECK (apart (
               a.sound, [&] (auto c, auto n) { return static_cast<double> (b.sound[c][n]); }, 0, total) >
           0.1);

    // Where a track stands is not heard.
    auto s = std::make_unique<Studio>();
    const auto still = played (*s, {});
    const auto turned = played (*std::make_unique<Studio>(), [] (Studio& t)
                                { t.build (session::reordered (t.build.project, t.id["c"], 0)); });
    CHECK (apart (
               turned.sound, [&] (auto c, auto n) { return static_cast<double> (still.sound[c][n]); }, 0,
               total) < 1e-7);
}

TEST_CASE ("an insert that makes the rest wait is crossed to at its own time")
{
    // The saturation with nothing mixed in is a pure delay.
    const auto edit = [] (Studio& s)
    {
        s.effect ("late", s.id["c"], "master-saturation");
        s.build (session::withValue (s.build.project, s.id["late"], "mix", 0.0));
    };
    check ({ {}, edit });
    check ({ edit, [] (Studio& s) { s.removed ("late"); }, 200 });
}

TEST_CASE ("what rings goes on ringing to the bit while others come and go")
{
    // A reverb on track c, alone on its way to the mix; track a comes and goes on a way of its own, silenced
    // by its fader so that only its coming could be heard.
    const auto ring = [] (Studio& s)
    {
        s.effect ("reverb", s.id["c"], "reverb");
        s.build (session::withValue (s.build.project, s.id["a"], "fader.mute", std::string ("On")));
    };
    const auto made = [&]
    {
        auto s = std::make_unique<Studio>();
        ring (*s);
        return s;
    };
    const auto still = played (*made(), {});
    const auto live =
        played (*made(), [] (Studio& s) { s.build (session::removedStrip (s.build.project, s.id["a"])); });
    CHECK (live.sound == still.sound);
}

TEST_CASE ("edits in quick succession end at the newest song")
{
    // Every edit is undone by a later one: in the end the song is the one that was never touched.
    Studio s;
    studio::Player player (s.folder, 48000);
    follow (player, s);
    player.deviceStarted();
    player.play();
    Sound sound;
    play (player, sound, 6400, 256);
    for (int n = 0; n < 60; ++n)
    {
        const std::string name = "e" + std::to_string (n);
        switch (n % 6)
        {
            case 0: s.effect (name, s.id["c"], "gain"); break;
            case 1: s.output ("c", "group"); break;
            case 2: s.track (name, 1); break;
            case 3:
                s.build (session::removedStrip (s.build.project, s.id["e" + std::to_string (n - 1)]));
                break;
            case 4: s.output ("c", "mix"); break;
            default: s.removed ("e" + std::to_string (n - 5));
        }
        follow (player, s);
        if (n % 4 != 1)
            play (player, sound, static_cast<Frames> (sound[0].size()) + 100 * (n % 5), 64);
    }
    play (player, sound, static_cast<Frames> (sound[0].size()) + 9600, 256);
    const auto end = static_cast<Frames> (sound[0].size());
    Studio untouched;
    studio::Player other (untouched.folder, 48000);
    follow (other, untouched);
    other.deviceStarted();
    other.play();
    Sound expected;
    play (other, expected, end, 256);
    CHECK (apart (
               sound, [&] (auto c, auto n) { return static_cast<double> (expected[c][n]); }, end - 4800,
               end) < 1e-7);
    CHECK (player.health().underruns == 0);
    CHECK (player.health().nonFiniteBlocks == 0);
    player.deviceStopped();
    other.deviceStopped();
}

TEST_CASE ("a strip that joins or leaves a VCA fader while the song plays glides to its new level")
{
    // The song before and the song after, each played from the start; what is heard is a + w (b - a), frame
    // by frame, with one w that goes from 0 to 1 by at most 1/60 from frame to frame: a fader's ramp of a
    // quantum is 1/64, a step would be 1.
    const auto level = [] (Studio& s, Id vca, double decibels)
    { s.build (session::withValue (s.build.project, vca, "fader.level", decibels)); };
    const auto ride = [] (Studio& s, Id vca, double decibels)
    {
        s.build (session::withLane (
            s.build.project,
            { vca, "fader.level", { { 0, decibels, session::Curve::linear, 0 } }, true, {} }));
    };
    for (bool rides : { false, true })
        for (bool joins : { true, false })
        {
            INFO ((rides ? "automated, " : "at rest, ") << (joins ? "joins" : "leaves"));
            const auto members = [&] (Studio& s, bool in)
            {
                s.build (session::withMembers (s.build.project, s.id["vca"],
                                               in ? std::vector { s.id["c"] } : std::vector<Id> {}));
            };
            const auto prepared = [&] (bool in)
            {
                auto s = std::make_unique<Studio>();
                s->id["vca"] = s->build (session::addedVca (s->build.project, s->song(), "V"));
                if (rides)
                    ride (*s, s->id["vca"], -20);
                else
                    level (*s, s->id["vca"], -20);
                members (*s, in);
                return s;
            };
            const auto a = played (*prepared (! joins), {}), b = played (*prepared (joins), {});
            const auto live = played (*prepared (! joins), [&] (Studio& s) { members (s, joins); });
            double before = 0, steepest = 0, off = 0;
            for (std::size_t n = static_cast<std::size_t> (swapAt); n < static_cast<std::size_t> (total); ++n)
            {
                // Both sides as one equation for w.
                double over = 0, under = 0;
                for (std::size_t c = 0; c < 2; ++c)
                {
                    const double way = static_cast<double> (b.sound[c][n] - a.sound[c][n]);
                    over += way * static_cast<double> (live.sound[c][n] - a.sound[c][n]);
                    under += way * way;
                }
                if (under < 1e-5)
                    continue;
                const double w = over / under;
                for (std::size_t c = 0; c < 2; ++c)
                    off = std::max (off, std::abs (static_cast<double> (live.sound[c][n]) -
                                                   (1 - w) * static_cast<double> (a.sound[c][n]) -
                                                   w * static_cast<double> (b.sound[c][n])));
                steepest = std::max (steepest, std::abs (w - before));
                before = w;
            }
            CHECK (before == Approx (1));
            CHECK (off < inaudible);
            CHECK (steepest < 0.05); // frames whose w cannot be told are left out
        }
}

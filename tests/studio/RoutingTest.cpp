// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Random.h"
#include "engine/Engine.h"
#include "engine/Offline.h"
#include "engine/Plan.h"
#include "session/Address.h"
#include "session/Edits.h"
#include "session/Find.h"
#include "session/ModulatorEdits.h"
#include "session/RoutingEdits.h"
#include "studio/Rig.h"
#include "studio/Studio.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>

using namespace lacquer;
using lacquer::Id;

namespace
{

// Everything here is whole multiples of 2^-17 below 2^6, so that floats add them exactly in any order: zero
// means zero bits.

float wholeNoise (Frames position, int channel, std::uint64_t seed)
{
    if (position < 0)
        return 0;
    const auto counter = (seed * 2 + static_cast<std::uint64_t> (channel)) << 40;
    return static_cast<float> (std::floor (uniform (counter + static_cast<std::uint64_t> (position)) * 17) -
                               8) /
           4096;
}

struct WholeNoise final : FrameSource
{
    WholeNoise (int count, std::uint64_t s, Frames d) : sides (count), seed (s), delay (d) {}
    int channels() const noexcept override { return sides; }
    int read (Frames position, std::span<float* const> out, int frames) noexcept override
    {
        for (int c = 0; c < sides; ++c)
            for (int n = 0; n < frames; ++n)
                out[static_cast<std::size_t> (c)][n] = wholeNoise (position + n - delay, c, seed);
        return frames;
    }
    void locate (Frames) noexcept override {}

    int sides;
    std::uint64_t seed;
    Frames delay;
};

/// A pure delay that adds its key and tells its latency; the false one tells one frame less.
template <bool honest>
struct KeyedDelay
{
    static constexpr std::string_view id = honest ? "keyed-delay" : "false-delay", name = "Delay",
                                      help = "Delays.";
    static constexpr bool keyed = true;
    template <typename T>
    struct Params
    {
        T frames = asNumber<T> ("frames", "Frames", { 1, 1000 }, 1, Taper::linear, "Its latency.");
    };

    std::vector<float> ring[2];
    std::size_t at = 0;
    int sides = 2;

    void prepare (const engine::Format& f)
    {
        sides = f.channels;
        for (auto& r : ring)
            r.assign (2048, 0.0f);
    }
    void reset() noexcept
    {
        for (auto& r : ring)
            std::fill (r.begin(), r.end(), 0.0f);
    }
    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const auto length = static_cast<std::size_t> (p.frames);
        for (int n = 0; n < io.frames; ++n)
        {
            for (std::size_t c = 0; c < io.channels.size(); ++c)
            {
                ring[c][at] = io.channels[c][n] + (io.sidechain.empty() ? 0.0f : io.sidechain[c][n]);
                io.channels[c][n] = ring[c][(at + 2048 - length) % 2048];
            }
            at = (at + 1) % 2048;
        }
    }
    int latency (const Params<float>& p) const { return static_cast<int> (p.frames) - (honest ? 0 : 1); }
    Frames tail (const Params<float>& p) const { return static_cast<Frames> (p.frames); }
};

const engine::EffectType* testEffect (std::string_view id)
{
    static const auto honest = engine::effectType<KeyedDelay<true>>(),
                      lying = engine::effectType<KeyedDelay<false>>();
    return id == honest.id ? &honest : id == lying.id ? &lying : nullptr;
}

using Sound = std::array<std::vector<float>, 2>;

struct Desk
{
    session::Project project = session::newProject ("Test", 48000);

    const session::Song& song() const { return *project.songs.front(); }
    Id songId() const { return song().id; }
    Id done (session::Edit edit)
    {
        INFO ((edit ? std::string() : edit.problem().sentence()));
        REQUIRE (edit.ok());
        project = std::move (edit->project);
        return edit->made;
    }
    bool tried (session::Edit edit)
    {
        if (edit)
            project = std::move (edit->project);
        return edit.ok();
    }
    void set (Id target, const char* parameter, session::Value value)
    {
        done (session::withValue (project, target, parameter, std::move (value)));
    }
    /// A track at unity on both sides.
    Id track (const std::string& name, int channels)
    {
        const auto id = done (session::addedTrack (project, songId(), name, channels));
        set (id, "pan.law", std::string ("0 dB"));
        return id;
    }

    studio::Rig rig() const
    {
        return { 48000,
                 [] (const session::Project&, const session::Track& t)
                 {
                     return Result<std::shared_ptr<FrameSource>> (
                         std::make_shared<WholeNoise> (t.strip.channels, t.strip.id.value, t.delay));
                 },
                 {},
                 testEffect };
    }

    Sound rendered (Frames from, Frames to, studio::Tap tap = { studio::Tap::Point::mix, {} },
                    studio::LiveEnd end = {}) const
    {
        auto desk = rig();
        desk.listenThrough (std::move (end));
        auto graph = desk.graph (project, song(), tap);
        INFO ((graph ? std::string() : graph.problem().sentence()));
        REQUIRE (graph.ok());
        auto plan = engine::compile (*graph, nullptr, nullptr);
        REQUIRE (plan.ok());
        engine::Engine engine (48000, 1);
        engine.use (*std::move (plan));
        Sound sound;
        REQUIRE (engine::render (engine, from, to, 256,
                                 [&] (const float* const* channels, int frames) -> Outcome
                                 {
                                     for (std::size_t c = 0; c < 2; ++c)
                                         sound[c].insert (sound[c].end(), channels[c], channels[c] + frames);
                                     return {};
                                 })
                     .ok());
        return sound;
    }
};

/// The sound of a song at unity, summed path by path from the sources: no latency anywhere.
class DirectSum
{
public:
    explicit DirectSum (const session::Song& s) : song (s)
    {
        session::forEachStrip (s, [&] (const session::Strip& strip) { strips[strip.id] = &strip; });
    }

    /// Of a strip before its fader.
    double at (Id id, Frames position, int side)
    {
        const auto& strip = *strips.at (id);
        if (strip.disabled)
            return 0;
        if (const auto known = sums.find ({ id, position, side }); known != sums.end())
            return known->second;
        double sum = 0;
        if (strip.kind == session::StripKind::track)
        {
            const auto track = std::find_if (song.tracks.begin(), song.tracks.end(),
                                             [&] (const auto& t) { return t->strip.id == id; });
            sum = wholeNoise (position - (*track)->delay, strip.channels == 1 ? 0 : side, id.value);
        }
        else
            for (const auto& [from, other] : strips)
            {
                if (other->disabled)
                    continue;
                if (other->output == id)
                    sum += at (from, position, side);
                for (const Id send : other->sends)
                    if (send == id)
                        sum += at (from, position, side);
            }
        const auto keys = [&] (bool late)
        {
            for (const auto& e : strip.inserts)
                if (e->postConsole == late && e->sidechain)
                    sum += strip.channels == 1 && strips.at (e->sidechain)->channels == 2
                               ? 0.5 * (at (e->sidechain, position, 0) + at (e->sidechain, position, 1))
                               : at (e->sidechain, position, side);
        };
        keys (false);
        if (strip.values.contains ("trim.polarity"))
            sum = -sum;
        keys (true);
        return sums[{ id, position, side }] = sum;
    }

private:
    const session::Song& song;
    std::map<Id, const session::Strip*> strips;
    std::map<std::tuple<Id, Frames, int>, double> sums;
};

/// Groups in groups, returns, sends before and after faders, sidechains from everywhere, inserts before and
/// after the console, delayed and disabled strips: whatever the edits accept.
Desk randomDesk (std::uint32_t seed)
{
    std::mt19937 random (seed);
    const auto below = [&] (std::size_t n) { return random() % n; };
    Desk d;
    std::vector<Id> all, tracks, groups { d.song().mix->id }, returns;
    for (std::size_t n = 0, count = 1 + below (4); n < count; ++n)
    {
        tracks.push_back (d.track ("T" + std::to_string (n), 1 + static_cast<int> (below (2))));
        if (below (4) == 0)
            d.done (session::withDelay (d.project, tracks.back(), static_cast<Frames> (below (200)) - 100));
    }
    for (std::size_t n = 0, count = below (5); n < count; ++n)
        groups.push_back (d.done (session::addedGroup (d.project, d.songId(), "G" + std::to_string (n))));
    for (std::size_t n = 0, count = below (4); n < count; ++n)
        returns.push_back (d.done (session::addedReturn (d.project, d.songId(), "R" + std::to_string (n))));
    for (const auto* list : { &tracks, &groups, &returns })
        all.insert (all.end(), list->begin(), list->end());
    const Id mix = d.song().mix->id;
    for (const Id id : all)
    {
        if (below (3) == 0)
            d.set (id, "trim.polarity", std::string ("On"));
        if (id == mix)
            continue;
        d.tried (session::withOutput (d.project, id, groups[below (groups.size())]));
        for (int k = 0; k < 2 && ! returns.empty(); ++k)
            if (below (2) == 0 && d.tried (session::withSend (d.project, id, static_cast<int> (below (8)),
                                                              returns[below (returns.size())])))
                for (int slot = 1; slot <= 8; ++slot)
                {
                    const auto send = "send" + std::to_string (slot);
                    d.set (id, (send + ".level").c_str(), 0.0);
                    if (below (2) == 0)
                        d.set (id, (send + ".pre").c_str(), std::string ("On"));
                }
        if (below (12) == 0)
            d.done (session::disabled (d.project, id, true));
    }
    for (std::size_t n = 0, count = below (9); n < count; ++n)
    {
        const auto effect = d.done (
            session::addedEffect (d.project, all[below (all.size())], "keyed-delay", -1, below (2) == 0));
        d.set (effect, "frames", 1.0 + static_cast<double> (below (300)));
        if (below (2) == 0)
            d.tried (session::withSidechain (d.project, effect, all[below (all.size())]));
    }
    return d;
}

/// Frames in which the mix of a song is not its direct sum.
int wrongFrames (const Desk& d, Frames frames)
{
    const auto sound = d.rendered (0, frames);
    DirectSum sum (d.song());
    int wrong = 0;
    for (std::size_t c = 0; c < 2; ++c)
        for (Frames n = 0; n < frames; ++n)
        {
            const double wanted = sum.at (d.song().mix->id, n, static_cast<int> (c));
            REQUIRE (std::abs (wanted) < 64);
            wrong += sound[c][static_cast<std::size_t> (n)] != static_cast<float> (wanted);
        }
    return wrong;
}

/// Whether a track adds anything to the mix of a song, by the direct sum.
bool adds (const Desk& d, Id track, Frames frames)
{
    auto without = d;
    without.done (session::disabled (without.project, track, true));
    DirectSum sum (d.song()), rest (without.song());
    for (int c = 0; c < 2; ++c)
        for (Frames n = 0; n < frames; ++n)
            if (sum.at (d.song().mix->id, n, c) != rest.at (d.song().mix->id, n, c))
                return true;
    return false;
}

} // namespace

TEST_CASE ("500 random desks null to zero bits against the direct sum of their paths")
{
    // Oracle: the sum over all paths at unity without any latency; delay compensation must make it true.
    const auto seed = std::random_device {}();
    int keyed = 0, late = 0;
    for (std::uint32_t n = 0; n < 500; ++n)
    {
        const auto d = randomDesk (seed + n);
        INFO ("seed " << seed + n);
        REQUIRE (wrongFrames (d, 130) == 0);
        session::forEachStrip (d.song(),
                               [&] (const session::Strip& s)
                               {
                                   for (const auto& e : s.inserts)
                                   {
                                       keyed += e->sidechain ? 1 : 0;
                                       late += e->postConsole;
                                   }
                               });
    }
    // The draws reach what they are meant to.
    CHECK (keyed > 100);
    CHECK (late > 300);
}

TEST_CASE ("the null of random desks sees one frame of compensation that is missing")
{
    const auto seed = std::random_device {}();
    int planted = 0, blind = 0;
    for (std::uint32_t n = 0; n < 40; ++n)
    {
        INFO ("seed " << seed + n);
        auto d = randomDesk (seed + n);
        // On the way of a track to the mix bus that nothing closes.
        const auto& strip = d.song().tracks.front()->strip;
        if (strip.disabled || strip.inserts.size() >= session::Strip::insertSlots)
            continue;
        d.tried (session::withOutput (d.project, strip.id, d.song().mix->id));
        d.done (session::addedEffect (d.project, d.song().tracks.front()->strip.id, "false-delay"));
        ++planted;
        // It is seen unless the track cancels itself to nothing, through a bus that is upside down.
        const bool heard = adds (d, d.song().tracks.front()->strip.id, 130);
        blind += ! heard;
        REQUIRE ((wrongFrames (d, 130) > 0) == heard);
    }
    CHECK (planted - blind > 15);
}

TEST_CASE ("a soloed return is heard with what is sent to it, and nothing else is")
{
    // Solo in place. Expected: the return's part of the direct sum.
    Desk d;
    const auto a = d.track ("A", 2), b = d.track ("B", 2);
    const auto group = d.done (session::addedGroup (d.project, d.songId(), "Group")),
               back = d.done (session::addedReturn (d.project, d.songId(), "Return"));
    d.done (session::withOutput (d.project, a, group));
    d.done (session::withSend (d.project, a, 2, back));
    d.set (a, "send3.level", 0.0);
    const auto expect = [&] (bool left, bool right, bool sent)
    {
        const auto sound = d.rendered (0, 200);
        for (std::size_t c = 0; c < 2; ++c)
            for (Frames n = 0; n < 200; ++n)
            {
                const int side = static_cast<int> (c);
                REQUIRE (sound[c][static_cast<std::size_t> (n)] ==
                         (left ? wholeNoise (n, side, a.value) : 0) +
                             (right ? wholeNoise (n, side, b.value) : 0) +
                             (sent ? wholeNoise (n, side, a.value) : 0));
            }
    };
    const auto solo = [&] (Id id, bool on) { d.set (id, "fader.solo", std::string (on ? "On" : "Off")); };
    expect (true, true, true);
    solo (back, true);
    expect (false, false, true);
    CHECK (studio::Rig::mutedBySolo (d.song(), a));
    solo (back, false);
    solo (group, true);
    expect (true, false, true); // what plays into a soloed group is soloed with its sends
    solo (group, false);
    solo (a, true);
    expect (true, false, true);
    d.done (session::madeSoloSafe (d.project, b, true));
    expect (true, true, true);
    d.done (session::madeSoloSafe (d.project, b, false));
    solo (a, false);

    const auto vca = d.done (session::addedVca (d.project, d.songId(), "V")),
               mutes = d.done (session::addedMuteGroup (d.project, d.songId(), "M"));
    d.done (session::withMembers (d.project, vca, { b }));
    d.done (session::withMembers (d.project, mutes, { b }));
    solo (vca, true);
    expect (false, true, false);
    solo (vca, false);
    d.set (vca, "fader.mute", std::string ("On"));
    expect (true, false, true);
    d.set (vca, "fader.mute", std::string ("Off"));
    d.done (session::switchedMuteGroup (d.project, mutes, true));
    expect (true, false, true);
    d.done (session::switchedMuteGroup (d.project, mutes, false));
    expect (true, true, true);
    d.done (session::disabled (d.project, back, true));
    expect (true, true, false);
}

TEST_CASE ("each of the eight sends has a level, a pan and a switch of its own, before or after the fader")
{
    // Oracle: the source at the level of the send, times the fader's where the send comes after it; balance
    // from end to end.
    Desk d;
    const auto a = d.track ("A", 2);
    d.set (a, "fader.level", -6.0);
    struct Send
    {
        Id to;
        double level, pan;
        bool pre, on;
    };
    std::vector<Send> sends;
    for (int k = 0; k < 8; ++k)
    {
        const auto back = d.done (session::addedReturn (d.project, d.songId(), "R" + std::to_string (k)));
        d.done (session::withSend (d.project, a, k, back));
        sends.push_back ({ back, 3.0 - 2 * k,
                           k % 3 == 0   ? 0.0
                           : k % 3 == 1 ? -100.0
                                        : 100.0,
                           k % 2 == 1, k != 5 });
        const auto send = "send" + std::to_string (k + 1);
        d.set (a, (send + ".level").c_str(), sends.back().level);
        d.set (a, (send + ".pan").c_str(), sends.back().pan);
        d.set (a, (send + ".pre").c_str(), std::string (sends.back().pre ? "On" : "Off"));
        d.set (a, (send + ".on").c_str(), std::string (sends.back().on ? "On" : "Off"));
    }
    const auto check = [&]
    {
        for (const auto& send : sends)
        {
            const auto sound = d.rendered (0, 200, { studio::Tap::Point::strip, send.to });
            for (std::size_t c = 0; c < 2; ++c)
                for (Frames n = 0; n < 200; ++n)
                {
                    const bool heard = send.on && (send.pan == 0 || (send.pan > 0) == (c == 1));
                    const double wanted = wholeNoise (n, static_cast<int> (c), a.value) *
                                          std::pow (10, (send.level - (send.pre ? 0 : 6)) / 20) * heard;
                    INFO ("send to " << send.to.value << ", frame " << n);
                    REQUIRE (sound[c][static_cast<std::size_t> (n)] ==
                             Approx (wanted).epsilon (3e-7).margin (1e-12));
                }
        }
    };
    check();
    for (int k = 0; k < 8; ++k)
    {
        auto& send = sends[static_cast<std::size_t> (k)];
        send.on = ! send.on;
        d.set (a, ("send" + std::to_string (k + 1) + ".on").c_str(), std::string (send.on ? "On" : "Off"));
    }
    check();
}

TEST_CASE ("nested VCA faders add up in dB on every member, by value and by lane")
{
    // Oracle: the sum of all levels in dB at every frame, as a gain in double.
    Desk d;
    const auto a = d.track ("A", 2);
    const auto drums = d.done (session::addedVca (d.project, d.songId(), "Drums")),
               band = d.done (session::addedVca (d.project, d.songId(), "Band"));
    d.done (session::withMembers (d.project, drums, { a }));
    d.done (session::withMembers (d.project, band, { drums }));
    d.set (a, "fader.level", -2.0);
    d.set (drums, "fader.level", -3.0);
    d.set (band, "fader.level", 1.0);
    const auto check = [&] (auto&& decibels)
    {
        const auto sound = d.rendered (0, 2000);
        for (std::size_t c = 0; c < 2; ++c)
            for (Frames n = 0; n < 2000; ++n)
                REQUIRE (
                    sound[c][static_cast<std::size_t> (n)] ==
                    Approx (wholeNoise (n, static_cast<int> (c), a.value) * std::pow (10, decibels (n) / 20))
                        .epsilon (3e-7)
                        .margin (1e-12));
    };
    check ([] (Frames) { return -4.0; });

    using session::Curve;
    d.done (session::withLane (d.project, { band,
                                            "fader.level",
                                            { { 100, 0, Curve::smooth, 0 }, { 1100, -12, Curve::linear, 0 } },
                                            true,
                                            {} }));
    const auto ride = [] (Frames n)
    {
        const double share = std::clamp ((static_cast<double> (n) - 100) / 1000, 0.0, 1.0);
        return -12 * (0.5 - 0.5 * std::cos (share * 3.14159265358979323846));
    };
    check ([&] (Frames n) { return -2 - 3 + ride (n); });

    // The other one too: their sum is one lane, bent and straight together, with a jump.
    d.done (session::withLane (
        d.project, { drums,
                     "fader.level",
                     { { 0, -6, Curve::linear, 0 }, { 640, 0, Curve::hold, 0 }, { 801, -3, Curve::hold, 0 } },
                     true,
                     {} }));
    check (
        [&] (Frames n)
        {
            const double own = n < 640 ? -6 + 6 * static_cast<double> (n) / 640 : n < 801 ? 0 : -3;
            return -2 + own + ride (n);
        });
}

TEST_CASE ("an effect's mix holds the dry sound in time, and listening lets the key be heard in its place")
{
    Desk d;
    const auto a = d.track ("A", 2), b = d.track ("B", 2);
    d.set (b, "fader.mute", std::string ("On")); // a key is heard before mute and fader
    const auto effect = d.done (session::addedEffect (d.project, a, "keyed-delay"));
    d.set (effect, "frames", 77.0);
    d.done (session::withSidechain (d.project, effect, b));
    const auto check = [&] (Frames from, double dry, double key)
    {
        const auto sound = d.rendered (0, 2000);
        for (std::size_t c = 0; c < 2; ++c)
            for (Frames n = from; n < 2000; ++n)
                REQUIRE (sound[c][static_cast<std::size_t> (n)] ==
                         static_cast<float> (dry * wholeNoise (n, static_cast<int> (c), a.value) +
                                             key * wholeNoise (n, static_cast<int> (c), b.value)));
    };
    check (0, 1, 1);
    d.set (effect, "mix", 25.0); // a quarter of (a + b) and three quarters of a
    check (0, 1, 0.25);
    d.set (effect, "mix", 0.0);
    check (0, 1, 0);
    d.set (effect, "sidechain.listen", std::string ("On"));
    check (600, 0, 1); // after the crossfade of 10 ms
}

TEST_CASE ("an effect that has no ear for a sidechain is given none, and told so")
{
    Desk d;
    const auto a = d.track ("A", 2), b = d.track ("B", 2);
    const auto keyed = [&] (const char* type)
    {
        const auto effect = d.done (session::addedEffect (d.project, a, type));
        return session::applied (d.project, "set-sidechain",
                                 { { "effect", session::addressOf (d.project, effect) },
                                   { "from", session::addressOf (d.project, b) } },
                                 studio::catalogue());
    };
    for (const auto* type :
         { "compressor", "gate", "de-esser", "transient-shaper", "equaliser", "delay", "master-eq" })
    {
        INFO (type);
        CHECK (keyed (type).ok());
    }
    for (const auto* type : { "reverb", "chorus", "gain", "track-limiter", "clipper" })
    {
        INFO (type);
        const auto edit = keyed (type);
        REQUIRE_FALSE (edit.ok());
        CHECK (edit.problem().sentence().find ("does not listen to a sidechain") != std::string::npos);
    }
}

TEST_CASE ("a follower and a key reach the same effect, and a disabled track moves nothing")
{
    // The follower has a depth of nothing, so that the sound is the direct sum of track and key; what is
    // tested is that waiting for it takes no input of the effect's.
    Desk d;
    const auto a = d.track ("A", 2), b = d.track ("B", 2);
    const auto effect = d.done (session::addedEffect (d.project, a, "keyed-delay"));
    d.set (effect, "frames", 77.0);
    d.set (b, "fader.mute", std::string ("On"));
    const auto m =
        d.done (session::addedModulator (d.project, d.songId(), session::ModulatorKind::follower, "Duck"));
    d.done (session::withModulation (d.project, m, { effect, "mix", 0, false }));
    d.done (session::withSource (d.project, m, b));
    const auto check = [&] (double key)
    {
        const auto sound = d.rendered (0, 2000);
        for (std::size_t c = 0; c < 2; ++c)
            for (Frames n = 0; n < 2000; ++n)
                REQUIRE (sound[c][static_cast<std::size_t> (n)] ==
                         static_cast<float> (wholeNoise (n, static_cast<int> (c), a.value) +
                                             key * wholeNoise (n, static_cast<int> (c), b.value)));
    };
    check (0);
    d.done (session::withSidechain (d.project, effect, b));
    check (1);
    d.done (session::disabled (d.project, b, true));
    check (0);
}

TEST_CASE ("strips are listened to before or after their faders in place of the song, and never in an export")
{
    Desk d;
    const auto a = d.track ("A", 2), b = d.track ("B", 1);
    d.set (a, "fader.level", -100.0);
    studio::LiveEnd end;
    end.monitor = std::make_shared<studio::Monitor> (48000);
    const auto check = [&] (studio::Tap tap, bool hearsA, bool hearsB)
    {
        const auto sound = d.rendered (0, 1000, tap, end);
        for (std::size_t c = 0; c < 2; ++c)
            for (Frames n = 600; n < 1000; ++n) // 10 ms after the start it has crossed
                REQUIRE (sound[c][static_cast<std::size_t> (n)] ==
                         (hearsA ? wholeNoise (n, static_cast<int> (c), a.value) : 0) +
                             (hearsB ? wholeNoise (n, 0, b.value) : 0));
    };
    const studio::Tap master { studio::Tap::Point::master, {} }, mix { studio::Tap::Point::mix, {} };
    check (master, false, true); // the song
    end.monitor->hearListened (true);
    end.listened = { a };
    check (master, false, false); // its fader is down
    end.beforeFader = true;
    check (master, true, false);
    end.listened = { a, b };
    check (master, true, true);
    check (mix, false, true);
    end.monitor = nullptr;
    check (master, false, true);
}

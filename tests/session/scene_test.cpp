// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Address.h"
#include "session/Sample.h"
#include "session/SceneEdits.h"

#include <catch2/catch.hpp>

using namespace lacquer;
using namespace lacquer::session;
using test::made;

namespace
{

constexpr Param level { "fader.level", "Fader", "dB", -100, 10, 0, Taper::fader };
constexpr Param frequency { "eq.band1.frequency", "Frequency", "Hz", 20, 20000, 100, Taper::logarithmic };
constexpr Param solo { "fader.solo", "Solo", {}, 0, 1, 0, Taper::linear, "Off|On" };
constexpr Param decay { "decay", "Decay", "s", 0.1f, 10, 1, Taper::logarithmic };
constexpr Param rate { "rate", "Rate", "Hz", 0.1f, 10, 1, Taper::logarithmic };
constexpr Param mute { "fader.mute", "Mute", {}, 0, 1, 0, Taper::linear, "Off|On" };
constexpr Param feedback { "feedback", "Feedback", "%", 0, 100, 30 };

const Catalogue& tables()
{
    static const Catalogue all { [] (StripKind, std::string_view id) -> const Param*
                                 {
                                     for (const auto* p : { &level, &frequency, &mute, &solo })
                                         if (p->id == id)
                                             return p;
                                     return nullptr;
                                 },
                                 [] (std::string_view type, std::string_view id) -> const Param*
                                 {
                                     return type == "delay" && id == "feedback" ? &feedback
                                            : type == "reverb" && id == "decay" ? &decay
                                            : type == "chorus" && id == "rate"  ? &rate
                                                                                : nullptr;
                                 } };
    return all;
}

/// A few edits by name.
Project after (Project p, const std::vector<std::pair<std::string, Arguments>>& edits)
{
    for (const auto& [op, arguments] : edits)
    {
        INFO (op);
        p = made (applied (p, op, arguments, tables()));
    }
    return p;
}

/// A drum track in a group with a delay, a voice with a send to an echo, a VCA fader, a mute group.
Project mixer()
{
    return after (newProject ("Song", 48000),
                  { { "add-track", { { "name", "Drums" } } },
                    { "add-track", { { "name", "Voice" } } },
                    { "add-group", { { "name", "Bus" } } },
                    { "add-return", { { "name", "Echo" } } },
                    { "set-output", { { "strip", "track:Drums" }, { "output", "group:Bus" } } },
                    { "set-send", { { "strip", "track:Voice" }, { "slot", "2" }, { "to", "return:Echo" } } },
                    { "add-effect", { { "place", "track:Drums" }, { "type", "delay" } } },
                    { "set", { { "address", "track:Drums/delay.feedback" }, { "value", "20" } } },
                    { "set", { { "address", "track:Drums/fader.level" }, { "value", "-6" } } },
                    { "set-delay", { { "track", "track:Drums" }, { "delay", "100f" } } },
                    { "add-vca", { { "name", "All" } } },
                    { "set", { { "address", "vca:All/fader.level" }, { "value", "-2" } } },
                    { "add-mute-group", { { "name", "Break" } } } });
}

/// Everything a person might do to that mixer afterwards.
const std::vector<std::pair<std::string, Arguments>>& changes()
{
    static const std::vector<std::pair<std::string, Arguments>> all {
        { "set", { { "address", "track:Drums/fader.level" }, { "value", "3" } } },
        { "set", { { "address", "track:Voice/eq.band1.frequency" }, { "value", "400" } } },
        { "set", { { "address", "track:Drums/delay.feedback" }, { "value", "80" } } },
        { "set", { { "address", "vca:All/fader.level" }, { "value", "0" } } },
        { "set", { { "address", "mix/fader.level" }, { "value", "-1" } } },
        { "set-output", { { "strip", "track:Drums" }, { "output", "mix" } } },
        { "set-send", { { "strip", "track:Voice" }, { "slot", "2" }, { "to", "none" } } },
        { "set-delay", { { "track", "track:Drums" }, { "delay", "0f" } } },
        { "switch-effect", { { "effect", "track:Drums/delay" }, { "on", "off" } } },
        { "disable", { { "strip", "track:Voice" } } },
        { "switch-mute-group", { { "group", "Break" } } },
    };
    return all;
}

/// The text of the song without its scenes, to compare mixers.
std::string withoutScenes (const Project& p)
{
    auto copy = p;
    auto song = *copy.songs.front();
    song.scenes.clear();
    copy.songs.front() = std::make_shared<const Song> (song);
    return canonical (copy);
}

double number (const Project& p, const std::string& address)
{
    const auto place = found (p, address, tables());
    REQUIRE (place);
    const auto* effect = effectOf (p, place->target());
    const auto& values = effect != nullptr ? effect->values : stripOf (p, place->target())->values;
    return std::get<double> (values.at (place->parameter));
}

} // namespace

TEST_CASE ("recalling a scene puts the whole mixer back in one step, to the byte")
{
    auto p = after (mixer(), { { "store-scene", { { "name", "One" } } } });
    const auto before = withoutScenes (p);
    p = after (std::move (p), changes());
    REQUIRE (withoutScenes (p) != before);
    const auto edit = applied (p, "recall-scene", { { "scene", "One" } }, tables());
    REQUIRE (edit);
    CHECK (edit->label == "Recall scene \"One\"");
    CHECK (edit->notes.empty());
    CHECK (withoutScenes (edit->project) == before);
    CHECK (valid (edit->project));
}

TEST_CASE ("a scene is recalled for selected strips alone")
{
    auto p = after (mixer(), { { "store-scene", { { "name", "One" } } } });
    p = after (std::move (p), changes());
    const auto q = after (p, { { "recall-scene", { { "scene", "One" }, { "strips", "track:Drums" } } } });
    CHECK (q.songs[0]->tracks[0]->delay == 100);
    CHECK (number (q, "track:Drums/fader.level") == -6);
    CHECK (number (q, "track:Drums/delay.feedback") == 20);
    CHECK (*q.songs[0]->tracks[1] == *p.songs[0]->tracks[1]);
    CHECK (*q.songs[0]->mix == *p.songs[0]->mix);
    CHECK (q.songs[0]->vcas[0]->values == p.songs[0]->vcas[0]->values);
    CHECK (q.songs[0]->muteGroups[0].on);
}

TEST_CASE ("solo and automation are not part of a scene")
{
    auto p = after (
        mixer(), { { "set", { { "address", "track:Voice/fader.solo" }, { "value", "On" } } },
                   { "store-scene", { { "name", "One" } } },
                   { "set", { { "address", "track:Drums/fader.solo" }, { "value", "On" } } },
                   { "reset", { { "address", "track:Voice/fader.solo" } } },
                   { "automate", { { "address", "track:Drums/fader.level" }, { "points", "0:0, 1:-3" } } } });
    p = after (std::move (p), { { "recall-scene", { { "scene", "One" } } } });
    CHECK (p.songs[0]->tracks[0]->strip.values.contains ("fader.solo"));
    CHECK_FALSE (p.songs[0]->tracks[1]->strip.values.contains ("fader.solo"));
    CHECK (p.songs[0]->tracks[0]->strip.lanes.size() == 1);
}

TEST_CASE ("what came and went since a scene was stored is told in sentences")
{
    auto p = after (mixer(),
                    { { "add-effect", { { "place", "track:Voice" }, { "type", "reverb" } } },
                      { "set", { { "address", "track:Voice/reverb.decay" }, { "value", "2" } } },
                      { "store-scene", { { "name", "One" } } },
                      { "remove-effect", { { "effect", "track:Voice/reverb" } } },
                      { "add-effect", { { "place", "track:Drums" }, { "type", "chorus" } } },
                      { "automate", { { "address", "track:Drums/chorus.rate" }, { "points", "0:1, 1:2" } } },
                      { "add-track", { { "name", "Late" } } },
                      { "set", { { "address", "track:Late/fader.level" }, { "value", "-9" } } },
                      { "remove", { { "strip", "group:Bus" } } } });
    const auto edit = applied (p, "recall-scene", { { "scene", "One" } }, tables());
    REQUIRE (edit);
    const auto& q = edit->project;
    REQUIRE (valid (q));
    CHECK (edit->notes == std::vector<std::string> {
                              "The track \"Late\" is not in the scene and stays as it is.",
                              "The effect reverb of the track \"Voice\" was put back.",
                              "The effect chorus of the track \"Drums\" is not in the scene and is bypassed.",
                              "A track or bus of the scene is no longer in the song." });
    CHECK (number (q, "track:Late/fader.level") == -9);
    CHECK (number (q, "track:Voice/reverb.decay") == 2);
    const auto& drums = q.songs[0]->tracks[0]->strip;
    REQUIRE (drums.inserts.size() == 2);
    CHECK_FALSE (drums.inserts[1]->on);
    CHECK (drums.lanes.size() == 1); // the bypassed effect keeps its automation
    CHECK (drums.output == q.songs[0]->mix->id);
}

TEST_CASE ("inserts that find no free slot stay away and are told")
{
    auto p = after (mixer(), { { "add-effect", { { "place", "track:Voice" }, { "type", "reverb" } } },
                               { "store-scene", { { "name", "One" } } },
                               { "remove-effect", { { "effect", "track:Voice/reverb" } } } });
    for (std::size_t n = 0; n < Strip::insertSlots; ++n)
        p = after (std::move (p), { { "add-effect", { { "place", "track:Voice" }, { "type", "delay" } } } });
    const auto edit = applied (p, "recall-scene", { { "scene", "One" } }, tables());
    REQUIRE (edit);
    CHECK (edit->project.songs[0]->tracks[1]->strip.inserts.size() == Strip::insertSlots);
    CHECK (edit->notes.back() ==
           "The effect reverb of the track \"Voice\" found no free slot and was left out.");
}

TEST_CASE ("a recall that would close a circle is refused and names it")
{
    // Bus into Other when stored; now Other into Bus.
    auto p = after (mixer(), { { "add-group", { { "name", "Other" } } },
                               { "set-output", { { "strip", "group:Bus" }, { "output", "group:Other" } } },
                               { "store-scene", { { "name", "One" } } },
                               { "set-output", { { "strip", "group:Bus" }, { "output", "mix" } } },
                               { "set-output", { { "strip", "group:Other" }, { "output", "group:Bus" } } } });
    const auto edit =
        applied (p, "recall-scene", { { "scene", "One" }, { "strips", "group:Bus" } }, tables());
    REQUIRE_FALSE (edit);
    CHECK (edit.problem().what == "The sound would run in a circle: Bus -> Other -> Bus.");
}

TEST_CASE ("a blend goes along each parameter's own travel, and choices change over at half way")
{
    auto p = after (mixer(), { { "store-scene", { { "name", "A" } } } });
    p = after (std::move (p), changes());
    p = after (std::move (p), { { "set", { { "address", "track:Voice/fader.mute" }, { "value", "On" } } },
                                { "set", { { "address", "track:Voice/fader.level" }, { "value", "-inf" } } },
                                { "store-scene", { { "name", "B" } } } });
    const auto at = [&] (const char* share) {
        return after (p, { { "blend-scenes", { { "scene", "A" }, { "other", "B" }, { "share", share } } } });
    };
    CHECK (withoutScenes (at ("0%")) ==
           withoutScenes (after (p, { { "recall-scene", { { "scene", "A" } } } })));
    CHECK (withoutScenes (at ("100%")) ==
           withoutScenes (after (p, { { "recall-scene", { { "scene", "B" } } } })));
    const auto half = at ("50%");
    REQUIRE (valid (half));
    // 100 Hz (initial, not stored) to 400 Hz on a logarithmic travel: the geometric mean.
    CHECK (number (half, "track:Voice/eq.band1.frequency") == Approx (200).epsilon (1e-5));
    CHECK (number (half, "track:Drums/delay.feedback") == Approx (50).epsilon (1e-6)); // 20 to 80 %, linear
    // The fader's law, by its own functions: -6 to 3 dB.
    CHECK (travelOf (level, number (half, "track:Drums/fader.level")) ==
           Approx ((travelOf (level, -6) + travelOf (level, 3)) / 2));
    const auto& voice = half.songs[0]->tracks[1]->strip;
    CHECK (voice.values.at ("fader.mute") == Value { std::string ("On") });
    CHECK (voice.disabled);
    CHECK (number (half, "track:Voice/fader.level") > -60); // half the fader's way down, not half of -100 dB
    const auto before = at ("49%");
    CHECK_FALSE (before.songs[0]->tracks[1]->strip.values.contains ("fader.mute"));
    CHECK_FALSE (before.songs[0]->tracks[1]->strip.disabled);
    CHECK (before.songs[0]->tracks[0]->strip.output == before.songs[0]->groups[0]->id);
    CHECK (before.songs[0]->tracks[0]->delay == 51); // 100 to 0 frames
    // Without its % a number up to 1 may be meant as a share of 1.
    for (const auto* bad : { "-1%", "101%", "nan", "half", "0.5", "1" })
        CHECK_FALSE (applied (p, "blend-scenes", { { "scene", "A" }, { "other", "B" }, { "share", bad } }));
}

TEST_CASE ("scenes are renamed, updated, moved and removed, and a scene that is equal costs little")
{
    auto p = mixer();
    for (int n = 0; n < 50; ++n)
        p = after (std::move (p), { { "add-track", { { "name", "T" + std::to_string (n) } } },
                                    { "set",
                                      { { "address", "track:T" + std::to_string (n) + "/fader.level" },
                                        { "value", "-3" } } } });
    const auto none = canonical (p).size();
    p = after (std::move (p), { { "store-scene", { { "name", "A" } } } });
    const auto one = canonical (p).size();
    p = after (std::move (p), { { "store-scene", { { "name", "B" } } } });
    const auto two = canonical (p).size();
    CHECK (two - one < (one - none) / 10); // all strips as in the scene before
    const auto back = loaded (canonical (p));
    REQUIRE (back);
    CHECK (canonical (back->project) == canonical (p));
    CHECK (back->project.songs[0]->scenes[1]->strips[0] == back->project.songs[0]->scenes[0]->strips[0]);

    p = after (std::move (p), changes());
    p = after (std::move (p), { { "update-scene", { { "scene", "B" } } },
                                { "rename",
                                  { { "what", "scene:" + std::to_string (p.songs[0]->scenes[1]->id.value) },
                                    { "name", "Loud" } } },
                                { "move-scene", { { "scene", "Loud" }, { "index", "1" } } } });
    CHECK (p.songs[0]->scenes[0]->name == "Loud");
    const auto now = withoutScenes (p);
    p = after (std::move (p), { { "recall-scene", { { "scene", "A" } } } });
    CHECK (withoutScenes (p) != now);
    p = after (std::move (p), { { "recall-scene", { { "scene", "Loud" } } } });
    CHECK (withoutScenes (p) == now);
    // An equal state is written where it comes first, whatever the order: moving keeps the project readable.
    REQUIRE (canonical (*parsed (canonical (p))) == canonical (p));
    p = after (std::move (p), { { "remove-scene", { { "scene", "Loud" } } } });
    REQUIRE (p.songs[0]->scenes.size() == 1);
    CHECK_FALSE (applied (p, "recall-scene", { { "scene", "Loud" } }));
    CHECK_FALSE (applied (p, "recall-scene", { { "scene", "scene:1" } }));
}

TEST_CASE ("the recording of an effect that only a scene remembers is still in use")
{
    auto p = after (mixer(), { { "add-media", { { "path", "Audio/Hall.wav" }, { "frames", "100" } } } });
    const auto media = "media:" + std::to_string (p.media[0].id.value);
    p = after (std::move (p),
               { { "set-recording", { { "effect", "track:Drums/delay" }, { "media", media } } },
                 { "store-scene", { { "name", "One" } } },
                 { "remove-effect", { { "effect", "track:Drums/delay" } } } });
    CHECK_FALSE (applied (p, "clean-media", {}));
    CHECK_FALSE (applied (p, "remove-media", { { "media", media } }));
    p = after (std::move (p), { { "recall-scene", { { "scene", "One" } } } });
    CHECK (p.songs[0]->tracks[0]->strip.inserts[0]->media == p.media[0].id);
}

TEST_CASE ("hostile scenes are refused with one sentence each")
{
    const auto text = canonical (after (
        mixer(), { { "store-scene", { { "name", "One" } } }, { "store-scene", { { "name", "Two" } } } }));
    const auto with = [&] (const std::string& old, const std::string& fresh)
    {
        auto copy = text;
        const auto at = copy.find (old, copy.find ("\"scenes\""));
        REQUIRE (at != std::string::npos);
        return copy.replace (at, old.size(), fresh);
    };
    const auto drums = std::to_string (found (mixer(), "track:Drums")->owner.value),
               voice = std::to_string (found (mixer(), "track:Voice")->owner.value),
               bus = std::to_string (found (mixer(), "group:Bus")->owner.value);
    const std::vector<std::string> hostile {
        with ("\"name\": \"One\"", "\"name\": 1"),
        with ("\"same\": [", "\"same\": [[], "),
        with ("\"same\": [", "\"same\": [[1], "),
        with ("\"same\": [", "\"same\": [7, "),
        with ("\"same\": [", "\"same\": [[4000, " + drums + "], "),
        with (", " + drums, ", 1"),        // a strip that the earlier scene does not have
        with (", " + drums, ", " + voice), // a strip twice
        with ("\"strip\": " + drums, "\"strip\": 0"),
        with ("\"strip\": " + drums, "\"strip\": " + voice), // a strip twice
        with ("\"strip\": " + drums, "\"strip\": 4000"),     // never handed out
        with ("\"output\": " + bus, "\"output\": 4000"),
        with ("\"output\": " + bus, "\"output\": \"" + bus + "\""),
        with ("\"delay\": 100", "\"delay\": 1000000000000"),
        with ("\"feedback\": 20", "\"feedback\": 1e300"),
        with ("\"feedback\": 20", "\"feedback\": null"),
        with ("\"type\": \"delay\"", "\"type\": \"\""),
        with ("\"type\": \"delay\"", "\"media\": 3, \"type\": \"delay\""),
        with ("\"vca\": ", "\"vca\": 99"),
        with (", false]", ", 0]"),
        with (", false]", ", false, false]"),
    };
    for (const auto& one : hostile)
    {
        const auto result = loaded (one);
        REQUIRE_FALSE (result.ok());
        const auto& what = result.problem().what;
        INFO (what);
        CHECK (what.back() == '.');
        CHECK (what.size() < 300);
        CHECK (what.find ('\n') == std::string::npos);
    }
    // An effect in a scene with the id of a track gets one of its own when it comes back.
    auto p = parsed (with ("\"id\": " + std::to_string (found (mixer(), "track:Drums/delay")->effect.value),
                           "\"id\": " + drums));
    REQUIRE (p);
    const auto recalled = after (*p, { { "recall-scene", { { "scene", "One" } } } });
    CHECK (valid (recalled));
    CHECK (recalled.songs[0]->tracks[0]->strip.inserts.size() == 2);
}

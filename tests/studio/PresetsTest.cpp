// SPDX-License-Identifier: GPL-3.0-or-later
// Presets: every factory preset on its own merits, and what users may do with theirs.
#include "core/SafeFile.h"
#include "measure/Meter.h"
#include "session/Edits.h"
#include "session/Find.h"
#include "session/Json.h"
#include "studio/Catalogue.h"
#include "studio/Chain.h"
#include "studio/Excerpt.h"
#include "studio/FactoryPresets.h"
#include "studio/Presets.h"
#include "studio/Studio.h"
#include "support/Folder.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <set>
#include <sys/stat.h>

using namespace lacquer;
using namespace lacquer::studio;
namespace fs = std::filesystem;

namespace
{

std::string idOf (const FactoryPreset& f)
{
    return f.effect == "chains" ? std::string() : std::string (f.effect);
}

/// Loudness by our meter, which tests/measure checks against libebur128.
double loudnessOf (const tests::Excerpt::Sound& sound)
{
    measure::Meter meter (tests::Excerpt::rate, std::array { measure::Role::left, measure::Role::right });
    const float* channels[] { sound[0].data(), sound[1].data() };
    meter.add (channels, static_cast<Frames> (sound[0].size()));
    return meter.result().integrated.value_or (-100);
}

/// The sound after effects, latency removed.
tests::Excerpt::Sound after (const tests::Excerpt::Sound& sound, const std::vector<session::Effect>& effects)
{
    tests::Excerpt::Sound out;
    const auto source = std::make_shared<MemorySource> (
        std::make_shared<const std::vector<std::vector<float>>> (sound.begin(), sound.end()));
    const auto done = runChain (source, tests::Excerpt::rate, effects, static_cast<Frames> (sound[0].size()),
                                [&] (const float* const* channels, int frames)
                                {
                                    for (std::size_t c = 0; c < 2; ++c)
                                        out[c].insert (out[c].end(), channels[c], channels[c] + frames);
                                    return Outcome {};
                                });
    INFO ((done ? std::string() : done.problem().sentence()));
    REQUIRE (done.ok());
    return out;
}

using Home = tests::ConfigHome;

session::Project made (session::Edit e)
{
    if (! e)
        FAIL (e.problem().sentence());
    return std::move (e->project);
}

/// A track with two effects.
session::Project voice()
{
    auto p = session::newProject ("Test", 48000);
    for (const auto& [op, arguments] : std::vector<std::pair<std::string, session::Arguments>> {
             { "add-track", { { "name", "Vox" } } },
             { "add-effect", { { "place", "track:Vox" }, { "type", "equaliser" } } },
             { "add-effect", { { "place", "track:Vox" }, { "type", "delay" }, { "post-console", "on" } } },
             { "set", { { "address", "track:Vox/delay.feedback" }, { "value", "51.5%" } } },
             { "set", { { "address", "track:Vox/delay.note" }, { "value", "1/4" } } },
             { "switch-effect", { { "effect", "track:Vox/equaliser" }, { "on", "off" } } } })
        p = made (session::applied (p, op, arguments, catalogue()));
    return p;
}

} // namespace

TEST_CASE ("every factory preset is a valid file under its own name, with one sentence of use")
{
    REQUIRE (factoryPresets().size() >= 30);
    std::set<std::string> seen;
    for (const auto& f : factoryPresets())
    {
        INFO (f.effect << "/" << f.slug);
        const auto preset = presetFrom (f.text, idOf (f));
        if (! preset)
            FAIL_CHECK (preset.problem().sentence());
        else
        {
            CHECK (slugOf (preset->name) == f.slug);
            CHECK (seen.insert (std::string (f.effect) + "/" + slugOf (preset->name)).second);
            CHECK (preset->use.size() > 8);
            CHECK (preset->use.ends_with ('.'));
            CHECK (preset->use.substr (0, preset->use.size() - 1).find (". ") == std::string::npos);
        }
    }
}

TEST_CASE ("every factory preset changes at least three parameters, and each differs from the others")
{
    std::map<std::string, std::set<std::vector<float>>> seen;
    for (const auto& f : factoryPresets())
    {
        const auto preset = presetFrom (f.text, idOf (f));
        if (! preset || preset->isChain())
            continue;
        INFO (f.effect << "/" << f.slug);
        const auto& params = effectOf (f.effect)->params;
        const auto numbers = numbersOf (params, preset->values());
        int changed = 0;
        for (std::size_t n = 0; n < params.size(); ++n)
            changed += numbers[n] != params[n].initial;
        CHECK (changed >= 3);
        CHECK (seen[std::string (f.effect)].insert (numbers).second);
    }
}

TEST_CASE ("every effect has at least five factory presets")
{
    std::map<std::string_view, int> count;
    for (const auto& f : factoryPresets())
        ++count[f.effect];
    for (const auto& [effect, presets] : count)
    {
        INFO (effect);
        CHECK ((effect == "chains" || effectOf (effect) != nullptr));
        CHECK (presets >= 5);
    }
    for (const auto* type : effects())
        if (! count.contains (type->id))
            FAIL_CHECK ("no factory presets for " << type->id);
}

TEST_CASE ("a factory preset keeps the loudness within 1 LU unless level is its purpose")
{
    // Measured on the demo song's chorus, or on the stem that the preset names as the one it is made for.
    const Home home;
    tests::Excerpt excerpt;
    std::map<std::string, double> bypass;
    for (const auto& f : factoryPresets())
    {
        const auto preset = presetFrom (f.text, idOf (f));
        if (! preset || preset->level)
            continue;
        const auto& sound = excerpt.of (preset->on);
        if (! bypass.contains (preset->on))
            bypass[preset->on] = loudnessOf (sound);
        auto result = after (sound, preset->effects);
        // Rooms and echoes without a mix of their own are for a return: beside the sound, sent to at -10 dB.
        if (static const std::set<std::string> answers { "reverb", "convolution", "delay" };
            answers.contains (preset->effects.front().type) && ! preset->values().contains ("mix"))
            for (std::size_t c = 0; c < 2; ++c)
                for (std::size_t n = 0; n < result[c].size(); ++n)
                    result[c][n] = sound[c][n] + 0.3162f * result[c][n];
        const double change = loudnessOf (result) - bypass[preset->on];
        INFO (f.effect << "/" << f.slug << ": " << change << " LU on "
                       << (preset->on.empty() ? "the mix" : preset->on));
        CHECK (std::abs (change) <= 1.0);
    }
}

TEST_CASE ("loading a preset is one edit that sets its values and takes all others back")
{
    const Home home;
    auto p = voice();
    const auto before = session::canonical (p);
    Preset preset;
    preset.effect = "delay";
    preset.name = "Slap \"62\"";
    preset.factory = false;
    preset.effects.resize (1);
    preset.effects[0].type = "delay";
    preset.effects[0].values = { { "note", std::string ("Off") }, { "time", 95.0 }, { "mix", 20.0 } };
    REQUIRE (savePreset (preset));

    const auto edit = session::applied (
        p, "preset", { { "place", "track:Vox/delay" }, { "name", "slap-62" } }, catalogue());
    REQUIRE (edit);
    CHECK (edit->label == "Load preset \"slap-62\"");
    const auto& after =
        session::effectOf (edit->project, p.songs[0]->tracks[0]->strip.inserts[1]->id)->values;
    CHECK (after == preset.effects[0].values);
    CHECK (session::canonical (p) == before);
    CHECK (session::valid (edit->project));

    // The mix is that of the place where the effect is, when the preset has none of its own.
    const auto stays = session::applied (
        edit->project, "preset", { { "place", "track:Vox/delay" }, { "name", "tape-echo" } }, catalogue());
    REQUIRE (stays);
    CHECK (
        session::effectOf (stays->project, p.songs[0]->tracks[0]->strip.inserts[1]->id)->values.at ("mix") ==
        session::Value { 20.0 });

    const auto none = session::applied (
        p, "preset", { { "place", "track:Vox/delay" }, { "name", "Nowhere" } }, catalogue());
    REQUIRE_FALSE (none);
    CHECK (none.problem().what == "There is no preset for Delay called \"Nowhere\".");
}

TEST_CASE ("a chain is saved from a strip and put in place of another one")
{
    const Home home;
    const auto p = voice();
    const auto vox = p.songs[0]->tracks[0]->strip.id;
    const auto chain = presetOf (p, vox, "Lead voice", "Mine.");
    REQUIRE (chain);
    REQUIRE (savePreset (*chain));
    REQUIRE_FALSE (savePreset (*chain));
    REQUIRE (savePreset (*chain, true));

    auto q = made (session::applied (p, "add-track", { { "name", "Choir" } }, catalogue()));
    q = made (session::applied (q, "add-effect", { { "place", "track:Choir" }, { "type", "reverb" } },
                                catalogue()));
    q = made (session::applied (q, "automate",
                                { { "address", "track:Choir/reverb.decay" }, { "points", "0:1 s, 2:2 s" } },
                                catalogue()));
    const auto edit =
        session::applied (q, "preset", { { "place", "track:Choir" }, { "name", "Lead voice" } }, catalogue());
    REQUIRE (edit);
    CHECK (session::valid (edit->project));
    const auto& from = p.songs[0]->tracks[0]->strip.inserts;
    const auto& strip = edit->project.songs[0]->tracks[1]->strip;
    CHECK (strip.lanes.empty());
    REQUIRE (strip.inserts.size() == from.size());
    for (std::size_t n = 0; n < from.size(); ++n)
    {
        CHECK (strip.inserts[n]->type == from[n]->type);
        CHECK (strip.inserts[n]->values == from[n]->values);
        CHECK (strip.inserts[n]->on == from[n]->on);
        CHECK (strip.inserts[n]->postConsole == from[n]->postConsole);
        CHECK (strip.inserts[n]->id != from[n]->id);
    }
}

TEST_CASE ("a chain keeps how its effects are mixed and what they listen to")
{
    const Home home;
    auto p = voice();
    const auto run = [&] (std::string_view op, const session::Arguments& a)
    { p = made (session::applied (p, op, a, catalogue())); };
    run ("add-track", { { "name", "Kick/1" } });
    run ("add-effect", { { "place", "track:Vox" }, { "type", "compressor" } });
    run ("set-sidechain", { { "effect", "track:Vox/compressor" }, { "from", "track:Kick\\/1" } });
    run ("set", { { "address", "track:Vox/compressor.mix" }, { "value", "40%" } });
    run ("set", { { "address", "track:Vox/compressor.sidechain.listen" }, { "value", "On" } });
    const auto vox = p.songs[0]->tracks[0]->strip.id, kick = p.songs[0]->tracks[1]->strip.id;
    const auto chain = presetOf (p, vox, "Ducked");
    REQUIRE (chain);
    CHECK (chain->keys == std::vector<std::string> { "", "", "track:Kick\\/1" });
    REQUIRE (savePreset (*chain));
    const auto again = presetCalled ("", "Ducked");
    REQUIRE (again);
    CHECK (again->keys == chain->keys);
    CHECK (again->effects == chain->effects);

    const auto loaded = [&] (const std::string& place) {
        return session::applied (p, "preset", { { "place", place }, { "name", "Ducked" } }, catalogue());
    };
    // A strip of that name is listened to; listening in is not part of a preset.
    run ("add-track", { { "name", "Choir" } });
    const auto there = loaded ("track:Choir");
    REQUIRE (there);
    CHECK (there->notes.empty());
    const auto& strip = there->project.songs[0]->tracks[2]->strip;
    CHECK (strip.inserts[2]->sidechain == kick);
    CHECK (strip.inserts[2]->values.at ("mix") == session::Value { 40.0 });
    CHECK_FALSE (strip.inserts[2]->values.contains ("sidechain.listen"));
    // On the strip itself, and where there is none, the effect listens to nothing and says so.
    const auto self = loaded ("track:Kick\\/1");
    REQUIRE (self);
    CHECK (session::valid (self->project));
    CHECK_FALSE (self->project.songs[0]->tracks[1]->strip.inserts[2]->sidechain);
    REQUIRE (self->notes.size() == 1);
    run ("add-song", { { "name", "Other" } });
    const auto away = loaded ("song:Other/mix");
    REQUIRE (away);
    CHECK_FALSE (away->project.songs[1]->mix->inserts[2]->sidechain);
    CHECK (away->notes == std::vector<std::string> {
                              "The effect compressor got no sidechain: There is no track:Kick\\/1 to listen "
                              "to." });
    for (const auto* key : { "\"Kick\"", "3", "\"song:A/track:B\"", "\"track:Kick/eq.on\"" })
        CHECK_FALSE (presetFrom (
            std::string (R"({"name": "A", "chain": [{"type": "delay", "sidechain": )") + key + "}]}", ""));
}

TEST_CASE ("a saved preset is listed, hides a factory one of its name, and can be deleted")
{
    const Home home;
    const auto& factory = factoryPresets().front();
    const auto effect = idOf (factory);
    const auto listed = presetsOf (effect);
    REQUIRE (listed.unreadable.empty());
    auto mine = *presetFrom (factory.text, effect);
    mine.use = "Mine.";
    REQUIRE (savePreset (mine));
    // For the user alone: RELIABILITY, temporary files and caches.
    struct stat status
    {
    };
    REQUIRE (::stat (presetFolder().c_str(), &status) == 0);
    CHECK ((status.st_mode & 0777) == 0700);

    const auto again = presetsOf (effect);
    CHECK (again.presets.size() == listed.presets.size());
    const auto found = presetCalled (effect, mine.name);
    REQUIRE (found);
    CHECK_FALSE (found->factory);
    CHECK (found->use == "Mine.");
    REQUIRE (deletePreset (effect, mine.name));
    REQUIRE (presetCalled (effect, mine.name));
    CHECK (presetCalled (effect, mine.name)->factory);
    const auto refused = deletePreset (effect, mine.name);
    REQUIRE_FALSE (refused);
    CHECK (refused.problem().what == "\"" + mine.name + "\" came with the program and cannot be deleted.");
}

TEST_CASE ("a hostile preset is refused with one sentence")
{
    const Home home;
    const std::string good = R"({"name": "A", "values": {"feedback": 20}})";
    REQUIRE (presetFrom (good, "delay"));
    const std::string deep =
        R"({"name": "A", "values": )" + std::string (5000, '[') + std::string (5000, ']') + "}";
    const std::vector<std::string> hostile {
        "",
        "{",
        "[]",
        "null",
        "\xff\xfe",
        "\xef\xbb\xbf{}",
        R"({"name": "A"})"
        "garbage",
        deep,
        R"({"values": {}})",
        R"({"name": "", "values": {}})",
        R"({"name": "///", "values": {}})",
        R"({"name": 3, "values": {}})",
        R"({"name": "A", "name": "B"})",
        R"({"name": "A", "values": []})",
        R"({"name": "A", "values": {"feedback": 1e9}})",
        R"({"name": "A", "values": {"feedback": 1e999}})",
        R"({"name": "A", "values": {"feedback": "loud"}})",
        R"({"name": "A", "values": {"feedback": null}})",
        R"({"name": "A", "values": {"nothing": 1}})",
        R"({"name": "A", "values": {"note": 3}})",
        R"({"name": "A", "values": {"note": "1/7"}})",
        R"({"name": "A", "chain": []})",
        R"({"name": "A", "level": 1, "values": {}})",
        R"({"name": "A", "run": "rm", "values": {}})",
        R"({"name": ")" + std::string (5000, 'x') + R"(", "values": {}})",
        std::string (3 << 20, ' '),
    };
    const auto folder = presetFolder() / "delay";
    fs::create_directories (folder);
    int n = 0;
    for (const auto& text : hostile)
    {
        INFO (text.substr (0, 80));
        const auto preset = presetFrom (text, "delay");
        REQUIRE_FALSE (preset);
        const auto& what = preset.problem().what;
        INFO (what);
        CHECK (what.ends_with ('.'));
        CHECK (what.size() < 300);
        CHECK (what.find ('\n') == std::string::npos);
        REQUIRE (writeSafely ((folder / (std::to_string (n++) + ".json")).string(), text));
    }
    // A pipe would make a careless reader wait for ever.
    REQUIRE (::mkfifo ((folder / "pipe.json").c_str(), 0600) == 0);
    fs::create_directory (folder / "folder.json");
    const auto list = presetsOf ("delay");
    CHECK (list.unreadable.size() == hostile.size() + 2);
    for (const auto& p : list.presets)
        CHECK (p.factory);
    CHECK_FALSE (presetCalled ("delay", "pipe"));

    // A name cannot lead out of the folder.
    auto escape = *presetFrom (good, "delay");
    escape.name = "../../../tmp/x";
    REQUIRE (savePreset (escape));
    CHECK (fs::exists (folder / "tmp-x.json"));
    for (const auto* id : { "../delay", "no-such", "delay/.." })
        CHECK_FALSE (presetFrom (good, id));
}

TEST_CASE ("a preset's text is read back as it was written")
{
    for (const auto& f : factoryPresets())
    {
        const auto preset = presetFrom (f.text, idOf (f));
        REQUIRE (preset);
        const auto text = textOf (*preset);
        const auto again = presetFrom (text, idOf (f));
        REQUIRE (again);
        CHECK (again->name == preset->name);
        CHECK (again->use == preset->use);
        CHECK (again->level == preset->level);
        CHECK (again->on == preset->on);
        CHECK (again->effects == preset->effects);
        CHECK (textOf (*again) == text);
    }
}

TEST_CASE ("an effect's text may name a preset and change it")
{
    const Home home;
    const auto effect = effectFrom ("width preset=vinyl-cut frequency=90Hz");
    REQUIRE (effect);
    CHECK (effect->values.at ("bass-mono") == session::Value (std::string ("On")));
    CHECK (effect->values.at ("frequency") == session::Value (90.0));
    const auto none = effectFrom ("width preset=nothing");
    REQUIRE_FALSE (none);
    CHECK (none.problem().what == "There is no preset for Width called \"nothing\".");
}

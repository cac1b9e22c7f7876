// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/Driver.h"
#include "engine/Engine.h"
#include "engine/Offline.h"
#include "master/Catalogue.h"
#include "mix/Catalogue.h"
#include "session/Address.h"
#include "session/AutomationEdits.h"
#include "session/Find.h"
#include "session/History.h"
#include "session/Json.h"
#include "session/Parameters.h"
#include "session/RoutingEdits.h"
#include "studio/Catalogue.h"
#include "studio/Rig.h"
#include "studio/Studio.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

using namespace lacquer;
using lacquer::Id;

namespace
{

/// Two tones beside each other, the sides unlike each other, for ever.
struct Tones final : FrameSource
{
    explicit Tones (int count) : sides (count) {}
    int channels() const noexcept override { return sides; }
    int read (Frames position, std::span<float* const> out, int frames) noexcept override
    {
        for (std::size_t c = 0; c < out.size(); ++c)
            for (int n = 0; n < frames; ++n)
            {
                const auto t = static_cast<double> (position + n);
                out[c][n] = static_cast<float> (0.4 * std::sin (0.031 * t + static_cast<double> (c)) +
                                                0.3 * std::sin (0.47 * t + 0.5));
            }
        return frames;
    }
    void locate (Frames) noexcept override {}
    int sides;
};

/// A song, edited by name as on the command line.
struct Desk
{
    session::Project project = session::newProject ("Test", 48000);

    const session::Song& song() const { return *project.songs.front(); }
    session::Edit edited (std::string_view op, const session::Arguments& arguments) const
    {
        return session::applied (project, op, arguments, studio::catalogue());
    }
    void run (std::string_view op, const session::Arguments& arguments)
    {
        auto edit = edited (op, arguments);
        INFO (op << ": " << (edit ? std::string() : edit.problem().sentence()));
        REQUIRE (edit.ok());
        project = std::move (edit->project);
    }
    void set (const std::string& address, const std::string& value)
    {
        run ("set", { { "address", address }, { "value", value } });
    }
    std::vector<studio::Listed> parameters() const
    {
        std::vector<studio::Listed> all;
        const auto add = [&] (const auto& owner)
        {
            const auto list = studio::parametersOf (project, owner);
            all.insert (all.end(), list.begin(), list.end());
        };
        session::forEachStrip (song(), add);
        for (const auto& v : song().vcas)
            add (*v);
        for (const auto& m : song().modulators)
            add (*m);
        add (*song().master);
        return all;
    }
    /// The master's output of a stretch, both sides, one after the other.
    std::vector<float> rendered (Frames from, Frames to, int threads, int block) const
    {
        engine::Engine engine (48000, threads, engine::Engine::Helpers::always);
        studio::Rig rig (48000, sourceOf);
        use (engine, rig);
        std::vector<float> sides[2];
        const auto ended = engine::render (engine, from, to, block,
                                           [&] (const float* const* ch, int frames) -> Outcome
                                           {
                                               for (int c = 0; c < 2; ++c)
                                                   sides[c].insert (sides[c].end(), ch[c], ch[c] + frames);
                                               return {};
                                           });
        REQUIRE (ended.ok());
        sides[0].insert (sides[0].end(), sides[1].begin(), sides[1].end());
        return sides[0];
    }
    /// The same from the song's start as a device hears it, in blocks of changing size.
    std::vector<float> live (Frames frames) const
    {
        engine::Engine engine (48000, 2, engine::Engine::Helpers::always);
        studio::Rig rig (48000, sourceOf);
        use (engine, rig);
        engine::Driver device (engine, engine::Driver::Kind::device);
        engine.play();
        const auto late = static_cast<std::size_t> (engine.plan()->latency()),
                   wanted = static_cast<std::size_t> (frames);
        std::vector<float> sides[2];
        for (int block = 1; sides[0].size() < late + wanted; block = block * 7 % 509 + 1)
        {
            float left[512], right[512];
            float* const out[] { left, right };
            engine.process (out, 2, block);
            sides[0].insert (sides[0].end(), left, left + block);
            sides[1].insert (sides[1].end(), right, right + block);
        }
        std::vector<float> all;
        for (const auto& side : sides)
            all.insert (all.end(), side.begin() + static_cast<std::ptrdiff_t> (late),
                        side.begin() + static_cast<std::ptrdiff_t> (late + wanted));
        return all;
    }

private:
    static Result<std::shared_ptr<FrameSource>> sourceOf (const session::Project&, const session::Track& t)
    {
        return Result<std::shared_ptr<FrameSource>> (std::make_shared<Tones> (t.strip.channels));
    }
    void use (engine::Engine& engine, studio::Rig& rig) const
    {
        auto graph = rig.graph (project, song());
        INFO ((graph ? std::string() : graph.problem().sentence()));
        REQUIRE (graph.ok());
        auto made = engine::compile (*graph, nullptr,
                                     std::make_shared<TempoMap> (48000, song().tempi, song().metres));
        REQUIRE (made.ok());
        engine.use (*std::move (made));
    }
};

/// A song that holds one of everything that has parameters.
Desk oneOfEverything()
{
    Desk d;
    d.run ("add-track", { { "name", "Vox" } });
    d.run ("add-track", { { "name", "Bass" }, { "channels", "1" } });
    d.run ("add-track", { { "name", "Keys" } });
    d.run ("set-form", { { "track", "track:Keys" }, { "form", "dual-mono" } });
    d.run ("add-group", { { "name", "Band" } });
    d.run ("add-return", { { "name", "Room" } });
    d.run ("set-output", { { "strip", "track:Vox" }, { "output", "group:Band" } });
    for (int slot = 1; slot <= session::Strip::sendSlots; ++slot)
        d.run ("set-send",
               { { "strip", "track:Vox" }, { "slot", std::to_string (slot) }, { "to", "return:Room" } });
    // Every insert there is, over the strips; every module on the master.
    const std::vector<std::string> places { "track:Vox",  "track:Bass",  "track:Keys",
                                            "group:Band", "return:Room", "mix" };
    std::size_t n = 0;
    for (const auto& type : mix::catalogue())
        d.run ("add-effect", { { "place", places[n++ % places.size()] },
                               { "type", std::string (type.id) },
                               { "post-console", n % 3 == 0 ? "on" : "off" } });
    for (const auto& type : master::catalogue())
        d.run ("add-effect", { { "place", "master" }, { "type", std::string (type.id) } });
    d.run ("add-vca", { { "name", "All" } });
    d.run ("set-members", { { "of", "vca:All" }, { "members", "track:Vox, group:Band" } });
    for (const char* kind : { "lfo", "follower", "steps", "random", "macro" })
        d.run ("add-modulator", { { "kind", kind }, { "name", kind } });
    return d;
}

/// A choice by its name, else a number.
std::string text (const Param& p, double value)
{
    return session::textOfValue (nullptr, studio::valueOfNumber (p, value));
}

} // namespace

TEST_CASE ("every parameter that is shown is set and automated by its address, inside its range only")
{
    const auto d = oneOfEverything();
    const auto before = session::canonical (d.project);
    const auto all = d.parameters();
    std::set<std::string> addresses, refused, unmoved;
    for (const auto& one : all)
    {
        CAPTURE (one.address);
        const auto& p = *one.param;
        REQUIRE (addresses.insert (one.address).second);
        const auto place = session::found (d.project, one.address, studio::catalogue());
        REQUIRE (place.ok());
        REQUIRE (place->param == one.param);
        REQUIRE (session::addressOf (d.project, place->target(), place->parameter) == one.address);

        // Set to another value: it is what show tells then, the file keeps it, and undo is the same bytes.
        const double other = p.initial == p.max ? p.min : p.max;
        auto edit = d.edited ("set", { { "address", one.address }, { "value", text (p, other) } });
        REQUIRE (edit.ok());
        session::History history (d.project);
        history.add (edit->project, edit->label);
        const auto changed = session::canonical (edit->project);
        REQUIRE (changed != before);
        const auto read = session::parsed (changed);
        REQUIRE (read.ok());
        const auto kept = session::valueOf (*read, place->target(), place->parameter);
        REQUIRE (kept.has_value());
        REQUIRE (static_cast<double> (studio::numberOf (p, *kept)) == Approx (other));
        REQUIRE (session::canonical (*history.undo()) == before);

        // A lane from end to end of its range; one that nothing can drive says why.
        edit = d.edited ("automate", { { "address", one.address },
                                       { "points", "0:" + text (p, p.min) + ", 1.5:" + text (p, p.max) } });
        if (const auto good = session::mayBeAutomated (d.project, place->target(), p.id); ! good)
        {
            REQUIRE_FALSE (edit.ok());
            REQUIRE (edit.problem().what == good.problem().what);
            if (session::modulatorOf (d.project, place->target()) == nullptr)
                refused.insert (std::string (p.id));
            else
                CHECK_FALSE (one.address.starts_with ("modulator:macro/"));
        }
        else
        {
            REQUIRE (edit.ok());
            const auto* lane = session::laneOf (edit->project, place->target(), place->parameter);
            REQUIRE (lane != nullptr);
            REQUIRE (lane->points.size() == 2);
            REQUIRE (lane->points[0].curve == (p.isChoice() ? Curve::hold : Curve::linear));
            REQUIRE (lane->points[1].position == 72000);
            REQUIRE (static_cast<float> (lane->points[1].value) == Approx (p.max));
            history.add (edit->project, edit->label);
            REQUIRE (session::canonical (*history.undo()) == before);
        }
        const auto wrong = p.isChoice() ? std::string ("banana") : text (p, 2.0 * p.max + 1000);
        for (const auto& bad :
             { d.edited ("automate", { { "address", one.address }, { "points", "0:" + wrong } }),
               d.edited ("set", { { "address", one.address }, { "value", wrong } }) })
        {
            REQUIRE_FALSE (bad.ok());
            REQUIRE (bad.problem().what ==
                     "\"" + wrong + "\" is not a value of " + std::string (p.name) + ".");
        }

        // A modulator may move whatever a strip or an effect has, but for what is listed.
        edit =
            d.edited ("modulate", { { "modulator", "lfo" }, { "address", one.address }, { "depth", "1" } });
        const bool sounds = session::stripOf (d.project, place->owner) != nullptr ||
                            session::masterOf (d.project, place->owner) != nullptr;
        REQUIRE (edit.ok() == (sounds && session::mayBeModulated (d.project, place->target(), p.id).ok()));
        if (sounds && ! edit.ok())
            unmoved.insert (std::string (p.id));
    }
    CHECK (all.size() > 1000);
    // What docs/AUTOMATION.md lists, and nothing else.
    CHECK (refused == std::set<std::string> { "fader.solo", "key.listen", "pan.law", "sidechain.listen" });
    refused.insert ("on");
    CHECK (unmoved == refused);
    // Each effect's switch and dry share are among them.
    for (const char* address : { "master/limiter.on", "master/limiter.mix", "track:Vox/send8.pre",
                                 "track:Keys/trim.polarity", "vca:All/fader.mute", "mix/pan.mode" })
        CHECK (addresses.contains (address));
}

TEST_CASE ("what is no parameter says so, and how it is set")
{
    const auto d = oneOfEverything();
    for (const char* address : { "track:Vox/delay", "track:Bass/form", "group:Band/output", "monitor/level",
                                 "monitor", "return:Room/solo-safe", "mix/frozen" })
    {
        const auto edit = d.edited ("automate", { { "address", address }, { "points", "0:1" } });
        CAPTURE (address);
        REQUIRE_FALSE (edit.ok());
        CHECK (edit.problem().what.find ("automation") != std::string::npos);
        CHECK_FALSE (edit.problem().remedy.empty());
    }
}

TEST_CASE ("a change drawn into a lane is heard at its frame, live as offline, however time is cut")
{
    // Rendered without the lane, with it, and with it in other cuts: up to the point the bits are those
    // without, from the point on they are not. What works in steps of the console begins up to 16 frames
    // beside it; the place of a send goes over in the quantum after
    // the point, and what a detector hears takes effect as it moves.
    constexpr Frames at = 9611, end = 14000, step = 16;
    struct Case
    {
        const char* address;
        const char *from, *to;
        Frames early = 0, late = 0;
        const char* with = nullptr; ///< what must be set for it to sound
        const char* as = nullptr;
    };
    const Case all[] {
        { "track:Vox/fader.level", "0", "-6" },
        { "track:Vox/fader.mute", "Off", "On", 0, 4 },
        { "track:Vox/pan.position", "0", "40", step, step },
        { "track:Vox/pan.width", "100", "30", step, step, "track:Vox/pan.mode", "Width" },
        { "track:Vox/pan.mode", "Balance", "Stereo pan", step, step, "track:Vox/pan.left", "20" },
        { "track:Vox/trim.gain", "0", "6", step, step },
        { "track:Vox/trim.polarity", "Off", "On", step, step },
        { "track:Vox/hpf.on", "Off", "On", step, step },
        { "track:Vox/eq.on", "On", "Off", step, step, "track:Vox/eq.band3.gain", "6" },
        { "track:Vox/eq.band3.gain", "6", "-6", step, step },
        { "track:Vox/comp.on", "Off", "On", step, step },
        { "track:Vox/sat.on", "Off", "On", 64, step },
        { "track:Vox/send1.level", "0", "-10" },
        { "track:Vox/send1.on", "On", "Off", 0, 4 },
        { "track:Vox/send1.pre", "Off", "On", step, 64, "track:Vox/fader.level", "-6" },
        { "track:Vox/send1.pan", "0", "-60", step, step },
        { "track:Bass/fader.level", "-3", "-20" },
        { "track:Keys/gain.on", "On", "Off" },
        { "track:Keys/gain.gain", "-3", "-9" },
        { "track:Keys/gain.mix", "100", "20" },
        { "track:Vox/saturator.on", "On", "Off" },
        { "track:Vox/saturator.on", "Off", "On" },
        { "track:Bass/compressor.on", "Off", "On", 0, 64 },
        { "track:Bass/compressor.threshold", "-10", "-40", 64, 64 },
        { "group:Band/equaliser.on", "Off", "On" },
        { "group:Band/equaliser.band2.threshold", "-20", "-60", 64, 64 },
        { "group:Band/fader.mute", "On", "Off", 0, 4 },
        { "return:Room/fader.level", "0", "-40" },
        { "mix/fader.level", "0", "-1" },
        { "mix/saturator.on", "Off", "On" },
        { "vca:All/fader.level", "0", "-12" },
        { "vca:All/fader.mute", "Off", "On", 0, 4 },
        { "master/master-eq.on", "Off", "On" },
        { "master/limiter.on", "On", "Off" },
        { "master/limiter.on", "Off", "On" },
        { "master/limiter.mix", "100", "50" },
    };
    Desk desk;
    desk.run ("add-track", { { "name", "Vox" } });
    desk.run ("add-track", { { "name", "Bass" }, { "channels", "1" } });
    desk.run ("add-track", { { "name", "Keys" } });
    desk.run ("set-form", { { "track", "track:Keys" }, { "form", "dual-mono" } });
    desk.run ("add-group", { { "name", "Band" } });
    desk.run ("add-return", { { "name", "Room" } });
    desk.run ("set-output", { { "strip", "track:Vox" }, { "output", "group:Band" } });
    desk.run ("set-send", { { "strip", "track:Vox" }, { "slot", "1" }, { "to", "return:Room" } });
    desk.run ("add-vca", { { "name", "All" } });
    desk.run ("set-members", { { "of", "vca:All" }, { "members", "track:Vox" } });
    for (const auto& [place, type] : { std::pair { "track:Keys", "gain" },
                                       { "track:Vox", "saturator" },
                                       { "track:Bass", "compressor" },
                                       { "group:Band", "equaliser" },
                                       { "mix", "saturator" },
                                       { "master", "master-eq" },
                                       { "master", "limiter" } })
        desk.run ("add-effect", { { "place", place }, { "type", type } });
    desk.run ("place-effect", { { "effect", "track:Vox/saturator" } });
    for (const auto& [address, value] : { std::pair { "track:Vox/send1.level", "0" },
                                          { "track:Keys/gain.gain", "-3" },
                                          { "track:Vox/saturator.drive", "12" },
                                          { "track:Bass/compressor.threshold", "-30" },
                                          { "group:Band/equaliser.band2.on", "On" },
                                          { "group:Band/equaliser.band2.gain", "-6" },
                                          { "group:Band/equaliser.band2.dynamic", "On" },
                                          { "mix/saturator.drive", "9" },
                                          { "master/limiter.gain", "6" },
                                          { "master/master-eq.band4.on", "On" },
                                          { "master/master-eq.band4.gain", "5" },
                                          { "group:Band/equaliser.band2.threshold", "-20" },
                                          { "track:Vox/eq.band3.on", "On" } })
        desk.set (address, value);

    for (const auto& one : all)
    {
        CAPTURE (one.address, one.from, one.to);
        // What lies behind is passed by: it may look ahead.
        auto still = desk;
        const auto effect = session::found (desk.project, one.address, studio::catalogue())->effect;
        for (const auto& p : desk.parameters())
            if (p.param->id == "on" &&
                session::found (desk.project, p.address, studio::catalogue())->effect != effect)
                still.set (p.address, "Off");
        if (one.with != nullptr)
            still.set (one.with, one.as);
        auto moved = still;
        still.set (one.address, one.from);
        moved.run ("automate", { { "address", one.address },
                                 { "points", std::string ("0:") + one.from + ":curve=hold, " +
                                                 std::to_string (at) + "f:" + one.to } });
        const auto without = still.rendered (0, end, 1, 512), with = moved.rendered (0, end, 1, 512);
        REQUIRE (with.size() == static_cast<std::size_t> (2 * end));
        Frames first = end;
        for (Frames n = 0; n < end; ++n)
            for (const Frames side : { n, n + end })
                if (with[static_cast<std::size_t> (side)] != without[static_cast<std::size_t> (side)])
                    first = std::min (first, n);
        CHECK (first >= at - one.early);
        CHECK (first <= at + one.late + 2); // one frame may lie where nothing sounds
        CHECK (moved.rendered (0, end, 2, 129) == with);
        CHECK (moved.live (end) == with);
    }
}

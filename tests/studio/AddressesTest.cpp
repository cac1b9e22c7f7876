// SPDX-License-Identifier: GPL-3.0-or-later
// Every parameter there is, by its address.
#include "master/Catalogue.h"
#include "mix/Catalogue.h"
#include "session/Address.h"
#include "session/Edits.h"
#include "session/Find.h"
#include "session/Json.h"
#include "session/RoutingEdits.h"
#include "studio/Catalogue.h"
#include "studio/Studio.h"

#include <catch2/catch.hpp>
#include <map>
#include <set>

using namespace lacquer;
using lacquer::Id;

namespace
{

/// A song with every kind of strip and every effect there is.
struct Everything
{
    session::Project project = session::newProject ("Test", 48000);
    std::vector<Id> strips; ///< tracks, group, return, mix
    Id vca;
    std::map<std::string, Id> effects; ///< by type

    Everything()
    {
        const auto done = [&] (session::Edit edit)
        {
            INFO ((edit ? std::string() : edit.problem().sentence()));
            REQUIRE (edit.ok());
            project = std::move (edit->project);
            return edit->made;
        };
        const Id song = project.songs.front()->id;
        int count = 0;
        for (const auto& type : mix::catalogue())
        {
            if (count++ % 12 == 0)
                strips.push_back (done (session::addedTrack (project, song, "T" + std::to_string (count))));
            effects[std::string (type.id)] =
                done (session::addedEffect (project, strips.back(), std::string (type.id)));
        }
        for (const auto& type : master::catalogue())
            effects[std::string (type.id)] = done (
                session::addedEffect (project, project.songs.front()->master->id, std::string (type.id)));
        strips.push_back (done (session::addedGroup (project, song, "G")));
        strips.push_back (done (session::addedReturn (project, song, "R")));
        strips.push_back (project.songs.front()->mix->id);
        vca = done (session::addedVca (project, song, "V"));
    }

    /// Calls what (target, parameter) for every parameter of the song.
    template <typename F>
    void forEach (F what) const
    {
        for (const Id strip : strips)
            for (const auto& p : studio::stripTable())
                what (strip, p);
        for (const auto* name : { "fader.level", "fader.mute", "fader.solo" })
            for (const auto& p : studio::stripTable())
                if (p.id == name)
                    what (vca, p);
        for (const auto& [type, id] : effects)
            for (const auto& p : studio::tableOf (*studio::effectOf (type)))
                what (id, p);
    }
};

/// The end of a range that is farther from the initial value.
float farEnd (const Param& p)
{
    return std::abs (p.max - p.initial) > std::abs (p.min - p.initial) ? p.max : p.min;
}

/// A value as it is written in points, where a colon parts position and value.
std::string inPoints (const Param& p, double value)
{
    const auto text = textOf (p, value);
    return text.substr (0, text.find (':'));
}

/// The scale on which a pan is read, and what one listens to: no part of the song's time.
bool isSetting (std::string_view id)
{
    return id == "pan.law" || id == "fader.solo";
}

} // namespace

TEST_CASE ("every parameter of every strip and effect is listed, set, automated and kept by its address")
{
    // What there is comes from the tables of the strip and of the catalogues; the count of EQ bands, sends
    // and effects from the issue.
    Everything e;
    std::map<std::string, session::Value> listed;
    const auto& song = *e.project.songs.front();
    const auto list = [&] (const std::vector<studio::Listed>& all)
    {
        for (const auto& p : all)
            REQUIRE (listed.emplace (p.address, p.value).second);
    };
    session::forEachStrip (song,
                           [&] (const session::Strip& s) { list (studio::parametersOf (e.project, s)); });
    for (const auto& v : song.vcas)
        list (studio::parametersOf (e.project, *v));
    list (studio::parametersOf (e.project, *song.master));

    int count = 0;
    std::set<std::string> inEqualiser, sends;
    e.forEach (
        [&] (Id target, const Param& p)
        {
            const std::string id (p.id), address = session::addressOf (e.project, target, id);
            INFO (address);
            ++count;
            REQUIRE (listed.contains (address));
            CHECK (listed[address] == studio::valueOfNumber (p, p.initial));
            if (target == e.effects["equaliser"])
                inEqualiser.insert (id.substr (0, id.find ('.')));
            if (target == e.strips.front() && id.starts_with ("send"))
                sends.insert (id.substr (0, id.find ('.')));

            const auto text = textOf (p, farEnd (p));
            const auto set = session::applied (
                e.project, "set", { { "address", address }, { "value", text } }, studio::catalogue());
            INFO ((set ? std::string() : set.problem().sentence()));
            REQUIRE (set.ok());
            CHECK_FALSE (set->label.empty());
            const auto automated = session::applied (
                set->project, "automate",
                { { "address", address },
                  { "points", "0:" + inPoints (p, p.initial) + ", 1:" + inPoints (p, farEnd (p)) } },
                studio::catalogue());
            INFO ((automated ? std::string() : automated.problem().sentence()));
            e.project = set->project;
            if (isSetting (id))
                CHECK_FALSE (automated.ok());
            else
            {
                REQUIRE (automated.ok());
                e.project = automated->project;
            }
        });
    CHECK (inEqualiser.size() >= 8);
    CHECK (sends.size() == 8);
    CHECK (count > 900);
    CHECK (listed.size() == static_cast<std::size_t> (count));

    // All of it is in the file, and comes back.
    REQUIRE (session::valid (e.project).ok());
    const auto text = session::canonical (e.project);
    const auto again = session::parsed (text);
    REQUIRE (again.ok());
    CHECK (session::canonical (*again) == text);
    std::set<std::pair<Id, std::string>> automated;
    const auto collect = [&] (const std::vector<session::Lane>& lanes)
    {
        for (const auto& lane : lanes)
            if (lane.points.size() == 2 && lane.points[0].value != lane.points[1].value)
                automated.emplace (lane.target, lane.parameter);
    };
    const auto& kept = *again->songs.front();
    int settings = 0;
    session::forEachStrip (kept, [&] (const session::Strip& s) { collect (s.lanes); });
    for (const auto& v : kept.vcas)
        collect (v->lanes);
    collect (kept.master->lanes);
    e.forEach (
        [&] (Id target, const Param& p)
        {
            const std::string id (p.id);
            INFO (session::addressOf (e.project, target, id));
            CHECK (automated.contains ({ target, id }) == ! isSetting (id));
            settings += isSetting (id);
            const auto* effect = session::effectOf (*again, target);
            const auto* strip = session::stripOf (*again, target);
            const auto& values = effect != nullptr  ? effect->values
                                 : strip != nullptr ? strip->values
                                                    : session::vcaOf (*again, target)->values;
            REQUIRE (values.contains (id));
            // As near as the value is written.
            const auto wanted = valueOf (p, textOf (p, farEnd (p)));
            REQUIRE (wanted.ok());
            CHECK (studio::numberOf (p, values.at (id)) == Approx (*wanted).margin (1e-6 * (p.max - p.min)));
        });
    CHECK (automated.size() == static_cast<std::size_t> (count - settings));
    CHECK (settings < 20);
}

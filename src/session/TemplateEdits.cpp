// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/TemplateEdits.h"

#include "session/Reading.h"
#include "session/Renumber.h"
#include "session/StripChanges.h"

#include <cmath>
#include <unordered_map>
#include <unordered_set>

namespace lacquer::session
{

using namespace change;

namespace
{

/// Ids of another project become new ones of this.
class Fresh
{
public:
    explicit Fresh (Project& p) : project (p) {}
    Id operator() (Id old)
    {
        auto& id = ids[old];
        if (! id)
            id = nextId (project);
        return id;
    }
    void set (Id old, Id to) { ids[old] = to; }

private:
    Project& project;
    std::unordered_map<Id, Id> ids;
};

void withoutAudio (std::vector<EffectPtr>& effects)
{
    for (auto& one : effects)
        if (one->media)
            (void)changed (one,
                           [] (Effect& e)
                           {
                               e.media = {};
                               return Outcome {};
                           });
}

void withoutAudio (Strip& s)
{
    s.lanes.clear();
    withoutAudio (s.inserts);
}

/// A strip of that kind and name, and nothing else of it.
Strip shellOf (const Strip& s, Id output)
{
    Strip shell;
    shell.id = s.id;
    shell.kind = s.kind;
    shell.name = s.name;
    shell.colour = s.colour;
    shell.output = output;
    return shell;
}

Project templateProject (const Project& p, const Song& song, const std::string& name)
{
    Project result;
    result.id = nextId (result);
    result.name = name;
    result.sampleRate = p.sampleRate;
    Fresh fresh (result);
    auto fitting = renumbered (song, [&] (Id id) { return fresh (id); });
    result.album.order = { fitting.id };
    result.songs.push_back (std::make_shared<const Song> (std::move (fitting)));
    return result;
}

Frames atRate (Frames f, double from, double to)
{
    return std::llround (static_cast<double> (f) * to / from);
}

} // namespace

Result<Project> trackTemplate (const Project& p, Id track)
{
    const auto* t = trackOf (p, track);
    if (t == nullptr)
        return nothing ("track", track);
    const auto& from = *songOf (p, track);
    Song song;
    song.id = from.id;
    song.name = t->strip.name;
    Strip mix;
    mix.id = from.mix->id;
    mix.kind = StripKind::mix;
    mix.name = from.mix->name;
    song.mix = std::make_shared<const Strip> (mix);
    Master master;
    master.id = from.master->id;
    song.master = std::make_shared<const Master> (master);
    song.tempi = { { 0, 120 } };
    song.metres = { { 0, 4, 4 } };
    Track own;
    own.strip = t->strip;
    own.delay = t->delay;
    withoutAudio (own.strip);
    song.tracks.push_back (std::make_shared<const Track> (std::move (own)));

    std::unordered_set<Id> there { track, mix.id };
    for (const auto& r : from.returns)
        if (std::find (t->strip.sends.begin(), t->strip.sends.end(), r->id) != t->strip.sends.end())
        {
            Strip copy = *r;
            withoutAudio (copy);
            copy.sends = {};
            copy.output = mix.id;
            for (auto& e : copy.inserts)
                if (e->sidechain)
                    (void)changed (e,
                                   [] (Effect& one)
                                   {
                                       one.sidechain = {};
                                       return Outcome {};
                                   });
            there.insert (copy.id);
            song.returns.push_back (std::make_shared<const Strip> (std::move (copy)));
        }
    const auto shell = [&] (Id id)
    {
        const auto* strip = id ? stripOf (p, id) : nullptr;
        if (strip == nullptr || ! there.insert (id).second)
            return;
        auto bare = shellOf (*strip, mix.id);
        if (strip->kind == StripKind::track)
        {
            Track other;
            other.strip = std::move (bare);
            song.tracks.push_back (std::make_shared<const Track> (std::move (other)));
        }
        else
            (strip->kind == StripKind::group ? song.groups : song.returns)
                .push_back (std::make_shared<const Strip> (std::move (bare)));
    };
    shell (t->strip.output);
    for (const auto& e : t->strip.inserts)
        shell (e->sidechain);
    return templateProject (p, song, t->strip.name);
}

Project songTemplate (const Project& p, Id id)
{
    const auto at =
        std::find_if (p.songs.begin(), p.songs.end(), [&] (const SongPtr& s) { return s->id == id; });
    Song song = at != p.songs.end() ? **at : *p.songs.front();
    for (auto& track : song.tracks)
        (void)changed (track,
                       [] (Track& t)
                       {
                           t.clips.clear();
                           t.frozen = {};
                           withoutAudio (t.strip);
                           return Outcome {};
                       });
    const auto bare = [] (Strip& s)
    {
        withoutAudio (s);
        return Outcome {};
    };
    for (auto* list : { &song.groups, &song.returns })
        for (auto& one : *list)
            (void)changed (one, bare);
    (void)changed (song.mix, bare);
    (void)changed (song.master,
                   [] (Master& m)
                   {
                       m.lanes.clear();
                       withoutAudio (m.modules);
                       return Outcome {};
                   });
    for (auto& vca : song.vcas)
        (void)changed (vca,
                       [] (Vca& v)
                       {
                           v.lanes.clear();
                           return Outcome {};
                       });
    for (auto& modulator : song.modulators)
        (void)changed (modulator,
                       [] (Modulator& m)
                       {
                           m.lanes.clear();
                           return Outcome {};
                       });
    song.isrc.clear();
    song.markers.clear();
    song.scenes.clear();
    song.loopStart = song.loopEnd = song.end = 0;
    song.looping = false;
    return templateProject (p, song, song.name);
}

Outcome goodTemplate (const Project& p, bool ofTrack)
{
    if (p.songs.size() != 1 || ! p.media.empty())
        return Problem { "This is no template: it does not hold one song without audio." };
    if (ofTrack && p.songs.front()->tracks.empty())
        return Problem { "This is no template of a track: it holds none." };
    return {};
}

Edit addedFromTemplate (const Project& p, Id song, const Project& from, std::string name)
{
    if (const auto good = goodTemplate (from, true); ! good)
        return good.problem();
    const auto& source = *from.songs.front();
    const auto& track = *source.tracks.front();
    if (name.empty())
        name = track.strip.name;
    if (const auto good = goodName (name); ! good)
        return good.problem();
    return inSong (
        p, song, "Add track " + quoted (name),
        [&] (Song& s, Edited& e) -> Outcome
        {
            if (s.tracks.size() >= limit::strips || s.returns.size() + Strip::sendSlots >= limit::strips)
                return Problem { "There are too many tracks in the song." };
            if (s.kind == SongKind::stereo && ! s.tracks.empty())
                return Problem { "A song made from a finished stereo file has one track only." };
            Fresh fresh (e.project);
            fresh.set (source.mix->id, s.mix->id);
            std::unordered_set<Id> missing;
            const auto link = [&] (const Strip& wanted) -> bool
            {
                bool some = false;
                forEachStrip (s,
                              [&] (const Strip& have)
                              {
                                  if (some || have.kind != wanted.kind || have.name != wanted.name)
                                      return;
                                  fresh.set (wanted.id, have.id);
                                  some = true;
                              });
                return some;
            };
            for (const auto& r : source.returns)
            {
                if (link (*r))
                    continue;
                // A return that only an effect listens to is a name and no more.
                if (std::find (track.strip.sends.begin(), track.strip.sends.end(), r->id) ==
                    track.strip.sends.end())
                {
                    missing.insert (r->id);
                    continue;
                }
                auto copy = renumbered (*r, [&] (Id id) { return fresh (id); });
                copy.lanes.clear();
                copy.sends = {};
                copy.output = s.mix->id;
                for (auto& effect : copy.inserts)
                    (void)changed (effect,
                                   [] (Effect& one)
                                   {
                                       one.sidechain = one.media = {};
                                       return Outcome {};
                                   });
                e.notes.push_back ("The return " + quoted (copy.name) + " was added with it.");
                s.returns.push_back (std::make_shared<const Strip> (std::move (copy)));
            }
            for (const auto& g : source.groups)
                if (! link (*g))
                {
                    missing.insert (g->id);
                    e.notes.push_back ("There is no group " + quoted (g->name) + " here.");
                }
            for (std::size_t n = 1; n < source.tracks.size(); ++n)
                if (const auto& key = source.tracks[n]->strip; ! link (key))
                {
                    missing.insert (key.id);
                    e.notes.push_back ("There is no track " + quoted (key.name) + " here to listen to.");
                }
            Strip strip = track.strip;
            if (missing.contains (strip.output))
                strip.output = source.mix->id;
            for (auto& effect : strip.inserts)
                (void)changed (effect,
                               [&] (Effect& one)
                               {
                                   if (missing.contains (one.sidechain))
                                       one.sidechain = {};
                                   one.media = {};
                                   return Outcome {};
                               });
            strip.lanes.clear();
            Track made;
            made.strip = renumbered (strip, [&] (Id id) { return fresh (id); });
            made.strip.name = name;
            made.delay = atRate (track.delay, from.sampleRate, p.sampleRate);
            e.made = made.strip.id;
            s.tracks.push_back (std::make_shared<const Track> (std::move (made)));
            return notCircular (s);
        });
}

Edit addedSongFromTemplate (const Project& p, const Project& from, std::string name)
{
    if (const auto good = goodTemplate (from, false); ! good)
        return good.problem();
    if (const auto good = goodName (name); ! good)
        return good.problem();
    if (p.songs.size() >= limit::songs)
        return Problem { "A project cannot hold more than " + std::to_string (limit::songs) + " songs." };
    Edited e { p, "Add song " + quoted (name) };
    Fresh fresh (e.project);
    auto song = renumbered (*from.songs.front(), [&] (Id id) { return fresh (id); });
    song.name = std::move (name);
    song.scenes.clear();
    for (auto& track : song.tracks)
        if (track->delay != 0)
            (void)changed (track,
                           [&] (Track& t)
                           {
                               t.delay = atRate (t.delay, from.sampleRate, p.sampleRate);
                               return Outcome {};
                           });
    e.made = song.id;
    e.project.album.order.push_back (song.id);
    e.project.songs.push_back (std::make_shared<const Song> (std::move (song)));
    return e;
}

Result<Project> projectFromTemplate (const Project& from, std::string name, double rate)
{
    const auto first = newProject (name, rate > 0 ? rate : from.sampleRate);
    const auto with = addedSongFromTemplate (first, from, std::move (name));
    if (! with)
        return with.problem();
    auto only = removedSong (with->project, first.songs.front()->id);
    if (! only)
        return only.problem();
    if (const auto good = valid (only->project); ! good)
        return good.problem();
    return std::move (only->project);
}

namespace
{

using namespace reading;

Project templateCalled (const Reader& r, bool ofTrack)
{
    const auto name = r.text ("template");
    if (r.catalogue.templateCalled == nullptr)
        throw Refusal { { "There is no template " + quoted (name) + "." } };
    return r.orRefuse (r.catalogue.templateCalled (ofTrack, name));
}

Edit addTemplateTrack (const Reader& r)
{
    return addedFromTemplate (r.project, r.song(), templateCalled (r, true), r.text ("name"));
}
Edit addTemplateSong (const Reader& r)
{
    return addedSongFromTemplate (r.project, templateCalled (r, false), r.text ("name"));
}

} // namespace

std::vector<EditType> templateEdits()
{
    constexpr Argument from { "template", Type::text, "its name; `lacquer templates` lists them" };
    return {
        { "add-template-track",
          "Add track from template",
          "Adds the track of a template, connected by the names of returns, group and keys.",
          { from,
            { "name", Type::text, "the track's name; without it the template's", true },
            { "song", Type::text, "the song's name; without it the first song", true } },
          run<addTemplateTrack> },
        { "add-template-song",
          "Add song from template",
          "Adds a song with the tracks, routing and master of a template.",
          { from, { "name", Type::text, "the song's name" } },
          run<addTemplateSong> },
    };
}

} // namespace lacquer::session

// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Find.h"
#include "session/Json.h"
#include "session/JsonText.h"
#include "session/Scene.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace lacquer::session
{

namespace
{

/// Walks a project and keeps the first trouble it meets.
class Check
{
public:
    explicit Check (const Project& p) : project (p) {}

    Outcome run()
    {
        number ("the sample rate", project.sampleRate, 8000, 768000);
        text ("the project's name", project.name, limit::nameBytes);
        if (project.nextId > limit::id)
            fail ("its next id is too large");
        id (project.id, "the project");
        for (const auto& f : project.media)
            media (f);
        if (project.songs.empty())
            fail ("it holds no song");
        for (const auto& s : project.songs)
            song (*s);
        album();
        if (trouble.empty())
            return {};
        for (auto& c : trouble) // names may hold line breaks; a message is one line
            if (static_cast<unsigned char> (c) < 0x20)
                c = ' ';
        return Problem { "The project cannot be used because " + trouble + "." };
    }

private:
    void fail (std::string why)
    {
        if (trouble.empty())
            trouble = std::move (why);
    }
    void number (std::string_view what, double v, double least, double most)
    {
        if (! (v >= least && v <= most))
            fail (std::string (what) + " is out of range");
    }
    void frames (std::string_view what, Frames v, Frames least = 0)
    {
        if (v < least || v > limit::position)
            fail (std::string (what) + " is out of range");
    }
    void text (std::string_view what, std::string_view s, std::size_t most)
    {
        if (s.size() > most)
            fail (std::string (what) + " is longer than " + std::to_string (most) + " bytes");
        else if (! json::isText (s))
            fail (std::string (what) + " is not valid UTF-8");
    }
    void count (std::string_view what, std::size_t have, std::size_t most)
    {
        if (have > most)
            fail ("there are more than " + std::to_string (most) + " " + std::string (what));
    }
    void id (Id i, const std::string& what)
    {
        if (! i)
            fail (what + " has no id");
        else if (i.value >= project.nextId)
            fail (what + " has the id " + std::to_string (i.value) + ", which was never handed out");
        else if (! seen.insert (i).second)
            fail (what + " has the id " + std::to_string (i.value) + " of something else");
    }

    void media (const Media& f)
    {
        const auto name = "the audio file \"" + nameToShow (f.path) + "\"";
        id (f.id, name);
        if (trouble.empty() && (f.path.size() > limit::pathBytes || f.original.size() > limit::pathBytes))
            fail ("the path of an audio file is too long");
        if (f.path.find ('\0') != std::string::npos || f.original.find ('\0') != std::string::npos)
            fail ("the path of an audio file holds a NUL");
        if (! f.referenced && ! staysInside (f.path))
            fail (name + " does not lie inside the project folder");
        if (f.referenced && f.path.empty())
            fail (name + " has no path");
        frames ("the length of " + name, f.frames);
        if (f.channels < 1 || f.channels > 64)
            fail (name + " has an impossible number of channels");
        number ("the rate of " + name, f.originalRate, 0, 1e7);
        text ("the hash of " + name, f.hash, limit::nameBytes);
        mediaIds.insert (f.id);
    }

    void values (const Values& all, const std::string& what)
    {
        count ("parameters", all.size(), limit::values);
        for (const auto& [key, value] : all)
        {
            text ("a parameter's name", key, limit::nameBytes);
            if (const auto* v = std::get_if<double> (&value))
            {
                if (! (std::abs (*v) <= limit::value))
                    fail ("the value of " + key + " in " + what + " is out of range");
            }
            else
                text ("the value of " + key, std::get<std::string> (value), limit::nameBytes);
        }
    }
    void effects (const std::vector<EffectPtr>& all, const std::string& what, std::unordered_set<Id>& targets)
    {
        count ("effects", all.size(), limit::effects);
        for (const auto& e : all)
        {
            const auto name = "the effect \"" + nameToShow (e->type) + "\" of " + what;
            id (e->id, name);
            targets.insert (e->id);
            text ("the type of " + name, e->type, limit::nameBytes);
            if (e->type.empty())
                fail ("an effect of " + what + " has no type");
            if (e->media && ! mediaIds.contains (e->media))
                fail (name + " uses an audio file that the project does not have (id " +
                      std::to_string (e->media.value) + ")");
            values (e->values, name);
        }
    }
    void lanes (const std::vector<Lane>& all, const std::string& what, const std::unordered_set<Id>& targets)
    {
        count ("automation lanes", all.size(), limit::lanes);
        std::unordered_set<std::string> keys;
        for (const auto& l : all)
        {
            if (! targets.contains (l.target))
                fail ("an automation lane of " + what + " points at nothing (id " +
                      std::to_string (l.target.value) + ")");
            text ("a parameter's name", l.parameter, limit::nameBytes);
            if (! keys.insert (std::to_string (l.target.value) + "/" + l.parameter).second)
                fail (what + " has two automation lanes for " + l.parameter);
            count ("automation points in a lane", l.points.size(), limit::points);
            Frames last = -1;
            for (const auto& p : l.points)
            {
                frames ("an automation point of " + l.parameter, p.position);
                if (p.position <= last)
                    fail ("the automation points of " + l.parameter + " are not in order");
                last = p.position;
                number ("an automation point of " + l.parameter, p.value, -limit::value, limit::value);
                number ("the tension of an automation point", p.tension, -1, 1);
            }
        }
    }
    void strip (const Strip& s, StripKind kind)
    {
        const auto what = nameOf (s);
        id (s.id, what);
        if (s.kind != kind)
            fail (what + " is in the wrong list");
        text ("a track's name", s.name, limit::nameBytes);
        text ("a colour", s.colour, limit::nameBytes);
        if (s.channels < 1 || s.channels > 2)
            fail (what + " is neither mono nor stereo");
        if (s.dualMono && (s.channels != 2 || s.kind != StripKind::track))
            fail (what + " cannot be dual mono");
        if (s.disabled && s.kind == StripKind::mix)
            fail ("the mix bus cannot be disabled");
        text ("the label of " + what, s.label, limit::nameBytes);
        text ("the notes of " + what, s.notes, limit::notesBytes);
        count ("tags", s.tags.size(), limit::tags);
        std::unordered_set<std::string_view> tags;
        for (const auto& tag : s.tags)
        {
            text ("a tag of " + what, tag, limit::nameBytes);
            if (tag.empty() || ! tags.insert (tag).second)
                fail (what + " has an empty tag, or a tag twice");
        }
        values (s.values, what);
        std::unordered_set<Id> targets { s.id };
        effects (s.inserts, what, targets);
        lanes (s.lanes, what, targets);
    }
    void clip (const Clip& c, const std::string& track)
    {
        const auto what = "a clip of " + track;
        id (c.id, what);
        if (! mediaIds.contains (c.media))
            fail (what + " uses an audio file that is not in the project (id " +
                  std::to_string (c.media.value) + ")");
        text ("a clip's name", c.name, limit::nameBytes);
        frames ("the start of " + what, c.start);
        frames ("the offset of " + what, c.offset);
        frames ("the length of " + what, c.length, 1);
        frames ("a fade of " + what, c.fadeIn);
        frames ("a fade of " + what, c.fadeOut);
        number ("the gain of " + what, c.gain, -200, 200);
        count ("points in an envelope", c.envelope.size(), limit::points);
        Frames last = -limit::position - 1;
        for (const auto& point : c.envelope)
        {
            frames ("a point of the envelope of " + what, point.position, -limit::position);
            if (point.position <= last)
                fail ("the envelope of " + what + " is not in order");
            last = point.position;
            number ("the envelope of " + what, point.gain, -200, 200);
        }
    }

    void song (const Song& s)
    {
        const auto what = "the song \"" + nameToShow (s.name) + "\"";
        id (s.id, what);
        songIds.insert (s.id);
        for (const auto* t : { &s.name, &s.artist, &s.writer, &s.isrc })
            text ("a text of " + what, *t, limit::nameBytes);
        text ("the notes of " + what, s.notes, limit::notesBytes);
        count ("tracks", s.tracks.size(), limit::strips);
        count ("groups", s.groups.size(), limit::strips);
        count ("returns", s.returns.size(), limit::strips);
        if (s.mix == nullptr || s.master == nullptr)
            return fail (what + " lacks its mix bus or its master");
        std::size_t clips = 0;
        for (const auto& t : s.tracks)
        {
            strip (t->strip, StripKind::track);
            if (t->frozen && ! mediaIds.contains (t->frozen))
                fail (nameOf (t->strip) + " is frozen to an audio file that is not in the project (id " +
                      std::to_string (t->frozen.value) + ")");
            number ("what is frozen of " + nameOf (t->strip) + " before the song's start",
                    static_cast<double> (t->frozenLead), 0, limit::delaySeconds * project.sampleRate);
            number ("the delay of " + nameOf (t->strip), static_cast<double> (t->delay),
                    -limit::delaySeconds * project.sampleRate, limit::delaySeconds * project.sampleRate);
            clips += t->clips.size();
            for (const auto& c : t->clips)
                clip (*c, nameOf (t->strip));
        }
        count ("clips", clips, limit::clips);
        for (const auto& g : s.groups)
            strip (*g, StripKind::group);
        for (const auto& r : s.returns)
            strip (*r, StripKind::effectReturn);
        strip (*s.mix, StripKind::mix);
        routing (s);
        faders (s, what);

        id (s.master->id, "the master of " + what);
        std::unordered_set<Id> targets { s.master->id };
        effects (s.master->modules, "the master", targets);
        lanes (s.master->lanes, "the master", targets);
        text ("a target's name", s.master->target, limit::nameBytes);

        double beat = -1;
        for (const auto& t : s.tempi)
        {
            number ("a tempo", t.bpm, 10, 999);
            if (! (t.beat > beat && t.beat <= 1e9))
                fail ("the tempi of " + what + " are not in order");
            beat = t.beat;
        }
        beat = -1;
        for (const auto& m : s.metres)
        {
            if (m.numerator < 1 || m.numerator > 99 || m.denominator < 1 || m.denominator > 64 ||
                (m.denominator & (m.denominator - 1)) != 0)
                fail (what + " has an impossible metre");
            if (! (m.beat > beat && m.beat <= 1e9))
                fail ("the metres of " + what + " are not in order");
            beat = m.beat;
        }
        count ("markers", s.markers.size(), limit::markers);
        Frames last = 0;
        for (const auto& m : s.markers)
        {
            id (m.id, "a marker of " + what);
            text ("a marker's name", m.name, limit::nameBytes);
            frames ("a marker of " + what, m.position);
            frames ("the length of a marker of " + what, m.length);
            text ("a colour", m.colour, limit::nameBytes);
            if (m.position < last)
                fail ("the markers of " + what + " are not in order");
            last = m.position;
        }
        count ("modulators", s.modulators.size(), limit::modulators);
        for (const auto& m : s.modulators)
            modulator (*m, s);
        count ("scenes", s.scenes.size(), limit::scenes);
        for (const auto& one : s.scenes)
            scene (*one);
        count ("edit groups", s.editGroups.size(), limit::strips);
        std::unordered_set<Id> trackIds;
        for (const auto& t : s.tracks)
            trackIds.insert (t->strip.id);
        for (const auto& g : s.editGroups)
        {
            const auto name = "the edit group \"" + nameToShow (g.name) + "\"";
            id (g.id, name);
            text ("an edit group's name", g.name, limit::nameBytes);
            std::unordered_set<Id> members;
            for (const auto t : g.tracks)
                if (! trackIds.contains (t))
                    fail (name + " holds a track that does not exist (id " + std::to_string (t.value) + ")");
                else if (! members.insert (t).second)
                    fail (name + " holds a track twice");
        }
        auto maskers = trackIds;
        for (const auto* list : { &s.groups, &s.returns })
            for (const auto& bus : *list)
                maskers.insert (bus->id);
        maskedPairs (s, trackIds, maskers, what);
        if (s.grid.count < 1 || s.grid.count > Grid::most || s.grid.parts < 1 || s.grid.parts > Grid::most)
            fail ("the grid of " + what + " is out of range");
        frames ("the loop of " + what, s.loopStart);
        frames ("the loop of " + what, s.loopEnd);
        if (s.loopEnd < s.loopStart)
            fail ("the loop of " + what + " ends before it starts");
        if (s.looping && s.loopEnd == s.loopStart)
            fail ("the loop of " + what + " is empty");
        frames ("the end of " + what, s.end);
    }

    /// What a scene names need not be there any more, but its ids were handed out once.
    void known (Id i, const std::string& what)
    {
        if (i.value >= project.nextId)
            fail (what + " names the id " + std::to_string (i.value) + ", which was never handed out");
    }
    void scene (const Scene& s)
    {
        const auto what = "the scene \"" + nameToShow (s.name) + "\"";
        id (s.id, what);
        text ("a scene's name", s.name, limit::nameBytes);
        count ("strips in a scene", s.strips.size(), 3 * limit::strips + 1);
        Id last;
        for (const auto& one : s.strips)
        {
            if (one->strip <= last)
                fail (what + " holds a strip twice, or one without an id");
            last = one->strip;
            known (one->strip, what);
            known (one->output, what);
            for (const Id send : one->sends)
                known (send, what);
            number ("a delay of " + what, static_cast<double> (one->delay),
                    -limit::delaySeconds * project.sampleRate, limit::delaySeconds * project.sampleRate);
            values (one->values, what);
            count ("effects", one->inserts.size(), limit::effects);
            std::unordered_set<Id> own;
            for (const auto& e : one->inserts)
            {
                if (! e->id || ! own.insert (e->id).second)
                    fail (what + " holds an effect twice, or one without an id");
                known (e->id, what);
                known (e->sidechain, what);
                text ("the type of an effect of " + what, e->type, limit::nameBytes);
                if (e->type.empty())
                    fail ("an effect of " + what + " has no type");
                if (e->media && ! mediaIds.contains (e->media))
                    fail (what + " uses an audio file that the project does not have (id " +
                          std::to_string (e->media.value) + ")");
                values (e->values, what);
            }
        }
        for (const auto& [vca, set] : s.vcas)
        {
            known (vca, what);
            values (set, what);
        }
        for (const auto& [group, on] : s.muteGroups)
            known (group, what);
    }

    void modulator (const Modulator& m, const Song& s)
    {
        const auto what = "the modulator \"" + nameToShow (m.name) + "\"";
        id (m.id, what);
        text ("a modulator's name", m.name, limit::nameBytes);
        values (m.values, what);
        lanes (m.lanes, what, { m.id });
        std::unordered_set<Id> strips, places;
        forEachStrip (s,
                      [&] (const Strip& strip)
                      {
                          strips.insert (strip.id);
                          for (const auto& e : strip.inserts)
                              places.insert (e->id);
                      });
        for (const auto& e : s.master->modules)
            places.insert (e->id);
        if (m.source && ! strips.contains (m.source))
            fail (what + " follows something that does not exist (id " + std::to_string (m.source.value) +
                  ")");
        count ("parameters of a modulator", m.targets.size(), limit::lanes);
        std::unordered_set<std::string> keys;
        for (const auto& t : m.targets)
        {
            if (! strips.contains (t.target) && ! places.contains (t.target))
                fail (what + " moves something that does not exist (id " + std::to_string (t.target.value) +
                      ")");
            text ("a parameter's name", t.parameter, limit::nameBytes);
            number ("the depth of " + what, t.depth, -limit::value, limit::value);
            if (! keys.insert (std::to_string (t.target.value) + "/" + t.parameter).second)
                fail (what + " moves " + t.parameter + " twice");
        }
    }

    void routing (const Song& s)
    {
        std::unordered_set<Id> groups, returns;
        for (const auto& g : s.groups)
            groups.insert (g->id);
        for (const auto& r : s.returns)
            returns.insert (r->id);
        forEachStrip (s,
                      [&] (const Strip& strip)
                      {
                          const auto what = nameOf (strip);
                          if (strip.kind == StripKind::mix)
                          {
                              if (strip.output)
                                  fail ("the mix bus has an output of its own");
                          }
                          else if (strip.output != s.mix->id && ! groups.contains (strip.output))
                              fail (what + " goes to an output that does not exist (id " +
                                    std::to_string (strip.output.value) + ")");
                          for (const auto send : strip.sends)
                              if (send && (strip.kind == StripKind::mix || ! returns.contains (send)))
                                  fail (what + " sends to a return that does not exist (id " +
                                        std::to_string (send.value) + ")");
                      });
        std::unordered_set<Id> strips;
        forEachStrip (s, [&] (const Strip& strip) { strips.insert (strip.id); });
        const auto keys = [&] (const std::vector<EffectPtr>& all, const std::string& what)
        {
            for (const auto& e : all)
                if (e->sidechain && ! strips.contains (e->sidechain))
                    fail ("the effect \"" + nameToShow (e->type) + "\" of " + what +
                          " listens to something that does not exist (id " +
                          std::to_string (e->sidechain.value) + ")");
        };
        forEachStrip (s, [&] (const Strip& strip) { keys (strip.inserts, nameOf (strip)); });
        keys (s.master->modules, "the master");
        if (const auto cycle = routingCycle (s); ! cycle.empty())
            fail ("its routing runs in a circle: " + cycle);
    }

    void maskedPairs (const Song& s, const std::unordered_set<Id>& tracks,
                      const std::unordered_set<Id>& maskers, const std::string& what)
    {
        count ("pairs of tracks whose masking is let alone", s.maskingIgnored.size(), limit::pairs);
        std::set<std::pair<Id, Id>> pairs;
        for (const auto& pair : s.maskingIgnored)
            if (! tracks.contains (pair.lead) || ! maskers.contains (pair.masker) || pair.lead == pair.masker)
                fail (what + " ignores masking of a pair that is not a track and another track or bus of it");
            else if (! pairs.insert ({ pair.lead, pair.masker }).second)
                fail (what + " ignores masking of a pair twice");
    }

    /// VCA faders and mute groups.
    void faders (const Song& s, const std::string& what)
    {
        count ("VCA faders", s.vcas.size(), limit::strips);
        count ("mute groups", s.muteGroups.size(), limit::strips);
        std::unordered_set<Id> strips, both;
        forEachStrip (s, [&] (const Strip& strip) { strips.insert (strip.id); });
        both = strips;
        for (const auto& v : s.vcas)
            both.insert (v->id);
        const auto members =
            [&] (const std::vector<Id>& all, const std::unordered_set<Id>& there, const std::string& name)
        {
            std::unordered_set<Id> own;
            for (const Id member : all)
                if (! there.contains (member))
                    fail (name + " holds something that does not exist (id " + std::to_string (member.value) +
                          ")");
                else if (! own.insert (member).second)
                    fail (name + " holds something twice");
        };
        for (const auto& v : s.vcas)
        {
            const auto name = "the VCA fader \"" + nameToShow (v->name) + "\" of " + what;
            id (v->id, name);
            text ("a VCA fader's name", v->name, limit::nameBytes);
            text ("a colour", v->colour, limit::nameBytes);
            values (v->values, name);
            lanes (v->lanes, name, { v->id });
            members (v->members, both, name);
        }
        if (const auto cycle = vcaCycle (s); ! cycle.empty())
            fail ("its VCA faders run in a circle: " + cycle);
        for (const auto& g : s.muteGroups)
        {
            const auto name = "the mute group \"" + nameToShow (g.name) + "\" of " + what;
            id (g.id, name);
            text ("a mute group's name", g.name, limit::nameBytes);
            members (g.members, strips, name);
        }
    }

    void album()
    {
        const auto& a = project.album;
        for (const auto* t : { &a.title, &a.artist, &a.ean })
            text ("a text of the album", *t, limit::nameBytes);
        std::unordered_set<Id> placed;
        for (const auto i : a.order)
            if (! songIds.contains (i))
                fail ("the album lists a song that does not exist (id " + std::to_string (i.value) + ")");
            else if (! placed.insert (i).second)
                fail ("the album lists a song twice");
        for (const auto& [i, gap] : a.gaps)
        {
            if (! songIds.contains (i))
                fail ("the album has a gap before a song that does not exist (id " +
                      std::to_string (i.value) + ")");
            number ("a gap of the album", gap, 0, 3600);
        }
    }

    const Project& project;
    std::string trouble;
    std::unordered_set<Id> seen, mediaIds, songIds;
};

} // namespace

Outcome valid (const Project& p)
{
    return Check (p).run();
}

} // namespace lacquer::session

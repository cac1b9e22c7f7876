// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Edits.h"

#include "session/AutomationEdits.h"
#include "session/MediaEdits.h"
#include "session/ModulatorEdits.h"
#include "session/Parameters.h"
#include "session/SceneEdits.h"
#include "session/StripChanges.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

namespace lacquer::session
{

using namespace change;

namespace
{

template <typename F>
Edit inMarker (const Project& p, Id marker, std::string label, const F& change)
{
    if (markerOf (p, marker) == nullptr)
        return nothing ("marker", marker);
    return inSong (p, songOf (p, marker)->id, std::move (label),
                   [&] (Song& s, Edited&) -> Outcome
                   {
                       for (auto& m : s.markers)
                           if (m.id == marker)
                               if (const auto done = change (m); ! done)
                                   return done;
                       sortMarkers (s);
                       return {};
                   });
}

template <typename All, typename Is>
bool move (All& all, const Is& is, std::size_t index)
{
    const auto from = std::find_if (all.begin(), all.end(), is);
    if (from == all.end())
        return false;
    const auto to = all.begin() + static_cast<std::ptrdiff_t> (std::min (index, all.size() - 1));
    if (from < to)
        std::rotate (from, from + 1, to + 1);
    else
        std::rotate (to, from, from + 1);
    return true;
}

Song freshSong (Project& p, SongKind kind, std::string name)
{
    Song s;
    s.id = nextId (p);
    s.kind = kind;
    s.name = std::move (name);
    Strip mix;
    mix.id = nextId (p);
    mix.kind = StripKind::mix;
    mix.name = "Mix";
    s.mix = std::make_shared<const Strip> (std::move (mix));
    Master master;
    master.id = nextId (p);
    s.master = std::make_shared<const Master> (std::move (master));
    s.tempi = { { 0, 120 } };
    s.metres = { { 0, 4, 4 } };
    return s;
}

} // namespace

Project newProject (std::string name, double sampleRate, SongKind kind)
{
    Project p;
    p.id = nextId (p);
    p.sampleRate = sampleRate;
    auto song = freshSong (p, kind, name);
    p.name = std::move (name);
    p.album.title = p.name;
    p.album.order = { song.id };
    p.songs.push_back (std::make_shared<const Song> (std::move (song)));
    return p;
}

Edit addedSong (const Project& p, SongKind kind, std::string name)
{
    if (const auto good = goodName (name); ! good)
        return good.problem();
    if (p.songs.size() >= limit::songs)
        return Problem { "A project cannot hold more than " + std::to_string (limit::songs) + " songs." };
    Edited e { p, "Add song " + quoted (name) };
    auto song = freshSong (e.project, kind, std::move (name));
    e.made = song.id;
    e.project.album.order.push_back (song.id);
    e.project.songs.push_back (std::make_shared<const Song> (std::move (song)));
    return e;
}

Edit removedSong (const Project& p, Id song)
{
    Edited e { p, "Remove song" };
    auto& songs = e.project.songs;
    const auto at =
        std::find_if (songs.begin(), songs.end(), [&] (const SongPtr& s) { return s->id == song; });
    if (at == songs.end())
        return nothing ("song", song);
    if (songs.size() == 1)
        return Problem { "The last song of a project cannot be removed." };
    e.label += " " + quoted ((*at)->name);
    songs.erase (at);
    std::erase (e.project.album.order, song);
    e.project.album.gaps.erase (song);
    return e;
}

Edit addedTrack (const Project& p, Id song, std::string name, int channels, std::string colour)
{
    if (const auto good = goodName (name); ! good)
        return good.problem();
    if (const auto good = goodText ("The colour", colour); ! good)
        return good.problem();
    if (channels != 1 && channels != 2)
        return Problem { "A track is mono (1 channel) or stereo (2 channels)." };
    return inSong (p, song, "Add track " + quoted (name),
                   [&] (Song& s, Edited& e) -> Outcome
                   {
                       if (s.tracks.size() >= limit::strips)
                           return Problem { "A song cannot hold more than " + std::to_string (limit::strips) +
                                            " tracks." };
                       if (s.kind == SongKind::stereo && ! s.tracks.empty())
                           return Problem { "A song made from a finished stereo file has one track only." };
                       Track t;
                       t.strip.id = e.made = nextId (e.project);
                       t.strip.name = name;
                       t.strip.channels = channels;
                       t.strip.colour = colour;
                       t.strip.output = s.mix->id;
                       s.tracks.push_back (std::make_shared<const Track> (std::move (t)));
                       return {};
                   });
}

namespace
{

Edit addedBus (const Project& p, Id song, StripKind kind, const std::string& name, const std::string& colour)
{
    if (const auto good = goodName (name); ! good)
        return good.problem();
    if (const auto good = goodText ("The colour", colour); ! good)
        return good.problem();
    const bool group = kind == StripKind::group;
    return inSong (p, song, (group ? "Add group " : "Add return ") + quoted (name),
                   [&] (Song& s, Edited& e) -> Outcome
                   {
                       auto& list = group ? s.groups : s.returns;
                       if (list.size() >= limit::strips)
                           return Problem { "A song cannot hold more than " + std::to_string (limit::strips) +
                                            " of these." };
                       Strip strip;
                       strip.id = e.made = nextId (e.project);
                       strip.kind = kind;
                       strip.name = name;
                       strip.colour = colour;
                       strip.output = s.mix->id;
                       list.push_back (std::make_shared<const Strip> (std::move (strip)));
                       return {};
                   });
}

} // namespace

Edit addedGroup (const Project& p, Id song, std::string name, std::string colour)
{
    return addedBus (p, song, StripKind::group, name, colour);
}

Edit addedReturn (const Project& p, Id song, std::string name, std::string colour)
{
    return addedBus (p, song, StripKind::effectReturn, name, colour);
}

Edit removedStrip (const Project& p, Id id)
{
    const auto* strip = stripOf (p, id);
    if (strip == nullptr)
        return nothing ("track or bus", id);
    if (strip->kind == StripKind::mix)
        return Problem { "The mix bus cannot be removed." };
    const Id output = strip->output;
    const char* what = strip->kind == StripKind::track   ? "track "
                       : strip->kind == StripKind::group ? "group "
                                                         : "return ";
    return inSong (p, songOf (p, id)->id, "Remove " + (what + quoted (strip->name)),
                   [&] (Song& s, Edited&) -> Outcome
                   {
                       std::erase_if (s.tracks, [&] (const TrackPtr& t) { return t->strip.id == id; });
                       std::erase_if (s.groups, [&] (const StripPtr& g) { return g->id == id; });
                       std::erase_if (s.returns, [&] (const StripPtr& r) { return r->id == id; });
                       for (auto& g : s.editGroups)
                           std::erase (g.tracks, id);
                       forgetStrip (s, id, output);
                       forgetLostTargets (s);
                       return {};
                   });
}

Edit renamed (const Project& p, Id id, std::string name)
{
    if (const auto good = goodName (name); ! good)
        return good.problem();
    const auto label = "Rename to " + quoted (name);
    if (! id || id == p.id)
    {
        Edited e { p, label };
        e.project.name = std::move (name);
        return e;
    }
    if (stripOf (p, id) != nullptr)
        return inStrip (p, id, label,
                        [&] (Strip& s, Edited&)
                        {
                            s.name = name;
                            return Outcome {};
                        });
    if (vcaOf (p, id) != nullptr)
        return inVca (p, id, label,
                      [&] (Vca& v, Edited&)
                      {
                          v.name = name;
                          return Outcome {};
                      });
    if (sceneOf (p, id) != nullptr)
        return renamedScene (p, id, std::move (name));
    if (clipOf (p, id) != nullptr)
        return inClip (p, id, label,
                       [&] (Clip& c)
                       {
                           c.name = name;
                           return Outcome {};
                       });
    const auto* song = songOf (p, id);
    if (song == nullptr)
        return nothing ("song, track, clip or marker", id);
    return inSong (p, song->id, label,
                   [&] (Song& s, Edited&) -> Outcome
                   {
                       if (s.id == id)
                       {
                           s.name = name;
                           return {};
                       }
                       for (auto& m : s.markers)
                           if (m.id == id)
                           {
                               m.name = name;
                               return {};
                           }
                       for (auto& g : s.editGroups)
                           if (g.id == id)
                           {
                               g.name = name;
                               return {};
                           }
                       for (auto& g : s.muteGroups)
                           if (g.id == id)
                           {
                               g.name = name;
                               return {};
                           }
                       return nothing ("song, track, clip or marker", id);
                   });
}

Edit recoloured (const Project& p, Id strip, std::string colour)
{
    if (const auto good = goodText ("The colour", colour); ! good)
        return good.problem();
    if (vcaOf (p, strip) != nullptr)
        return inVca (p, strip, "Change colour",
                      [&] (Vca& v, Edited&)
                      {
                          v.colour = colour;
                          return Outcome {};
                      });
    if (markerOf (p, strip) != nullptr)
        return inMarker (p, strip, "Change colour",
                         [&] (Marker& m)
                         {
                             m.colour = colour;
                             return Outcome {};
                         });
    return inStrip (p, strip, "Change colour",
                    [&] (Strip& s, Edited&)
                    {
                        s.colour = colour;
                        return Outcome {};
                    });
}

Edit reordered (const Project& p, Id id, std::size_t index)
{
    Edited e { p, "Change order" };
    if (move (
            e.project.songs, [&] (const SongPtr& s) { return s->id == id; }, index))
        return e;
    const auto* strip = stripOf (p, id);
    if (strip == nullptr)
        return nothing ("track, bus or song", id);
    if (strip->kind == StripKind::mix)
        return Problem { "The mix bus has a fixed place." };
    return inSong (p, songOf (p, id)->id, "Move " + quoted (strip->name),
                   [&] (Song& s, Edited&) -> Outcome
                   {
                       const auto is = [&] (const StripPtr& one) { return one->id == id; };
                       if (! move (
                               s.tracks, [&] (const TrackPtr& t) { return t->strip.id == id; }, index) &&
                           ! move (s.groups, is, index))
                           move (s.returns, is, index);
                       return {};
                   });
}

namespace
{

Outcome goodValue (const std::string& parameter, const Value* value)
{
    if (parameter.empty())
        return Problem { "The address names no parameter." };
    if (const auto good = goodText ("The parameter's name", parameter); ! good)
        return good;
    if (value == nullptr)
        return {};
    if (const auto* number = std::get_if<double> (value))
    {
        if (! (std::abs (*number) <= limit::value))
            return Problem { "The value of " + parameter + " is not a number in range." };
        return {};
    }
    return goodText ("The value of " + parameter, std::get<std::string> (*value));
}

Edit valueEdit (const Project& p, Id target, const std::string& parameter, const Value* value)
{
    if (const auto good = goodValue (parameter, value); ! good)
        return good.problem();
    const auto set = [&] (Values& values) -> Outcome
    {
        if (value == nullptr)
            values.erase (parameter);
        else
            values[parameter] = *value;
        if (values.size() > limit::values)
            return Problem { "There are too many parameters." };
        return {};
    };
    const auto label = (value != nullptr ? "Set " : "Reset ") + parameter;
    if (modulatorOf (p, target) != nullptr)
        return inModulator (p, target, label, [&] (Modulator& m) { return set (m.values); });
    if (stripOf (p, target) != nullptr)
        return inStrip (p, target, label, [&] (Strip& s, Edited&) { return set (s.values); });
    if (vcaOf (p, target) != nullptr)
        return inVca (p, target, label, [&] (Vca& v, Edited&) { return set (v.values); });
    return inEffect (p, target, label, [&] (Effect& e) { return set (e.values); });
}

} // namespace

Edit withValue (const Project& p, Id target, const std::string& parameter, Value value)
{
    if (parameter == effectSwitch && effectOf (p, target) != nullptr)
    {
        const auto* text = std::get_if<std::string> (&value);
        const bool on = text != nullptr ? *text == "On" || *text == "on" : std::get<double> (value) >= 0.5;
        if (text != nullptr && ! on && *text != "Off" && *text != "off")
            return Problem { "An effect is On or Off." };
        return switchedEffect (p, target, on);
    }
    return valueEdit (p, target, parameter, &value);
}

Edit withoutValue (const Project& p, Id target, const std::string& parameter)
{
    if (parameter == effectSwitch && effectOf (p, target) != nullptr)
        return switchedEffect (p, target, true);
    return valueEdit (p, target, parameter, nullptr);
}

Edit withOutput (const Project& p, Id strip, Id output)
{
    const auto* song = stripOf (p, strip) != nullptr ? songOf (p, strip) : nullptr;
    if (song == nullptr)
        return nothing ("track or bus", strip);
    const auto* to = stripOf (p, output);
    if (to == nullptr || songOf (p, output) != song ||
        (to->kind != StripKind::group && to->kind != StripKind::mix))
        return Problem { "An output must be a group or the mix bus of the same song." };
    if (song->mix->id == strip)
        return Problem { "The output of the mix bus is the master." };
    return inSong (p, song->id, "Route to " + quoted (to->name),
                   [&] (Song& s, Edited&) -> Outcome
                   {
                       if (const auto done = inStrip (s, strip,
                                                      [&] (Strip& one)
                                                      {
                                                          one.output = output;
                                                          return Outcome {};
                                                      });
                           ! done)
                           return done;
                       return notCircular (s);
                   });
}

Edit withSend (const Project& p, Id strip, int slot, Id to)
{
    const auto* song = stripOf (p, strip) != nullptr ? songOf (p, strip) : nullptr;
    if (song == nullptr)
        return nothing ("track or bus", strip);
    if (slot < 0 || slot >= Strip::sendSlots)
        return Problem { "A strip has sends 1 to " + std::to_string (Strip::sendSlots) + "." };
    if (song->mix->id == strip)
        return Problem { "The mix bus has no sends." };
    const auto* target = stripOf (p, to);
    if (to && (target == nullptr || target->kind != StripKind::effectReturn || songOf (p, to) != song))
        return Problem { "A send must go to a return of the same song." };
    const auto label = to ? "Send to " + quoted (target->name) : "Remove send " + std::to_string (slot + 1);
    return inSong (p, song->id, label,
                   [&] (Song& s, Edited&) -> Outcome
                   {
                       if (const auto done = inStrip (s, strip,
                                                      [&] (Strip& one)
                                                      {
                                                          one.sends[static_cast<std::size_t> (slot)] = to;
                                                          return Outcome {};
                                                      });
                           ! done)
                           return done;
                       return notCircular (s);
                   });
}

Edit addedEffect (const Project& p, Id owner, std::string type, int index, bool postConsole)
{
    if (const auto good = goodText ("The effect's type", type); ! good || type.empty())
        return Problem { "An effect needs a type." };
    return inChain (
        p, owner, "Add " + nameToShow (type),
        [&] (std::vector<EffectPtr>& all, std::vector<Lane>&, Edited& e) -> Outcome
        {
            if (all.size() >= (masterOf (p, owner) != nullptr ? limit::effects : Strip::insertSlots))
                return Problem { "There are too many effects in this place: a track or bus has "
                                 "up to " +
                                 std::to_string (Strip::insertSlots) + " inserts." };
            Effect effect;
            effect.id = e.made = nextId (e.project);
            effect.type = type;
            effect.postConsole = postConsole;
            const auto at = index < 0 ? all.size() : std::min (all.size(), static_cast<std::size_t> (index));
            all.insert (all.begin() + static_cast<std::ptrdiff_t> (at),
                        std::make_shared<const Effect> (std::move (effect)));
            return {};
        });
}

Edit removedEffect (const Project& p, Id effect)
{
    const auto* e = effectOf (p, effect);
    if (e == nullptr)
        return nothing ("effect", effect);
    return withoutLostTargets (
        inChain (p, ownerOf (p, effect), "Remove " + nameToShow (e->type),
                 [&] (std::vector<EffectPtr>& all, std::vector<Lane>& lanes, Edited&)
                 {
                     std::erase_if (all, [&] (const EffectPtr& one) { return one->id == effect; });
                     std::erase_if (lanes, [&] (const Lane& l) { return l.target == effect; });
                     return Outcome {};
                 }));
}

Edit movedEffect (const Project& p, Id effect, std::size_t index)
{
    const auto* e = effectOf (p, effect);
    if (e == nullptr)
        return nothing ("effect", effect);
    return inChain (p, ownerOf (p, effect), "Move " + nameToShow (e->type),
                    [&] (std::vector<EffectPtr>& all, std::vector<Lane>&, Edited&)
                    {
                        move (
                            all, [&] (const EffectPtr& one) { return one->id == effect; }, index);
                        return Outcome {};
                    });
}

Edit switchedEffect (const Project& p, Id effect, bool on)
{
    const auto* e = effectOf (p, effect);
    if (e == nullptr)
        return nothing ("effect", effect);
    return inEffect (p, effect, (on ? "Switch on " : "Bypass ") + nameToShow (e->type),
                     [&] (Effect& copy)
                     {
                         copy.on = on;
                         return Outcome {};
                     });
}

Edit withRecording (const Project& p, Id effect, Id media)
{
    const auto* e = effectOf (p, effect);
    if (e == nullptr)
        return nothing ("effect", effect);
    if (media && mediaOf (p, media) == nullptr)
        return nothing ("audio file", media);
    return inEffect (p, effect,
                     (media ? "Give a recording to " : "Take the recording from ") + nameToShow (e->type),
                     [&] (Effect& copy)
                     {
                         copy.media = media;
                         return Outcome {};
                     });
}

Edit withTarget (const Project& p, Id song, std::string target)
{
    if (const auto good = goodText ("The target's name", target); ! good)
        return good.problem();
    return inSong (p, song, "Set target",
                   [&] (Song& s, Edited&)
                   {
                       return changed (s.master,
                                       [&] (Master& m)
                                       {
                                           m.target = target;
                                           return Outcome {};
                                       });
                   });
}

Edit withLane (const Project& p, Lane lane)
{
    if (const auto good = goodValue (lane.parameter, nullptr); ! good)
        return good.problem();
    if (const auto good = mayBeAutomated (p, lane.target, lane.parameter); ! good)
        return good.problem();
    if (lane.points.size() > limit::points)
        return Problem { "There are too many automation points." };
    for (const auto& point : lane.points)
    {
        if (const auto good = goodPosition ("An automation point", point.position); ! good)
            return good.problem();
        if (! (std::abs (point.value) <= limit::value) || ! (std::abs (point.tension) <= 1))
            return Problem { "The value of an automation point is out of range." };
    }
    // Of equal positions the last one counts: the reversed order makes unique() keep it.
    auto& points = lane.points;
    std::reverse (points.begin(), points.end());
    std::stable_sort (points.begin(), points.end(),
                      [] (const AutomationPoint& a, const AutomationPoint& b)
                      { return a.position < b.position; });
    points.erase (std::unique (points.begin(), points.end(),
                               [] (const AutomationPoint& a, const AutomationPoint& b)
                               { return a.position == b.position; }),
                  points.end());
    const auto put = [&] (std::vector<Lane>& lanes) -> Outcome
    {
        for (auto& l : lanes)
            if (l.target == lane.target && l.parameter == lane.parameter)
            {
                l = lane;
                return {};
            }
        if (lanes.size() >= limit::lanes)
            return Problem { "There are too many automation lanes." };
        lanes.push_back (lane);
        return {};
    };
    const auto label = "Automate " + lane.parameter;
    if (modulatorOf (p, lane.target) != nullptr)
        return inModulator (p, lane.target, label, [&] (Modulator& m) { return put (m.lanes); });
    const Id owner = effectOf (p, lane.target) != nullptr ? ownerOf (p, lane.target) : lane.target;
    return inChain (p, owner, label,
                    [&] (std::vector<EffectPtr>&, std::vector<Lane>& lanes, Edited&) { return put (lanes); });
}

Edit withoutLane (const Project& p, Id target, const std::string& parameter)
{
    const auto take = [&] (std::vector<Lane>& lanes) -> Outcome
    {
        if (std::erase_if (lanes, [&] (const Lane& l)
                           { return l.target == target && l.parameter == parameter; }) == 0)
            return Problem { "There is no automation of " + nameToShow (parameter) + "." };
        return {};
    };
    const auto label = "Remove automation of " + nameToShow (parameter);
    if (modulatorOf (p, target) != nullptr)
        return inModulator (p, target, label, [&] (Modulator& m) { return take (m.lanes); });
    const Id owner = effectOf (p, target) != nullptr ? ownerOf (p, target) : target;
    return inChain (p, owner, label,
                    [&] (std::vector<EffectPtr>&, std::vector<Lane>& lanes, Edited&)
                    { return take (lanes); });
}

Edit addedMarker (const Project& p, Id song, Frames position, std::string name, bool section)
{
    if (const auto good = goodPosition ("The marker", position); ! good)
        return good.problem();
    if (const auto good = goodText ("The marker's name", name); ! good)
        return good.problem();
    return inSong (p, song, "Add marker " + quoted (name),
                   [&] (Song& s, Edited& e) -> Outcome
                   {
                       if (s.markers.size() >= limit::markers)
                           return Problem { "There are too many markers." };
                       Marker m;
                       m.id = e.made = nextId (e.project);
                       m.position = position;
                       m.name = name;
                       m.section = section;
                       s.markers.push_back (std::move (m));
                       sortMarkers (s);
                       return {};
                   });
}

Edit removedMarker (const Project& p, Id marker)
{
    if (markerOf (p, marker) == nullptr)
        return nothing ("marker", marker);
    return inSong (p, songOf (p, marker)->id, "Remove marker",
                   [&] (Song& s, Edited&)
                   {
                       std::erase_if (s.markers, [&] (const Marker& m) { return m.id == marker; });
                       return Outcome {};
                   });
}

Edit movedMarker (const Project& p, Id marker, Frames position)
{
    if (const auto good = goodPosition ("The marker", position); ! good)
        return good.problem();
    return inMarker (p, marker, "Move marker",
                     [&] (Marker& m)
                     {
                         m.position = position;
                         return Outcome {};
                     });
}

Edit withMarkerRange (const Project& p, Id marker, Frames length)
{
    if (const auto good = goodPosition ("The length of the marker", length); ! good)
        return good.problem();
    return inMarker (p, marker, "Change marker range",
                     [&] (Marker& m)
                     {
                         m.length = length;
                         return Outcome {};
                     });
}

Edit withSection (const Project& p, Id marker, bool section)
{
    return inMarker (p, marker, section ? "Make section" : "Make plain marker",
                     [&] (Marker& m)
                     {
                         m.section = section;
                         return Outcome {};
                     });
}

Edit withTempo (const Project& p, Id song, std::vector<TempoMap::Tempo> tempi,
                std::vector<TempoMap::Metre> metres)
{
    const auto inOrder = [] (const auto& all)
    {
        double last = -1;
        for (const auto& one : all)
        {
            if (! (one.beat > last && one.beat <= 1e9))
                return false;
            last = one.beat;
        }
        return all.size() <= limit::markers;
    };
    if (! inOrder (tempi) || ! inOrder (metres))
        return Problem { "Tempo changes must follow each other in time." };
    for (const auto& t : tempi)
        if (! (t.bpm >= 10 && t.bpm <= 999))
            return Problem { "A tempo lies between 10 and 999 beats per minute." };
    for (const auto& m : metres)
        if (m.numerator < 1 || m.numerator > 99 || m.denominator < 1 || m.denominator > 64 ||
            (m.denominator & (m.denominator - 1)) != 0)
            return Problem { "A metre is 1 to 99 over 1, 2, 4, 8, 16, 32 or 64." };
    const auto* before = songOf (p, song);
    const bool metre = before != nullptr && before->tempi == tempi && before->metres != metres;
    return inSong (p, song, metre ? "Change metre" : "Change tempo",
                   [&] (Song& s, Edited&)
                   {
                       s.tempi = tempi;
                       s.metres = metres;
                       return Outcome {};
                   });
}

Edit withLoop (const Project& p, Id song, Frames start, Frames end, bool looping)
{
    if (start < 0 || end < start || end > limit::position || (looping && end == start))
        return Problem { "A loop must end after it starts." };
    return inSong (p, song, "Set loop",
                   [&] (Song& s, Edited&)
                   {
                       s.loopStart = start;
                       s.loopEnd = end;
                       s.looping = looping;
                       return Outcome {};
                   });
}

Edit withEnd (const Project& p, Id song, Frames end)
{
    if (const auto good = goodPosition ("The end", end); ! good)
        return good.problem();
    return inSong (p, song, "Set song end",
                   [&] (Song& s, Edited&)
                   {
                       s.end = end;
                       return Outcome {};
                   });
}

Edit withText (const Project& p, Id song, SongText which, std::string text)
{
    if (const auto good = goodText ("The text", text); ! good)
        return good.problem();
    if (which == SongText::isrc && ! text.empty())
    {
        std::erase (text, '-');
        // ISO 3901: two letters, three letters or digits, two digits of the year, five digits.
        bool good = text.size() == 12;
        for (std::size_t n = 0; good && n < 12; ++n)
        {
            auto& c = text[n];
            if (c >= 'a' && c <= 'z')
                c = static_cast<char> (c - 'a' + 'A');
            const bool letter = c >= 'A' && c <= 'Z', number = c >= '0' && c <= '9';
            good = n < 2 ? letter : n < 5 ? letter || number : number;
        }
        if (! good)
            return Problem { "This is not an ISRC.", {}, "An ISRC looks like DE-A12-26-00001." };
    }
    const char* what = which == SongText::artist ? "artist" : which == SongText::writer ? "writer" : "ISRC";
    return inSong (
        p, song, std::string ("Set ") + what,
        [&] (Song& s, Edited&)
        {
            (which == SongText::artist ? s.artist : which == SongText::writer ? s.writer : s.isrc) = text;
            return Outcome {};
        });
}

Edit withText (const Project& p, AlbumText which, std::string text)
{
    if (const auto good = goodText ("The text", text); ! good)
        return good.problem();
    if (which == AlbumText::ean && ! text.empty())
    {
        // GS1 General Specifications 7.9.1: weights 1 and 3 in turn, the sum with the check digit ends in 0.
        int sum = 0;
        bool good = text.size() == 13;
        for (std::size_t n = 0; good && n < 13; ++n)
        {
            good = text[n] >= '0' && text[n] <= '9';
            sum += (text[n] - '0') * (n % 2 == 0 ? 1 : 3);
        }
        if (! good || sum % 10 != 0)
            return Problem { "This is not an EAN.",
                             {},
                             "An EAN has 13 digits, of which the last checks the others." };
    }
    Edited e { p, which == AlbumText::title    ? "Set album title"
                  : which == AlbumText::artist ? "Set album artist"
                                               : "Set EAN" };
    auto& a = e.project.album;
    (which == AlbumText::title ? a.title : which == AlbumText::artist ? a.artist : a.ean) = std::move (text);
    return e;
}

Edit withOrder (const Project& p, std::vector<Id> songs)
{
    for (std::size_t n = 0; n < songs.size(); ++n)
    {
        if (std::none_of (p.songs.begin(), p.songs.end(),
                          [&] (const SongPtr& s) { return s->id == songs[n]; }))
            return nothing ("song", songs[n]);
        if (std::find (songs.begin(), songs.begin() + static_cast<std::ptrdiff_t> (n), songs[n]) !=
            songs.begin() + static_cast<std::ptrdiff_t> (n))
            return Problem { "A song can only be on the album once." };
    }
    for (const auto old : p.album.order)
        if (std::find (songs.begin(), songs.end(), old) == songs.end())
            songs.push_back (old);
    Edited e { p, "Change album order" };
    e.project.album.order = std::move (songs);
    return e;
}

Edit withGap (const Project& p, Id song, double seconds)
{
    if (! (seconds >= 0 && seconds <= 3600))
        return Problem { "A gap lies between 0 and 3600 seconds." };
    if (std::none_of (p.songs.begin(), p.songs.end(), [&] (const SongPtr& s) { return s->id == song; }))
        return nothing ("song", song);
    Edited e { p, "Set gap" };
    e.project.album.gaps[song] = seconds;
    return e;
}

Edit addedMedia (const Project& p, Media media)
{
    Edited e { p, "Add audio file" };
    media.id = e.made = nextId (e.project);
    if (media.path.find ('\0') != std::string::npos || media.path.size() > limit::pathBytes ||
        media.original.find ('\0') != std::string::npos || media.original.size() > limit::pathBytes)
        return Problem { "The path of the audio file is too long or holds a NUL." };
    if (media.path.empty() || (! media.referenced && ! staysInside (media.path)))
        return Problem { "The audio file does not lie inside the project folder." };
    for (const auto& good : { goodText ("The hash", media.hash), goodPosition ("The length", media.frames) })
        if (! good)
            return good.problem();
    if (media.channels < 1 || media.channels > 64 || ! (media.originalRate >= 0 && media.originalRate <= 1e7))
        return Problem { "The format of the audio file is impossible." };
    if (p.media.size() >= limit::media)
        return Problem { "There are too many audio files." };
    e.project.media.push_back (std::move (media));
    return e;
}

Edit removedMedia (const Project& p, Id media)
{
    if (mediaOf (p, media) == nullptr)
        return nothing ("audio file", media);
    for (const auto& s : p.songs)
        for (const auto& t : s->tracks)
            if (t->frozen == media || std::any_of (t->clips.begin(), t->clips.end(),
                                                   [&] (const ClipPtr& c) { return c->media == media; }))
                return Problem { "The audio file is used by " + nameOf (t->strip) + "." };
    bool heard = false;
    forEachEffect (p, [&] (const Effect& e) { heard = heard || e.media == media; });
    if (heard)
        return Problem { "The audio file is used by an effect." };
    if (isUsed (p, media))
        return Problem { "The audio file is used by an effect of a scene." };
    Edited e { p, "Remove audio file" };
    std::erase_if (e.project.media, [&] (const Media& m) { return m.id == media; });
    return e;
}

} // namespace lacquer::session

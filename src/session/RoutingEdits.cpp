// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/RoutingEdits.h"

#include "session/Sentence.h"
#include "session/StripChanges.h"

#include <cmath>

namespace lacquer::session
{

using namespace change;

namespace change
{

void forgetStrip (Song& s, Id id, Id output)
{
    const auto hears = [&] (const std::vector<EffectPtr>& all)
    { return std::any_of (all.begin(), all.end(), [&] (const EffectPtr& e) { return e->sidechain == id; }); };
    const auto unplug = [&] (std::vector<EffectPtr>& all)
    {
        for (auto& one : all)
            if (one->sidechain == id)
                (void)changed (one,
                               [] (Effect& e)
                               {
                                   e.sidechain = {};
                                   return Outcome {};
                               });
    };
    rewriteStrips (
        s,
        [&] (const Strip& other)
        {
            return other.output == id ||
                   std::find (other.sends.begin(), other.sends.end(), id) != other.sends.end() ||
                   hears (other.inserts);
        },
        [&] (Strip& other)
        {
            if (other.output == id)
                other.output = output;
            std::replace (other.sends.begin(), other.sends.end(), id, Id {});
            unplug (other.inserts);
        });
    if (hears (s.master->modules))
        (void)changed (s.master,
                       [&] (Master& m)
                       {
                           unplug (m.modules);
                           return Outcome {};
                       });
    forgetMember (s, id);
    std::erase_if (s.maskingIgnored, [&] (const MaskedPair& p) { return p.lead == id || p.masker == id; });
}

void forgetMember (Song& s, Id id)
{
    for (auto& v : s.vcas)
        if (std::find (v->members.begin(), v->members.end(), id) != v->members.end())
            (void)changed (v,
                           [&] (Vca& copy)
                           {
                               std::erase (copy.members, id);
                               return Outcome {};
                           });
    for (auto& g : s.muteGroups)
        std::erase (g.members, id);
}

} // namespace change

namespace
{

Edit inMuteGroup (const Project& p, Id group, std::string label, const auto& change)
{
    return inList (p, &Song::muteGroups, "VCA fader or mute group", group, std::move (label), change);
}

} // namespace

Edit withSidechain (const Project& p, Id effect, Id strip)
{
    const auto* e = effectOf (p, effect);
    if (e == nullptr)
        return nothing ("effect", effect);
    const auto* song = songOf (p, effect);
    const auto* key = stripOf (p, strip);
    if (strip && (key == nullptr || songOf (p, strip) != song))
        return Problem { "The sidechain of an effect is a track or bus of the same song." };
    if (strip && masterOf (p, ownerOf (p, effect)) != nullptr && key->kind == StripKind::mix)
        return Problem { "The master hears the mix bus already.",
                         {},
                         "Choose a track, a group or a return as the sidechain." };
    const auto label = strip ? "Key " + nameToShow (e->type) + " from " + quoted (key->name)
                             : "Remove the sidechain of " + nameToShow (e->type);
    auto edit = inEffect (p, effect, label,
                          [&] (Effect& copy)
                          {
                              copy.sidechain = strip;
                              return Outcome {};
                          });
    if (edit)
        if (const auto good = notCircular (*songOf (edit->project, effect)); ! good)
            return good.problem();
    return edit;
}

Edit placedEffect (const Project& p, Id effect, bool postConsole)
{
    const auto* e = effectOf (p, effect);
    if (e == nullptr)
        return nothing ("effect", effect);
    if (stripOf (p, ownerOf (p, effect)) == nullptr)
        return Problem { "The master has no console part to stand before or after." };
    return inEffect (p, effect,
                     "Move " + nameToShow (e->type) + (postConsole ? " after" : " before") + " the console",
                     [&] (Effect& copy)
                     {
                         copy.postConsole = postConsole;
                         return Outcome {};
                     });
}

TrackForm formOf (const Strip& s)
{
    return s.channels == 1 ? TrackForm::mono : s.dualMono ? TrackForm::dualMono : TrackForm::stereo;
}

Edit withForm (const Project& p, Id track, TrackForm form)
{
    return inTrack (p, track,
                    form == TrackForm::mono     ? "Make track mono"
                    : form == TrackForm::stereo ? "Make track stereo"
                                                : "Make track dual mono",
                    [&] (Track& t, Edited&)
                    {
                        t.strip.channels = form == TrackForm::mono ? 1 : 2;
                        t.strip.dualMono = form == TrackForm::dualMono;
                        return Outcome {};
                    });
}

Edit withDelay (const Project& p, Id track, Frames delay)
{
    if (std::abs (static_cast<double> (delay)) > limit::delaySeconds * p.sampleRate)
        return Problem { "A track is delayed by up to 10 seconds either way." };
    return inTrack (p, track, "Delay track",
                    [&] (Track& t, Edited&)
                    {
                        t.delay = delay;
                        return Outcome {};
                    });
}

Edit madeSoloSafe (const Project& p, Id strip, bool safe)
{
    return inStrip (p, strip, safe ? "Make solo-safe" : "Make not solo-safe",
                    [&] (Strip& s, Edited&)
                    {
                        s.soloSafe = safe;
                        return Outcome {};
                    });
}

Edit disabled (const Project& p, Id strip, bool off)
{
    return inStrip (p, strip, off ? "Disable" : "Enable",
                    [&] (Strip& s, Edited& e) -> Outcome
                    {
                        if (s.kind == StripKind::mix)
                            return Problem { "The mix bus cannot be disabled." };
                        e.label += " " + quoted (s.name);
                        s.disabled = off;
                        return {};
                    });
}

Edit frozen (const Project& p, Id track, Id media, Frames lead)
{
    if (media && mediaOf (p, media) == nullptr)
        return nothing ("audio file", media);
    return inTrack (p, track, media ? "Freeze" : "Unfreeze",
                    [&] (Track& t, Edited& e) -> Outcome
                    {
                        if (! media && ! t.frozen)
                            return Problem { capital (nameOf (t.strip)) + " is not frozen." };
                        e.label += " " + quoted (t.strip.name);
                        t.frozen = media;
                        t.frozenLead = media ? lead : 0;
                        return {};
                    });
}

Edit addedVca (const Project& p, Id song, std::string name, std::string colour)
{
    if (const auto good = goodName (name); ! good)
        return good.problem();
    if (const auto good = goodText ("The colour", colour); ! good)
        return good.problem();
    return inSong (p, song, "Add VCA fader " + quoted (name),
                   [&] (Song& s, Edited& e) -> Outcome
                   {
                       if (s.vcas.size() >= limit::strips)
                           return Problem { "There are too many VCA faders." };
                       Vca v;
                       v.id = e.made = nextId (e.project);
                       v.name = name;
                       v.colour = colour;
                       s.vcas.push_back (std::make_shared<const Vca> (std::move (v)));
                       return {};
                   });
}

Edit addedMuteGroup (const Project& p, Id song, std::string name)
{
    if (const auto good = goodName (name); ! good)
        return good.problem();
    return inSong (p, song, "Add mute group " + quoted (name),
                   [&] (Song& s, Edited& e) -> Outcome
                   {
                       if (s.muteGroups.size() >= limit::strips)
                           return Problem { "There are too many mute groups." };
                       MuteGroup g;
                       g.id = e.made = nextId (e.project);
                       g.name = name;
                       s.muteGroups.push_back (std::move (g));
                       return {};
                   });
}

Edit removedVcaOrMuteGroup (const Project& p, Id id)
{
    const auto* vca = vcaOf (p, id);
    const auto* group = muteGroupOf (p, id);
    if (vca == nullptr && group == nullptr)
        return nothing ("VCA fader or mute group", id);
    return inSong (p, songOf (p, id)->id,
                   vca != nullptr ? "Remove VCA fader " + quoted (vca->name)
                                  : "Remove mute group " + quoted (group->name),
                   [&] (Song& s, Edited&)
                   {
                       std::erase_if (s.vcas, [&] (const VcaPtr& v) { return v->id == id; });
                       std::erase_if (s.muteGroups, [&] (const MuteGroup& g) { return g.id == id; });
                       forgetMember (s, id);
                       return Outcome {};
                   });
}

Edit switchedMuteGroup (const Project& p, Id group, bool on)
{
    return inMuteGroup (p, group, on ? "Mute group" : "Unmute group",
                        [&] (MuteGroup& g)
                        {
                            g.on = on;
                            return Outcome {};
                        });
}

Edit withMembers (const Project& p, Id id, std::vector<Id> members)
{
    const bool isVca = vcaOf (p, id) != nullptr;
    const auto* song = songOf (p, id);
    for (std::size_t n = 0; n < members.size(); ++n)
    {
        const Id member = members[n];
        if ((stripOf (p, member) == nullptr && ! (isVca && vcaOf (p, member) != nullptr)) ||
            songOf (p, member) != song)
            return Problem { isVca
                                 ? "The members of a VCA fader are tracks, buses and VCA faders of its song."
                                 : "The members of a mute group are tracks and buses of its song." };
        if (std::find (members.begin(), members.begin() + static_cast<std::ptrdiff_t> (n), member) !=
            members.begin() + static_cast<std::ptrdiff_t> (n))
            return Problem { "A member is named twice." };
    }
    const auto label = "Change members";
    if (! isVca)
        return inMuteGroup (p, id, label,
                            [&] (MuteGroup& g)
                            {
                                g.members = members;
                                return Outcome {};
                            });
    auto edit = inVca (p, id, label,
                       [&] (Vca& v, Edited&)
                       {
                           v.members = members;
                           return Outcome {};
                       });
    if (edit)
        if (const auto cycle = vcaCycle (*songOf (edit->project, id)); ! cycle.empty())
            return Problem { "The VCA faders would move each other in a circle: " + cycle + ".",
                             {},
                             "Nothing was changed." };
    return edit;
}

} // namespace lacquer::session

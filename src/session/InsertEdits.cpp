// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/InsertEdits.h"

#include "session/Reading.h"
#include "session/Sentence.h"
#include "session/StripChanges.h"

namespace lacquer::session
{

using namespace change;

namespace
{

/// The effect and the strip it is to go to are of one song.
Outcome goodPlace (const Project& p, Id effect, Id strip)
{
    if (effectOf (p, effect) == nullptr)
        return nothing ("effect", effect);
    if (stripOf (p, strip) == nullptr || stripOf (p, ownerOf (p, effect)) == nullptr)
        return Problem { "Inserts are on tracks and buses." };
    if (songOf (p, strip) != songOf (p, effect))
        return Problem { "An insert stays in its song." };
    return {};
}

Outcome place (Song& s, EffectPtr effect, std::vector<Lane> lanes, const InsertPlace& to)
{
    auto copy = *effect;
    copy.postConsole = to.postConsole;
    const auto done = inStrip (
        s, to.strip,
        [&] (Strip& strip) -> Outcome
        {
            if (strip.inserts.size() >= Strip::insertSlots)
                return Problem { capital (nameOf (strip)) + " has " + std::to_string (Strip::insertSlots) +
                                 " inserts, which is as many as there can be." };
            const auto at = std::min (strip.inserts.size(), to.index);
            strip.inserts.insert (strip.inserts.begin() + static_cast<std::ptrdiff_t> (at),
                                  std::make_shared<const Effect> (std::move (copy)));
            strip.lanes.insert (strip.lanes.end(), lanes.begin(), lanes.end());
            return {};
        });
    return done ? notCircular (s) : done;
}

/// "send3." of slot 2.
std::string prefixOf (int slot)
{
    return "send" + std::to_string (slot + 1) + ".";
}

/// The parameter of a send after the sends moved; others stay as they are.
std::string renumbered (const std::string& parameter, const std::array<int, Strip::sendSlots>& newSlot)
{
    for (int slot = 0; slot < Strip::sendSlots; ++slot)
        if (const auto prefix = prefixOf (slot); parameter.starts_with (prefix))
            return prefixOf (newSlot[static_cast<std::size_t> (slot)]) + parameter.substr (prefix.size());
    return parameter;
}

Outcome goodSlot (int slot)
{
    if (slot < 0 || slot >= Strip::sendSlots)
        return Problem { "A strip has sends 1 to " + std::to_string (Strip::sendSlots) + "." };
    return {};
}

} // namespace

Edit carriedEffect (const Project& p, Id effect, InsertPlace to)
{
    if (const auto good = goodPlace (p, effect, to.strip); ! good)
        return good.problem();
    const Id from = ownerOf (p, effect);
    const auto name = nameToShow (effectOf (p, effect)->type);
    const auto label =
        "Move " + name + (from == to.strip ? std::string() : " to " + quoted (stripOf (p, to.strip)->name));
    return inSong (p, songOf (p, effect)->id, label,
                   [&] (Song& s, Edited&) -> Outcome
                   {
                       EffectPtr carried;
                       std::vector<Lane> lanes;
                       (void)inStrip (s, from,
                                      [&] (Strip& strip)
                                      {
                                          const auto at = std::find_if (
                                              strip.inserts.begin(), strip.inserts.end(),
                                              [&] (const EffectPtr& e) { return e->id == effect; });
                                          carried = *at;
                                          strip.inserts.erase (at);
                                          const auto rest = std::stable_partition (
                                              strip.lanes.begin(), strip.lanes.end(),
                                              [&] (const Lane& l) { return l.target != effect; });
                                          lanes.assign (rest, strip.lanes.end());
                                          strip.lanes.erase (rest, strip.lanes.end());
                                          return Outcome {};
                                      });
                       return place (s, std::move (carried), std::move (lanes), to);
                   });
}

Edit copiedEffect (const Project& p, Id effect, InsertPlace to)
{
    if (const auto good = goodPlace (p, effect, to.strip); ! good)
        return good.problem();
    const auto& original = *effectOf (p, effect);
    return inSong (p, songOf (p, effect)->id,
                   "Copy " + nameToShow (original.type) + " to " + quoted (stripOf (p, to.strip)->name),
                   [&] (Song& s, Edited& e)
                   {
                       auto copy = original;
                       copy.id = e.made = nextId (e.project);
                       return place (s, std::make_shared<const Effect> (std::move (copy)), {}, to);
                   });
}

Edit movedSend (const Project& p, Id strip, int slot, int to)
{
    for (const int n : { slot, to })
        if (const auto good = goodSlot (n); ! good)
            return good.problem();
    std::array<int, Strip::sendSlots> oldSlot {}, newSlot {};
    for (int n = 0; n < Strip::sendSlots; ++n)
        oldSlot[static_cast<std::size_t> (n)] = n;
    const auto first = oldSlot.begin();
    if (slot < to)
        std::rotate (first + slot, first + slot + 1, first + to + 1);
    else
        std::rotate (first + to, first + slot, first + slot + 1);
    for (int n = 0; n < Strip::sendSlots; ++n)
        newSlot[static_cast<std::size_t> (oldSlot[static_cast<std::size_t> (n)])] = n;
    auto edit = inStrip (p, strip, "Move send",
                         [&] (Strip& s, Edited&)
                         {
                             const auto sends = s.sends;
                             for (std::size_t n = 0; n < sends.size(); ++n)
                                 s.sends[n] = sends[static_cast<std::size_t> (oldSlot[n])];
                             Values values;
                             for (const auto& [parameter, value] : s.values)
                                 values[renumbered (parameter, newSlot)] = value;
                             s.values = std::move (values);
                             for (auto& lane : s.lanes)
                                 if (lane.target == s.id)
                                     lane.parameter = renumbered (lane.parameter, newSlot);
                             return Outcome {};
                         });
    if (! edit)
        return edit;
    return inSong (edit->project, songOf (p, strip)->id, edit->label,
                   [&] (Song& s, Edited&)
                   {
                       for (auto& m : s.modulators)
                           if (std::any_of (m->targets.begin(), m->targets.end(),
                                            [&] (const Modulation& t) { return t.target == strip; }))
                               (void)changed (m,
                                              [&] (Modulator& copy)
                                              {
                                                  for (auto& t : copy.targets)
                                                      if (t.target == strip)
                                                          t.parameter = renumbered (t.parameter, newSlot);
                                                  return Outcome {};
                                              });
                       return Outcome {};
                   });
}

Edit copiedSend (const Project& p, Id strip, int slot, Id to)
{
    if (const auto good = goodSlot (slot); ! good)
        return good.problem();
    const auto *from = stripOf (p, strip), *other = stripOf (p, to);
    if (from == nullptr || other == nullptr || songOf (p, strip) != songOf (p, to))
        return Problem { "A send is copied to a track or bus of the same song." };
    const Id target = from->sends[static_cast<std::size_t> (slot)];
    if (! target)
        return Problem { "There is no send " + std::to_string (slot + 1) + " to copy." };
    auto at = std::find (other->sends.begin(), other->sends.end(), target);
    if (at == other->sends.end())
        at = std::find (other->sends.begin(), other->sends.end(), Id {});
    if (at == other->sends.end())
        return Problem { capital (nameOf (*other)) + " has no free send." };
    const int free = static_cast<int> (at - other->sends.begin());
    auto edit = withSend (p, to, free, target);
    if (! edit)
        return edit;
    return inStrip (edit->project, to, "Copy send to " + quoted (other->name),
                    [&] (Strip& s, Edited&)
                    {
                        std::erase_if (s.values,
                                       [&] (const auto& v) { return v.first.starts_with (prefixOf (free)); });
                        for (const auto& [parameter, value] : from->values)
                            if (const auto prefix = prefixOf (slot); parameter.starts_with (prefix))
                                s.values[prefixOf (free) + parameter.substr (prefix.size())] = value;
                        return Outcome {};
                    });
}

namespace
{

using reading::badArgument;
using reading::Reader;
using reading::run;
using reading::Type;

InsertPlace placeFrom (const Reader& r)
{
    const auto strip = r.strip ("to");
    const auto* s = stripOf (r.project, strip);
    return { strip, r.has ("index") ? r.index ("index") : s->inserts.size(), r.flag ("post-console") };
}
Edit carryEffect (const Reader& r)
{
    return carriedEffect (r.project, r.effect ("effect"), placeFrom (r));
}
Edit copyEffect (const Reader& r)
{
    return copiedEffect (r.project, r.effect ("effect"), placeFrom (r));
}
int slotFrom (const Reader& r, const std::string& name)
{
    return static_cast<int> (std::min<std::size_t> (r.index (name), Strip::sendSlots));
}
Edit moveSend (const Reader& r)
{
    return movedSend (r.project, r.strip ("strip"), slotFrom (r, "slot"), slotFrom (r, "new-slot"));
}
Edit copySend (const Reader& r)
{
    return copiedSend (r.project, r.strip ("strip"), slotFrom (r, "slot"), r.strip ("to"));
}

} // namespace

std::vector<EditType> insertEdits()
{
    const Argument effect { "effect", Type::address, "PLACE/TYPE, such as track:Vox/reverb" },
        strip { "strip", Type::address, "track:NAME, group:NAME or return:NAME" },
        to { "to", Type::address, "track:NAME, group:NAME, return:NAME or mix" },
        index { "index", Type::whole, "its place, counted from 1; without it the last", true },
        late { "post-console", Type::flag, "after the console part of the strip", true },
        slot { "slot", Type::whole, "1 to 8" };
    return {
        { "carry-effect",
          "Move effect to strip",
          "Moves an insert to another track or bus, with its automation.",
          { effect, to, index, late },
          run<carryEffect> },
        { "copy-effect",
          "Copy effect",
          "Copies an insert with its values to a track or bus.",
          { effect, to, index, late },
          run<copyEffect> },
        { "move-send",
          "Move send",
          "Moves a send with its values to another slot; those between move up.",
          { strip, slot, { "new-slot", Type::whole, "1 to 8" } },
          run<moveSend> },
        { "copy-send",
          "Copy send",
          "Copies a send with its values to another track or bus.",
          { strip, slot, to },
          run<copySend> },
    };
}

} // namespace lacquer::session

// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/PresetEdits.h"

#include "session/Address.h"
#include "session/Find.h"
#include "session/RoutingEdits.h"
#include "session/Steps.h"

namespace lacquer::session
{

namespace
{

std::string labelOf (const std::string& preset)
{
    return "Load preset \"" + nameToShow (preset) + "\"";
}

} // namespace

Edit withValues (const Project& p, Id effect, const Values& values, const std::string& preset)
{
    const auto* old = effectOf (p, effect);
    if (old == nullptr)
        return Problem { "There is no effect with the id " + std::to_string (effect.value) + "." };
    Steps steps (p, labelOf (preset));
    // The share of the effect in the output depends on where it is, on a return or on a track: it stays,
    // unless the preset has one of its own.
    for (const auto& [parameter, value] : old->values)
        if (! values.contains (parameter) && parameter != "mix")
            steps.then ([&, &id = parameter] (const Project& q) { return withoutValue (q, effect, id); });
    steps.setAll (effect, values);
    return steps.end();
}

namespace
{

/// The strip of a song with an address that names none.
Id keyIn (const Project& p, const Song& song, const std::string& key)
{
    const auto place = found (p, addressOf (p, song.id) + "/" + key);
    return place && place->parameter.empty() && stripOf (p, place->owner) != nullptr ? place->owner : Id {};
}

} // namespace

Edit withChain (const Project& p, Id owner, const std::vector<PresetEffect>& chain, const std::string& preset)
{
    const auto* strip = stripOf (p, owner);
    const auto* master = masterOf (p, owner);
    if (strip == nullptr && master == nullptr)
        return Problem { "There is no track, bus or master with the id " + std::to_string (owner.value) +
                         "." };
    Steps steps (p, labelOf (preset));
    for (const auto& old : strip != nullptr ? strip->inserts : master->modules)
        steps.then ([&] (const Project& q) { return removedEffect (q, old->id); });
    std::vector<std::string> notes;
    for (const auto& one : chain)
    {
        const auto& effect = one.effect;
        const auto& key = one.key;
        const auto made = steps.then (
            [&] (const Project& q) { return addedEffect (q, owner, effect.type, -1, effect.postConsole); });
        steps.setAll (made, effect.values);
        if (! effect.on)
            steps.then ([&] (const Project& q) { return switchedEffect (q, made, false); });
        if (key.empty() || ! steps.end())
            continue;
        const auto& now = steps.end()->project;
        const Id from = keyIn (now, *songOf (now, owner), key);
        auto keyed = from ? withSidechain (now, made, from)
                          : Edit (Problem { "There is no " + nameToShow (key) + " to listen to." });
        if (keyed)
            steps.then ([&] (const Project&) { return keyed; });
        else
            notes.push_back ("The effect " + nameToShow (effect.type) +
                             " got no sidechain: " + keyed.problem().what);
    }
    auto result = steps.end();
    if (result)
        result->notes = std::move (notes);
    return result;
}

} // namespace lacquer::session

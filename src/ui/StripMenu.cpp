// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/StripMenu.h"

#include "session/Find.h"
#include "session/InsertEdits.h"
#include "session/RoutingEdits.h"
#include "ui/Overlays.h"
#include "ui/PresetBrowser.h"
#include "ui/StripParts.h"

#include <cmath>

namespace lacquer::ui
{

namespace
{

/// A name asked for, and what is done with it.
void askForName (juce::Component& beside, const juce::String& question, const juce::String& initial,
                 std::function<bool (const std::string&)> take)
{
    TextPrompt::ask (beside, question, initial,
                     [take = std::move (take)] (const juce::String& text) -> juce::String
                     {
                         if (text.isEmpty())
                             return "A name has at least one letter.";
                         return take (text.toStdString()) ? juce::String()
                                                          : juce::String ("This name cannot be used.");
                     });
}

juce::String nameOf (const Model& model, Id id)
{
    if (const auto* s = session::stripOf (model.project(), id))
        return utf8 (s->name);
    const auto* v = session::vcaOf (model.project(), id);
    return v != nullptr ? utf8 (v->name) : juce::String();
}

/// The choices of a parameter as entries; for all of `strips`.
void addChoices (juce::PopupMenu& m, Model& model, Id strip, const std::set<Id>& strips,
                 std::string_view param)
{
    const auto* p = findParam (model.params (strip), param);
    if (p == nullptr)
        return;
    const int now = static_cast<int> (std::lround (model.value (strip, param)));
    for (int n = 0; ! choiceText (*p, n).empty(); ++n)
        m.addItem (utf8 (choiceText (*p, n)), true, n == now,
                   [&model, strips, id = std::string (param), n]
                   {
                       const auto key = newGesture();
                       for (const Id one : strips)
                           if (findParam (model.params (one), id) != nullptr)
                               model.set (one, id, n, key);
                   });
}

/// Whether an effect does anything with a sidechain: what follows a level does.
bool hearsKey (std::span<const Param> table)
{
    return std::any_of (table.begin(), table.end(),
                        [] (const Param& p)
                        { return p.id.starts_with ("key.") || p.id.ends_with ("threshold"); });
}

void addSwitch (juce::PopupMenu& m, Model& model, Id strip, std::string_view param, const juce::String& words)
{
    if (findParam (model.params (strip), param) == nullptr)
        return;
    const bool on = model.value (strip, param) >= 0.5;
    m.addItem (words, true, on,
               [&model, strip, id = std::string (param), on]
               { model.set (strip, id, on ? 0 : 1, newGesture()); });
}

std::vector<Id> withOrWithout (std::vector<Id> members, const std::set<Id>& strips, bool with)
{
    for (const Id id : strips)
    {
        std::erase (members, id);
        if (with)
            members.push_back (id);
    }
    return members;
}

bool holds (const std::vector<Id>& members, Id id)
{
    return std::find (members.begin(), members.end(), id) != members.end();
}

/// One entry for every VCA fader: whether the strips follow it.
juce::PopupMenu vcaEntries (Model& model, Id strip, const std::set<Id>& strips, juce::Component& beside)
{
    juce::PopupMenu m;
    for (const auto& v : model.song().vcas)
        if (v->id != strip)
            m.addItem (utf8 (v->name), true, holds (v->members, strip),
                       [&model, id = v->id, strips, strip]
                       {
                           const auto* now = session::vcaOf (model.project(), id);
                           if (now == nullptr)
                               return;
                           auto others = strips;
                           others.erase (id);
                           model.edit (session::withMembers (model.project(), id,
                                                             withOrWithout (now->members, others,
                                                                            ! holds (now->members, strip))),
                                       newGesture());
                       });
    if (m.getNumItems() > 0)
        m.addSeparator();
    m.addItem ("New VCA fader",
               [&model, strips, &beside]
               {
                   askForName (beside, "Name of the VCA fader", "VCA",
                               [&model, strips] (const std::string& name)
                               {
                                   const auto key = newGesture();
                                   auto made =
                                       session::addedVca (model.project(), model.song().id, name, "nezu");
                                   const auto id = made ? made->made : Id {};
                                   return model.edit (std::move (made), key) &&
                                          model.edit (session::withMembers (model.project(), id,
                                                                            { strips.begin(), strips.end() }),
                                                      key);
                               });
               });
    return m;
}

juce::PopupMenu muteGroupEntries (Model& model, Id strip, const std::set<Id>& strips, juce::Component& beside)
{
    juce::PopupMenu m;
    std::set<Id> audible;
    for (const Id id : strips)
        if (session::stripOf (model.project(), id) != nullptr)
            audible.insert (id);
    for (const auto& g : model.song().muteGroups)
        m.addItem (utf8 (g.name), true, holds (g.members, strip),
                   [&model, id = g.id, audible, strip]
                   {
                       if (const auto* now = session::muteGroupOf (model.project(), id))
                           model.edit (session::withMembers (model.project(), id,
                                                             withOrWithout (now->members, audible,
                                                                            ! holds (now->members, strip))),
                                       newGesture());
                   });
    if (m.getNumItems() > 0)
        m.addSeparator();
    m.addItem ("New mute group",
               [&model, audible, &beside]
               {
                   askForName (
                       beside, "Name of the mute group", "Mute group",
                       [&model, audible] (const std::string& name)
                       {
                           const auto key = newGesture();
                           auto made = session::addedMuteGroup (model.project(), model.song().id, name);
                           const auto id = made ? made->made : Id {};
                           return model.edit (std::move (made), key) &&
                                  model.edit (session::withMembers (model.project(), id,
                                                                    { audible.begin(), audible.end() }),
                                              key);
                       });
               });
    return m;
}

juce::PopupMenu colourEntries (Model& model, const std::string& now, const std::set<Id>& strips)
{
    juce::PopupMenu m;
    for (const auto* name : tokens::trackColourNames)
    {
        juce::PopupMenu::Item item { juce::String (name) };
        item.isTicked = now == name;
        item.colour = pigment (name);
        item.action = [&model, strips, name]
        {
            const auto key = newGesture();
            for (const Id id : strips)
                model.edit (session::recoloured (model.project(), id, name), key);
        };
        m.addItem (item);
    }
    return m;
}

/// An edit for each of several strips as one step.
template <typename Make>
std::function<void()> each (Model& model, std::set<Id> strips, Make make)
{
    return [&model, strips = std::move (strips), make]
    {
        const auto key = newGesture();
        for (const Id id : strips)
            if (session::stripOf (model.project(), id) != nullptr)
                model.edit (make (model.project(), id), key);
    };
}

void askForDelay (Model& model, const session::Track& track, const std::set<Id>& strips,
                  juce::Component& beside)
{
    const double ms = static_cast<double> (track.delay) * 1000 / model.sampleRate();
    TextPrompt::ask (beside, "Delay of " + utf8 (track.strip.name), juce::String (ms, 2) + " ms",
                     [&model, strips] (const juce::String& text) -> juce::String
                     {
                         const auto frames = delayFrom (text, model.sampleRate());
                         if (! frames)
                             return "Type a time such as 12.5 ms or -600 smp.";
                         const auto key = newGesture();
                         bool done = true;
                         for (const Id id : strips)
                             if (session::trackOf (model.project(), id) != nullptr)
                                 done = model.edit (session::withDelay (model.project(), id, *frames), key) &&
                                        done;
                         return done ? juce::String() : juce::String ("Up to 10 seconds either way.");
                     });
}

void addTrackEntries (juce::PopupMenu& m, Model& model, const session::Track& track,
                      const std::set<Id>& chosen, juce::Component& beside)
{
    using session::TrackForm;
    juce::PopupMenu form;
    const auto now = session::formOf (track.strip);
    for (const auto& [words, which] : { std::pair { "Mono", TrackForm::mono },
                                        { "Stereo", TrackForm::stereo },
                                        { "Dual mono", TrackForm::dualMono } })
        form.addItem (words, true, which == now,
                      each (model, chosen,
                            [which = which] (const session::Project& p, Id id)
                            { return session::withForm (p, id, which); }));
    m.addSubMenu ("Channels", form);
    const double ms = static_cast<double> (track.delay) * 1000 / model.sampleRate();
    m.addItem ("Delay: " + juce::String (ms, 2) + " ms",
               [&model, id = track.strip.id, chosen, &beside]
               {
                   if (const auto* t = session::trackOf (model.project(), id))
                       askForDelay (model, *t, chosen, beside);
               });
}

void addRemoval (juce::PopupMenu& m, const juce::String& words, std::function<void()> act)
{
    juce::PopupMenu::Item item { words };
    item.colour = colour (tokens::shu);
    item.action = std::move (act);
    m.addSeparator();
    m.addItem (item);
}

juce::PopupMenu vcaMenu (Model& model, const session::Vca& vca, juce::Component& beside)
{
    juce::PopupMenu m;
    m.addItem ("Rename",
               [&model, id = vca.id, old = utf8 (vca.name), &beside]
               {
                   askForName (
                       beside, "Name of the VCA fader", old,
                       [&model, id] (const std::string& name)
                       { return model.edit (session::renamed (model.project(), id, name), newGesture()); });
               });
    m.addSubMenu ("Colour", colourEntries (model, vca.colour, { vca.id }));
    juce::PopupMenu members;
    const auto member = [&] (Id id, const std::string& name)
    {
        if (id != vca.id)
            members.addItem (
                utf8 (name), true, holds (vca.members, id),
                [&model, vcaId = vca.id, id]
                {
                    if (const auto* now = session::vcaOf (model.project(), vcaId))
                        model.edit (session::withMembers (
                                        model.project(), vcaId,
                                        withOrWithout (now->members, { id }, ! holds (now->members, id))),
                                    newGesture());
                });
    };
    session::forEachStrip (model.song(), [&] (const session::Strip& s) { member (s.id, s.name); });
    for (const auto& v : model.song().vcas)
        member (v->id, v->name);
    m.addSubMenu ("Members", members);
    m.addSubMenu ("Follows VCA", vcaEntries (model, vca.id, { vca.id }, beside));
    addRemoval (m, "Remove VCA fader",
                [&model, id = vca.id]
                { model.edit (session::removedVcaOrMuteGroup (model.project(), id), newGesture()); });
    return m;
}

} // namespace

std::optional<Frames> delayFrom (const juce::String& text, double rate)
{
    const auto t = text.trim().toLowerCase();
    const auto digits = t.initialSectionContainingOnly ("+-0123456789.,");
    const auto unit = t.substring (digits.length()).trim();
    if (! digits.containsAnyOf ("0123456789"))
        return std::nullopt;
    const double number = digits.replaceCharacter (',', '.').getDoubleValue();
    const double frames = unit.isEmpty() || unit == "ms"                               ? number * rate / 1000
                          : unit == "s"                                                ? number * rate
                          : unit == "smp" || unit == "f" || unit.startsWith ("sample") ? number
                                                                                       : 1e300;
    if (! (std::abs (frames) < 1e9))
        return std::nullopt;
    return std::llround (frames);
}

juce::PopupMenu stripMenu (Model& model, Id strip, const std::set<Id>& chosen, juce::Component& beside,
                           const StripActions& actions)
{
    if (const auto* vca = session::vcaOf (model.project(), strip))
        return vcaMenu (model, *vca, beside);
    juce::PopupMenu m;
    const auto* s = session::stripOf (model.project(), strip);
    if (s == nullptr)
        return m;
    const auto* track = session::trackOf (model.project(), strip);
    const bool mix = s->kind == session::StripKind::mix;
    m.addItem ("Open channel editor", actions.open);
    if (! mix)
        m.addItem ("Rename",
                   [&model, strip, old = utf8 (s->name), &beside]
                   {
                       askForName (beside, "Name of the strip", old,
                                   [&model, strip] (const std::string& name) {
                                       return model.edit (session::renamed (model.project(), strip, name),
                                                          newGesture());
                                   });
                   });
    m.addSubMenu ("Colour", colourEntries (model, s->colour, chosen));
    juce::PopupMenu out;
    addOutputEntries (out, model, strip);
    if (out.getNumItems() > 0)
        m.addSubMenu ("Route to", out);
    if (! mix)
    {
        juce::PopupMenu to;
        addSendEntries (to, model, strip);
        m.addSubMenu ("Send to", to);
    }
    m.addItem ("Chains", [&model, strip, &beside] { PresetBrowser::open (model, strip, beside); });
    m.addSeparator();
    juce::PopupMenu pan, law;
    addChoices (pan, model, strip, chosen, "pan.mode");
    addChoices (law, model, strip, chosen, "pan.law");
    m.addSubMenu ("Pan", pan, s->channels == 2);
    m.addSubMenu ("Pan law", law);
    addSwitch (m, model, strip, "trim.polarity", "Polarity reversed");
    if (track != nullptr)
        addTrackEntries (m, model, *track, chosen, beside);
    m.addSeparator();
    m.addSubMenu ("VCA faders", vcaEntries (model, strip, chosen, beside));
    m.addSubMenu ("Mute groups", muteGroupEntries (model, strip, chosen, beside));
    if (s->kind == session::StripKind::track || s->kind == session::StripKind::group)
        m.addItem ("Solo-safe", true, s->soloSafe,
                   each (model, chosen,
                         [safe = ! s->soloSafe] (const session::Project& p, Id id)
                         { return session::madeSoloSafe (p, id, safe); }));
    const auto monitor = model.monitor();
    const bool heard = holds (monitor.listened, strip);
    m.addItem ("Listen after the fader", true, heard && ! monitor.beforeFader,
               [listen = actions.listen] { listen (false); });
    m.addItem ("Listen before the fader", true, heard && monitor.beforeFader,
               [listen = actions.listen] { listen (true); });
    if (mix)
        return m;
    m.addSeparator();
    if (track != nullptr && track->frozen)
        m.addItem ("Unfreeze", [&model, strip]
                   { model.edit (session::frozen (model.project(), strip, {}), newGesture()); });
    else if (track != nullptr)
        m.addItem ("Freeze", ! s->disabled, false,
                   [&model, chosen]
                   {
                       for (const Id id : chosen)
                           if (session::trackOf (model.project(), id) != nullptr)
                               model.freeze (id);
                   });
    m.addItem ("Disabled", true, s->disabled,
               each (model, chosen,
                     [off = ! s->disabled] (const session::Project& p, Id id)
                     { return session::disabled (p, id, off); }));
    addRemoval (m, "Remove strip",
                [&model, strip]
                { model.edit (session::removedStrip (model.project(), strip), newGesture()); });
    return m;
}

juce::PopupMenu insertMenu (Model& model, Id effect, juce::Component& beside, const StripActions& actions)
{
    juce::PopupMenu m;
    const auto* e = session::effectOf (model.project(), effect);
    if (e == nullptr)
        return m;
    const auto owner = session::ownerOf (model.project(), effect);
    m.addItem ("Open", [open = actions.openEffect, effect] { open (effect); });
    m.addItem ("On", true, effectIsOn (model, effect),
               [&model, effect, on = effectIsOn (model, effect)] { switchEffect (model, effect, ! on); });
    m.addItem ("Presets", [&model, effect, &beside] { PresetBrowser::open (model, effect, beside); });
    m.addSeparator();

    const auto table = model.params (effect);
    if (hearsKey (table))
    {
        juce::PopupMenu keys;
        const auto key = [&] (Id id, const juce::String& words)
        {
            keys.addItem (words, true, e->sidechain == id,
                          [&model, effect, id] {
                              model.edit (session::withSidechain (model.project(), effect, id), newGesture());
                          });
        };
        key ({}, "None");
        session::forEachStrip (model.song(),
                               [&] (const session::Strip& s)
                               {
                                   if (s.id != owner && s.kind != session::StripKind::mix)
                                       key (s.id, utf8 (s.name));
                               });
        m.addSubMenu (
            e->sidechain ? "Sidechain: " + nameOf (model, e->sidechain) : juce::String ("Sidechain"), keys);
    }
    for (const auto* listens : { "sidechain.listen", "key.listen" })
        if (findParam (table, listens) != nullptr)
        {
            addSwitch (m, model, effect, listens,
                       e->sidechain ? "Listen to the sidechain" : "Listen to what it hears");
            break;
        }
    if (const auto* mix = findParam (table, "mix"))
    {
        const double now = model.value (effect, "mix");
        m.addItem ("Mix: " + shownValue (*mix, now),
                   [&model, effect, spec = *mix, now, &beside]
                   {
                       TextPrompt::ask (beside, "Mix of the effect with the dry sound",
                                        shownValue (spec, now),
                                        [&model, effect, spec] (const juce::String& text) -> juce::String
                                        {
                                            const auto v = valueOf (spec, text.toStdString());
                                            if (! v)
                                                return utf8 (v.problem().what);
                                            model.set (effect, "mix", static_cast<double> (*v), newGesture());
                                            return {};
                                        });
                   });
    }
    if (session::stripOf (model.project(), owner) != nullptr)
    {
        m.addItem ("After the console part", true, e->postConsole,
                   [&model, effect, late = e->postConsole]
                   { model.edit (session::placedEffect (model.project(), effect, ! late), newGesture()); });
        juce::PopupMenu copies;
        session::forEachStrip (
            model.song(),
            [&] (const session::Strip& s)
            {
                copies.addItem (utf8 (s.name), s.inserts.size() < session::Strip::insertSlots, false,
                                [&model, effect, to = s.id]
                                {
                                    const auto* known = session::effectOf (model.project(), effect);
                                    if (known != nullptr)
                                        model.edit (session::copiedEffect (model.project(), effect,
                                                                           { to, session::Strip::insertSlots,
                                                                             known->postConsole }),
                                                    newGesture());
                                });
            });
        m.addSubMenu ("Copy to", copies);
    }
    addRemoval (m, "Remove",
                [&model, effect]
                { model.edit (session::removedEffect (model.project(), effect), newGesture()); });
    return m;
}

juce::PopupMenu sendMenu (Model& model, Id strip, int slot, juce::Component& beside)
{
    juce::PopupMenu m;
    const auto id = "send" + std::to_string (slot + 1);
    addSwitch (m, model, strip, id + ".on", "On");
    addSwitch (m, model, strip, id + ".pre", "Before the fader");
    for (const auto* what : { ".level", ".pan" })
    {
        const auto* p = findParam (model.params (strip), id + what);
        if (p == nullptr)
            continue;
        const auto now = model.value (strip, p->id);
        m.addItem (utf8 (p->name) + ": " + shownValue (*p, now),
                   [&model, strip, spec = *p, now, &beside]
                   {
                       TextPrompt::ask (beside, utf8 (spec.name), shownValue (spec, now),
                                        [&model, strip, spec] (const juce::String& text) -> juce::String
                                        {
                                            const auto v = valueOf (spec, text.toStdString());
                                            if (! v)
                                                return utf8 (v.problem().what);
                                            model.set (strip, spec.id, static_cast<double> (*v),
                                                       newGesture());
                                            return {};
                                        });
                   });
    }
    juce::PopupMenu copies;
    session::forEachStrip (
        model.song(),
        [&] (const session::Strip& s)
        {
            if (s.id != strip && s.kind != session::StripKind::mix)
                copies.addItem (
                    utf8 (s.name), [&model, strip, slot, to = s.id]
                    { model.edit (session::copiedSend (model.project(), strip, slot, to), newGesture()); });
        });
    m.addSubMenu ("Copy to", copies);
    addRemoval (m, "Remove",
                [&model, strip, slot]
                { model.edit (session::withSend (model.project(), strip, slot, {}), newGesture()); });
    return m;
}

juce::PopupMenu addMenu (Model& model, const std::set<Id>& chosen, juce::Component& beside)
{
    juce::PopupMenu m;
    const auto entry = [&] (const char* words, const char* name, auto make)
    {
        m.addItem (
            words,
            [&model, name, make, &beside]
            {
                askForName (
                    beside, juce::String ("Name of the ") + name,
                    juce::String (name).substring (0, 1).toUpperCase() + juce::String (name).substring (1),
                    [&model, make] (const std::string& called)
                    { return model.edit (make (model.project(), model.song().id, called), newGesture()); });
            });
    };
    entry ("Track", "track",
           [] (const session::Project& p, Id song, const std::string& name)
           { return session::addedTrack (p, song, name, 2, "sora"); });
    entry ("Group", "group",
           [] (const session::Project& p, Id song, const std::string& name)
           { return session::addedGroup (p, song, name, "kuri"); });
    entry ("Return", "return",
           [] (const session::Project& p, Id song, const std::string& name)
           { return session::addedReturn (p, song, name, "ai"); });
    std::set<Id> strips;
    for (const Id id : chosen)
        if (const auto* s = session::stripOf (model.project(), id);
            s != nullptr && s->kind != session::StripKind::mix)
            strips.insert (id);
    const auto of = [&] (const juce::PopupMenu& entries, juce::PopupMenu& into, const juce::String& words)
    {
        // The last entry of each makes a new one.
        juce::PopupMenu::MenuItemIterator item (entries);
        juce::PopupMenu::Item last;
        while (item.next())
            last = item.getItem();
        last.text = words;
        into.addItem (last);
    };
    const auto number = static_cast<int> (strips.size());
    const auto ofChosen = number > 1 ? " of " + juce::String (number) + " strips" : juce::String();
    const Id one = strips.empty() ? Id {} : *strips.begin();
    of (vcaEntries (model, one, strips, beside), m, "VCA fader" + ofChosen);
    of (muteGroupEntries (model, one, strips, beside), m, "Mute group" + ofChosen);
    return m;
}

juce::PopupMenu muteGroupMenu (Model& model, juce::Component& beside)
{
    juce::PopupMenu m;
    for (const auto& g : model.song().muteGroups)
        m.addItem (utf8 (g.name) + " (" + juce::String (static_cast<int> (g.members.size())) + ")", true,
                   g.on,
                   [&model, id = g.id, on = g.on]
                   { model.edit (session::switchedMuteGroup (model.project(), id, ! on), newGesture()); });
    if (m.getNumItems() == 0)
        return m;
    juce::PopupMenu rename, remove;
    for (const auto& g : model.song().muteGroups)
    {
        rename.addItem (utf8 (g.name),
                        [&model, id = g.id, old = utf8 (g.name), &beside]
                        {
                            askForName (beside, "Name of the mute group", old,
                                        [&model, id] (const std::string& name) {
                                            return model.edit (session::renamed (model.project(), id, name),
                                                               newGesture());
                                        });
                        });
        remove.addItem (utf8 (g.name), [&model, id = g.id]
                        { model.edit (session::removedVcaOrMuteGroup (model.project(), id), newGesture()); });
    }
    m.addSeparator();
    m.addSubMenu ("Rename", rename);
    m.addSubMenu ("Remove", remove);
    return m;
}

} // namespace lacquer::ui

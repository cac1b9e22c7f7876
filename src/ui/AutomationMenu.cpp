// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/AutomationMenu.h"

#include "session/AutomationEdits.h"
#include "session/Find.h"
#include "session/ModulatorEdits.h"
#include "session/Parameters.h"
#include "studio/Catalogue.h"

#include <cmath>

namespace lacquer::ui
{

namespace
{

using session::ModulatorKind;

constexpr std::pair<ModulatorKind, const char*> kinds[] { { ModulatorKind::lfo, "LFO" },
                                                          { ModulatorKind::follower, "Follower" },
                                                          { ModulatorKind::steps, "Steps" },
                                                          { ModulatorKind::random, "Random" },
                                                          { ModulatorKind::macro, "Macro" } };

LaneShower* showerAbove (juce::Component& c)
{
    return c.findParentComponentOfClass<LaneShower>();
}

} // namespace

juce::String nameOfTarget (const session::Project& p, Id target)
{
    if (const auto* strip = session::stripOf (p, target))
        return utf8 (strip->name);
    if (const auto* effect = session::effectOf (p, target))
    {
        const auto* type = studio::effectOf (effect->type);
        const auto* strip = session::stripOf (p, session::ownerOf (p, target));
        return utf8 (type != nullptr ? std::string_view (type->name) : std::string_view (effect->type)) +
               ", " + (strip != nullptr ? utf8 (strip->name) : juce::String ("Master"));
    }
    if (const auto* vca = session::vcaOf (p, target))
        return utf8 (vca->name);
    if (const auto* modulator = session::modulatorOf (p, target))
        return utf8 (modulator->name);
    return session::masterOf (p, target) != nullptr ? juce::String ("Master") : juce::String();
}

void addParameterEntries (juce::PopupMenu& menu, Model& model, Id owner,
                          const std::function<Entry (Id, std::string_view)>& look,
                          const std::function<void (Id, const std::string&)>& choose)
{
    const auto add = [&] (juce::PopupMenu& into, Id target, std::string_view id, const juce::String& name)
    {
        const auto how = look (target, id);
        into.addItem (name + (how == Entry::marked ? "  *" : ""), true, how == Entry::ticked,
                      [choose, target, param = std::string (id)] { choose (target, param); });
    };
    const auto list = [&] (juce::PopupMenu& into, Id target, const auto& wanted)
    {
        for (const auto& p : model.params (target))
            if (session::mayBeAutomated (model.project(), target, p.id) && wanted (p.id))
                add (into, target, p.id, utf8 (p.name));
    };
    const auto all = [] (std::string_view) { return true; };
    const auto effects = [&] (const std::vector<session::EffectPtr>& chain)
    {
        for (const auto& e : chain)
        {
            const auto* type = studio::effectOf (e->type);
            juce::PopupMenu sub;
            list (sub, e->id, all);
            menu.addSubMenu (type != nullptr ? utf8 (type->name) : utf8 (e->type), sub);
        }
    };
    if (const auto* master = session::masterOf (model.project(), owner))
        return effects (master->modules);
    const auto* strip = session::stripOf (model.project(), owner);
    if (strip == nullptr)
        return list (menu, owner, all);
    const auto table = model.params (owner);
    for (const auto& [id, name] :
         { std::pair { stripIds::fader, "Volume" }, std::pair { stripIds::pan, "Pan" },
           std::pair { stripIds::mute, "Mute" } })
        if (findParam (table, id) != nullptr)
            add (menu, owner, id, name);
    menu.addSeparator();
    juce::PopupMenu console;
    list (console, owner, [] (std::string_view id) { return ! id.starts_with ("send"); });
    menu.addSubMenu ("Channel strip", console);
    for (std::size_t n = 0; n < strip->sends.size(); ++n)
        if (strip->sends[n])
        {
            juce::PopupMenu sub;
            const auto prefix = "send" + std::to_string (n + 1) + ".";
            list (sub, owner, [&] (std::string_view id) { return id.starts_with (prefix); });
            menu.addSubMenu ("Send to " + nameOfTarget (model.project(), strip->sends[n]), sub);
        }
    effects (strip->inserts);
}

double usualDepth (const Param& p)
{
    if (p.taper == Taper::logarithmic)
        return 1; // octave
    if (p.taper == Taper::fader || p.unit == "dB")
        return 6;
    return (static_cast<double> (p.max) - static_cast<double> (p.min)) / 4;
}

namespace
{

/// Entries that add a modulator of each of the kinds that are wanted.
template <typename Wanted>
void addNewEntries (juce::PopupMenu& menu, Model& model, Id target, const std::string& param,
                    juce::Component& above, const Wanted& wanted)
{
    for (const auto& [kind, name] : kinds)
    {
        if (! wanted (kind))
            continue;
        menu.addItem (
            juce::String ("New ") + name,
            [&model, k = kind, n = name, target, param, safe = juce::Component::SafePointer (&above)]
            {
                int same = 1;
                for (const auto& m : model.song().modulators)
                    same += m->kind == k ? 1 : 0;
                auto edit = session::addedModulator (model.project(), model.song().id, k,
                                                     n + (" " + std::to_string (same)));
                if (! edit)
                {
                    model.edit (std::move (edit), newGesture());
                    return;
                }
                const Id made = edit->made;
                const auto* p = findParam (model.params (target), param);
                if (p != nullptr)
                {
                    auto mapped = session::withModulation (
                        edit->project, made, { target, param, usualDepth (*p), k != ModulatorKind::macro });
                    if (mapped)
                        edit->project = std::move (mapped->project);
                }
                if (model.edit (std::move (edit), newGesture()) && safe != nullptr)
                    if (auto* shower = showerAbove (*safe))
                        shower->showModulator (made);
            });
    }
}

/// The modulators of the song of the wanted kinds: ticked where they move the parameter, a click changes
/// that.
template <typename Wanted>
void addMappings (juce::PopupMenu& menu, Model& model, Id target, const Param& p, juce::Component& control,
                  const Wanted& wanted)
{
    const std::string param (p.id);
    for (const auto& m : model.song().modulators)
    {
        if (! wanted (m->kind))
            continue;
        const bool mapped =
            std::any_of (m->targets.begin(), m->targets.end(),
                         [&] (const auto& t) { return t.target == target && t.parameter == param; });
        menu.addItem (
            utf8 (m->name), true, mapped,
            [&model, safe = juce::Component::SafePointer (&control), id = m->id, mapped, target, param,
             depth = usualDepth (p), both = m->kind != ModulatorKind::macro]
            {
                const bool done = model.edit (
                    mapped ? session::withoutModulation (model.project(), id, target, param)
                           : session::withModulation (model.project(), id, { target, param, depth, both }),
                    newGesture());
                if (auto* shower = done && ! mapped && safe != nullptr ? showerAbove (*safe) : nullptr)
                    shower->showModulator (id);
            });
    }
}

} // namespace

void addNewModulatorEntries (juce::PopupMenu& menu, Model& model, Id target, const std::string& param,
                             juce::Component& above)
{
    addNewEntries (menu, model, target, param, above, [] (ModulatorKind) { return true; });
}

void addAutomationEntries (juce::PopupMenu& menu, Model& model, Id target, const std::string& param,
                           juce::Component& control)
{
    const auto* p = findParam (model.params (target), param);
    if (p == nullptr || ! session::mayBeAutomated (model.project(), target, param))
        return;
    const juce::Component::SafePointer<juce::Component> safe (&control);
    menu.addItem ("Show automation", showerAbove (control) != nullptr, false,
                  [safe, target, param]
                  {
                      if (auto* shower = safe != nullptr ? showerAbove (*safe) : nullptr)
                          shower->showLane (target, param);
                  });
    menu.addItem ("Clear automation", session::laneOf (model.project(), target, param) != nullptr, false,
                  [&model, target, param]
                  { model.edit (session::withoutLane (model.project(), target, param), newGesture()); });
    const bool movable = (session::stripOf (model.project(), target) != nullptr ||
                          session::effectOf (model.project(), target) != nullptr) &&
                         session::mayBeModulated (model.project(), target, param).ok();
    if (! movable)
        return;
    const auto sub = [&] (const char* title, const auto& wanted)
    {
        juce::PopupMenu by;
        addMappings (by, model, target, *p, control, wanted);
        if (by.getNumItems() > 0)
            by.addSeparator();
        addNewEntries (by, model, target, param, control, wanted);
        menu.addSubMenu (title, by);
    };
    // What a macro moves is linked: one knob moves all of it together.
    sub ("Link to macro", [] (ModulatorKind k) { return k == ModulatorKind::macro; });
    sub ("Modulate by", [] (ModulatorKind k) { return k != ModulatorKind::macro; });
}

} // namespace lacquer::ui

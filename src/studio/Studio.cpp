// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Studio.h"

#include "master/Catalogue.h"
#include "mix/Catalogue.h"
#include "session/Find.h"
#include "session/Parameters.h"
#include "studio/Catalogue.h"
#include "studio/ClipLevels.h"
#include "studio/Modulators.h"
#include "studio/Presets.h"
#include "studio/Templates.h"
#include "studio/Versions.h"
#include "studio/Wording.h"

#include <algorithm>

namespace lacquer::studio
{

namespace
{

const Param* paramIn (std::span<const Param> table, std::string_view id)
{
    const int n = indexOf (table, id);
    return n < 0 ? nullptr : &table[static_cast<std::size_t> (n)];
}

bool isIn (const std::vector<engine::EffectType>& list, std::string_view id)
{
    return std::any_of (list.begin(), list.end(), [id] (const engine::EffectType& t) { return t.id == id; });
}

session::Value orInitial (std::optional<session::Value> value, const Param& p)
{
    return value ? *std::move (value) : valueOfNumber (p, p.initial);
}

session::Value valueIn (const session::Values& values, const Param& p)
{
    const auto found = values.find (std::string (p.id));
    return found == values.end() ? valueOfNumber (p, p.initial) : found->second;
}

void listEffects (const session::Project& project, const std::vector<session::EffectPtr>& effects,
                  std::vector<Listed>& list)
{
    for (const auto& effect : effects)
        if (const auto* type = effectOf (effect->type))
            for (const auto& p : tableOf (*type))
                list.push_back ({ session::addressOf (project, effect->id, p.id), &p,
                                  orInitial (session::valueOf (*effect, p.id), p) });
}

} // namespace

const session::Catalogue& catalogue()
{
    static const session::Catalogue tables {
        [] (session::StripKind, std::string_view id) { return paramIn (stripTable(), id); },
        [] (std::string_view type, std::string_view id) -> const Param*
        {
            const auto* effect = effectOf (type);
            return effect == nullptr ? nullptr : paramIn (tableOf (*effect), id);
        },
        [] (std::string_view type) { return isIn (mix::catalogue(), type); },
        [] (std::string_view type)
        { return isIn (master::catalogue(), type) || isIn (mix::catalogue(), type); },
        [] (std::string_view type)
        {
            const auto* effect = effectOf (type);
            return effect == nullptr || effect->keyed; // what is not known may
        },
        [] (std::string_view type, std::string_view name) -> Result<std::vector<session::PresetEffect>>
        {
            auto preset = presetCalled (type, name);
            if (! preset)
                return preset.problem();
            return preset->withKeys();
        },
        [] (bool ofTrack, std::string_view name) -> Result<session::Project>
        {
            auto found = templateCalled (ofTrack, name);
            if (! found)
                return found.problem();
            return std::move (found->project);
        },
        [] (session::ModulatorKind kind, std::string_view id) { return paramIn (modulatorTable (kind), id); },
    };
    return tables;
}

Studio::Studio (session::ProjectFolder folder, const session::Project& first)
    : disk (std::move (folder)), history (first), saved (history.current())
{
    if (disk.recovered())
        saved = nullptr;
}

Result<Studio> Studio::opened (const std::string& path, session::ProjectFolder::Use use)
{
    auto folder = session::ProjectFolder::opened (path, use);
    if (! folder)
        return folder.problem();
    const auto project = folder->project();
    return Studio (*std::move (folder), *project);
}

Result<Studio> Studio::created (const std::string& path, const session::Project& project)
{
    auto folder = session::ProjectFolder::created (path, project);
    if (! folder)
        return folder.problem();
    return Studio (*std::move (folder), project);
}

Result<session::SongPtr> Studio::song (const std::string& name) const
{
    const auto& songs = project().songs;
    if (name.empty())
        return songs.front();
    for (const auto& s : songs)
        if (s->name == name)
            return s;
    return Problem { "There is no song \"" + name + "\" in this project.", folder() };
}

Result<Id> Studio::take (session::Edit edit, const std::string& gesture)
{
    if (! edit)
        return edit.problem();
    fresh = edit->made;
    said = std::move (edit->notes);
    history.add (std::move (edit->project), edit->label, gesture);
    disk.note (history.current());
    return fresh;
}

Outcome Studio::takeQuietly (session::Edit edit)
{
    if (! edit)
        return edit.problem();
    history.replaceCurrent (std::move (edit->project));
    disk.note (history.current());
    return {};
}

Result<std::string> Studio::edit (const std::string& id, const session::Arguments& arguments)
{
    auto all = completed (folder(), project(), id, arguments);
    if (all)
        all = withVersionText (folder(), project(), id, *std::move (all));
    if (! all)
        return all.problem();
    auto edit = session::applied (project(), id, *all, catalogue());
    if (! edit)
        return edit.problem();
    const auto label = edit->label;
    if (auto taken = take (std::move (edit)); ! taken)
        return taken.problem();
    return label;
}

Result<Change> Studio::set (const std::string& text)
{
    const auto parts = session::assignment (text);
    if (! parts)
        return parts.problem();
    const auto place = session::found (project(), parts->first, catalogue());
    if (! place)
        return place.problem();
    if (place->param == nullptr)
        return Problem { "\"" + parts->first + "\" is not a parameter.",
                         {},
                         "`lacquer show` lists every parameter with its address." };
    const auto value = session::valueFrom (place->param, parts->second);
    if (! value)
        return value.problem();

    const auto& p = *place->param;
    Change change { parts->first,
                    session::textOfValue (&p,
                                          orInitial (session::valueOf (project(), place->target(), p.id), p)),
                    session::textOfValue (&p, *value) };
    auto made = session::withValue (project(), place->target(), std::string (p.id), *value);
    if (made && p.id != session::effectSwitch)
        made->label = settingOf (project(), place->target(), p);
    if (auto taken = take (std::move (made)); ! taken)
        return taken.problem();
    return change;
}

void Studio::undo()
{
    disk.note (history.undo());
}

void Studio::redo()
{
    disk.note (history.redo());
}

bool Studio::unsaved() const
{
    return saved == nullptr || (saved != history.current() && ! (*saved == project()));
}

Outcome Studio::save()
{
    auto done = disk.save (project());
    if (done)
        saved = history.current();
    return done;
}

void Studio::carryOn (const Studio& other)
{
    const auto name = project().name;
    history = other.history;
    history.changeAll ([&] (session::Project& p) { p.name = name; });
    disk.note (history.current());
}

void Studio::abandon()
{
    if (disk.recovered())
        disk.note (disk.project());
    else
        (void)disk
            .discard(); // what stays of the journal then is offered as recovered: too much, not too little
}

std::vector<Listed> parametersOf (const session::Project& project, const session::Strip& strip)
{
    std::vector<Listed> list;
    for (const auto& p : stripTable())
        list.push_back ({ session::addressOf (project, strip.id, p.id), &p, valueIn (strip.values, p) });
    listEffects (project, strip.inserts, list);
    return list;
}

std::vector<Listed> parametersOf (const session::Project& project, const session::Vca& vca)
{
    std::vector<Listed> list;
    for (const auto id : session::Vca::parameters)
        if (const auto* p = paramIn (stripTable(), id))
            list.push_back ({ session::addressOf (project, vca.id, id), p, valueIn (vca.values, *p) });
    return list;
}

std::vector<Listed> parametersOf (const session::Project& project, const session::Modulator& modulator)
{
    std::vector<Listed> list;
    for (const auto& p : modulatorTable (modulator.kind))
        list.push_back (
            { session::addressOf (project, modulator.id, p.id), &p, valueIn (modulator.values, p) });
    return list;
}

std::vector<Listed> parametersOf (const session::Project& project, const session::Master& master)
{
    std::vector<Listed> list;
    listEffects (project, master.modules, list);
    return list;
}

} // namespace lacquer::studio

// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/SceneEdits.h"

#include "session/Reading.h"
#include "session/StripChanges.h"

#include <set>

namespace lacquer::session
{

using namespace change;

namespace
{

// What is heard while mixing is not part of the mix.
const std::string solo = "fader.solo", listen = "sidechain.listen";

Values withoutSolo (Values values)
{
    values.erase (solo);
    return values;
}

/// Takes the values of a scene; solo stays.
void take (Values& values, const Values& stored)
{
    auto fresh = withoutSolo (stored);
    if (const auto at = values.find (solo); at != values.end())
        fresh.insert (*at);
    values = std::move (fresh);
}

StripStatePtr stateOf (const Strip& s, Frames delay)
{
    StripState state;
    state.strip = s.id;
    state.values = withoutSolo (s.values);
    state.inserts = s.inserts;
    for (auto& one : state.inserts)
        if (one->values.contains (listen))
            (void)changed (one,
                           [] (Effect& e)
                           {
                               e.values.erase (listen);
                               return Outcome {};
                           });
    state.sends = s.sends;
    state.output = s.output;
    state.delay = delay;
    state.disabled = s.disabled;
    return std::make_shared<const StripState> (std::move (state));
}

/// The mixer of a song as it is now, in a scene's parts.
void keep (Scene& scene, const Song& s)
{
    scene.strips.clear();
    for (const auto& t : s.tracks)
        scene.strips.push_back (stateOf (t->strip, t->delay));
    for (const auto* list : { &s.groups, &s.returns })
        for (const auto& one : *list)
            scene.strips.push_back (stateOf (*one, 0));
    scene.strips.push_back (stateOf (*s.mix, 0));
    std::sort (scene.strips.begin(), scene.strips.end(),
               [] (const auto& a, const auto& b) { return a->strip < b->strip; });
    scene.vcas.clear();
    for (const auto& v : s.vcas)
        scene.vcas[v->id] = withoutSolo (v->values);
    scene.muteGroups.clear();
    for (const auto& g : s.muteGroups)
        scene.muteGroups[g.id] = g.on;
}

template <typename F>
Edit inScene (const Project& p, Id scene, std::string label, const F& change)
{
    return inList (p, &Song::scenes, "scene", scene, std::move (label), change);
}

bool wanted (const std::vector<Id>& only, Id id)
{
    return only.empty() || std::find (only.begin(), only.end(), id) != only.end();
}

/// Lists names in a sentence: the first few, and how many more.
class NameList
{
public:
    void add (std::string name) { names.push_back (std::move (name)); }

    /// Calls tell ("the track \"A\" and the track \"B\"", whether several) when there are any.
    template <typename F>
    void tell (const F& f) const
    {
        constexpr std::size_t most = 4;
        std::string text;
        for (std::size_t n = 0; n < names.size() && n < most; ++n)
            text += (n == 0 ? "" : n + 1 == names.size() ? " and " : ", ") + names[n];
        if (names.size() > most)
            text += " and " + std::to_string (names.size() - most) + " more";
        if (names.empty())
            return;
        if (text[0] >= 'a' && text[0] <= 'z')
            text[0] = static_cast<char> (text[0] - 'a' + 'A');
        f (text, names.size() > 1);
    }

private:
    std::vector<std::string> names;
};

/// Puts a song back to a scene.
class Recall
{
public:
    Recall (Song& s, Edited& e, const Scene& from, const std::vector<Id>& strips)
        : song (s), edited (e), scene (from), only (strips)
    {
        for (const auto& g : song.groups)
            outputs.insert (g->id);
        outputs.insert (song.mix->id);
        for (const auto& r : song.returns)
            returns.insert (r->id);
        forEachStrip (song, [&] (const Strip& strip) { there.insert (strip.id); });
    }

    Outcome operator()()
    {
        for (auto& t : song.tracks)
            if (const auto state = stateFor (t->strip))
                (void)changed (t,
                               [&] (Track& copy)
                               {
                                   copy.delay = state->delay;
                                   put (copy.strip, *state);
                                   return Outcome {};
                               });
        const auto bus = [&] (StripPtr& one)
        {
            if (const auto state = stateFor (*one))
                (void)changed (one,
                               [&] (Strip& copy)
                               {
                                   put (copy, *state);
                                   return Outcome {};
                               });
        };
        for (auto* list : { &song.groups, &song.returns })
            for (auto& one : *list)
                bus (one);
        bus (song.mix);
        for (auto& v : song.vcas)
            if (const auto at = scene.vcas.find (v->id); at == scene.vcas.end() && wanted (only, v->id))
                added.add ("the VCA fader \"" + nameToShow (v->name) + "\"");
            else if (wanted (only, v->id))
                (void)changed (v,
                               [&] (Vca& copy)
                               {
                                   take (copy.values, at->second);
                                   return Outcome {};
                               });
        if (only.empty())
            for (auto& g : song.muteGroups)
                if (const auto at = scene.muteGroups.find (g.id); at != scene.muteGroups.end())
                    g.on = at->second;
        tell();
        return notCircular (song);
    }

private:
    StripStatePtr stateFor (const Strip& strip)
    {
        if (! wanted (only, strip.id))
            return nullptr;
        auto state = session::stateOf (scene, strip.id);
        if (state == nullptr)
            added.add (nameOf (strip));
        return state;
    }

    void put (Strip& strip, const StripState& state)
    {
        take (strip.values, state.values);
        inserts (strip, state);
        if (strip.kind == StripKind::mix)
            return; // it goes to the master, and is never disabled
        strip.disabled = state.disabled;
        if (outputs.contains (state.output))
            strip.output = state.output;
        for (std::size_t n = 0; n < strip.sends.size(); ++n)
            strip.sends[n] = returns.contains (state.sends[n]) ? state.sends[n] : Id {};
    }

    void inserts (Strip& strip, const StripState& state)
    {
        const auto name = [&] (const Effect& e)
        { return "the effect " + nameToShow (e.type) + " of " + nameOf (strip); };
        const auto present = strip.inserts;
        const auto now = [&] (Id id) {
            return std::find_if (present.begin(), present.end(), [&] (const auto& e) { return e->id == id; });
        };
        std::size_t room = Strip::insertSlots - std::min (Strip::insertSlots, present.size());
        strip.inserts.clear();
        for (const auto& stored : state.inserts)
        {
            const auto at = now (stored->id);
            Effect e = *stored;
            if (at == present.end() || (*at)->type != stored->type)
            {
                if (room == 0)
                {
                    lost.add (name (e));
                    continue;
                }
                --room;
                back.add (name (e));
                if (at != present.end() || taken (e.id))
                    e.id = nextId (edited.project);
            }
            if (! there.contains (e.sidechain))
                e.sidechain = {};
            strip.inserts.push_back (std::make_shared<const Effect> (std::move (e)));
        }
        for (const auto& e : present)
        {
            if (std::any_of (strip.inserts.begin(), strip.inserts.end(),
                             [&] (const EffectPtr& one) { return one->id == e->id; }))
                continue;
            auto rest = e;
            if (rest->on)
            {
                bypassed.add (name (*e));
                (void)changed (rest,
                               [] (Effect& copy)
                               {
                                   copy.on = false;
                                   return Outcome {};
                               });
            }
            strip.inserts.push_back (std::move (rest));
        }
    }

    /// Whether something in the project, or brought back already, has an id.
    bool taken (Id id)
    {
        return ! brought.insert (id).second || id == edited.project.id ||
               songOf (edited.project, id) != nullptr || mediaOf (edited.project, id) != nullptr;
    }

    void tell()
    {
        const auto say = [&] (const NameList& list, const char* one, const char* several)
        {
            list.tell ([&] (const std::string& names, bool many)
                       { edited.notes.push_back (names + (many ? several : one)); });
        };
        say (added, " is not in the scene and stays as it is.",
             " are not in the scene and stay as they are.");
        say (back, " was put back.", " were put back.");
        say (bypassed, " is not in the scene and is bypassed.", " are not in the scene and are bypassed.");
        say (lost, " found no free slot and was left out.", " found no free slot and were left out.");
        const auto gone = std::count_if (scene.strips.begin(), scene.strips.end(),
                                         [&] (const StripStatePtr& s)
                                         { return wanted (only, s->strip) && ! there.contains (s->strip); });
        if (gone > 0)
            edited.notes.push_back (gone == 1
                                        ? "A track or bus of the scene is no longer in the song."
                                        : std::to_string (gone) +
                                              " tracks or buses of the scene are no longer in the song.");
    }

    Song& song;
    Edited& edited;
    const Scene& scene;
    const std::vector<Id>& only;
    std::set<Id> outputs, returns, there, brought;
    NameList added, back, bypassed, lost;
};

Edit recalled (const Project& p, const Scene& scene, const std::vector<Id>& only, std::string label)
{
    const auto* song = songOf (p, scene.id);
    for (const Id id : only)
        if (songOf (p, id) != song || (stripOf (p, id) == nullptr && vcaOf (p, id) == nullptr))
            return Problem { "A scene is recalled for tracks, buses and VCA faders of its song." };
    return inSong (p, song->id, std::move (label),
                   [&] (Song& s, Edited& e) { return Recall (s, e, scene, only)(); });
}

/// Values between two sets of them; `paramOf` (id) may give null.
template <typename F>
Values blendedValues (const Values& from, const Values& to, double share, const F& paramOf)
{
    Values all;
    const auto in = [] (const Values& values, const std::string& id)
    {
        const auto at = values.find (id);
        return at == values.end() ? nullptr : &at->second;
    };
    for (const auto* values : { &from, &to })
        for (const auto& [id, value] : *values)
            if (! all.contains (id))
                if (auto between = blendedValue (paramOf (id), in (from, id), in (to, id), share))
                    all.emplace (id, *std::move (between));
    return all;
}

StripStatePtr blendedState (const StripState& from, const StripState& to, StripKind kind, double share,
                            const Catalogue& catalogue)
{
    StripState state = share < 0.5 ? from : to;
    state.values = blendedValues (from.values, to.values, share,
                                  [&] (const std::string& id) -> const Param*
                                  { return catalogue.console ? catalogue.console (kind, id) : nullptr; });
    state.delay =
        std::llround (static_cast<double> (from.delay) + share * static_cast<double> (to.delay - from.delay));
    for (auto& effect : state.inserts)
    {
        const auto in = [&] (const StripState& s) -> const Effect*
        {
            for (const auto& e : s.inserts)
                if (e->id == effect->id && e->type == effect->type)
                    return e.get();
            return nullptr;
        };
        if (const auto* a = in (from), *b = in (to); a != nullptr && b != nullptr)
            (void)changed (effect,
                           [&] (Effect& copy)
                           {
                               copy.values = blendedValues (
                                   a->values, b->values, share,
                                   [&] (const std::string& id) -> const Param*
                                   { return catalogue.effect ? catalogue.effect (copy.type, id) : nullptr; });
                               return Outcome {};
                           });
    }
    return std::make_shared<const StripState> (std::move (state));
}

} // namespace

Edit storedScene (const Project& p, Id song, std::string name)
{
    if (const auto good = goodName (name); ! good)
        return good.problem();
    return inSong (p, song, "Store scene " + quoted (name),
                   [&] (Song& s, Edited& e) -> Outcome
                   {
                       if (s.scenes.size() >= limit::scenes)
                           return Problem { "A song cannot have more than " + std::to_string (limit::scenes) +
                                            " scenes." };
                       Scene scene;
                       scene.id = e.made = nextId (e.project);
                       scene.name = name;
                       keep (scene, s);
                       s.scenes.push_back (std::make_shared<const Scene> (std::move (scene)));
                       return {};
                   });
}

Edit updatedScene (const Project& p, Id scene)
{
    const auto* old = sceneOf (p, scene);
    return inScene (p, scene, "Update scene " + quoted (old != nullptr ? old->name : ""),
                    [] (Scene& copy, const Song& s)
                    {
                        keep (copy, s);
                        return Outcome {};
                    });
}

Edit renamedScene (const Project& p, Id scene, std::string name)
{
    if (const auto good = goodName (name); ! good)
        return good.problem();
    return inScene (p, scene, "Rename to " + quoted (name),
                    [&] (Scene& copy, const Song&)
                    {
                        copy.name = name;
                        return Outcome {};
                    });
}

Edit removedScene (const Project& p, Id scene)
{
    const auto* old = sceneOf (p, scene);
    if (old == nullptr)
        return nothing ("scene", scene);
    return inSong (p, songOf (p, scene)->id, "Remove scene " + quoted (old->name),
                   [&] (Song& s, Edited&)
                   {
                       std::erase_if (s.scenes, [&] (const ScenePtr& one) { return one->id == scene; });
                       return Outcome {};
                   });
}

Edit movedScene (const Project& p, Id scene, std::size_t index)
{
    const auto* old = sceneOf (p, scene);
    if (old == nullptr)
        return nothing ("scene", scene);
    return inSong (p, songOf (p, scene)->id, "Move scene " + quoted (old->name),
                   [&] (Song& s, Edited&)
                   {
                       const auto at = std::find_if (s.scenes.begin(), s.scenes.end(),
                                                     [&] (const ScenePtr& one) { return one->id == scene; });
                       const auto one = *at;
                       s.scenes.erase (at);
                       s.scenes.insert (s.scenes.begin() +
                                            static_cast<std::ptrdiff_t> (std::min (index, s.scenes.size())),
                                        one);
                       return Outcome {};
                   });
}

Edit recalledScene (const Project& p, Id scene, const std::vector<Id>& only)
{
    const auto* from = sceneOf (p, scene);
    if (from == nullptr)
        return nothing ("scene", scene);
    return recalled (p, *from, only, "Recall scene " + quoted (from->name));
}

StripStatePtr stateNow (const Project& p, Id strip)
{
    if (const auto* track = trackOf (p, strip))
        return stateOf (track->strip, track->delay);
    const auto* bus = stripOf (p, strip);
    return bus != nullptr ? stateOf (*bus, 0) : nullptr;
}

Edit withState (const Project& p, const StripState& state, std::string label)
{
    const auto* song = songOf (p, state.strip);
    if (stripOf (p, state.strip) == nullptr || song == nullptr)
        return nothing ("track or bus", state.strip);
    Scene scene;
    scene.strips = { std::make_shared<const StripState> (state) };
    const std::vector<Id> only { state.strip };
    return inSong (p, song->id, std::move (label),
                   [&] (Song& s, Edited& e)
                   {
                       const auto done = Recall (s, e, scene, only)();
                       e.notes.clear(); // they speak of a scene
                       return done;
                   });
}

std::optional<Value> blendedValue (const Param* param, const Value* from, const Value* to, double share)
{
    const auto* nearer = share < 0.5 ? from : to;
    const auto copy = [] (const Value* v) { return v != nullptr ? std::optional (*v) : std::nullopt; };
    if (share <= 0)
        return copy (from);
    if (share >= 1)
        return copy (to);
    if (param == nullptr || param->isChoice())
        return copy (nearer);
    const auto number = [&] (const Value* v) { return v != nullptr ? std::get_if<double> (v) : nullptr; };
    const auto *a = number (from), *b = number (to);
    if ((from != nullptr && a == nullptr) || (to != nullptr && b == nullptr))
        return copy (nearer); // a text where a number belongs
    const double first = a != nullptr ? *a : static_cast<double> (param->initial),
                 second = b != nullptr ? *b : static_cast<double> (param->initial);
    if (first == second)
        return copy (nearer);
    const double x = travelOf (*param, first), y = travelOf (*param, second);
    return valueAtTravel (*param, x + share * (y - x));
}

Edit blendedScenes (const Project& p, Id from, Id to, double share, const std::vector<Id>& only,
                    const Catalogue& catalogue)
{
    const auto *a = sceneOf (p, from), *b = sceneOf (p, to);
    if (a == nullptr || b == nullptr)
        return nothing ("scene", a == nullptr ? from : to);
    if (songOf (p, from) != songOf (p, to))
        return Problem { "Two scenes that are blended belong to the same song." };
    if (! (share >= 0 && share <= 1))
        return Problem { "A blend lies between 0 and 100 %." };
    const auto kindOf = [&] (Id strip)
    {
        const auto* s = stripOf (p, strip);
        return s != nullptr ? s->kind : StripKind::track;
    };
    Scene between;
    between.id = share < 0.5 ? from : to;
    for (const auto& state : a->strips)
        if (const auto other = stateOf (*b, state->strip))
            between.strips.push_back (blendedState (*state, *other, kindOf (state->strip), share, catalogue));
    for (const auto& [vca, values] : a->vcas)
        if (const auto other = b->vcas.find (vca); other != b->vcas.end())
            between.vcas[vca] = blendedValues (
                values, other->second, share,
                [&] (const std::string& id) -> const Param*
                { return catalogue.console ? catalogue.console (StripKind::group, id) : nullptr; });
    for (const auto& [group, on] : a->muteGroups)
        if (const auto other = b->muteGroups.find (group); other != b->muteGroups.end())
            between.muteGroups[group] = share < 0.5 ? on : other->second;
    return recalled (p, between, only, "Blend scenes " + quoted (a->name) + " and " + quoted (b->name));
}

namespace
{

using namespace reading;

/// A scene by its name in a song, or as scene:ID.
Id sceneIn (const Reader& r, const std::string& name)
{
    for (const auto& s : songOf (r.project, r.song())->scenes)
        if (s->name == r.text (name))
            return s->id;
    const auto bad = badArgument (name, r.text (name), "the name of a scene or scene:ID");
    if (! r.text (name).starts_with ("scene:"))
        throw Refusal { bad };
    const Id id = r.numbered (name, "scene");
    if (sceneOf (r.project, id) == nullptr)
        throw Refusal { bad };
    return id;
}

Edit storeScene (const Reader& r)
{
    return storedScene (r.project, r.song(), r.text ("name"));
}
Edit updateScene (const Reader& r)
{
    return updatedScene (r.project, sceneIn (r, "scene"));
}
Edit removeScene (const Reader& r)
{
    return removedScene (r.project, sceneIn (r, "scene"));
}
Edit moveScene (const Reader& r)
{
    return movedScene (r.project, sceneIn (r, "scene"), r.index ("index"));
}
Edit recallScene (const Reader& r)
{
    return recalledScene (r.project, sceneIn (r, "scene"), r.members ("strips"));
}
Edit blendScenes (const Reader& r)
{
    auto text = r.text ("share");
    const bool told = text.ends_with ('%');
    if (told)
        text.pop_back();
    const auto percent = numberIn<double> (trimmed (text));
    if (! percent || (! told && *percent > 0 && *percent <= 1)) // 0.5: a half, or half a percent?
        return badArgument ("share", r.text ("share"), "a share such as 50%");
    return blendedScenes (r.project, sceneIn (r, "scene"), sceneIn (r, "other"), *percent / 100,
                          r.members ("strips"), r.catalogue);
}

} // namespace

std::vector<EditType> sceneEdits()
{
    constexpr Argument scene { "scene", Type::text, "its name, or scene:ID" };
    constexpr Argument song { "song", Type::text, "the song's name; without it the first song", true };
    constexpr Argument strips { "strips", Type::address,
                                "only these: \"track:Kick, group:Drums, vca:Band\"; without it all", true };
    return {
        { "store-scene",
          "Store scene",
          "Keeps the settings of the whole mixer, without the mastering chain, under a name.",
          { { "name", Type::text, "what it is called" }, song },
          run<storeScene> },
        { "update-scene",
          "Update scene",
          "Keeps the settings of the mixer in a scene that there is.",
          { scene, song },
          run<updateScene> },
        { "recall-scene",
          "Recall scene",
          "Puts the mixer, or some strips of it, back to a scene.",
          { scene, strips, song },
          run<recallScene> },
        { "blend-scenes",
          "Blend scenes",
          "Puts the mixer, or some strips of it, between two scenes.",
          { scene,
            { "other", Type::text, "the second scene" },
            { "share", Type::text, "0% is the first, 100% the second" },
            strips,
            song },
          run<blendScenes> },
        { "move-scene",
          "Move scene",
          "Moves a scene within the list of scenes.",
          { scene, { "index", Type::whole, "its new place, counted from 1" }, song },
          run<moveScene> },
        { "remove-scene", "Remove scene", "Removes a scene.", { scene, song }, run<removeScene> },
    };
}

} // namespace lacquer::session

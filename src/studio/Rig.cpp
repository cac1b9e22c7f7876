// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Rig.h"

#include "session/Find.h"
#include "studio/Catalogue.h"
#include "studio/Solo.h"
#include "studio/VcaLanes.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace lacquer::studio
{

using session::Song;
using session::Strip;
using session::StripKind;

namespace
{

// Node ids: the id of the thing in the low bits, its role in the high ones, so that no two nodes share one.
constexpr std::uint64_t roleShift = 56;
enum class Role : std::uint64_t
{
    source = 1,
    effect,
    bank,
    meter,
    lateSlot,
    monitor,
    follower,
    tap,
    listener
};

Id nodeId (Role role, std::uint64_t value)
{
    return Id { static_cast<std::uint64_t> (role) << roleShift | value };
}

/// The second slot of a strip that has inserts between its console part and its fader.
Id lateKey (Id strip)
{
    return nodeId (Role::lateSlot, strip.value);
}

/// Passes nothing on: measures what arrives.
class LoudnessNode final : public engine::Processor
{
public:
    LoudnessNode (std::shared_ptr<measure::LiveMeter> m, engine::MeterTap& t, double sampleRate)
        : meter (std::move (m)), tap (t),
          slowness (static_cast<float> (1 - std::exp (-1 / (0.3 * sampleRate))))
    {
    }

    void process (const engine::Chunk& chunk, std::span<const engine::Signal> in,
                  std::span<engine::Signal>) noexcept override
    {
        const float* channels[2] { in[0].channel[0], in[0].channel[1] };
        for (int c = 0; c < 2; ++c)
        {
            float peak = 0, energy = tap.energy[c].load (std::memory_order_relaxed);
            for (int n = 0; n < chunk.frames; ++n)
            {
                const float x = channels[c][n];
                peak = std::max (peak, std::abs (x));
                energy += slowness * (x * x - energy);
            }
            tap.raise (c, peak);
            tap.energy[c].store (energy, std::memory_order_relaxed);
        }
        if (chunk.time.playing)
            meter->add (channels, chunk.frames);
    }
    void reset() noexcept override {}
    int latency() const noexcept override { return 0; }

private:
    std::shared_ptr<measure::LiveMeter> meter;
    engine::MeterTap& tap;
    float slowness;
};

/// Input 0: the song, 1: what is listened to, 2: the reference.
class MonitorNode final : public engine::Processor
{
public:
    explicit MonitorNode (std::shared_ptr<Monitor> m) : monitor (std::move (m)) {}

    void process (const engine::Chunk& chunk, std::span<const engine::Signal> in,
                  std::span<engine::Signal> out) noexcept override
    {
        monitor->process (in[0], in[1], in[2], chunk.frames, out[0]);
    }
    void reset() noexcept override { monitor->reset(); }
    int latency() const noexcept override { return 0; }

private:
    std::shared_ptr<Monitor> monitor;
};

std::shared_ptr<const engine::Lane> laneOf (const session::Lane& lane)
{
    return std::make_shared<engine::Lane> (pointsOf (lane));
}

/// The lanes of one target, and what modulates it, as bindings of strip `slot`.
void bindLanes (const std::vector<session::Lane>& lanes, Id target, const engine::Controls& controls,
                int slot, const Modulators::Moves& moves, std::vector<engine::Binding>& bindings)
{
    std::map<std::string_view, std::pair<std::vector<engine::Point>, std::vector<engine::Modulation>>> all;
    for (const auto& lane : lanes)
        if (lane.target == target && lane.enabled && ! lane.points.empty())
            all[lane.parameter].first = pointsOf (lane);
    for (auto m = moves.all.lower_bound ({ target, {} }); m != moves.all.end() && m->first.first == target;
         ++m)
        all[m->first.second].second = m->second;
    for (auto& [parameter, course] : all)
        if (const int n = indexOf (controls.table(), parameter); n >= 0)
            bindings.push_back ({ slot, n,
                                  std::make_shared<engine::Lane> (std::move (course.first),
                                                                  std::move (course.second), controls, n) });
}

void sort (std::vector<engine::Binding>& bindings)
{
    std::stable_sort (bindings.begin(), bindings.end(),
                      [] (const engine::Binding& a, const engine::Binding& b)
                      { return std::pair (a.strip, a.parameter) < std::pair (b.strip, b.parameter); });
}

/// Parameters that the second slot of a strip with inserts after its console part takes over; all others stay
/// initial there.
bool belongsToFader (std::string_view parameter)
{
    return parameter.starts_with ("fader.") || parameter.starts_with ("pan.") ||
           parameter.starts_with ("send");
}

session::Values partOf (const session::Values& values, bool fader)
{
    session::Values part;
    for (const auto& [id, value] : values)
        if (belongsToFader (id) == fader)
            part.emplace (id, value);
    return part;
}

/// Lanes of a parameter on the VCA faders that a strip follows.
std::vector<LanePtr> lanesAbove (const Song& song, Id strip, std::string_view parameter)
{
    std::vector<LanePtr> lanes;
    for (const auto* vca : session::vcasAbove (song, strip))
        for (const auto& lane : vca->lanes)
            if (lane.parameter == parameter && lane.enabled && ! lane.points.empty())
                lanes.push_back (laneOf (lane));
    return lanes;
}

bool automates (const std::vector<session::Lane>& lanes, Id target, std::string_view parameter)
{
    return std::any_of (lanes.begin(), lanes.end(),
                        [&] (const session::Lane& l) {
                            return l.target == target && l.parameter == parameter && l.enabled &&
                                   ! l.points.empty();
                        });
}

/// What the VCA faders without automation add to a strip's fader, linear.
double vcaGain (const Song& song, Id strip)
{
    static const int level = indexOf (stripTable(), "fader.level");
    const auto& param = stripTable()[static_cast<std::size_t> (level)];
    double gain = 1;
    for (const auto* vca : session::vcasAbove (song, strip))
    {
        const auto value = vca->values.find (std::string (param.id));
        if (value != vca->values.end() && ! automates (vca->lanes, vca->id, param.id))
            gain *= gainOf (Decibels { numberOf (param, value->second) });
    }
    return gain;
}

/// What the lanes of VCA faders do to a slot, beside its own: the gain, and mutes together with its own.
void bindVcas (const Song& song, const Strip& strip, int slot, std::vector<engine::Binding>& bindings)
{
    if (const auto gain = sumOf (lanesAbove (song, strip.id, "fader.level")))
        bindings.push_back ({ slot, mix::StripBank::vcaLane, gain });
    auto mutes = lanesAbove (song, strip.id, "fader.mute");
    if (mutes.empty())
        return;
    const int mute = indexOf (stripTable(), "fader.mute");
    const auto own = std::find_if (bindings.begin(), bindings.end(),
                                   [&] (const auto& b) { return b.strip == slot && b.parameter == mute; });
    if (own != bindings.end())
    {
        // A modulator's share of a switch has no points to join with.
        mutes.push_back (own->lane->isModulated() ? std::make_shared<engine::Lane> (own->lane->points())
                                                  : own->lane);
        own->lane = anyOf (mutes);
    }
    else
        bindings.push_back ({ slot, mute, anyOf (mutes) });
}

/// Lanes after which a stage takes another bank: few enough that cores can share a song, enough that what a
/// bank costs by itself is 3 % of its strips.
constexpr int bankLanes = 32;

/// The input that only says for whom a node has to wait: behind all that a bank or an effect may have.
constexpr int waitPort = bankLanes;

Id bankId (int stage, std::size_t number)
{
    return nodeId (Role::bank, static_cast<std::uint64_t> (stage) | static_cast<std::uint64_t> (number)
                                                                        << 32);
}

} // namespace

Rig::Rig (double sampleRate, SourceMaker maker, RecordingReader reader, EffectFinder finder)
    : rate (sampleRate), sourceOf (std::move (maker)), recordingOf (std::move (reader)),
      typeOf (finder != nullptr ? finder : effectOf), modulators (sampleRate),
      loudness (std::make_shared<measure::LiveMeter> (sampleRate, 2)),
      loudnessNode (std::make_shared<LoudnessNode> (loudness, *masterTap, sampleRate))
{
}

std::shared_ptr<engine::EffectNode> Rig::nodeOf (const session::Effect& effect, int channels, bool dualMono)
{
    const auto* type = typeOf (effect.type);
    if (type == nullptr)
        return nullptr;
    auto& [node, form] = effects[effect.id];
    if (node == nullptr || form != channels || node->isDualMono() != dualMono)
    {
        node = std::make_shared<engine::EffectNode> (*type, engine::Format { rate, channels }, effect.on,
                                                     dualMono);
        form = channels;
        given.erase (effect.id);
    }
    controlEffect (effect);
    return node;
}

bool Rig::hasLateInserts (const Strip& strip) const
{
    return std::any_of (strip.inserts.begin(), strip.inserts.end(),
                        [this] (const auto& e) { return e->postConsole && typeOf (e->type) != nullptr; });
}

/// Has the source of a track's clips, or of what it is frozen to.
Outcome Rig::play (Playing& playing, const session::Project& project, const session::Track& track)
{
    if (playing.node != nullptr && playing.clips == track.clips && playing.delay == track.delay &&
        playing.frozen == track.frozen && playing.lead == track.frozenLead &&
        playing.channels == track.strip.channels)
        return {};
    auto source = [&]
    {
        const auto* media = track.frozen ? session::mediaOf (project, track.frozen) : nullptr;
        if (media == nullptr)
            return sourceOf (project, track);
        // The file holds what the clips had become, delay included.
        session::Clip clip;
        clip.media = media->id;
        clip.length = media->frames;
        session::Track whole;
        whole.strip = track.strip;
        if (clip.length > 0)
            whole.clips.push_back (std::make_shared<const session::Clip> (clip));
        return sourceOf (project, whole);
    }();
    if (! source)
        return source.problem();
    playing = {
        track.clips,          track.delay,
        track.frozen,         track.frozenLead,
        track.strip.channels, std::make_shared<engine::SourceNode> (*std::move (source), track.frozenLead)
    };
    return {};
}

/// Gives an effect the recording it is to have, if it takes one and has another.
Outcome Rig::give (const session::Project& project, const session::Effect& effect, engine::EffectNode& node)
{
    const double longest = typeOf (effect.type)->longestRecording;
    auto& has = given[effect.id];
    if (longest <= 0 || recordingOf == nullptr || has == effect.media)
        return {};
    has = effect.media;
    if (! effect.media)
    {
        node.hear (nullptr);
        return {};
    }
    auto recording = recordingOf (project, effect.media, longest);
    if (! recording)
        return recording.problem();
    node.hear (*std::move (recording));
    return {};
}

void Rig::controlEffect (const session::Effect& effect)
{
    const auto found = effects.find (effect.id);
    if (found == effects.end())
        return;
    push (found->second.node->controls(), effect);
}

void Rig::listenThrough (LiveEnd end)
{
    if (end.monitor != live.monitor)
        monitorNode = end.monitor != nullptr ? std::make_shared<MonitorNode> (end.monitor) : nullptr;
    if (end.reference != live.reference)
        referenceNode =
            end.reference != nullptr ? std::make_shared<engine::SourceNode> (end.reference) : nullptr;
    live = std::move (end);
}

bool Rig::mutedBySolo (const Song& song, Id strip)
{
    if (! anySolo (song))
        return false;
    const auto open = openRoutes (song);
    const auto found = open.find (strip);
    return found != open.end() && (found->second & mix::StripBank::outputRoute) == 0;
}

void Rig::controlStrip (const Song& song, const Strip& strip, mix::StripBank::Routes open)
{
    const auto found = strips.find (strip.id);
    if (found == strips.end())
        return;
    auto& parts = found->second;
    if (parts.console == parts.fader)
        push (*parts.console, strip.values);
    else
    {
        push (*parts.console, partOf (strip.values, false));
        push (*parts.fader, partOf (strip.values, true));
    }
    parts.vca->store (vcaGain (song, strip.id), std::memory_order_relaxed);
    for (auto& [stage, list] : banks)
        for (auto& b : list)
            if (b.bank != nullptr)
            {
                b.bank->setOpen (strip.id.value, open);
                b.bank->setOpen (lateKey (strip.id).value, open);
            }
    for (const auto& effect : strip.inserts)
        controlEffect (*effect);
}

void Rig::control (const Song& song)
{
    auto open = openRoutes (song);
    for (const auto& [id, muted] : mutedTogether (song))
        open[id] = 0;
    session::forEachStrip (song,
                           [&] (const Strip& s)
                           {
                               // A mute without a lane of its own beside one of a VCA fader's.
                               if (switchedOn (s.values, "fader.mute") &&
                                   ! automates (s.lanes, s.id, "fader.mute") &&
                                   ! lanesAbove (song, s.id, "fader.mute").empty())
                                   open[s.id] = 0;
                               controlStrip (song, s, open[s.id]);
                           });
    for (const auto& module : song.master->modules)
        controlEffect (*module);
    modulators.control (song);
}

bool Rig::sameStructure (const Song& a, const Song& b)
{
    // Values are not structure; where one changes an effect's latency, latencies() tells.
    const auto sameEffects = [] (const auto& x, const auto& y)
    {
        return x.size() == y.size() && std::equal (x.begin(), x.end(), y.begin(),
                                                   [] (const auto& e, const auto& f)
                                                   {
                                                       return e->id == f->id && e->type == f->type &&
                                                              e->postConsole == f->postConsole &&
                                                              e->sidechain == f->sidechain &&
                                                              e->media == f->media;
                                                   });
    };
    const auto sameStrip = [&] (const Strip& s, const Strip& t)
    {
        return &s == &t ||
               (s.id == t.id && s.kind == t.kind && s.name == t.name && s.channels == t.channels &&
                s.dualMono == t.dualMono && s.disabled == t.disabled && s.sends == t.sends &&
                s.output == t.output && s.lanes == t.lanes && sameEffects (s.inserts, t.inserts));
    };
    const auto sameStrips = [&] (const auto& x, const auto& y)
    {
        return x.size() == y.size() &&
               std::equal (x.begin(), x.end(), y.begin(),
                           [&] (const auto& s, const auto& t) { return sameStrip (*s, *t); });
    };

    return a.id == b.id && a.tempi == b.tempi && a.metres == b.metres && sameStrips (a.groups, b.groups) &&
           sameStrips (a.returns, b.returns) && sameStrip (*a.mix, *b.mix) &&
           a.tracks.size() == b.tracks.size() &&
           std::equal (a.tracks.begin(), a.tracks.end(), b.tracks.begin(),
                       [&] (const auto& s, const auto& t)
                       {
                           return s == t || (sameStrip (s->strip, t->strip) && s->clips == t->clips &&
                                             s->delay == t->delay && s->frozen == t->frozen &&
                                             s->frozenLead == t->frozenLead);
                       }) &&
           std::equal (a.vcas.begin(), a.vcas.end(), b.vcas.begin(), b.vcas.end(),
                       [] (const auto& v, const auto& w) {
                           return v == w ||
                                  (v->id == w->id && v->members == w->members && v->lanes == w->lanes);
                       }) &&
           Modulators::sameStructure (a, b) && a.master->lanes == b.master->lanes &&
           sameEffects (a.master->modules, b.master->modules);
}

std::vector<int> Rig::latencies() const
{
    std::vector<int> all;
    for (const auto& [id, node] : effects)
        all.push_back (node.node->latency());
    return all;
}

int Rig::Bank::lanes() const
{
    int sum = 0;
    for (const auto& place : places)
        sum += place.channels;
    return sum;
}

int Rig::Bank::port (PortKind kind, Id id, int channels, std::uint64_t number)
{
    auto found =
        std::find_if (ports.begin(), ports.end(),
                      [&] (const Port& p) { return p.kind == kind && p.id == id && p.channels == channels; });
    if (found == ports.end())
        found = std::find_if (ports.begin(), ports.end(), [] (const Port& p) { return p.id == Id {}; });
    if (found == ports.end())
        found = ports.insert (found, Port {});
    *found = { kind, id, channels, number };
    return static_cast<int> (found - ports.begin());
}

engine::MeterTap* Rig::meter (Id strip)
{
    const auto found = strips.find (strip);
    return found == strips.end() ? nullptr : found->second.meter.get();
}

void Rig::watch (Id strip)
{
    const auto connect = [this] (Id id, engine::Scope* in, engine::Scope* out)
    {
        if (const auto found = strips.find (id); found != strips.end())
        {
            found->second.scope->input.store (in, std::memory_order_release);
            found->second.scope->output.store (out, std::memory_order_release);
        }
    };
    if (strip != watched)
        connect (watched, nullptr, nullptr);
    connect (strip, scopes.first.get(), scopes.second.get());
    watched = strip;
}

float Rig::reduction (Id stripOrEffect) const
{
    if (const auto strip = strips.find (stripOrEffect); strip != strips.end())
        return strip->second.reduction->load (std::memory_order_relaxed);
    const auto effect = effects.find (stripOrEffect);
    return effect == effects.end() ? 0.0f : effect->second.node->reduction();
}

std::pair<std::size_t, int> Rig::placeIn (std::vector<Bank>& list, Id key, int channels)
{
    for (std::size_t n = 0; n < list.size(); ++n)
        for (std::size_t k = 0; k < list[n].places.size(); ++k)
            if (auto& place = list[n].places[k]; place.key == key && place.channels == channels)
            {
                place.used = graphs;
                return { n, static_cast<int> (k) };
            }
    std::size_t home = 0;
    while (home < list.size() && list[home].lanes() + channels > bankLanes)
        ++home;
    if (home == list.size())
        list.emplace_back();
    auto& places = list[home].places;
    auto free = std::find_if (places.begin(), places.end(), [] (const auto& p) { return p.channels == 0; });
    if (free == places.end())
        free = places.insert (free, Bank::Place {});
    *free = { key, channels, graphs };
    return { home, static_cast<int> (free - places.begin()) };
}

Result<engine::Graph> Rig::graph (const session::Project& project, const Song& song, const Tap& tap)
{
    auto wiring = wire (project, song, graphs + 1, tap);
    if (! wiring)
        return wiring.problem();
    return std::move (wiring->graph);
}

Result<Wiring> Rig::wire (const session::Project& project, const Song& song, std::uint64_t heard,
                          const Tap& tap)
{
    ++graphs;
    // Which strips there are, and how deep each lies: a track at 0, a bus one deeper than the deepest strip
    // that feeds it, or than tracks: so it stays where it is when the first one feeds it.
    std::vector<const Strip*> all;
    session::forEachStrip (song,
                           [&] (const Strip& s)
                           {
                               if (! s.disabled)
                                   all.push_back (&s);
                           });
    std::map<Id, const Strip*> byId;
    for (const auto* s : all)
        byId[s->id] = s;
    // The strips that are keys, and the tracks that play what they were frozen to: these hear no key.
    std::map<Id, bool> keys;
    std::set<Id> frozen;
    const auto eachKey = [&] (const std::vector<session::EffectPtr>& list, auto&& f)
    {
        for (const auto& e : list)
            if (e->sidechain && byId.contains (e->sidechain) && typeOf (e->type) != nullptr)
                f (e->sidechain);
    };
    for (const auto& track : song.tracks)
        if (track->frozen)
            frozen.insert (track->strip.id);
    for (const auto* s : all)
        if (! frozen.contains (s->id))
            eachKey (s->inserts, [&] (Id key) { keys[key] = true; });
    eachKey (song.master->modules, [&] (Id key) { keys[key] = true; });

    const bool isLive = live.monitor != nullptr && tap.point == Tap::Point::master;
    const auto listened = [&] (Id id, bool beforeItsFader)
    {
        return (isLive && live.beforeFader == beforeItsFader &&
                std::find (live.listened.begin(), live.listened.end(), id) != live.listened.end()) ||
               std::any_of (listeners.begin(), listeners.end(),
                            [&] (const Listener& l)
                            { return ! l.input && l.strip == id && l.beforeFader == beforeItsFader; });
    };

    const auto moves = modulators.moves (song);
    std::map<Id, int> depth;
    for (const auto* s : all)
        depth[s->id] = s->kind == StripKind::track ? 0 : 1;
    for (std::size_t pass = 0; pass <= all.size(); ++pass)
    {
        bool changed = false;
        const auto feeds = [&] (const Strip& from, Id to)
        {
            if (byId.contains (to) && depth[to] <= depth[from.id])
            {
                depth[to] = depth[from.id] + 1;
                changed = true;
            }
        };
        for (const auto* s : all)
        {
            feeds (*s, s->output);
            for (Id to : s->sends)
                feeds (*s, to);
            if (! frozen.contains (s->id))
                eachKey (s->inserts, [&] (Id key) { feeds (*byId.at (key), s->id); });
        }
        for (const auto& follower : moves.followers)
            for (const auto& [target, list] : moves.heardBy)
                if (std::find (list.begin(), list.end(), follower.modulator) != list.end())
                    feeds (*byId.at (follower.source),
                           byId.contains (target) ? target : session::ownerOf (project, target));
        if (! changed)
            break;
        if (pass == all.size())
            return Problem { "The routing goes round in a circle: " + session::routingCycle (song) + ".",
                             song.name, "Send one of these somewhere else." };
    }

    // Stages: the strips of one depth run together in lanes. A strip with inserts between console and fader
    // has a second slot one half stage later, whose console part is at rest.
    struct Slot
    {
        const Strip* strip;
        bool console, fader;
    };
    std::map<int, std::vector<Slot>> stages;
    for (const auto* s : all)
    {
        const bool late = hasLateInserts (*s) && ! frozen.contains (s->id);
        stages[2 * depth[s->id]].push_back ({ s, true, ! late });
        if (late)
            stages[2 * depth[s->id] + 1].push_back ({ s, false, true });
    }

    // Let go of what is no longer there. The controls and meters of strips stay: a bank may still point at
    // them.
    std::erase_if (sources, [&] (const auto& entry) { return ! byId.contains (entry.first); });
    std::erase_if (banks, [&] (const auto& entry) { return ! stages.contains (entry.first); });
    std::erase_if (given,
                   [&] (const auto& entry) { return session::effectOf (project, entry.first) == nullptr; });
    std::erase_if (effects,
                   [&] (const auto& entry) { return session::effectOf (project, entry.first) == nullptr; });

    Wiring wiring;
    wiring.number = graphs;
    auto& graph = wiring.graph;
    struct Port
    {
        Id node;
        int number = 0;
    };
    struct KeyEdge
    {
        Id key, to;
    };
    std::vector<KeyEdge> keyEdges;
    std::optional<Problem> unread; // a recording
    // What a follower moves has to wait for it.
    std::vector<std::pair<Id, Id>> waits;
    const auto follow = [&] (Id target, Id node)
    {
        if (const auto found = moves.heardBy.find (target); found != moves.heardBy.end())
            for (const Id modulator : found->second)
                if (const std::pair wait { nodeId (Role::follower, modulator.value), node };
                    std::find (waits.begin(), waits.end(), wait) == waits.end())
                    waits.push_back (wait);
    };
    std::vector<Armed> ready;
    std::vector<engine::ControlTap::Watched> armedControls;
    const auto arm = [&] (const std::vector<session::Lane>& lanes, Id target,
                          const std::shared_ptr<const engine::Controls>& controls, Id node,
                          const std::function<bool (bool)>& isHere, const engine::EffectNode* effect)
    {
        for (const auto& lane : lanes)
        {
            const int n = indexOf (controls->table(), lane.parameter);
            const bool fader = isHere != nullptr && belongsToFader (lane.parameter);
            if (lane.target != target || lane.mode == session::LaneMode::read || n < 0 ||
                (isHere != nullptr && ! isHere (fader)))
                continue;
            ready.push_back ({ target, lane.parameter, node, effect == nullptr,
                               effect != nullptr ? effect->isMix (n) : fader,
                               effect != nullptr && effect->isSwitch (n) });
            armedControls.push_back ({ controls, n });
        }
    };
    const auto addEffects = [&] (const std::vector<session::EffectPtr>& list,
                                 const std::vector<session::Lane>& lanes, int channels, bool dualMono,
                                 bool bypasses, auto&& wanted, std::optional<Port>& first,
                                 std::optional<Port>& last)
    {
        for (const auto& effect : list)
        {
            if (! wanted (*effect))
                continue;
            const auto node = nodeOf (*effect, channels, dualMono);
            if (node == nullptr)
                continue; // a type this version does not know passes sound through
            if (const auto good = give (project, *effect, *node); ! good && ! unread)
                unread = good.problem();
            const Id id = nodeId (Role::effect, effect->id.value);
            std::vector<engine::Binding> bindings;
            bindLanes (lanes, effect->id, node->controls(), 0, moves, bindings);
            node->expect (bindings);
            arm (lanes, effect->id, { node, &node->controls() }, id, nullptr, node.get());
            follow (effect->id, id);
            sort (bindings);
            std::vector<int> inputs { channels };
            if (const auto key = byId.find (effect->sidechain); effect->sidechain && key != byId.end())
            {
                inputs.push_back (key->second->channels);
                keyEdges.push_back ({ effect->sidechain, id });
            }
            graph.nodes.push_back ({ id,
                                     std::string (typeOf (effect->type)->name),
                                     node,
                                     inputs,
                                     { channels },
                                     std::move (bindings),
                                     bypasses });
            if (last)
                graph.edges.push_back ({ last->node, last->number, id, 0 });
            else
                first = Port { id, 0 };
            last = Port { id, 0 };
        }
    };

    // Where each strip takes its input.
    std::map<Id, Port> entry;
    std::map<Id, Port> tapPorts;
    std::map<Id, Port> beforeFader;
    struct BusEdge
    {
        Port from;
        Id to;
    };
    std::vector<BusEdge> busEdges;
    struct Plan
    {
        mix::StripBank::Layout layout;
        std::vector<int> inputs;
        std::vector<engine::Binding> bindings;
    };

    for (const auto* s : all)
    {
        auto& parts = strips[s->id];
        const bool late = hasLateInserts (*s) || frozen.contains (s->id);
        if (parts.console == nullptr || late != (parts.console != parts.fader))
        {
            retired.push_back (parts.console);
            retired.push_back (parts.fader);
            parts.console = std::make_shared<engine::Controls> (stripTable());
            parts.fader = late ? std::make_shared<engine::Controls> (stripTable()) : parts.console;
        }
    }

    const auto keyOf = [] (const Slot& slot)
    { return slot.console ? slot.strip->id : lateKey (slot.strip->id); };
    for (auto& [stage, slots] : stages)
    {
        auto& list = banks[stage];
        // What no graph uses that is heard still, or may come to be heard, is free for another.
        for (auto& bank : list)
        {
            for (auto& place : bank.places)
                if (place.used < heard && std::none_of (slots.begin(), slots.end(),
                                                        [&] (const Slot& slot) {
                                                            return keyOf (slot) == place.key &&
                                                                   slot.strip->channels == place.channels;
                                                        }))
                    place = {};
            for (auto& port : bank.ports)
                if (port.used < heard)
                    port = {};
        }
        std::vector<Plan> plans (list.size());

        for (const auto& slot : slots)
        {
            const auto& strip = *slot.strip;
            const Id key = keyOf (slot);
            const auto [home, number] = placeIn (list, key, strip.channels);
            plans.resize (list.size());
            const Id bank = bankId (stage, home);
            auto& own = list[home];
            auto& plan = plans[home];
            if (plan.layout.size() < own.places.size())
            {
                plan.layout.resize (own.places.size());
                plan.inputs.resize (own.places.size(), 0);
            }
            const auto portTo = [&] (Id bus)
            { return byId.contains (bus) ? own.port (Bank::PortKind::bus, bus, 2, graphs) : -1; };
            auto& parts = strips[strip.id];
            auto& s = plan.layout[static_cast<std::size_t> (number)];
            s.key = key.value;
            s.input = number;
            const bool asFrozen = frozen.contains (strip.id);
            const auto& controls = slot.console && ! asFrozen ? parts.console : parts.fader;
            s.controls = controls.get();
            s.channels = strip.channels;
            s.dualMono = strip.dualMono;
            s.reduction = slot.console ? parts.reduction.get() : nullptr;
            s.scope = parts.scope.get();
            if (slot.fader)
            {
                s.meter = parts.meter.get();
                s.vca = parts.vca.get();
                s.output = strip.kind == StripKind::mix ? own.port (Bank::PortKind::own, key, 2, graphs)
                                                        : portTo (strip.output);
                for (std::size_t n = 0; n < strip.sends.size(); ++n)
                    s.sends[n] = portTo (strip.sends[n]);
                if (strip.kind == StripKind::mix)
                    tapPorts[strip.id] = { bank, s.output };
                else if ((tap.point == Tap::Point::strip && tap.strip == strip.id) ||
                         listened (strip.id, false) ||
                         std::any_of (moves.followers.begin(), moves.followers.end(),
                                      [&] (const auto& f) { return f.source == strip.id; }))
                {
                    s.tap = own.port (Bank::PortKind::own, key, 2, graphs);
                    tapPorts[strip.id] = { bank, s.tap };
                }
            }
            if (! slot.fader || keys.contains (strip.id) ||
                (tap.point == Tap::Point::beforeFader && tap.strip == strip.id) ||
                (slot.fader && listened (strip.id, true)))
                s.preTap = own.port (Bank::PortKind::before, key, strip.channels, graphs);
            if (slot.fader && s.preTap >= 0)
                beforeFader[strip.id] = { bank, s.preTap };
            plan.inputs[static_cast<std::size_t> (number)] = strip.channels;

            std::vector<engine::Binding> bindings;
            bindLanes (strip.lanes, strip.id, *controls, number, moves, bindings);
            follow (strip.id, bank);
            arm (
                strip.lanes, strip.id, controls, bank,
                [&] (bool fader) { return fader ? slot.fader : slot.console && ! asFrozen; }, nullptr);
            if (slot.console != slot.fader || asFrozen)
                std::erase_if (bindings,
                               [&] (const engine::Binding& b) {
                                   return belongsToFader (
                                              stripTable()[static_cast<std::size_t> (b.parameter)].id) !=
                                          slot.fader;
                               });
            if (slot.fader)
                bindVcas (song, strip, number, bindings);
            plan.bindings.insert (plan.bindings.end(), bindings.begin(), bindings.end());

            std::optional<Port> first, last;
            const bool before = slot.console;
            if (! before)
            {
                // From the first slot's console part through the late inserts into this one.
                last = tapPorts.at (lateKey (strip.id));
            }
            else if (strip.kind == StripKind::track)
            {
                auto& playing = sources[strip.id];
                if (const auto done = play (playing, project, *session::trackOf (project, strip.id)); ! done)
                    return done.problem();
                const Id id = nodeId (Role::source, strip.id.value);
                graph.nodes.push_back ({ id, strip.name, playing.node, {}, { strip.channels }, {} });
                last = Port { id, 0 };
            }
            if (! asFrozen)
                addEffects (
                    strip.inserts, strip.lanes, strip.channels, strip.dualMono,
                    strip.kind != StripKind::effectReturn,
                    [&] (const session::Effect& e) { return e.postConsole != before; }, first, last);
            if (last)
                graph.edges.push_back ({ last->node, last->number, bank, number });
            if (before)
                entry[strip.id] = first ? *first : Port { bank, number };
            if (! slot.fader)
                tapPorts[lateKey (strip.id)] = { bank, s.preTap };
        }

        for (std::size_t n = 0; n < list.size(); ++n)
        {
            auto& own = list[n];
            auto& plan = plans[n];
            if (std::none_of (plan.layout.begin(), plan.layout.end(),
                              [] (const auto& slot) { return slot.key != 0; }))
            {
                own = {};
                continue;
            }
            if (own.bank == nullptr)
                own.bank = std::make_shared<mix::StripBank> (rate);
            plan.layout.resize (own.places.size());
            plan.inputs.resize (own.places.size(), 0);
            sort (plan.bindings);
            std::vector<int> outputs;
            for (const auto& port : own.ports)
                outputs.push_back (port.channels);
            const Id id = bankId (stage, n);
            for (int port = 0; port < static_cast<int> (own.ports.size()); ++port)
                if (const auto& p = own.ports[static_cast<std::size_t> (port)];
                    p.used == graphs && p.kind == Bank::PortKind::bus)
                    busEdges.push_back ({ { id, port }, p.id });
            wiring.banks[id] = { own.bank, plan.layout };
            graph.nodes.push_back ({ id, "strips",
                                     own.bank->processor (plan.layout, static_cast<int> (outputs.size())),
                                     plan.inputs, outputs, std::move (plan.bindings) });
        }
        while (! list.empty() && list.back().bank == nullptr)
            list.pop_back();
    }
    for (const auto& edge : busEdges)
        graph.edges.push_back (
            { edge.from.node, edge.from.number, entry.at (edge.to).node, entry.at (edge.to).number });

    // The mastering chain and its meter.
    std::optional<Port> first, last = tapPorts.at (song.mix->id);
    addEffects (
        song.master->modules, song.master->lanes, 2, false, true,
        [] (const session::Effect&) { return true; }, first, last);
    for (const auto& edge : keyEdges)
    {
        const auto& port = beforeFader.at (edge.key);
        graph.edges.push_back ({ port.node, port.number, edge.to, 1 });
    }
    const Id meterId = nodeId (Role::meter, 1);
    graph.nodes.push_back ({ meterId, "meter", loudnessNode, { 2 }, {}, {} });
    graph.edges.push_back ({ last->node, last->number, meterId, 0 });

    for (const auto& follower : moves.followers)
    {
        const Id id = nodeId (Role::follower, follower.modulator.value);
        const auto& from = tapPorts.at (follower.source);
        graph.nodes.push_back ({ id, "follower", follower.node, { 2 }, { 1 }, {} });
        graph.edges.push_back ({ from.node, from.number, id, 0 });
    }
    for (std::size_t n = 0; n < listeners.size(); ++n)
    {
        const auto& listener = listeners[n];
        std::vector<Port> from;
        if (listener.input)
        {
            for (const auto& edge : busEdges)
                if (edge.to == listener.strip)
                    from.push_back (edge.from);
        }
        else
        {
            const auto& ports = listener.beforeFader ? beforeFader : tapPorts;
            if (const auto port = ports.find (listener.strip); port != ports.end())
                from.push_back (port->second);
        }
        if (from.empty())
            continue;
        const Id id = nodeId (Role::listener, n + 1);
        graph.nodes.push_back ({ id, "listener", listener.node, { 2 }, { 1 }, {} });
        for (const auto& port : from)
            graph.edges.push_back ({ port.node, port.number, id, 0 });
        // Offline only that runs which the result waits for.
        waits.emplace_back (id, tapPorts.at (song.mix->id).node);
    }
    for (const auto& [from, to] : waits)
    {
        const Id node = to; // clang 14 captures no structured binding
        auto& inputs = std::find_if (graph.nodes.begin(), graph.nodes.end(),
                                     [&] (const auto& n) { return n.id == node; })
                           ->inputs;
        inputs.resize (static_cast<std::size_t> (waitPort) + 1, 0);
        inputs.back() = 1;
        graph.edges.push_back ({ from, 0, to, waitPort });
    }

    if (! ready.empty())
    {
        armed[watcher->watch (std::move (armedControls))] = std::move (ready);
        while (armed.size() > 8)
            armed.erase (armed.begin());
        graph.nodes.push_back ({ nodeId (Role::tap, 1), "tap", watcher, {}, {}, {} });
    }

    Port result = *last;
    if (tap.point == Tap::Point::mix)
        result = tapPorts.at (song.mix->id);
    else if (tap.point != Tap::Point::master)
    {
        const auto& ports = tap.point == Tap::Point::strip ? tapPorts : beforeFader;
        if (! ports.contains (tap.strip))
            return Problem { "There is no such track or bus in this song, or it is disabled.", song.name };
        result = ports.at (tap.strip);
    }
    if (isLive)
    {
        const Id end = nodeId (Role::monitor, 1), compared = nodeId (Role::monitor, 2);
        graph.nodes.push_back ({ end, "monitor", monitorNode, { 2, 2, 2 }, { 2 }, {} });
        graph.edges.push_back ({ result.node, result.number, end, 0 });
        const auto& ports = live.beforeFader ? beforeFader : tapPorts;
        for (const Id id : live.listened)
            if (const auto port = ports.find (id); port != ports.end())
                graph.edges.push_back ({ port->second.node, port->second.number, end, 1 });
        if (referenceNode != nullptr)
        {
            graph.nodes.push_back (
                { compared, "reference", referenceNode, {}, { live.reference->channels() }, {} });
            graph.edges.push_back ({ compared, 0, end, 2 });
        }
        result = { end, 0 };
    }
    graph.result = result.node;
    graph.resultPort = result.number;
    control (song);
    if (unread)
        return *unread;
    return wiring;
}

namespace
{

/// Where the strips of a bank go in one graph, in the other, or in both, by output port.
struct Ports
{
    std::vector<bool> stays, leaves, comes;

    explicit Ports (std::size_t count) : stays (count), leaves (count), comes (count) {}
    static void mark (std::vector<bool>& list, int port)
    {
        if (port >= 0)
            list[static_cast<std::size_t> (port)] = true;
    }
    void route (int before, int after)
    {
        if (before == after)
            return mark (stays, before);
        mark (leaves, before);
        mark (comes, after);
    }
};

/// The routes of a slot: its output, then its sends.
template <typename Slot, typename Each>
void eachRoute (Slot& slot, Each each)
{
    each (slot.output, slot.leaving);
    for (std::size_t k = 0; k < mix::stripSends; ++k)
        each (slot.sends[k], slot.leavingSends[k]);
}

} // namespace

Frames Rig::lateness (const engine::Plan& plan, const Armed& place) const
{
    const Frames after = plan.latencyAfter (place.node);
    if (after < 0 || place.behind)
        return std::max<Frames> (0, after);
    const auto effect = effects.find (place.target);
    return after - (effect != effects.end() ? effect->second.node->latency() : mix::StripBank::latency());
}

Frames Rig::lateness (const engine::Plan& plan, Id target, const std::string& parameter) const
{
    if (! armed.empty())
        for (const auto& place : armed.rbegin()->second)
            if (place.target == target && place.parameter == parameter)
                return lateness (plan, place);
    return 0;
}

std::vector<Rig::Landed> Rig::landed (const engine::Plan& plan)
{
    std::vector<Landed> all;
    while (const auto change = watcher->take())
    {
        const auto list = armed.find (change->list);
        if (list == armed.end() || change->which >= list->second.size())
            continue;
        auto place = list->second[change->which];
        // An effect is heard when it has filled its delay, and passed by at once.
        place.behind = place.behind || (place.switches && change->value < 0.5f);
        Frames at = change->position - lateness (plan, place);
        // Strips read their values at the quanta of the song as they hear it.
        if (place.strip)
        {
            const Frames own = place.behind ? mix::StripBank::latency() : 0;
            const Frames late = (at + own) % engine::quantum;
            at += late == 0 ? 0 : engine::quantum - late;
        }
        all.push_back (
            { place.target, place.parameter, std::max<Frames> (0, at), static_cast<double> (change->value) });
    }
    return all;
}

std::pair<engine::Graph, engine::Graph> Rig::together (const Wiring& from, const Wiring& to)
{
    std::pair both { from.graph, to.graph };
    auto& [before, after] = both;
    const auto nodeOf = [] (engine::Graph& graph, Id id)
    {
        return std::find_if (graph.nodes.begin(), graph.nodes.end(),
                             [&] (const auto& node) { return node.id == id; });
    };
    for (const auto& [bankNode, now] : to.banks)
    {
        const Id id = bankNode; // clang 14 captures no structured binding
        const auto found = from.banks.find (id);
        if (found == from.banks.end() || found->second.bank != now.bank)
            continue;
        auto old = found->second.layout, layout = now.layout;
        const auto a = nodeOf (before, id), b = nodeOf (after, id);
        old.resize (std::max (old.size(), layout.size()));
        layout.resize (old.size());
        const auto ports = std::max (a->outputs.size(), b->outputs.size());
        Ports used (ports);
        const auto sameStrip = [] (const auto& x, const auto& y)
        { return x.key == y.key && x.channels == y.channels; };
        for (std::size_t n = 0; n < layout.size(); ++n)
        {
            auto &was = old[n], &slot = layout[n];
            if (was.key == 0)
                was = {};
            else if (slot.key == 0)
            {
                // It leaves: all its ways do.
                eachRoute (was, [&] (int& port, int&) { used.route (port, -1); });
                continue;
            }
            for (std::size_t k = 0; k < 1 + mix::stripSends; ++k)
            {
                const auto way = [&] (const auto& s) {
                    return ! sameStrip (s, slot) ? -1 : k == 0 ? s.output : s.sends[k - 1];
                };
                used.route (way (was), way (slot));
            }
        }

        // A port that carries both what stays and what does not is divided, so that each fades by itself.
        std::vector<int> leaves (ports), comes (ports);
        int more = static_cast<int> (ports);
        for (std::size_t p = 0; p < ports; ++p)
        {
            leaves[p] = used.leaves[p] && used.stays[p] ? more++ : static_cast<int> (p);
            comes[p] = used.comes[p] && (used.stays[p] || used.leaves[p]) ? more++ : static_cast<int> (p);
        }
        for (std::size_t n = 0; n < layout.size(); ++n)
        {
            auto& slot = layout[n];
            const auto& was = old[n];
            if (slot.key == 0 && was.key != 0)
            {
                slot = was;
                eachRoute (slot,
                           [&] (int& port, int&)
                           {
                               if (port >= 0)
                                   port = leaves[static_cast<std::size_t> (port)];
                           });
                continue;
            }
            const bool known = was.key != 0;
            std::size_t k = 0;
            eachRoute (slot,
                       [&] (int& port, int& leaving)
                       {
                           const int past = ! known ? -1 : k == 0 ? was.output : was.sends[k - 1];
                           ++k;
                           if (past == port)
                               return;
                           if (past >= 0)
                               leaving = leaves[static_cast<std::size_t> (past)];
                           if (port >= 0)
                               port = comes[static_cast<std::size_t> (port)];
                       });
            if (slot.preTap < 0)
                slot.preTap = was.preTap;
        }

        const bool changed = std::find (used.leaves.begin(), used.leaves.end(), true) != used.leaves.end() ||
                             std::find (used.comes.begin(), used.comes.end(), true) != used.comes.end() ||
                             ! std::equal (layout.begin(), layout.end(), now.layout.begin(), now.layout.end(),
                                           [&] (const auto& x, const auto& y)
                                           { return sameStrip (x, y) && x.preTap == y.preTap; });
        if (! changed)
        {
            a->processor = b->processor;
            continue;
        }
        std::vector<int> outputs (static_cast<std::size_t> (more), 2);
        for (std::size_t p = 0; p < ports; ++p)
            outputs[p] = p < b->outputs.size() ? b->outputs[p] : a->outputs[p];
        auto bindings = b->automation;
        for (const auto& binding : a->automation)
            if (const auto n = static_cast<std::size_t> (binding.strip);
                n >= now.layout.size() || now.layout[n].key == 0)
                bindings.push_back (binding);
        sort (bindings);
        const auto processor = now.bank->processor (layout, more);
        for (auto* node : { &*a, &*b })
        {
            node->processor = processor;
            node->outputs = outputs;
            node->automation = bindings;
        }

        // The connections: each port's, for all that goes through it.
        const auto divide = [&] (engine::Graph& graph, const std::vector<bool>& moves,
                                 const std::vector<int>& place, bool later)
        {
            std::vector<engine::Graph::Edge> edges;
            for (const auto& edge : graph.edges)
            {
                const auto p = static_cast<std::size_t> (edge.output);
                if (edge.from != id || ! moves[p] || place[p] == edge.output)
                {
                    edges.push_back (edge);
                    continue;
                }
                if (used.stays[p])
                    edges.push_back (edge);
                edges.push_back (edge);
                edges.back().output = place[p];
                if (later)
                    edges.back().becomes = edge.output;
            }
            graph.edges = std::move (edges);
        };
        divide (before, used.leaves, leaves, false);
        divide (after, used.comes, comes, true);
    }
    return both;
}

} // namespace lacquer::studio

// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Json.h"

#include "session/JsonText.h"
#include "session/Migrations.h"
#include "session/Scene.h"
#include "session/Words.h"

#include <cassert>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <unordered_set>

namespace lacquer::session
{

namespace
{

using json::Node;

// ---- writing

/// Writes the members of one object in sorted order and merges the unknown ones between them.
class Members
{
public:
    Members (std::string& o, int d, const Extras& extras) : out (o), depth (d)
    {
        out += '{';
        if (! extras.empty())
            if (auto d2 = json::Document::parsed (extras))
            {
                unknown = std::move (*d2);
                if (unknown->root().kind == Node::Kind::object)
                    rest = unknown->root().object();
            }
    }

    /// Starts a member; the caller writes its value. Keys come in sorted order.
    std::string& operator[] (std::string_view key)
    {
        assert (key > last && "members are written in sorted order");
        last = key;
        for (; ! rest.empty() && rest.front().key < key; rest = rest.subspan (1))
            writeUnknown();
        start (key);
        return out;
    }

    void end()
    {
        for (; ! rest.empty(); rest = rest.subspan (1))
            writeUnknown();
        if (! first)
            json::newLine (out, depth);
        out += '}';
    }

    int inner() const { return depth + 1; }

private:
    void start (std::string_view key)
    {
        if (! first)
            out += ',';
        first = false;
        json::newLine (out, depth + 1);
        json::write (out, key);
        out += ": ";
    }
    void writeUnknown()
    {
        start (rest.front().key);
        json::write (out, rest.front().value, depth + 1);
    }

    std::string& out;
    int depth;
    bool first = true;
    std::string_view last;
    std::optional<json::Document> unknown;
    std::span<const json::Member> rest;
};

void put (std::string& out, Id id)
{
    json::write (out, id.value);
}
void put (std::string& out, double v)
{
    json::write (out, v);
}
void put (std::string& out, Frames v)
{
    json::write (out, std::int64_t { v });
}
void put (std::string& out, int v)
{
    json::write (out, std::int64_t { v });
}
void put (std::string& out, bool v)
{
    out += v ? "true" : "false";
}
void put (std::string& out, const std::string& v)
{
    json::write (out, std::string_view (v));
}

template <typename T>
void unless (Members& m, std::string_view key, const T& value, const T& initial)
{
    if (value != initial)
        put (m[key], value);
}

/// An array with one element a line.
template <typename Items, typename Write>
void list (std::string& out, int depth, const Items& items, Write write)
{
    out += '[';
    bool first = true;
    for (const auto& item : items)
    {
        if (! first)
            out += ',';
        first = false;
        json::newLine (out, depth + 1);
        write (item);
    }
    if (! first)
        json::newLine (out, depth);
    out += ']';
}

/// An array of plain values on one line.
template <typename Items>
void line (std::string& out, const Items& items)
{
    out += '[';
    bool first = true;
    for (const auto& item : items)
    {
        if (! first)
            out += ", ";
        first = false;
        put (out, item);
    }
    out += ']';
}

void put (std::string& out, int depth, const Values& values)
{
    Members m (out, depth, {});
    for (const auto& [key, value] : values)
        std::visit ([&, k = std::string_view (key)] (const auto& v) { put (m[k], v); }, value);
    m.end();
}

void put (std::string& out, int depth, const Lane& lane)
{
    Members m (out, depth, lane.extras);
    unless (m, "enabled", lane.enabled, true);
    if (lane.mode != LaneMode::read)
        json::write (m["mode"], wordOf (lane.mode));
    put (m["parameter"], lane.parameter);
    list (m["points"], m.inner(), lane.points,
          [&] (const AutomationPoint& p)
          {
              out += '[';
              put (out, p.position);
              out += ", ";
              put (out, p.value);
              if (p.curve != Curve::linear || p.tension != 0)
              {
                  out += ", ";
                  json::write (out, wordOf (p.curve));
              }
              if (p.tension != 0)
              {
                  out += ", ";
                  put (out, p.tension);
              }
              out += ']';
          });
    put (m["target"], lane.target);
    m.end();
}

template <typename Lanes>
void putLanes (Members& m, const Lanes& lanes)
{
    if (lanes.empty())
        return;
    auto& out = m["lanes"];
    list (out, m.inner(), lanes, [&] (const Lane& l) { put (out, m.inner() + 1, l); });
}

void put (std::string& out, int depth, const Effect& e)
{
    Members m (out, depth, e.extras);
    put (m["id"], e.id);
    unless (m, "media", e.media, Id {});
    unless (m, "on", e.on, true);
    unless (m, "post_console", e.postConsole, false);
    unless (m, "sidechain", e.sidechain, Id {});
    put (m["type"], e.type);
    if (! e.values.empty())
        put (m["values"], m.inner(), e.values);
    m.end();
}

void putEffects (Members& m, std::string_view key, const std::vector<EffectPtr>& effects)
{
    if (effects.empty())
        return;
    auto& out = m[key];
    list (out, m.inner(), effects, [&] (const EffectPtr& e) { put (out, m.inner() + 1, *e); });
}

void put (std::string& out, int depth, const Clip& c)
{
    Members m (out, depth, c.extras);
    if (! c.envelope.empty())
        list (m["envelope"], m.inner(), c.envelope,
              [&] (const GainPoint& g)
              {
                  out += '[';
                  put (out, g.position);
                  out += ", ";
                  put (out, g.gain);
                  out += ']';
              });
    unless (m, "fade_in", c.fadeIn, Frames { 0 });
    if (c.fadeInShape != Fade::equalPower)
        json::write (m["fade_in_shape"], wordOf (c.fadeInShape));
    unless (m, "fade_out", c.fadeOut, Frames { 0 });
    if (c.fadeOutShape != Fade::equalPower)
        json::write (m["fade_out_shape"], wordOf (c.fadeOutShape));
    unless (m, "gain", c.gain, 0.0);
    put (m["id"], c.id);
    put (m["length"], c.length);
    put (m["media"], c.media);
    unless (m, "muted", c.muted, false);
    unless (m, "name", c.name, {});
    unless (m, "offset", c.offset, Frames { 0 });
    unless (m, "reversed", c.reversed, false);
    put (m["start"], c.start);
    m.end();
}

void putSends (Members& m, const std::array<Id, Strip::sendSlots>& sends)
{
    std::size_t count = sends.size();
    while (count > 0 && ! sends[count - 1])
        --count;
    if (count > 0)
        line (m["sends"], std::span (sends).first (count));
}

void put (std::string& out, int depth, const Strip& s)
{
    Members m (out, depth, s.extras);
    unless (m, "channels", s.channels, 2);
    unless (m, "colour", s.colour, {});
    unless (m, "disabled", s.disabled, false);
    unless (m, "dual_mono", s.dualMono, false);
    put (m["id"], s.id);
    putEffects (m, "inserts", s.inserts);
    unless (m, "label", s.label, {});
    putLanes (m, s.lanes);
    put (m["name"], s.name);
    unless (m, "notes", s.notes, {});
    unless (m, "output", s.output, Id {});
    putSends (m, s.sends);
    unless (m, "solo_safe", s.soloSafe, false);
    if (! s.tags.empty())
        line (m["tags"], s.tags);
    if (! s.values.empty())
        put (m["values"], m.inner(), s.values);
    m.end();
}

void put (std::string& out, int depth, const StripState& s)
{
    Members m (out, depth, s.extras);
    unless (m, "delay", s.delay, Frames { 0 });
    unless (m, "disabled", s.disabled, false);
    putEffects (m, "inserts", s.inserts);
    unless (m, "output", s.output, Id {});
    putSends (m, s.sends);
    put (m["strip"], s.strip);
    if (! s.values.empty())
        put (m["values"], m.inner(), s.values);
    m.end();
}

/// The scenes of a song. What a scene says of a strip as an earlier one does is not written again.
void putScenes (Members& song, std::string& out, const std::vector<ScenePtr>& scenes)
{
    if (scenes.empty())
        return;
    std::unordered_map<std::string, Id> written;
    list (song["scenes"], song.inner(), scenes,
          [&] (const ScenePtr& scene)
          {
              Members m (out, song.inner() + 1, scene->extras);
              put (m["id"], scene->id);
              if (! scene->muteGroups.empty())
                  list (m["mute_groups"], m.inner(), scene->muteGroups,
                        [&] (const auto& group)
                        {
                            out += '[';
                            put (out, group.first);
                            out += group.second ? ", true]" : ", false]";
                        });
              put (m["name"], scene->name);
              std::vector<std::string> fresh;
              std::map<Id, std::string> same;
              for (const auto& state : scene->strips)
              {
                  std::string text;
                  put (text, m.inner() + 1, *state);
                  const auto [at, isNew] = written.emplace (text, scene->id);
                  if (isNew)
                      fresh.push_back (std::move (text));
                  else
                      same[at->second] += ", " + std::to_string (state->strip.value);
              }
              if (! same.empty())
                  list (m["same"], m.inner(), same,
                        [&] (const auto& one)
                        {
                            out += '[';
                            put (out, one.first);
                            out += one.second + "]";
                        });
              if (! fresh.empty())
                  list (m["strips"], m.inner(), fresh, [&] (const std::string& text) { out += text; });
              if (! scene->vcas.empty())
                  list (m["vcas"], m.inner(), scene->vcas,
                        [&] (const auto& vca)
                        {
                            Members one (out, m.inner() + 1, {});
                            if (! vca.second.empty())
                                put (one["values"], one.inner(), vca.second);
                            put (one["vca"], vca.first);
                            one.end();
                        });
              m.end();
          });
}

void putMembers (Members& m, const std::vector<Id>& members)
{
    if (! members.empty())
        line (m["members"], members);
}

void put (std::string& out, int depth, const Vca& v)
{
    Members m (out, depth, v.extras);
    unless (m, "colour", v.colour, {});
    put (m["id"], v.id);
    putLanes (m, v.lanes);
    putMembers (m, v.members);
    put (m["name"], v.name);
    if (! v.values.empty())
        put (m["values"], m.inner(), v.values);
    m.end();
}

void put (std::string& out, int depth, const MuteGroup& g)
{
    Members m (out, depth, g.extras);
    put (m["id"], g.id);
    putMembers (m, g.members);
    put (m["name"], g.name);
    unless (m, "on", g.on, false);
    m.end();
}

void put (std::string& out, int depth, const Track& t)
{
    Members m (out, depth, t.extras);
    if (! t.clips.empty())
    {
        m["clips"];
        list (out, m.inner(), t.clips, [&] (const ClipPtr& c) { put (out, m.inner() + 1, *c); });
    }
    unless (m, "delay", t.delay, Frames { 0 });
    unless (m, "frozen", t.frozen, Id {});
    unless (m, "frozen_lead", t.frozenLead, Frames { 0 });
    if (t.priority != Priority::guessed)
        json::write (m["priority"], wordOf (t.priority));
    put (m["strip"], m.inner(), t.strip);
    m.end();
}

void put (std::string& out, int depth, const Master& master)
{
    Members m (out, depth, master.extras);
    put (m["id"], master.id);
    putLanes (m, master.lanes);
    putEffects (m, "modules", master.modules);
    unless (m, "target", master.target, {});
    m.end();
}

void put (std::string& out, int depth, const Marker& k)
{
    Members m (out, depth, k.extras);
    unless (m, "colour", k.colour, {});
    put (m["id"], k.id);
    unless (m, "length", k.length, Frames { 0 });
    put (m["name"], k.name);
    put (m["position"], k.position);
    unless (m, "section", k.section, false);
    m.end();
}

void put (std::string& out, int depth, const Modulator& modulator)
{
    Members m (out, depth, modulator.extras);
    put (m["id"], modulator.id);
    json::write (m["kind"], wordOf (modulator.kind));
    putLanes (m, modulator.lanes);
    put (m["name"], modulator.name);
    unless (m, "on", modulator.on, true);
    unless (m, "source", modulator.source, Id {});
    if (! modulator.targets.empty())
        list (m["targets"], m.inner(), modulator.targets,
              [&] (const Modulation& t)
              {
                  Members one (out, m.inner() + 1, {});
                  unless (one, "bipolar", t.bipolar, true);
                  put (one["depth"], t.depth);
                  put (one["parameter"], t.parameter);
                  put (one["target"], t.target);
                  one.end();
              });
    if (! modulator.values.empty())
        put (m["values"], m.inner(), modulator.values);
    m.end();
}

void put (std::string& out, int depth, const EditGroup& g)
{
    Members m (out, depth, g.extras);
    put (m["id"], g.id);
    put (m["name"], g.name);
    unless (m, "on", g.on, true);
    line (m["tracks"], g.tracks);
    m.end();
}

void putStrips (Members& m, std::string& out, std::string_view key, const std::vector<StripPtr>& strips)
{
    if (strips.empty())
        return;
    m[key];
    list (out, m.inner(), strips, [&] (const StripPtr& s) { put (out, m.inner() + 1, *s); });
}

void put (std::string& out, int depth, const Song& s)
{
    Members m (out, depth, s.extras);
    unless (m, "artist", s.artist, {});
    unless (m, "automation_follows", s.automationFollows, false);
    if (s.crossfades != Crossfades::off)
        json::write (m["crossfades"], wordOf (s.crossfades));
    if (! s.editGroups.empty())
    {
        m["edit_groups"];
        list (out, m.inner(), s.editGroups, [&] (const EditGroup& g) { put (out, m.inner() + 1, g); });
    }
    unless (m, "end", s.end, Frames { 0 });
    if (s.grid != Grid {})
        json::write (m["grid"], textOf (s.grid));
    putStrips (m, out, "groups", s.groups);
    put (m["id"], s.id);
    unless (m, "isrc", s.isrc, {});
    if (s.kind != SongKind::mix)
        json::write (m["kind"], wordOf (s.kind));
    if (s.loopStart != 0 || s.loopEnd != 0)
    {
        m["loop"] += '[';
        put (out, s.loopStart);
        out += ", ";
        put (out, s.loopEnd);
        out += ']';
    }
    unless (m, "looping", s.looping, false);
    if (! s.markers.empty())
    {
        m["markers"];
        list (out, m.inner(), s.markers, [&] (const Marker& k) { put (out, m.inner() + 1, k); });
    }
    if (! s.maskingIgnored.empty())
        list (m["masking_ignored"], m.inner(), s.maskingIgnored,
              [&] (const MaskedPair& pair)
              {
                  out += '[';
                  put (out, pair.lead);
                  out += ", ";
                  put (out, pair.masker);
                  out += ']';
              });
    put (m["master"], m.inner(), *s.master);
    if (! s.metres.empty())
        list (m["metres"], m.inner(), s.metres,
              [&] (const TempoMap::Metre& t)
              {
                  out += '[';
                  put (out, t.beat);
                  out += ", ";
                  put (out, t.numerator);
                  out += ", ";
                  put (out, t.denominator);
                  out += ']';
              });
    put (m["mix"], m.inner(), *s.mix);
    if (! s.modulators.empty())
        list (m["modulators"], m.inner(), s.modulators,
              [&] (const ModulatorPtr& one) { put (out, m.inner() + 1, *one); });
    if (! s.muteGroups.empty())
    {
        m["mute_groups"];
        list (out, m.inner(), s.muteGroups, [&] (const MuteGroup& g) { put (out, m.inner() + 1, g); });
    }
    put (m["name"], s.name);
    unless (m, "notes", s.notes, {});
    putStrips (m, out, "returns", s.returns);
    putScenes (m, out, s.scenes);
    unless (m, "snap", s.snaps, false);
    if (! s.tempi.empty())
        list (m["tempi"], m.inner(), s.tempi,
              [&] (const TempoMap::Tempo& t)
              {
                  out += '[';
                  put (out, t.beat);
                  out += ", ";
                  put (out, t.bpm);
                  out += t.ramp ? ", \"ramp\"]" : "]";
              });
    if (! s.tracks.empty())
    {
        m["tracks"];
        list (out, m.inner(), s.tracks, [&] (const TrackPtr& t) { put (out, m.inner() + 1, *t); });
    }
    if (! s.vcas.empty())
    {
        m["vcas"];
        list (out, m.inner(), s.vcas, [&] (const VcaPtr& v) { put (out, m.inner() + 1, *v); });
    }
    unless (m, "writer", s.writer, {});
    m.end();
}

/// A path is bytes, JSON is text: a path that is not UTF-8 is written with its bytes as %XX under another
/// name.
void putPath (Members& m, std::string_view key, std::string_view bytesKey, const std::string& path)
{
    if (json::isText (path))
        unless (m, key, path, {});
    else
        put (m[bytesKey], percentEscaped (path));
}

void put (std::string& out, int depth, const Media& f)
{
    Members m (out, depth, f.extras);
    unless (m, "channels", f.channels, 2);
    put (m["frames"], f.frames);
    unless (m, "hash", f.hash, {});
    put (m["id"], f.id);
    putPath (m, "original", "original_bytes", f.original);
    unless (m, "original_rate", f.originalRate, 0.0);
    putPath (m, "path", "path_bytes", f.path);
    unless (m, "referenced", f.referenced, false);
    m.end();
}

void put (std::string& out, int depth, const Album& a)
{
    Members m (out, depth, a.extras);
    unless (m, "artist", a.artist, {});
    unless (m, "ean", a.ean, {});
    if (! a.gaps.empty())
        list (m["gaps"], m.inner(), a.gaps,
              [&] (const auto& gap)
              {
                  out += '[';
                  put (out, gap.first);
                  out += ", ";
                  put (out, gap.second);
                  out += ']';
              });
    if (! a.order.empty())
        line (m["order"], a.order);
    unless (m, "title", a.title, {});
    m.end();
}

constexpr std::size_t hashDigits = 16;
constexpr std::string_view noHash = "0000000000000000";

/// The text with sixteen zeros where the hash belongs, and where that is.
std::string withoutHash (const Project& p, std::size_t& hashAt)
{
    std::string out;
    Members m (out, 0, p.extras);
    put (m["album"], m.inner(), p.album);
    m["format"] += "{\"name\": \"lacquer\", \"version\": ";
    put (out, formatVersion);
    out += '}';
    m["hash"] += '"';
    hashAt = out.size();
    out += noHash;
    out += '"';
    put (m["id"], p.id);
    if (! p.media.empty())
    {
        m["media"];
        list (out, m.inner(), p.media, [&] (const Media& f) { put (out, m.inner() + 1, f); });
    }
    put (m["name"], p.name);
    put (m["next_id"], Id { p.nextId });
    put (m["sample_rate"], p.sampleRate);
    m["songs"];
    list (out, m.inner(), p.songs, [&] (const SongPtr& s) { put (out, m.inner() + 1, *s); });
    m.end();
    out += '\n';
    return out;
}

std::string hashText (std::uint64_t hash)
{
    std::string text (hashDigits, '0');
    for (std::size_t n = hashDigits; n-- > 0; hash >>= 4)
        text[n] = "0123456789abcdef"[hash & 15];
    return text;
}

// ---- reading

/// Thrown inside this file only, from a reader deep in the text up to loaded().
struct Refusal
{
    std::string why;
};

[[noreturn]] void refuse (std::string why)
{
    throw Refusal { std::move (why) };
}

/// One object of the text. Remembers which members were asked for; the others are the Extras.
class Object
{
public:
    Object (const Node& n, std::string p) : node (n), path (std::move (p))
    {
        if (n.kind != Node::Kind::object)
            refuse (path + " is not an object");
    }

    const Node* find (std::string_view key)
    {
        asked.push_back (key);
        return node.find (key);
    }
    const Node& need (std::string_view key)
    {
        const auto* n = find (key);
        if (n == nullptr)
            refuse (path + " has no \"" + std::string (key) + "\"");
        return *n;
    }
    std::string at (std::string_view key) const
    {
        return path.empty() ? std::string (key) : path + "." + std::string (key);
    }

    double number (std::string_view key, double least, double most, std::optional<double> initial = {})
    {
        const auto* n = initial ? find (key) : &need (key);
        return n == nullptr ? *initial : numberOf (*n, at (key), least, most);
    }
    std::int64_t whole (std::string_view key, std::int64_t least, std::int64_t most,
                        std::optional<std::int64_t> initial = {})
    {
        const auto* n = initial ? find (key) : &need (key);
        return n == nullptr ? *initial : wholeOf (*n, at (key), least, most);
    }
    Id id (std::string_view key) { return idOf (need (key), at (key)); }
    Id idOrNone (std::string_view key)
    {
        const auto* n = find (key);
        return n == nullptr ? Id {} : idOf (*n, at (key));
    }
    bool flag (std::string_view key, bool initial)
    {
        const auto* n = find (key);
        if (n == nullptr)
            return initial;
        if (n->kind != Node::Kind::yes && n->kind != Node::Kind::no)
            refuse (at (key) + " is neither true nor false");
        return n->kind == Node::Kind::yes;
    }
    std::string text (std::string_view key, std::size_t most = limit::nameBytes)
    {
        const auto* n = find (key);
        return n == nullptr ? std::string {} : textOf (*n, at (key), most);
    }
    template <typename E>
    E word (std::string_view key, E initial)
    {
        const auto* n = find (key);
        return n == nullptr ? initial : wordIn<E> (*n, at (key));
    }
    std::span<const Node> array (std::string_view key, std::size_t most, bool needed = false)
    {
        const auto* n = needed ? &need (key) : find (key);
        return n == nullptr ? std::span<const Node> {} : arrayOf (*n, at (key), most);
    }

    Extras extras() const
    {
        std::vector<json::Member> unknown;
        for (const auto& m : node.object())
            if (std::find (asked.begin(), asked.end(), m.key) == asked.end())
                unknown.push_back (m);
        if (unknown.empty())
            return {};
        json::Document d;
        Extras all;
        json::write (all, d.objectNode (std::move (unknown)), 0);
        return all;
    }

    static double numberOf (const Node& n, const std::string& where, double least, double most)
    {
        if (! n.isNumber())
            refuse (where + " is not a number");
        const double v = n.number();
        if (! (v >= least && v <= most))
            refuse (where + " is out of range");
        return v;
    }
    static std::int64_t wholeOf (const Node& n, const std::string& where, std::int64_t least,
                                 std::int64_t most)
    {
        std::int64_t v = n.integer;
        if (n.kind == Node::Kind::real && n.real == std::floor (n.real) && std::abs (n.real) < 9e15)
            v = static_cast<std::int64_t> (n.real);
        else if (n.kind == Node::Kind::natural)
            refuse (where + " is out of range");
        else if (n.kind != Node::Kind::integer)
            refuse (where + " is not a whole number");
        if (v < least || v > most)
            refuse (where + " is out of range");
        return v;
    }
    static Id idOf (const Node& n, const std::string& where)
    {
        return { static_cast<std::uint64_t> (wholeOf (n, where, 0, static_cast<std::int64_t> (limit::id))) };
    }
    static std::string textOf (const Node& n, const std::string& where, std::size_t most)
    {
        if (n.kind != Node::Kind::text)
            refuse (where + " is not a text");
        if (n.count > most)
            refuse (where + " is longer than " + std::to_string (most) + " bytes");
        return std::string (n.text());
    }
    template <typename E>
    static E wordIn (const Node& n, const std::string& where)
    {
        const auto e = fromWord<E> (textOf (n, where, limit::nameBytes));
        if (! e)
            refuse (where + " is a word this version does not know");
        return *e;
    }
    static std::span<const Node> arrayOf (const Node& n, const std::string& where, std::size_t most)
    {
        if (n.kind != Node::Kind::array)
            refuse (where + " is not a list");
        if (n.count > most)
            refuse (where + " has more than " + std::to_string (most) + " entries");
        return n.array();
    }

private:
    const Node& node;
    std::string path;
    std::vector<std::string_view> asked;
};

std::string entry (const std::string& where, std::size_t n)
{
    return where + "[" + std::to_string (n) + "]";
}

Values valuesOf (Object& o)
{
    Values values;
    const auto* n = o.find ("values");
    if (n == nullptr)
        return values;
    const auto where = o.at ("values");
    if (n->kind != Node::Kind::object)
        refuse (where + " is not an object");
    if (n->count > limit::values)
        refuse (where + " has more than " + std::to_string (limit::values) + " entries");
    for (const auto& m : n->object())
    {
        const auto at = where + "." + std::string (m.key.substr (0, 64));
        if (m.value.kind == Node::Kind::text)
            values.emplace (m.key, Object::textOf (m.value, at, limit::nameBytes));
        else
            values.emplace (m.key, Object::numberOf (m.value, at, -limit::value, limit::value));
    }
    return values;
}

Lane laneOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Lane lane;
    lane.target = o.id ("target");
    lane.parameter = o.text ("parameter");
    lane.enabled = o.flag ("enabled", true);
    lane.mode = o.word ("mode", LaneMode::read);
    const auto points = o.array ("points", limit::points, true);
    lane.points.reserve (points.size());
    for (std::size_t k = 0; k < points.size(); ++k)
    {
        const auto at = entry (o.at ("points"), k);
        const auto parts = Object::arrayOf (points[k], at, 4);
        if (parts.size() < 2)
            refuse (at + " lacks a position or a value");
        AutomationPoint p;
        p.position = Object::wholeOf (parts[0], at, 0, limit::position);
        p.value = Object::numberOf (parts[1], at, -limit::value, limit::value);
        if (parts.size() > 2)
            p.curve = Object::wordIn<Curve> (parts[2], at);
        if (parts.size() > 3)
            p.tension = Object::numberOf (parts[3], at, -1, 1);
        lane.points.push_back (p);
    }
    lane.extras = o.extras();
    return lane;
}

std::vector<Lane> lanesOf (Object& o)
{
    std::vector<Lane> lanes;
    const auto all = o.array ("lanes", limit::lanes);
    for (std::size_t n = 0; n < all.size(); ++n)
        lanes.push_back (laneOf (all[n], entry (o.at ("lanes"), n)));
    return lanes;
}

std::vector<EffectPtr> effectsOf (Object& parent, std::string_view key)
{
    std::vector<EffectPtr> effects;
    const auto all = parent.array (key, limit::effects);
    for (std::size_t n = 0; n < all.size(); ++n)
    {
        Object o (all[n], entry (parent.at (key), n));
        Effect e;
        e.id = o.id ("id");
        e.on = o.flag ("on", true);
        e.postConsole = o.flag ("post_console", false);
        e.sidechain = o.idOrNone ("sidechain");
        e.media = o.idOrNone ("media");
        o.need ("type");
        e.type = o.text ("type");
        e.values = valuesOf (o);
        e.extras = o.extras();
        effects.push_back (std::make_shared<const Effect> (std::move (e)));
    }
    return effects;
}

std::array<Id, Strip::sendSlots> sendsOf (Object& o)
{
    std::array<Id, Strip::sendSlots> ids {};
    const auto sends = o.array ("sends", Strip::sendSlots);
    for (std::size_t k = 0; k < sends.size(); ++k)
        ids[k] = Object::idOf (sends[k], entry (o.at ("sends"), k));
    return ids;
}

Strip stripOf (const Node& n, const std::string& where, StripKind kind)
{
    Object o (n, where);
    Strip s;
    s.kind = kind;
    s.channels = static_cast<int> (o.whole ("channels", 1, 2, 2));
    s.colour = o.text ("colour");
    s.disabled = o.flag ("disabled", false);
    s.dualMono = o.flag ("dual_mono", false);
    s.id = o.id ("id");
    s.inserts = effectsOf (o, "inserts");
    s.label = o.text ("label");
    s.lanes = lanesOf (o);
    o.need ("name");
    s.name = o.text ("name");
    s.notes = o.text ("notes", limit::notesBytes);
    s.output = o.idOrNone ("output");
    s.sends = sendsOf (o);
    s.soloSafe = o.flag ("solo_safe", false);
    const auto tags = o.array ("tags", limit::tags);
    for (std::size_t k = 0; k < tags.size(); ++k)
        s.tags.push_back (Object::textOf (tags[k], entry (o.at ("tags"), k), limit::nameBytes));
    s.values = valuesOf (o);
    s.extras = o.extras();
    return s;
}

using EarlierScenes = std::unordered_map<Id, ScenePtr>;

StripStatePtr stripStateOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    StripState s;
    s.strip = o.id ("strip");
    s.delay = o.whole ("delay", -limit::position, limit::position, 0);
    s.disabled = o.flag ("disabled", false);
    s.inserts = effectsOf (o, "inserts");
    s.output = o.idOrNone ("output");
    s.sends = sendsOf (o);
    s.values = valuesOf (o);
    s.extras = o.extras();
    return std::make_shared<const StripState> (std::move (s));
}

/// The strips that are as in an earlier scene: lists of that scene and the strips.
void takeSame (Scene& s, Object& o, const EarlierScenes& earlier)
{
    const auto same = o.array ("same", limit::scenes);
    for (std::size_t k = 0; k < same.size(); ++k)
    {
        const auto at = entry (o.at ("same"), k);
        const auto ids = Object::arrayOf (same[k], at, 3 * limit::strips + 2);
        const auto from = ids.empty() ? earlier.end() : earlier.find (Object::idOf (ids[0], at));
        if (from == earlier.end())
            refuse (at + " names no earlier scene");
        for (const auto& id : ids.subspan (1))
        {
            auto state = stateOf (*from->second, Object::idOf (id, at));
            if (state == nullptr)
                refuse (at + " names a strip that the earlier scene does not have");
            s.strips.push_back (std::move (state));
        }
    }
}

ScenePtr sceneOf (const Node& n, const std::string& where, const EarlierScenes& earlier)
{
    Object o (n, where);
    Scene s;
    s.id = o.id ("id");
    const auto groups = o.array ("mute_groups", limit::strips);
    for (std::size_t k = 0; k < groups.size(); ++k)
    {
        const auto at = entry (o.at ("mute_groups"), k);
        const auto parts = Object::arrayOf (groups[k], at, 2);
        if (parts.size() != 2 || (parts[1].kind != Node::Kind::yes && parts[1].kind != Node::Kind::no))
            refuse (at + " is not a mute group and whether it is on");
        s.muteGroups[Object::idOf (parts[0], at)] = parts[1].kind == Node::Kind::yes;
    }
    o.need ("name");
    s.name = o.text ("name");
    const auto strips = o.array ("strips", 3 * limit::strips + 1);
    for (std::size_t k = 0; k < strips.size(); ++k)
        s.strips.push_back (stripStateOf (strips[k], entry (o.at ("strips"), k)));
    takeSame (s, o, earlier);
    // In order of their ids, whatever the order in the file: stateOf() looks them up.
    std::sort (s.strips.begin(), s.strips.end(),
               [] (const auto& a, const auto& b) { return a->strip < b->strip; });
    const auto vcas = o.array ("vcas", limit::strips);
    for (std::size_t k = 0; k < vcas.size(); ++k)
    {
        Object one (vcas[k], entry (o.at ("vcas"), k));
        s.vcas[one.id ("vca")] = valuesOf (one);
    }
    s.extras = o.extras();
    return std::make_shared<const Scene> (std::move (s));
}

std::vector<Id> membersOf (Object& o)
{
    std::vector<Id> members;
    const auto all = o.array ("members", limit::strips);
    for (std::size_t k = 0; k < all.size(); ++k)
        members.push_back (Object::idOf (all[k], entry (o.at ("members"), k)));
    return members;
}

Vca vcaOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Vca v;
    v.colour = o.text ("colour");
    v.id = o.id ("id");
    v.lanes = lanesOf (o);
    v.members = membersOf (o);
    v.name = o.text ("name");
    v.values = valuesOf (o);
    v.extras = o.extras();
    return v;
}

MuteGroup muteGroupOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    MuteGroup g;
    g.id = o.id ("id");
    g.members = membersOf (o);
    g.name = o.text ("name");
    g.on = o.flag ("on", false);
    g.extras = o.extras();
    return g;
}

Clip clipOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Clip c;
    const auto envelope = o.array ("envelope", limit::points);
    for (std::size_t k = 0; k < envelope.size(); ++k)
    {
        const auto at = entry (o.at ("envelope"), k);
        const auto parts = Object::arrayOf (envelope[k], at, 2);
        if (parts.size() != 2)
            refuse (at + " is not a position and a gain");
        c.envelope.push_back ({ Object::wholeOf (parts[0], at, -limit::position, limit::position),
                                Object::numberOf (parts[1], at, -200, 200) });
    }
    c.fadeIn = o.whole ("fade_in", 0, limit::position, 0);
    c.fadeInShape = o.word ("fade_in_shape", Fade::equalPower);
    c.fadeOut = o.whole ("fade_out", 0, limit::position, 0);
    c.fadeOutShape = o.word ("fade_out_shape", Fade::equalPower);
    c.gain = o.number ("gain", -200, 200, 0.0);
    c.id = o.id ("id");
    c.length = o.whole ("length", 1, limit::position);
    c.media = o.id ("media");
    c.muted = o.flag ("muted", false);
    c.name = o.text ("name");
    c.offset = o.whole ("offset", 0, limit::position, 0);
    c.reversed = o.flag ("reversed", false);
    c.start = o.whole ("start", 0, limit::position);
    c.extras = o.extras();
    return c;
}

Track trackOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Track t;
    const auto clips = o.array ("clips", limit::clips);
    t.clips.reserve (clips.size());
    for (std::size_t k = 0; k < clips.size(); ++k)
        t.clips.push_back (std::make_shared<const Clip> (clipOf (clips[k], entry (o.at ("clips"), k))));
    t.delay = o.whole ("delay", -limit::position, limit::position, 0);
    t.frozen = o.idOrNone ("frozen");
    t.frozenLead = o.whole ("frozen_lead", 0, limit::position, 0);
    t.priority = o.word ("priority", Priority::guessed);
    t.strip = stripOf (o.need ("strip"), o.at ("strip"), StripKind::track);
    t.extras = o.extras();
    return t;
}

std::vector<StripPtr> stripsOf (Object& o, std::string_view key, StripKind kind)
{
    std::vector<StripPtr> strips;
    const auto all = o.array (key, limit::strips);
    for (std::size_t n = 0; n < all.size(); ++n)
        strips.push_back (std::make_shared<const Strip> (stripOf (all[n], entry (o.at (key), n), kind)));
    return strips;
}

Master masterOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Master m;
    m.id = o.id ("id");
    m.lanes = lanesOf (o);
    m.modules = effectsOf (o, "modules");
    m.target = o.text ("target");
    m.extras = o.extras();
    return m;
}

Modulator modulatorOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Modulator m;
    m.id = o.id ("id");
    o.need ("kind");
    m.kind = o.word ("kind", ModulatorKind::lfo);
    m.lanes = lanesOf (o);
    m.name = o.text ("name");
    m.on = o.flag ("on", true);
    m.source = o.idOrNone ("source");
    const auto targets = o.array ("targets", limit::lanes);
    for (std::size_t k = 0; k < targets.size(); ++k)
    {
        Object one (targets[k], entry (o.at ("targets"), k));
        Modulation t;
        t.bipolar = one.flag ("bipolar", true);
        t.depth = one.number ("depth", -limit::value, limit::value);
        t.parameter = one.text ("parameter");
        t.target = one.id ("target");
        m.targets.push_back (std::move (t));
    }
    m.values = valuesOf (o);
    m.extras = o.extras();
    return m;
}

Song songOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Song s;
    s.artist = o.text ("artist");
    s.automationFollows = o.flag ("automation_follows", false);
    s.crossfades = o.word ("crossfades", Crossfades::off);
    const auto editGroups = o.array ("edit_groups", limit::strips);
    for (std::size_t k = 0; k < editGroups.size(); ++k)
    {
        Object g (editGroups[k], entry (o.at ("edit_groups"), k));
        EditGroup group;
        group.id = g.id ("id");
        g.need ("name");
        group.name = g.text ("name");
        group.on = g.flag ("on", true);
        const auto members = g.array ("tracks", limit::strips, true);
        for (std::size_t i = 0; i < members.size(); ++i)
            group.tracks.push_back (Object::idOf (members[i], entry (g.at ("tracks"), i)));
        group.extras = g.extras();
        s.editGroups.push_back (std::move (group));
    }
    if (const auto grid = o.text ("grid"); ! grid.empty())
    {
        const auto read = gridFrom (grid);
        if (! read)
            refuse (o.at ("grid") + " is a grid this version does not know");
        s.grid = *read;
    }
    s.end = o.whole ("end", 0, limit::position, 0);
    s.groups = stripsOf (o, "groups", StripKind::group);
    s.id = o.id ("id");
    s.isrc = o.text ("isrc");
    s.kind = o.word ("kind", SongKind::mix);
    if (const auto loop = o.array ("loop", 2); loop.size() == 2)
    {
        s.loopStart = Object::wholeOf (loop[0], o.at ("loop"), 0, limit::position);
        s.loopEnd = Object::wholeOf (loop[1], o.at ("loop"), 0, limit::position);
    }
    s.looping = o.flag ("looping", false);
    const auto markers = o.array ("markers", limit::markers);
    for (std::size_t k = 0; k < markers.size(); ++k)
    {
        Object m (markers[k], entry (o.at ("markers"), k));
        Marker marker;
        marker.colour = m.text ("colour");
        marker.id = m.id ("id");
        marker.length = m.whole ("length", 0, limit::position, 0);
        marker.name = m.text ("name");
        marker.position = m.whole ("position", 0, limit::position);
        marker.section = m.flag ("section", false);
        marker.extras = m.extras();
        s.markers.push_back (std::move (marker));
    }
    const auto ignored = o.array ("masking_ignored", limit::pairs);
    for (std::size_t k = 0; k < ignored.size(); ++k)
    {
        const auto at = entry (o.at ("masking_ignored"), k);
        const auto pair = Object::arrayOf (ignored[k], at, 2);
        if (pair.size() != 2)
            refuse (at + " is not a pair of tracks");
        s.maskingIgnored.push_back ({ Object::idOf (pair[0], at), Object::idOf (pair[1], at) });
    }
    s.master = std::make_shared<const Master> (masterOf (o.need ("master"), o.at ("master")));
    const auto metres = o.array ("metres", limit::markers);
    for (std::size_t k = 0; k < metres.size(); ++k)
    {
        const auto at = entry (o.at ("metres"), k);
        const auto parts = Object::arrayOf (metres[k], at, 3);
        if (parts.size() != 3)
            refuse (at + " is not a beat, a numerator and a denominator");
        s.metres.push_back ({ Object::numberOf (parts[0], at, 0, 1e9),
                              static_cast<int> (Object::wholeOf (parts[1], at, 1, 99)),
                              static_cast<int> (Object::wholeOf (parts[2], at, 1, 64)) });
    }
    s.mix = std::make_shared<const Strip> (stripOf (o.need ("mix"), o.at ("mix"), StripKind::mix));
    const auto muteGroups = o.array ("mute_groups", limit::strips);
    for (std::size_t k = 0; k < muteGroups.size(); ++k)
        s.muteGroups.push_back (muteGroupOf (muteGroups[k], entry (o.at ("mute_groups"), k)));
    const auto modulators = o.array ("modulators", limit::modulators);
    for (std::size_t k = 0; k < modulators.size(); ++k)
        s.modulators.push_back (
            std::make_shared<const Modulator> (modulatorOf (modulators[k], entry (o.at ("modulators"), k))));
    s.name = o.text ("name");
    s.notes = o.text ("notes", limit::notesBytes);
    const auto scenes = o.array ("scenes", limit::scenes);
    EarlierScenes earlier;
    for (std::size_t k = 0; k < scenes.size(); ++k)
    {
        s.scenes.push_back (sceneOf (scenes[k], entry (o.at ("scenes"), k), earlier));
        earlier.emplace (s.scenes.back()->id, s.scenes.back());
    }
    s.returns = stripsOf (o, "returns", StripKind::effectReturn);
    s.snaps = o.flag ("snap", false);
    const auto tempi = o.array ("tempi", limit::markers);
    for (std::size_t k = 0; k < tempi.size(); ++k)
    {
        const auto at = entry (o.at ("tempi"), k);
        const auto parts = Object::arrayOf (tempi[k], at, 3);
        if (parts.size() < 2)
            refuse (at + " is not a beat and a tempo");
        const bool ramp = parts.size() == 3;
        if (ramp && Object::textOf (parts[2], at, limit::nameBytes) != "ramp")
            refuse (at + " is a kind of tempo this version does not know");
        s.tempi.push_back (
            { Object::numberOf (parts[0], at, 0, 1e9), Object::numberOf (parts[1], at, 10, 999), ramp });
    }
    const auto tracks = o.array ("tracks", limit::strips);
    for (std::size_t k = 0; k < tracks.size(); ++k)
        s.tracks.push_back (std::make_shared<const Track> (trackOf (tracks[k], entry (o.at ("tracks"), k))));
    const auto vcas = o.array ("vcas", limit::strips);
    for (std::size_t k = 0; k < vcas.size(); ++k)
        s.vcas.push_back (std::make_shared<const Vca> (vcaOf (vcas[k], entry (o.at ("vcas"), k))));
    s.writer = o.text ("writer");
    s.extras = o.extras();
    return s;
}

std::string pathOf (Object& o, std::string_view key, std::string_view bytesKey)
{
    const auto plain = o.text (key, limit::pathBytes);
    const auto escaped = o.text (bytesKey, limit::pathBytes * 3);
    if (escaped.empty())
        return plain;
    const auto bytes = percentUnescaped (escaped);
    if (! bytes || json::isText (*bytes))
        refuse (o.at (bytesKey) + " is not a path with escaped bytes");
    return *bytes;
}

Media mediaOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Media f;
    f.channels = static_cast<int> (o.whole ("channels", 1, 64, 2));
    f.frames = o.whole ("frames", 0, limit::position);
    f.hash = o.text ("hash");
    f.id = o.id ("id");
    f.original = pathOf (o, "original", "original_bytes");
    f.originalRate = o.number ("original_rate", 0, 1e7, 0.0);
    f.path = pathOf (o, "path", "path_bytes");
    f.referenced = o.flag ("referenced", false);
    f.extras = o.extras();
    return f;
}

Album albumOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Album a;
    a.artist = o.text ("artist");
    a.ean = o.text ("ean");
    const auto gaps = o.array ("gaps", limit::songs);
    for (std::size_t k = 0; k < gaps.size(); ++k)
    {
        const auto at = entry (o.at ("gaps"), k);
        const auto parts = Object::arrayOf (gaps[k], at, 2);
        if (parts.size() != 2)
            refuse (at + " is not a song and its gap");
        a.gaps[Object::idOf (parts[0], at)] = Object::numberOf (parts[1], at, 0, 3600);
    }
    const auto order = o.array ("order", limit::songs);
    for (std::size_t k = 0; k < order.size(); ++k)
        a.order.push_back (Object::idOf (order[k], entry (o.at ("order"), k)));
    a.title = o.text ("title");
    a.extras = o.extras();
    return a;
}

Project projectOf (const Node& n, std::string& hash)
{
    Object o (n, "the project");
    o.find ("format");
    Project p;
    if (const auto* album = o.find ("album"))
        p.album = albumOf (*album, "album");
    hash = o.text ("hash");
    p.id = o.id ("id");
    const auto media = o.array ("media", limit::media);
    for (std::size_t k = 0; k < media.size(); ++k)
        p.media.push_back (mediaOf (media[k], entry ("media", k)));
    p.name = o.text ("name");
    p.nextId = o.id ("next_id").value;
    p.sampleRate = o.number ("sample_rate", 8000, 768000);
    const auto songs = o.array ("songs", limit::songs, true);
    for (std::size_t k = 0; k < songs.size(); ++k)
        p.songs.push_back (std::make_shared<const Song> (songOf (songs[k], entry ("songs", k))));
    p.extras = o.extras();
    return p;
}

/// The version in the text; refuses what is no project or from the future.
int versionOf (const Node& root)
{
    const auto* format = root.kind == Node::Kind::object ? root.find ("format") : nullptr;
    const auto* name =
        format != nullptr && format->kind == Node::Kind::object ? format->find ("name") : nullptr;
    if (name == nullptr || name->kind != Node::Kind::text || name->text() != "lacquer")
        refuse ("it is not a Lacquer project");
    const auto* version = format->find ("version");
    if (version == nullptr)
        refuse ("format has no \"version\"");
    return static_cast<int> (Object::wholeOf (*version, "format.version", 0, 1'000'000));
}

Problem unreadable (const std::string& why)
{
    std::string line = why;
    for (auto& c : line) // names in the file may hold line breaks; a message is one line
        if (static_cast<unsigned char> (c) < 0x20)
            c = ' ';
    return { "The project cannot be opened because " + line + ".",
             {},
             "The file was not touched; the last saved states are in the Backups folder." };
}

} // namespace

std::uint64_t contentHash (std::string_view bytes) noexcept
{
    // Offset basis and prime of FNV-1a, 64 bit (draft-eastlake-fnv, section 5).
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : bytes)
        hash = (hash ^ static_cast<unsigned char> (c)) * 0x100000001b3;
    return hash;
}

std::string canonical (const Project& p)
{
    std::size_t hashAt = 0;
    auto text = withoutHash (p, hashAt);
    text.replace (hashAt, hashDigits, hashText (contentHash (text)));
    return text;
}

Result<Loaded> loaded (std::string_view text)
{
    auto document = json::Document::parsed (text);
    if (! document)
        return Problem { document.problem().what,
                         {},
                         "The file was not touched; the last saved states are in the Backups folder." };
    try
    {
        Loaded result;
        result.version = versionOf (document->root());
        if (result.version > formatVersion)
            return Problem { "The project was written by a newer Lacquer (format " +
                                 std::to_string (result.version) + "; this one reads up to " +
                                 std::to_string (formatVersion) + ").",
                             {},
                             "Nothing was changed; open it with the newer program." };
        if (const auto done = migrate (*document, result.version); ! done)
            return unreadable (done.problem().what);
        std::string hash;
        result.project = projectOf (document->root(), hash);
        if (const auto good = valid (result.project); ! good)
            return good.problem();
        if (result.version < formatVersion)
            result.notes.push_back ("The project was written by an older Lacquer and was brought up to date; "
                                    "saving keeps the old file in the Backups folder.");
        else if (! hash.empty())
        {
            std::size_t hashAt = 0;
            if (hash != hashText (contentHash (withoutHash (result.project, hashAt))))
                result.notes.push_back (
                    "The project file was changed outside Lacquer or damaged since it was "
                    "saved; if something is missing, the last saved states are in the Backups folder.");
        }
        return result;
    }
    catch (const Refusal& r)
    {
        return unreadable (r.why);
    }
}

Result<Project> parsed (std::string_view text)
{
    auto all = loaded (text);
    if (! all)
        return all.problem();
    return std::move (all->project);
}

bool operator== (const Project& a, const Project& b)
{
    return canonical (a) == canonical (b);
}

} // namespace lacquer::session

// SPDX-License-Identifier: GPL-3.0-or-later
// Songs: their time, and what their other parts are called.
#include "session/JsonParts.h"

namespace lacquer::session::json
{

namespace
{

void put (std::string& out, int depth, const Marker& k)
{
    Members m (out, depth, k.extras);
    unless (m, "colour", k.colour, {});
    json::put (m["id"], k.id);
    unless (m, "length", k.length, Frames { 0 });
    json::put (m["name"], k.name);
    json::put (m["position"], k.position);
    unless (m, "section", k.section, false);
    m.end();
}

Marker markerOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Marker k;
    k.colour = o.text ("colour");
    k.id = o.id ("id");
    k.length = o.whole ("length", 0, limit::position, 0);
    k.name = o.text ("name");
    k.position = o.whole ("position", 0, limit::position);
    k.section = o.flag ("section", false);
    k.extras = o.extras();
    return k;
}

MaskedPair maskedPairOf (const Node& n, const std::string& where)
{
    const auto pair = rowOf (n, where, 2, "a pair of tracks");
    return { idOf (pair[0], where), idOf (pair[1], where) };
}

TempoMap::Metre metreOf (const Node& n, const std::string& where)
{
    const auto parts = rowOf (n, where, 3, "a beat, a numerator and a denominator");
    return { numberOf (parts[0], where, 0, 1e9), static_cast<int> (wholeOf (parts[1], where, 1, 99)),
             static_cast<int> (wholeOf (parts[2], where, 1, 64)) };
}

constexpr std::string_view rampWord = "ramp";

TempoMap::Tempo tempoOf (const Node& n, const std::string& where)
{
    const auto parts = arrayOf (n, where, 3);
    if (parts.size() < 2)
        refuse (where + " is not a beat and a tempo");
    const bool ramp = parts.size() == 3;
    if (ramp && textOf (parts[2], where, limit::nameBytes) != rampWord)
        refuse (where + " is a kind of tempo this version does not know");
    return { numberOf (parts[0], where, 0, 1e9), numberOf (parts[1], where, 10, 999), ramp };
}

Grid gridOf (Object& o)
{
    const auto text = o.text ("grid");
    if (text.empty())
        return {};
    const auto grid = gridFrom (text);
    if (! grid)
        refuse (o.at ("grid") + " is a grid this version does not know");
    return *grid;
}

std::vector<StripPtr> stripsOf (Object& o, std::string_view key, StripKind kind)
{
    return sharedOf (o, key, limit::strips,
                     [kind] (const Node& n, const std::string& where) { return stripOf (n, where, kind); });
}

} // namespace

void put (std::string& out, int depth, const Song& s)
{
    Members m (out, depth, s.extras);
    unless (m, "artist", s.artist, {});
    unless (m, "automation_follows", s.automationFollows, false);
    unlessWord (m, "crossfades", s.crossfades, Crossfades::off);
    putParts (m, out, "edit_groups", s.editGroups);
    unless (m, "end", s.end, Frames { 0 });
    if (s.grid != Grid {})
        put (m["grid"], textOf (s.grid));
    putParts (m, out, "groups", s.groups);
    put (m["id"], s.id);
    unless (m, "isrc", s.isrc, {});
    unlessWord (m, "kind", s.kind, SongKind::mix);
    if (s.loopStart != 0 || s.loopEnd != 0)
        row (m["loop"], s.loopStart, s.loopEnd);
    unless (m, "looping", s.looping, false);
    unlessEmpty (m, "markers", s.markers, [&] (const Marker& k) { put (out, m.inner() + 1, k); });
    unlessEmpty (m, "masking_ignored", s.maskingIgnored,
                 [&] (const MaskedPair& pair) { row (out, pair.lead, pair.masker); });
    put (m["master"], m.inner(), *s.master);
    unlessEmpty (m, "metres", s.metres,
                 [&] (const TempoMap::Metre& t) { row (out, t.beat, t.numerator, t.denominator); });
    put (m["mix"], m.inner(), *s.mix);
    putParts (m, out, "modulators", s.modulators);
    putParts (m, out, "mute_groups", s.muteGroups);
    put (m["name"], s.name);
    unless (m, "notes", s.notes, {});
    putParts (m, out, "returns", s.returns);
    putScenes (m, s.scenes);
    unless (m, "snap", s.snaps, false);
    unlessEmpty (m, "tempi", s.tempi,
                 [&] (const TempoMap::Tempo& t)
                 {
                     if (t.ramp)
                         row (out, t.beat, t.bpm, rampWord);
                     else
                         row (out, t.beat, t.bpm);
                 });
    putParts (m, out, "tracks", s.tracks);
    putParts (m, out, "vcas", s.vcas);
    unless (m, "writer", s.writer, {});
    m.end();
}

Song songOf (const Node& n, const std::string& where)
{
    Object o (n, where);
    Song s;
    s.artist = o.text ("artist");
    s.automationFollows = o.flag ("automation_follows", false);
    s.crossfades = o.word ("crossfades", Crossfades::off);
    s.editGroups = listOf (o, "edit_groups", limit::strips, editGroupOf);
    s.end = o.whole ("end", 0, limit::position, 0);
    s.grid = gridOf (o);
    s.groups = stripsOf (o, "groups", StripKind::group);
    s.id = o.id ("id");
    s.isrc = o.text ("isrc");
    s.kind = o.word ("kind", SongKind::mix);
    if (const auto loop = o.array ("loop", 2); loop.size() == 2)
    {
        s.loopStart = wholeOf (loop[0], o.at ("loop"), 0, limit::position);
        s.loopEnd = wholeOf (loop[1], o.at ("loop"), 0, limit::position);
    }
    s.looping = o.flag ("looping", false);
    s.markers = listOf (o, "markers", limit::markers, markerOf);
    s.maskingIgnored = listOf (o, "masking_ignored", limit::pairs, maskedPairOf);
    s.master = std::make_shared<const Master> (masterOf (o.need ("master"), o.at ("master")));
    s.metres = listOf (o, "metres", limit::markers, metreOf);
    s.mix = std::make_shared<const Strip> (stripOf (o.need ("mix"), o.at ("mix"), StripKind::mix));
    s.modulators = sharedOf (o, "modulators", limit::modulators, modulatorOf);
    s.muteGroups = listOf (o, "mute_groups", limit::strips, muteGroupOf);
    s.name = o.text ("name");
    s.notes = o.text ("notes", limit::notesBytes);
    s.returns = stripsOf (o, "returns", StripKind::effectReturn);
    s.scenes = scenesOf (o);
    s.snaps = o.flag ("snap", false);
    s.tempi = listOf (o, "tempi", limit::markers, tempoOf);
    s.tracks = sharedOf (o, "tracks", limit::strips, trackOf);
    s.vcas = sharedOf (o, "vcas", limit::strips, vcaOf);
    s.writer = o.text ("writer");
    s.extras = o.extras();
    return s;
}

} // namespace lacquer::session::json

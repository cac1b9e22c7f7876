// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/ClipEdits.h"
#include "session/Reading.h"

namespace lacquer::session
{

using namespace reading;

namespace
{

/// "clip:7, clip:9"
Ids clipsIn (const Reader& r)
{
    Ids all;
    const auto list = r.text ("clips");
    for (auto part : cut (list, ','))
    {
        if (part.starts_with ("clip:"))
            part.remove_prefix (5);
        const auto id = numberIn<std::uint64_t> (part);
        if (! id)
            throw Refusal { badArgument ("clips", part, "a clip:ID") };
        all.push_back ({ *id });
    }
    return all;
}

Id songWith (const Reader& r, const Ids& clips)
{
    for (const auto id : clips)
        if (clipOf (r.project, id) != nullptr)
            return songOf (r.project, id)->id;
    throw Refusal { { "There is no such clip." } };
}

/// "+1.5", "-2|1" is not one: a time to either side.
Frames shiftIn (const Reader& r, const std::string& name, Id song)
{
    if (! r.has (name))
        return 0;
    auto t = r.text (name);
    const bool back = t.starts_with ('-');
    if (back || t.starts_with ('+'))
        t.erase (0, 1);
    const auto* s = songOf (r.project, song);
    if (t.find ('|') != std::string::npos)
        throw Refusal { badArgument (name, r.text (name), "a time to move by") };
    const auto way = positionFrom (r.project, *s, t);
    if (! way)
        throw Refusal { way.problem() };
    return back ? -*way : *way;
}

int tracksIn (const Reader& r)
{
    return static_cast<int> (std::clamp<std::int64_t> (r.whole ("tracks"), -1'000'000, 1'000'000));
}

Ids tracksNamed (const Reader& r)
{
    Ids all;
    const auto list = r.text ("tracks");
    for (const auto part : cut (list, ','))
    {
        const auto place = found (r.project, part, r.catalogue);
        if (! place)
            throw Refusal { place.problem() };
        if (trackOf (r.project, place->owner) == nullptr || place->effect || ! place->parameter.empty())
            throw Refusal { badArgument ("tracks", part, "a track") };
        all.push_back (place->owner);
    }
    return all;
}

// clang-format off
Edit removeClips (const Reader& r) { return removedClips (r.project, clipsIn (r)); }
Edit muteClips (const Reader& r) { return mutedClips (r.project, clipsIn (r), r.flag ("on", true)); }
Edit reverseClips (const Reader& r) { return reversedClips (r.project, clipsIn (r)); }
Edit removeEditGroup (const Reader& r) { return removedEditGroup (r.project, r.numbered ("group", "edit-group")); }
Edit changeEditGroup (const Reader& r) { return withEditGroupTracks (r.project, r.numbered ("group", "edit-group"), tracksNamed (r)); }
Edit switchEditGroup (const Reader& r) { return switchedEditGroup (r.project, r.numbered ("group", "edit-group"), r.flag ("on", true)); }
Edit addEditGroup (const Reader& r) { return addedEditGroup (r.project, r.song(), r.text ("name"), tracksNamed (r)); }
Edit setCrossfades (const Reader& r) { return withCrossfades (r.project, r.song(), r.word ("shape", Crossfades::off)); }
Edit crossfadeTrack (const Reader& r) { return crossfaded (r.project, r.strip ("track"), r.word ("shape", Fade::equalPower)); }
Edit makeSection (const Reader& r) { return withSection (r.project, r.numbered ("marker", "marker"), r.flag ("on", true)); }
// clang-format on

Edit moveClips (const Reader& r)
{
    const auto clips = clipsIn (r);
    return movedClips (r.project, clips, shiftIn (r, "by", songWith (r, clips)), tracksIn (r));
}

Edit copyClips (const Reader& r)
{
    const auto clips = clipsIn (r);
    return copiedClips (r.project, clips, shiftIn (r, "by", songWith (r, clips)), tracksIn (r));
}

Edit slipClips (const Reader& r)
{
    const auto clips = clipsIn (r);
    return slippedClips (r.project, clips, shiftIn (r, "by", songWith (r, clips)));
}

Edit repeatClips (const Reader& r)
{
    const auto clips = clipsIn (r);
    if (r.has ("until"))
        return filledWith (r.project, clips, r.position ("until", songWith (r, clips)));
    return repeatedClips (r.project, clips,
                          static_cast<int> (std::clamp<std::int64_t> (r.whole ("times", 1), 0, 10'000'000)));
}

Edit splitSeveral (const Reader& r)
{
    const auto clips = clipsIn (r);
    return splitClips (r.project, clips, r.position ("at", songWith (r, clips)));
}

Edit normaliseClip (const Reader& r)
{
    const auto to = r.text ("to", "peak");
    if (to != "peak" && to != "loudness")
        return badArgument ("to", to, "peak or loudness");
    if (! r.has ("measured"))
        return Problem { "The level of the clip has not been measured." };
    return normalisedClip (r.project, r.numbered ("clip", "clip"), r.number ("measured"),
                           r.number ("target", to == "peak" ? -1 : -23),
                           to == "peak" ? Normalise::peak : Normalise::loudness);
}

Edit setEnvelope (const Reader& r)
{
    const auto clip = r.numbered ("clip", "clip");
    const auto* song = songOf (r.project, songWith (r, { clip }));
    std::vector<GainPoint> points;
    for (const auto& point : r.orRefuse (pointsFrom (r.project, *song, nullptr, r.text ("points"))))
        points.push_back ({ point.position, point.value });
    return withEnvelope (r.project, clip, std::move (points));
}

/// "1-2.5, 4-6": from-to on the timeline.
Edit stripSilence (const Reader& r)
{
    const auto clip = r.numbered ("clip", "clip");
    const auto song = songWith (r, { clip });
    const auto* s = songOf (r.project, song);
    if (! r.has ("keep"))
        return Problem { "The sound of the clip has not been looked for." };
    std::vector<Range> keep;
    const auto list = r.text ("keep");
    for (const auto part : cut (list, ','))
    {
        const auto dash = part.find ('-');
        if (dash == std::string_view::npos)
            return badArgument ("keep", part, "from-to");
        const auto begin = positionFrom (r.project, *s, part.substr (0, dash));
        const auto end = positionFrom (r.project, *s, part.substr (dash + 1));
        if (! begin || ! end)
            return badArgument ("keep", part, "from-to");
        keep.push_back ({ *begin, *end });
    }
    return strippedSilence (r.project, clip, std::move (keep),
                            r.has ("fade") ? r.position ("fade", song) : 0);
}

Edit setGrid (const Reader& r)
{
    const auto song = r.song();
    const auto* s = songOf (r.project, song);
    return withGrid (r.project, song, r.has ("grid") ? r.orRefuse (gridFrom (r.text ("grid"))) : s->grid,
                     r.flag ("snap", s->snaps));
}

Edit markRange (const Reader& r)
{
    const auto marker = r.numbered ("marker", "marker");
    const auto* m = markerOf (r.project, marker);
    if (m == nullptr)
        return badArgument ("marker", r.text ("marker"), "a marker of the project");
    const auto end = r.position ("end", songOf (r.project, marker)->id);
    return withMarkerRange (r.project, marker, std::max<Frames> (0, end - m->position));
}

Edit colourMarker (const Reader& r)
{
    const auto marker = r.numbered ("marker", "marker");
    if (markerOf (r.project, marker) == nullptr)
        return badArgument ("marker", r.text ("marker"), "a marker of the project");
    return recoloured (r.project, marker, r.text ("colour"));
}

constexpr Argument clipsArgument { "clips", Type::address, "clip:ID, or several with commas between" };
constexpr Argument clipArgument { "clip", Type::address, "clip:ID as listed by show" };
constexpr Argument markerArgument { "marker", Type::address, "marker:ID" };
constexpr Argument groupArgument { "group", Type::address, "edit-group:ID" };
constexpr Argument songArgument { "song", Type::text, "the song's name; without it the first song", true };
constexpr Argument byArgument { "by", Type::position, "how far: 1.5 later, -1.5 earlier", true };
constexpr Argument downArgument { "tracks", Type::whole, "how many tracks down; negative: up", true };

} // namespace

std::vector<EditType> clipEdits()
{
    return {
        { "remove-clips", "Remove clips", "Removes clips.", { clipsArgument }, run<removeClips> },
        { "mute-clips",
          "Mute clips",
          "Mutes clips or lets them sound again.",
          { clipsArgument, { "on", Type::flag, "on or off; without it on", true } },
          run<muteClips> },
        { "move-clips",
          "Move clips",
          "Moves clips in time and to other tracks.",
          { clipsArgument, byArgument, downArgument },
          run<moveClips> },
        { "copy-clips",
          "Copy clips",
          "Puts copies of clips at another time and on other tracks.",
          { clipsArgument, byArgument, downArgument },
          run<copyClips> },
        { "repeat-clips",
          "Repeat clips",
          "Puts copies of clips one after the other: so many, or up to a position.",
          { clipsArgument,
            { "times", Type::whole, "how many copies; without it 1", true },
            { "until", Type::position, "fills up to there instead; the last copies are cut", true } },
          run<repeatClips> },
        { "slip-clips",
          "Slip clips",
          "Moves the sound under clips that stay where they are.",
          { clipsArgument, byArgument },
          run<slipClips> },
        { "reverse-clips",
          "Reverse clips",
          "Plays clips backwards, or forwards again.",
          { clipsArgument },
          run<reverseClips> },
        { "split-clips",
          "Split clips",
          "Cuts the clips that a position lies in.",
          { clipsArgument, { "at", Type::position, "where" } },
          run<splitSeveral> },
        { "normalise-clip",
          "Normalise clip",
          "Sets a clip's gain so that its peak or loudness comes to a target.",
          { clipArgument,
            { "target", Type::number, "dBTP or LUFS; without it -1 or -23", true },
            { "to", Type::text, "peak or loudness; without it peak", true },
            { "measured", Type::number, "the level without the clip's gain; without it, it is measured",
              true } },
          run<normaliseClip> },
        { "envelope-clip",
          "Change clip envelope",
          "Sets the gain envelope of a clip; no points remove it.",
          { clipArgument, { "points", Type::points, "\"0:-6, 1.5:0, 4:-inf\": time in the clip and dB" } },
          run<setEnvelope> },
        { "crossfade",
          "Crossfade clips",
          "Makes the fades of overlapping clips of a track as long as they overlap.",
          { { "track", Type::address, "track:NAME" },
            { "shape", Type::text, "linear, equal-power, s-curve or exponential", true } },
          run<crossfadeTrack> },
        { "set-crossfades",
          "Change automatic crossfades",
          "Says what becomes of clips that an edit makes overlap.",
          { { "shape", Type::text, "off (they sum), linear or equal-power" }, songArgument },
          run<setCrossfades> },
        { "strip-silence",
          "Strip silence",
          "Leaves of a clip only where it sounds.",
          { clipArgument,
            { "threshold", Type::number, "dB of peak under which it is silent; without it -48", true },
            { "hold", Type::number, "s of silence that do not cut; without it 0.2", true },
            { "before", Type::number, "s kept before a sound; without it 0.01", true },
            { "after", Type::number, "s kept after a sound; without it 0.05", true },
            { "fade", Type::position, "length of the fades at new ends", true },
            { "keep", Type::text, "\"1-2.5, 4-6\": the ranges to keep; without them they are found", true } },
          run<stripSilence> },
        { "add-edit-group",
          "Add edit group",
          "Groups tracks for editing: edits of a clip take the same clips on the others.",
          { { "name", Type::text, "its name" },
            { "tracks", Type::address, "track:NAME, track:NAME" },
            songArgument },
          run<addEditGroup> },
        { "remove-edit-group",
          "Remove edit group",
          "Forgets an edit group.",
          { groupArgument },
          run<removeEditGroup> },
        { "set-edit-group",
          "Change edit group",
          "Changes the tracks of an edit group.",
          { groupArgument, { "tracks", Type::address, "track:NAME, track:NAME" } },
          run<changeEditGroup> },
        { "switch-edit-group",
          "Switch edit group",
          "Switches an edit group on or off.",
          { groupArgument, { "on", Type::flag, "on or off; without it on", true } },
          run<switchEditGroup> },
        { "set-grid",
          "Change grid",
          "Sets what positions snap to, and whether they do.",
          { { "grid", Type::text, "bar, beat, 1/16, 1/8T, 1/4., 1 s, 1/10 s, cd or sample", true },
            { "snap", Type::flag, "on or off", true },
            songArgument },
          run<setGrid> },
        { "set-marker-range",
          "Change marker range",
          "Gives a marker or section an end of its own; its start takes the range away.",
          { markerArgument, { "end", Type::position, "where it ends" } },
          run<markRange> },
        { "colour-marker",
          "Change colour",
          "Changes a marker's colour.",
          { markerArgument, { "colour", Type::text, "a colour of the palette" } },
          run<colourMarker> },
        { "set-section",
          "Make section",
          "Makes a marker start a section, or be a plain one.",
          { markerArgument, { "on", Type::flag, "on or off; without it on", true } },
          run<makeSection> },
    };
}

} // namespace lacquer::session

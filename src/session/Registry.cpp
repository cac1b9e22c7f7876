// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/AutomationEdits.h"
#include "session/AutomationRegistry.h"
#include "session/ClipEdits.h"
#include "session/InsertEdits.h"
#include "session/Json.h"
#include "session/JsonText.h"
#include "session/MaskingEdits.h"
#include "session/MediaEdits.h"
#include "session/ModulatorEdits.h"
#include "session/NoteEdits.h"
#include "session/PresetEdits.h"
#include "session/Reading.h"
#include "session/RoutingEdits.h"
#include "session/SceneEdits.h"
#include "session/TemplateEdits.h"
#include "session/VersionEdits.h"

namespace lacquer::session
{

using namespace reading;

namespace
{

// clang-format off
Edit addSong (const Reader& r) { return addedSong (r.project, r.word ("kind", SongKind::mix), r.text ("name")); }
Edit removeSong (const Reader& r) { return removedSong (r.project, r.song()); }
Edit addTrack (const Reader& r) { return addedTrack (r.project, r.song(), r.text ("name"), static_cast<int> (std::clamp<std::int64_t> (r.whole ("channels", 2), 0, 99)), r.text ("colour")); }
Edit addGroup (const Reader& r) { return addedGroup (r.project, r.song(), r.text ("name"), r.text ("colour")); }
Edit addReturn (const Reader& r) { return addedReturn (r.project, r.song(), r.text ("name"), r.text ("colour")); }
Edit removeStrip (const Reader& r) { return removedStrip (r.project, r.strip ("strip")); }
Edit recolour (const Reader& r) { return recoloured (r.project, r.member ("strip"), r.text ("colour")); }
Edit setOutput (const Reader& r) { return withOutput (r.project, r.strip ("strip"), r.strip ("output")); }
Edit addEffect (const Reader& r)
{
    const auto owner = r.chain ("place");
    const auto type = r.text ("type");
    const bool master = masterOf (r.project, owner) != nullptr;
    const auto known = master ? r.catalogue.isModule : r.catalogue.isInsert;
    if (known != nullptr && ! known (type))
        return Problem { "There is no effect \"" + nameToShow (type) + "\" for " + (master ? "the master." : "a track or bus."), {}, "lacquer effects lists them." };
    return addedEffect (r.project, owner, type, r.has ("index") ? static_cast<int> (std::min<std::size_t> (r.index ("index"), 100000)) : -1, r.flag ("post-console"));
}
Edit removeEffect (const Reader& r) { return removedEffect (r.project, r.effect ("effect")); }
Edit moveEffect (const Reader& r) { return movedEffect (r.project, r.effect ("effect"), r.index ("index")); }
Edit setRecording (const Reader& r) { return withRecording (r.project, r.effect ("effect"), r.has ("media") ? r.numbered ("media", "media") : Id {}); }
Edit switchEffect (const Reader& r) { return switchedEffect (r.project, r.effect ("effect"), r.flag ("on", true)); }
Edit placeEffect (const Reader& r) { return placedEffect (r.project, r.effect ("effect"), r.flag ("post-console", true)); }
Edit setSidechain (const Reader& r)
{
    const auto id = r.effect ("effect");
    const auto from = r.text ("from") == "none" ? Id {} : r.strip ("from");
    const auto* effect = effectOf (r.project, id);
    if (from && effect != nullptr && r.catalogue.isKeyed != nullptr && ! r.catalogue.isKeyed (effect->type))
        return Problem { nameToShow (effect->type) + " does not listen to a sidechain.", {}, "`lacquer effects --json` tells which effects do." };
    return withSidechain (r.project, id, from);
}
Edit setForm (const Reader& r) { return withForm (r.project, r.strip ("track"), r.word ("form", TrackForm::stereo)); }
Edit setSoloSafe (const Reader& r) { return madeSoloSafe (r.project, r.strip ("strip"), r.flag ("on", true)); }
Edit disable (const Reader& r) { return disabled (r.project, r.strip ("strip"), r.flag ("on", true)); }
Edit freeze (const Reader& r) { return frozen (r.project, r.strip ("track"), r.numbered ("media", "media"), r.whole ("lead")); }
Edit unfreeze (const Reader& r) { return frozen (r.project, r.strip ("track"), {}); }
Edit addVca (const Reader& r) { return addedVca (r.project, r.song(), r.text ("name"), r.text ("colour")); }
Edit addMuteGroup (const Reader& r) { return addedMuteGroup (r.project, r.song(), r.text ("name")); }
Edit removeVca (const Reader& r) { return removedVcaOrMuteGroup (r.project, r.vca ("vca")); }
Edit removeMuteGroup (const Reader& r) { return removedVcaOrMuteGroup (r.project, r.muteGroup ("group")); }
Edit switchMuteGroup (const Reader& r) { return switchedMuteGroup (r.project, r.muteGroup ("group"), r.flag ("on", true)); }
Edit setTarget (const Reader& r) { return withTarget (r.project, r.song(), r.text ("target")); }
Edit removeClip (const Reader& r) { return removedClip (r.project, r.numbered ("clip", "clip")); }
Edit clipGain (const Reader& r) { return withClipGain (r.project, r.numbered ("clip", "clip"), r.number ("gain")); }
Edit muteClip (const Reader& r) { return mutedClip (r.project, r.numbered ("clip", "clip"), r.flag ("on", true)); }
Edit removeMarker (const Reader& r) { return removedMarker (r.project, r.numbered ("marker", "marker")); }
Edit setArtist (const Reader& r) { return withText (r.project, r.song(), SongText::artist, r.text ("text")); }
Edit setWriter (const Reader& r) { return withText (r.project, r.song(), SongText::writer, r.text ("text")); }
Edit setIsrc (const Reader& r) { return withText (r.project, r.song(), SongText::isrc, r.text ("text")); }
Edit setAlbumTitle (const Reader& r) { return withText (r.project, AlbumText::title, r.text ("text")); }
Edit setAlbumArtist (const Reader& r) { return withText (r.project, AlbumText::artist, r.text ("text")); }
Edit setEan (const Reader& r) { return withText (r.project, AlbumText::ean, r.text ("text")); }
Edit setGap (const Reader& r) { return withGap (r.project, r.song(), r.number ("seconds")); }
Edit removeMedia (const Reader& r) { return removedMedia (r.project, r.numbered ("media", "media")); }
// clang-format on

/// "track:Kick, group:Toms": addresses with commas between.
Edit setMembers (const Reader& r)
{
    const auto of = r.text ("of");
    const bool group = of.starts_with ("mute-group:");
    return withMembers (r.project, group ? r.numbered ("of", "mute-group") : r.vca ("of"),
                        r.members ("members"));
}

/// "12.5ms", "-600f" (frames) or "0.01s".
Edit setDelay (const Reader& r)
{
    const auto whole = r.text ("delay");
    auto t = trimmed (whole);
    double unit = 1e-3 * r.project.sampleRate;
    for (const auto& [suffix, frames] :
         { std::pair { std::string_view ("ms"), unit }, { "f", 1.0 }, { "s", r.project.sampleRate } })
        if (t.ends_with (suffix))
        {
            t.remove_suffix (suffix.size());
            unit = frames;
            break;
        }
    const auto number = numberIn<double> (trimmed (t));
    if (! number || ! (std::abs (*number * unit) <= limit::delaySeconds * r.project.sampleRate))
        return badArgument ("delay", whole, "a delay such as 12.5ms or -600f, up to 10 seconds,");
    return withDelay (r.project, r.strip ("track"), std::llround (*number * unit));
}

Edit rename (const Reader& r)
{
    const auto what = r.text ("what");
    for (std::string_view kind : { "clip", "marker", "edit-group", "mute-group", "scene" })
        if (what.starts_with (std::string (kind) + ":"))
            return renamed (r.project, r.numbered ("what", kind), r.text ("name"));
    const auto place = r.place ("what");
    if (place.effect || ! place.parameter.empty() || place.kind == Address::Kind::album ||
        place.kind == Address::Kind::master)
        return badArgument ("what", what, "something with a name");
    if (place.kind == Address::Kind::project)
        return renamed (r.project, {}, r.text ("name"));
    if (place.kind == Address::Kind::modulator)
        return renamedModulator (r.project, place.owner, r.text ("name"));
    return renamed (r.project, place.owner ? place.owner : place.song, r.text ("name"));
}

Edit reorder (const Reader& r)
{
    const auto place = r.place ("what");
    if (place.effect || ! place.parameter.empty())
        return badArgument ("what", r.text ("what"), "a track, group, return or song");
    if (place.kind == Address::Kind::song)
        return reordered (r.project, place.song, r.index ("index"));
    return reordered (r.project, place.owner, r.index ("index"));
}

Edit setValue (const Reader& r)
{
    const auto place = r.parameter ("address");
    return withValue (r.project, place.target(), place.parameter,
                      r.orRefuse (valueFrom (place.param, r.text ("value"))));
}

Edit resetValue (const Reader& r)
{
    const auto place = r.parameter ("address");
    return withoutValue (r.project, place.target(), place.parameter);
}

Edit loadPreset (const Reader& r)
{
    const auto name = r.text ("name");
    const auto place = r.place ("place");
    if (! place.owner || ! place.parameter.empty())
        return badArgument ("place", r.text ("place"), "an effect, track, group, return, mix or master");
    const auto* effect = effectOf (r.project, place.effect);
    const auto type = effect != nullptr ? effect->type : std::string();
    if (r.catalogue.preset == nullptr)
        return Problem { "There is no preset \"" + nameToShow (name) + "\"." };
    const auto preset = r.orRefuse (r.catalogue.preset (type, name));
    if (effect != nullptr)
        return withValues (r.project, effect->id, preset.front().effect.values, name);
    const auto known =
        masterOf (r.project, place.owner) != nullptr ? r.catalogue.isModule : r.catalogue.isInsert;
    for (const auto& one : preset)
        if (known != nullptr && ! known (one.effect.type))
            return Problem { "The effect \"" + nameToShow (one.effect.type) + "\" of the chain \"" +
                             nameToShow (name) + "\" has no place there." };
    return withChain (r.project, place.owner, preset, name);
}

Edit setSend (const Reader& r)
{
    const auto slot = r.whole ("slot", 1);
    if (slot < 1 || slot > Strip::sendSlots)
        return badArgument ("slot", r.text ("slot"), "a slot from 1 to " + std::to_string (Strip::sendSlots));
    const auto to = r.text ("to") == "none" ? Id {} : r.strip ("to");
    return withSend (r.project, r.strip ("strip"), static_cast<int> (slot) - 1, to);
}

Edit addClip (const Reader& r)
{
    Clip c;
    const auto track = r.strip ("track");
    const auto song = songOf (r.project, track)->id;
    c.media = r.numbered ("media", "media");
    const auto* media = mediaOf (r.project, c.media);
    if (media == nullptr)
        return badArgument ("media", r.text ("media"), "an audio file of the project");
    c.start = r.has ("start") ? r.position ("start", song) : 0;
    c.offset = r.has ("offset") ? r.position ("offset", song) : 0;
    c.length = r.has ("length") ? r.position ("length", song) : media->frames - c.offset;
    if (c.offset + c.length > media->frames || c.length < 1)
        return Problem { "The audio file does not reach that far." };
    c.name = r.text ("name");
    return addedClip (r.project, track, std::move (c));
}

Id songWithClip (const Reader& r, Id clip)
{
    const auto* song = clipOf (r.project, clip) != nullptr ? songOf (r.project, clip) : nullptr;
    if (song == nullptr)
        throw Refusal { badArgument ("clip", r.text ("clip"), "a clip of the project") };
    return song->id;
}

Edit moveClip (const Reader& r)
{
    const auto clip = r.numbered ("clip", "clip");
    return movedClip (r.project, clip, r.position ("start", songWithClip (r, clip)),
                      r.has ("track") ? r.strip ("track") : Id {});
}

Edit trimClip (const Reader& r)
{
    const auto clip = r.numbered ("clip", "clip");
    const auto song = songWithClip (r, clip);
    const auto* c = clipOf (r.project, clip);
    return trimmedClip (r.project, clip, r.has ("start") ? r.position ("start", song) : c->start,
                        r.has ("end") ? r.position ("end", song) : c->start + c->length);
}

Edit cutClip (const Reader& r)
{
    const auto clip = r.numbered ("clip", "clip");
    return splitClip (r.project, clip, r.position ("at", songWithClip (r, clip)));
}

Edit fadeClip (const Reader& r)
{
    const auto clip = r.numbered ("clip", "clip");
    const auto song = songWithClip (r, clip);
    const auto* c = clipOf (r.project, clip);
    return withFades (r.project, clip, r.has ("in") ? r.position ("in", song) : c->fadeIn,
                      r.has ("out") ? r.position ("out", song) : c->fadeOut,
                      r.word ("in-shape", c->fadeInShape), r.word ("out-shape", c->fadeOutShape));
}

Edit automate (const Reader& r)
{
    const auto place = r.parameter ("address");
    Lane lane;
    lane.target = place.target();
    lane.parameter = place.parameter;
    lane.enabled = r.flag ("enabled", true);
    if (const auto* known = laneOf (r.project, lane.target, lane.parameter))
        lane.mode = known->mode;
    lane.points = r.orRefuse (
        pointsFrom (r.project, *songOf (r.project, place.target()), place.param, r.text ("points")));
    return withLane (r.project, std::move (lane));
}

Edit removeAutomation (const Reader& r)
{
    const auto place = r.parameter ("address");
    return withoutLane (r.project, place.target(), place.parameter);
}

Edit addMarker (const Reader& r)
{
    const auto song = r.song();
    return addedMarker (r.project, song, r.position ("at", song), r.text ("name"), r.flag ("section"));
}

Edit moveMarker (const Reader& r)
{
    const auto marker = r.numbered ("marker", "marker");
    const auto* song = songOf (r.project, marker);
    if (song == nullptr)
        return badArgument ("marker", r.text ("marker"), "a marker of the project");
    return movedMarker (r.project, marker, r.position ("at", song->id));
}

/// "120" or "0:120, 64:90": beat:tempo; "0:120:ramp, 64:90" goes evenly from one to the other.
Edit setTempo (const Reader& r)
{
    const auto song = r.song();
    std::vector<TempoMap::Tempo> tempi;
    const auto listText = r.text ("tempo");
    for (const auto word : cut (listText, ','))
    {
        constexpr std::string_view ramp = ":ramp";
        const bool ramps = word.ends_with (ramp);
        const auto part = ramps ? trimmed (word.substr (0, word.size() - ramp.size())) : word;
        const auto colon = part.find (':');
        const auto beat = colon == std::string_view::npos
                              ? std::optional (0.0)
                              : numberIn<double> (trimmed (part.substr (0, colon)));
        const auto bpm =
            numberIn<double> (trimmed (colon == std::string_view::npos ? part : part.substr (colon + 1)));
        if (! beat || ! bpm)
            return badArgument ("tempo", word, "a tempo, beat:tempo or beat:tempo:ramp");
        tempi.push_back ({ *beat, *bpm, ramps });
    }
    return withTempo (r.project, song, std::move (tempi), songOf (r.project, song)->metres);
}

/// "4/4" or "0:4/4, 64:3/4": beat:metre.
Edit setMetre (const Reader& r)
{
    const auto song = r.song();
    std::vector<TempoMap::Metre> metres;
    const auto listText = r.text ("metre");
    for (const auto part : cut (listText, ','))
    {
        const auto colon = part.find (':');
        const auto fraction = colon == std::string_view::npos ? part : part.substr (colon + 1);
        const auto slash = fraction.find ('/');
        const auto beat = colon == std::string_view::npos
                              ? std::optional (0.0)
                              : numberIn<double> (trimmed (part.substr (0, colon)));
        const auto above = numberIn<int> (trimmed (fraction.substr (0, slash)));
        const auto below = slash == std::string_view::npos
                               ? std::optional<int> {}
                               : numberIn<int> (trimmed (fraction.substr (slash + 1)));
        if (! beat || ! above || ! below)
            return badArgument ("metre", part, "a metre such as 4/4 or beat:3/4");
        metres.push_back ({ *beat, *above, *below });
    }
    return withTempo (r.project, song, songOf (r.project, song)->tempi, std::move (metres));
}

Edit setLoop (const Reader& r)
{
    const auto song = r.song();
    const auto* s = songOf (r.project, song);
    return withLoop (r.project, song, r.has ("from") ? r.position ("from", song) : s->loopStart,
                     r.has ("to") ? r.position ("to", song) : s->loopEnd, r.flag ("on", true));
}

Edit setEnd (const Reader& r)
{
    const auto song = r.song();
    return withEnd (r.project, song, r.text ("at") == "auto" ? 0 : r.position ("at", song));
}

Edit setOrder (const Reader& r)
{
    std::vector<Id> songs;
    const auto listText = r.text ("songs");
    for (const auto name : cut (listText, ','))
    {
        auto place =
            found (r.project, name.starts_with ("song:") ? std::string (name) : "song:" + std::string (name));
        if (! place)
            return place.problem();
        songs.push_back (place->song);
    }
    return withOrder (r.project, std::move (songs));
}

Edit addMedia (const Reader& r)
{
    Media m;
    m.path = r.text ("path");
    m.original = r.text ("original", m.path);
    m.referenced = r.flag ("referenced");
    const auto channels = r.whole ("channels", 2);
    m.channels = channels < 1 || channels > 64 ? 0 : static_cast<int> (channels);
    m.frames = r.whole ("frames");
    m.originalRate = r.number ("rate", r.project.sampleRate);
    m.hash = r.text ("hash");
    return addedMedia (r.project, std::move (m));
}

constexpr Argument songArgument { "song", Type::text, "the song's name; without it the first song", true };
constexpr Argument nameArgument { "name", Type::text, "the new name" };
constexpr Argument stripArgument { "strip", Type::address, "track:NAME, group:NAME or return:NAME" };
constexpr Argument trackArgument { "track", Type::address, "track:NAME" };
constexpr Argument muteGroupArgument { "group", Type::text, "its name, or mute-group:ID" };
constexpr Argument colourArgument { "colour", Type::text, "a colour of the palette", true };
constexpr Argument clipArgument { "clip", Type::address, "clip:ID as listed by show" };
constexpr Argument effectArgument { "effect", Type::address,
                                    "PLACE/TYPE, such as track:Vox/reverb or master/limiter#2" };
constexpr Argument parameterArgument { "address", Type::address,
                                       "the parameter, such as track:Vox/eq.band3.gain" };
constexpr Argument textArgument { "text", Type::text, "the text; empty removes it" };

std::vector<EditType> ownEdits()
{
    return {
        { "set",
          "Change value",
          "Sets a parameter.",
          { parameterArgument, { "value", Type::text, "the value with or without its unit" } },
          run<setValue> },
        { "reset",
          "Reset value",
          "Puts a parameter back to its initial value.",
          { parameterArgument },
          run<resetValue> },
        { "add-track",
          "Add track",
          "Adds an empty track.",
          { nameArgument,
            { "channels", Type::whole, "1 or 2; without it 2", true },
            colourArgument,
            songArgument },
          run<addTrack> },
        { "add-group",
          "Add group",
          "Adds a group.",
          { nameArgument, colourArgument, songArgument },
          run<addGroup> },
        { "add-return",
          "Add return",
          "Adds an effect return.",
          { nameArgument, colourArgument, songArgument },
          run<addReturn> },
        { "remove", "Remove", "Removes a track, group or return.", { stripArgument }, run<removeStrip> },
        { "rename",
          "Rename",
          "Renames a track, group, return, song, clip, marker, edit group, scene or the project.",
          { { "what", Type::address,
              "track:NAME, vca:NAME, song:NAME, clip:ID, marker:ID, edit-group:ID, mute-group:ID, scene:ID "
              "or project" },
            nameArgument },
          run<rename> },
        { "recolour",
          "Change colour",
          "Changes the colour of a strip or VCA fader.",
          { stripArgument, { "colour", Type::text, "a colour of the palette" } },
          run<recolour> },
        { "reorder",
          "Change order",
          "Moves a track, group, return or song to another place.",
          { { "what", Type::address, "what to move" },
            { "index", Type::whole, "its new place, counted from 1" } },
          run<reorder> },
        { "set-output",
          "Change output",
          "Routes a strip to a group or the mix bus.",
          { stripArgument, { "output", Type::address, "group:NAME or mix" } },
          run<setOutput> },
        { "set-send",
          "Change send",
          "Connects a send of a strip to a return.",
          { stripArgument,
            { "slot", Type::whole, "1 to 8" },
            { "to", Type::address, "return:NAME or none" } },
          run<setSend> },
        { "add-effect",
          "Add effect",
          "Adds an insert effect or a mastering module.",
          { { "place", Type::address, "track:NAME, group:NAME, return:NAME, mix or master" },
            { "type", Type::text, "the effect's id" },
            { "index", Type::whole, "its place, counted from 1; without it the last", true },
            { "post-console", Type::flag, "after the console part of the strip", true } },
          run<addEffect> },
        { "remove-effect",
          "Remove effect",
          "Removes an effect and its automation.",
          { effectArgument },
          run<removeEffect> },
        { "move-effect",
          "Move effect",
          "Moves an effect within its place.",
          { effectArgument, { "index", Type::whole, "its new place, counted from 1" } },
          run<moveEffect> },
        { "switch-effect",
          "Bypass effect",
          "Switches an effect on or bypasses it.",
          { effectArgument, { "on", Type::flag, "on or off; without it on", true } },
          run<switchEffect> },
        { "place-effect",
          "Move effect over the console",
          "Puts an insert before or after the console part of its strip.",
          { effectArgument, { "post-console", Type::flag, "on: after it; without it on", true } },
          run<placeEffect> },
        { "set-sidechain",
          "Change sidechain",
          "Lets an effect listen to another strip, before its fader.",
          { effectArgument, { "from", Type::address, "track:NAME, group:NAME, return:NAME, mix or none" } },
          run<setSidechain> },
        { "set-form",
          "Change track form",
          "Makes a track mono, stereo or dual mono.",
          { trackArgument, { "form", Type::text, "mono, stereo or dual-mono" } },
          run<setForm> },
        { "set-delay",
          "Delay track",
          "Lets a track sound later or earlier.",
          { trackArgument, { "delay", Type::text, "12.5ms, -600f (frames) or 0.01s" } },
          run<setDelay> },
        { "solo-safe",
          "Change solo-safe",
          "Keeps a strip audible when others are soloed.",
          { stripArgument, { "on", Type::flag, "on or off; without it on", true } },
          run<setSoloSafe> },
        { "disable",
          "Disable",
          "Takes a strip out of the song, so that it costs nothing, or back.",
          { stripArgument, { "on", Type::flag, "on: disabled; without it on", true } },
          run<disable> },
        { "freeze",
          "Freeze",
          "Plays an audio file in place of a track's clips, inserts and console part.",
          { trackArgument,
            { "media", Type::address, "media:ID" },
            { "lead", Type::whole, "frames of the file before the song's start; without it none", true } },
          run<freeze> },
        { "unfreeze",
          "Unfreeze",
          "Plays the clips and effects of a frozen track again.",
          { trackArgument },
          run<unfreeze> },
        { "add-vca",
          "Add VCA fader",
          "Adds a VCA fader without members.",
          { nameArgument, colourArgument, songArgument },
          run<addVca> },
        { "remove-vca",
          "Remove VCA fader",
          "Removes a VCA fader; its members stay.",
          { { "vca", Type::address, "vca:NAME" } },
          run<removeVca> },
        { "add-mute-group",
          "Add mute group",
          "Adds a mute group without members.",
          { nameArgument, songArgument },
          run<addMuteGroup> },
        { "remove-mute-group",
          "Remove mute group",
          "Removes a mute group; its members stay.",
          { muteGroupArgument, songArgument },
          run<removeMuteGroup> },
        { "switch-mute-group",
          "Mute group",
          "Mutes the members of a mute group together, or lets them sound again.",
          { muteGroupArgument, { "on", Type::flag, "on or off; without it on", true }, songArgument },
          run<switchMuteGroup> },
        { "set-members",
          "Change members",
          "Sets which strips follow a VCA fader or a mute group.",
          { { "of", Type::address, "vca:NAME or mute-group:ID" },
            { "members", Type::text, "\"track:Kick, group:Toms, vca:Drums\"; empty for none" } },
          run<setMembers> },
        { "preset",
          "Load preset",
          "Loads a preset into an effect, or a chain of effects in place of all that a place has.",
          { { "place", Type::address, "an effect, or for a chain a track, group, return, mix or master" },
            { "name", Type::text, "the preset's name; `lacquer presets` lists them" } },
          run<loadPreset> },
        { "set-recording",
          "Give a recording",
          "Gives an effect a recording to work with, as the impulse of a room.",
          { effectArgument, { "media", Type::address, "media:ID; without it none", true } },
          run<setRecording> },
        { "set-target",
          "Set target",
          "Sets the target that a song is mastered for.",
          { { "target", Type::text, "a name of the target table; empty for none" }, songArgument },
          run<setTarget> },
        { "add-clip",
          "Add clip",
          "Puts a piece of an audio file on a track.",
          { { "track", Type::address, "track:NAME" },
            { "media", Type::address, "media:ID" },
            { "start", Type::position, "where on the timeline; without it 0", true },
            { "offset", Type::position, "where in the file; without it 0", true },
            { "length", Type::position, "how much; without it the rest", true },
            { "name", Type::text, "without it the file's", true } },
          run<addClip> },
        { "remove-clip", "Remove clip", "Removes a clip.", { clipArgument }, run<removeClip> },
        { "move-clip",
          "Move clip",
          "Moves a clip in time or to another track.",
          { clipArgument,
            { "start", Type::position, "the new start" },
            { "track", Type::address, "track:NAME", true } },
          run<moveClip> },
        { "trim-clip",
          "Trim clip",
          "Changes where a clip starts or ends; the sound stays in its place.",
          { clipArgument,
            { "start", Type::position, "the new start", true },
            { "end", Type::position, "the new end", true } },
          run<trimClip> },
        { "split-clip",
          "Split clip",
          "Cuts a clip into two.",
          { clipArgument, { "at", Type::position, "where" } },
          run<cutClip> },
        { "gain-clip",
          "Change clip gain",
          "Sets the gain of a clip.",
          { clipArgument, { "gain", Type::number, "dB" } },
          run<clipGain> },
        { "fade-clip",
          "Change fades",
          "Sets the fades of a clip.",
          { clipArgument,
            { "in", Type::position, "length of the fade in", true },
            { "out", Type::position, "length of the fade out", true },
            { "in-shape", Type::text, "linear, equal-power, s-curve or exponential", true },
            { "out-shape", Type::text, "likewise", true } },
          run<fadeClip> },
        { "mute-clip",
          "Mute clip",
          "Mutes a clip or lets it sound again.",
          { clipArgument, { "on", Type::flag, "on or off; without it on", true } },
          run<muteClip> },
        { "automate",
          "Automate",
          "Writes an automation lane in place of the one there was.",
          { parameterArgument,
            { "points", Type::points, "\"0:-inf, 4.0:-6:curve=smooth\"" },
            { "enabled", Type::flag, "on or off; without it on", true } },
          run<automate> },
        { "remove-automation",
          "Remove automation",
          "Removes an automation lane.",
          { parameterArgument },
          run<removeAutomation> },
        { "add-marker",
          "Add marker",
          "Adds a marker.",
          { { "at", Type::position, "where" },
            nameArgument,
            { "section", Type::flag, "starts a section", true },
            songArgument },
          run<addMarker> },
        { "remove-marker",
          "Remove marker",
          "Removes a marker.",
          { { "marker", Type::address, "marker:ID" } },
          run<removeMarker> },
        { "move-marker",
          "Move marker",
          "Moves a marker.",
          { { "marker", Type::address, "marker:ID" }, { "at", Type::position, "where" } },
          run<moveMarker> },
        { "set-tempo",
          "Change tempo",
          "Sets the tempo, or tempo changes by beat.",
          { { "tempo", Type::text, "\"120\", \"0:120, 64:90\", or \"0:120:ramp, 64:90\" for a ramp" },
            songArgument },
          run<setTempo> },
        { "set-metre",
          "Change metre",
          "Sets the metre, or metre changes by beat.",
          { { "metre", Type::text, "\"4/4\" or \"0:4/4, 64:3/4\"" }, songArgument },
          run<setMetre> },
        { "set-loop",
          "Set loop",
          "Sets the loop and switches it.",
          { { "from", Type::position, "its start", true },
            { "to", Type::position, "its end", true },
            { "on", Type::flag, "on or off; without it on", true },
            songArgument },
          run<setLoop> },
        { "set-end",
          "Set song end",
          "Sets where the song ends.",
          { { "at", Type::position, "where, or auto" }, songArgument },
          run<setEnd> },
        { "set-artist",
          "Set artist",
          "Sets a song's artist.",
          { textArgument, songArgument },
          run<setArtist> },
        { "set-writer",
          "Set writer",
          "Sets a song's writer.",
          { textArgument, songArgument },
          run<setWriter> },
        { "set-isrc", "Set ISRC", "Sets a song's ISRC.", { textArgument, songArgument }, run<setIsrc> },
        { "add-song",
          "Add song",
          "Adds an empty song.",
          { nameArgument, { "kind", Type::text, "mix or stereo; without it mix", true } },
          run<addSong> },
        { "remove-song",
          "Remove song",
          "Removes a song.",
          { { "song", Type::text, "the song's name" } },
          run<removeSong> },
        { "set-album-title",
          "Set album title",
          "Sets the album's title.",
          { textArgument },
          run<setAlbumTitle> },
        { "set-album-artist",
          "Set album artist",
          "Sets the album's artist.",
          { textArgument },
          run<setAlbumArtist> },
        { "set-ean", "Set EAN", "Sets the album's EAN.", { textArgument }, run<setEan> },
        { "set-order",
          "Change album order",
          "Sets the order of the songs on the album.",
          { { "songs", Type::text, "names with commas between; songs not named follow" } },
          run<setOrder> },
        { "set-gap",
          "Set gap",
          "Sets the silence before a song on the album.",
          { { "seconds", Type::number, "0 to 3600" }, songArgument },
          run<setGap> },
        { "add-media",
          "Add audio file",
          "Makes an audio file known to the project.",
          { { "path", Type::text, "relative to the project folder" },
            { "frames", Type::whole, "its length" },
            { "channels", Type::whole, "without it 2", true },
            { "original", Type::text, "where it came from", true },
            { "referenced", Type::flag, "lies outside the project", true },
            { "rate", Type::number, "its original rate", true },
            { "hash", Type::text, "of its content", true } },
          run<addMedia> },
        { "remove-media",
          "Remove audio file",
          "Forgets an audio file that nothing uses.",
          { { "media", Type::address, "media:ID" } },
          run<removeMedia> },
    };
}

} // namespace

const std::vector<EditType>& edits()
{
    static const std::vector<EditType> all = []
    {
        auto list = ownEdits();
        for (auto& more : { automationEdits(), clipEdits(), mediaEdits(), insertEdits(), maskingEdits(),
                            noteEdits(), sceneEdits(), versionEdits(), templateEdits() })
            list.insert (list.end(), more.begin(), more.end());
        return list;
    }();
    return all;
}

const EditType* editCalled (std::string_view id)
{
    for (const auto& e : edits())
        if (e.id == id)
            return &e;
    return nullptr;
}

namespace
{

Problem noEdit (std::string_view id)
{
    return { "There is no edit \"" + nameToShow (id) + "\".", {}, "lacquer edit --list shows them all." };
}

} // namespace

Edit applied (const Project& p, std::string_view id, const Arguments& arguments, const Catalogue& catalogue)
{
    const auto* edit = editCalled (id);
    if (edit == nullptr)
        return noEdit (id);
    for (const auto& a : edit->arguments)
        if (! a.optional && ! arguments.contains (std::string (a.name)))
            return Problem { "The edit " + std::string (id) + " needs " + std::string (a.name) + ": " +
                             std::string (a.help) + "." };
    for (const auto& [name, value] : arguments)
        if (std::none_of (edit->arguments.begin(), edit->arguments.end(),
                          [&, &n = name] (const Argument& a) { return a.name == n; }))
            return Problem { "The edit " + std::string (id) + " has no argument \"" + nameToShow (name) +
                             "\"." };
    return edit->apply (p, arguments, catalogue);
}

Result<Arguments> argumentsFrom (const EditType& edit, const std::vector<std::string>& words)
{
    Arguments result;
    const auto put = [&] (std::string_view name, std::string value)
    { return result.emplace (std::string (name), std::move (value)).second; };
    for (const auto& word : words)
    {
        const auto equals = word.find ('=');
        const auto head = std::string_view (word).substr (0, equals);
        const auto named = std::find_if (edit.arguments.begin(), edit.arguments.end(),
                                         [&] (const Argument& a) { return a.name == head; });
        if (equals != std::string::npos && named != edit.arguments.end())
        {
            if (! put (named->name, word.substr (equals + 1)))
                return Problem { "The argument " + std::string (named->name) + " is given twice." };
            continue;
        }
        const auto next =
            std::find_if (edit.arguments.begin(), edit.arguments.end(),
                          [&] (const Argument& a) { return ! result.contains (std::string (a.name)); });
        if (next == edit.arguments.end())
            return Problem { "The edit " + std::string (edit.id) + " has no use for \"" + nameToShow (word) +
                             "\"." };
        put (next->name, word);
    }
    return result;
}

Result<std::vector<Call>> script (std::string_view text)
{
    const auto document =
        json::Document::parsed (text, { .bytes = 64u << 20, .depth = 8, .values = 2'000'000 });
    if (! document)
        return document.problem();
    using Kind = json::Node::Kind;
    const auto& root = document->root();
    if (root.kind != Kind::array)
        return Problem { "A script is a list of edits: [{\"op\": \"add-track\", \"name\": \"Bass\"}]." };
    std::vector<Call> calls;
    for (const auto& n : root.array())
    {
        const auto where = "Edit " + std::to_string (calls.size() + 1) + " of the script";
        if (n.kind != Kind::object)
            return Problem { where + " is not an object." };
        Call call;
        for (const auto& m : n.object())
        {
            std::string value;
            switch (m.value.kind)
            {
                case Kind::text: value = m.value.text(); break;
                case Kind::yes: value = "on"; break;
                case Kind::no: value = "off"; break;
                case Kind::integer:
                case Kind::natural:
                case Kind::real: json::write (value, m.value, 0); break;
                default:
                    return Problem { where + " has a value that is neither text, number nor true or false." };
            }
            if (m.key == "op")
                call.op = std::move (value);
            else
                call.arguments.emplace (m.key, std::move (value));
        }
        if (call.op.empty())
            return Problem { where + " has no \"op\"." };
        if (editCalled (call.op) == nullptr)
            return noEdit (call.op);
        calls.push_back (std::move (call));
    }
    return calls;
}

Result<Frames> positionFrom (const Project& p, const Song& song, std::string_view text)
{
    const auto bad = [&]
    {
        return Problem { "\"" + nameToShow (text) + "\" is not a position.",
                         {},
                         "Write seconds (12.5), milliseconds (250ms), minutes (1:02.5), frames (48000f) or "
                         "bar|beat (17|3)." };
    };
    const auto t = trimmed (text);
    double frames = 0;
    if (t.ends_with ('f'))
    {
        const auto whole = numberIn<Frames> (t.substr (0, t.size() - 1));
        if (! whole || *whole < 0 || *whole > limit::position)
            return bad();
        return *whole;
    }
    if (const auto bar = t.find ('|'); bar != std::string_view::npos)
    {
        const auto number = numberIn<int> (t.substr (0, bar));
        const auto beat = numberIn<double> (t.substr (bar + 1));
        if (! number || ! beat || *number < 1 || *number > 1'000'000 || *beat < 1 || *beat > 1000)
            return bad();
        const TempoMap map (p.sampleRate, song.tempi, song.metres);
        const double start = map.beatAt (static_cast<Frames> (std::llround (map.frameOfBar (*number))));
        // The beats of a metre are its denominator's; the tempo map counts quarters.
        frames = map.frameAt (start + (*beat - 1) * 4.0 / map.metreAt (start).denominator);
    }
    else
    {
        double seconds = 0;
        const double unit = t.ends_with ("ms") ? 1e-3 : 1;
        auto rest = t.ends_with ("ms")  ? t.substr (0, t.size() - 2)
                    : t.ends_with ('s') ? t.substr (0, t.size() - 1)
                                        : t;
        const auto parts = cut (rest, ':');
        if (parts.size() > 3)
            return bad();
        for (std::size_t n = 0; n < parts.size(); ++n)
        {
            const auto v = numberIn<double> (parts[n]);
            // 1:75 and 1.5:00 are slips of the pen.
            if (! v || *v < 0 || (n > 0 && *v >= 60) || (n + 1 < parts.size() && *v != std::floor (*v)))
                return bad();
            seconds = seconds * 60 + *v;
        }
        frames = seconds * unit * p.sampleRate;
    }
    if (! (frames >= 0 && frames <= static_cast<double> (limit::position)))
        return bad();
    return static_cast<Frames> (std::llround (frames));
}

namespace
{

/// "62.5:-6". The colon between the two may be one of several (1:02.5, 4:1): what has two meanings is
/// refused.
Result<std::pair<Frames, double>> positionAndValue (const Project& p, const Song& song, const Param* param,
                                                    std::string_view text)
{
    const auto valueFrom = [param] (std::string_view t) -> Result<double>
    {
        if (param != nullptr)
            return valueOf (*param, t);
        if (t == "-inf")
            return silenceDb;
        if (const auto v = numberIn<double> (t))
            return *v;
        return badArgument ("a point", t, "a value");
    };
    std::optional<std::pair<Frames, double>> found;
    std::string meaning;
    std::optional<Problem> problem;
    for (auto colon = text.rfind (':'); colon != std::string_view::npos;
         colon = colon > 0 ? text.rfind (':', colon - 1) : std::string_view::npos)
    {
        const auto where = trimmed (text.substr (0, colon));
        const auto value = valueFrom (trimmed (text.substr (colon + 1)));
        const auto position = value ? positionFrom (p, song, where) : Result<Frames> (value.problem());
        if (! position)
        {
            if (! problem)
                problem = position.problem();
            continue;
        }
        const auto means =
            (param != nullptr ? textOf (*param, *value) : std::string (trimmed (text.substr (colon + 1)))) +
            " at " + std::string (where);
        if (found)
            return Problem { "\"" + nameToShow (text) + "\" may be " + means + " or " + meaning + ".",
                             {},
                             "Write the position with an s (0s:4:1, 1:02s:4:1) or the value as one number." };
        found.emplace (*position, *value);
        meaning = means;
    }
    if (found)
        return *found;
    return problem ? *problem
                   : Problem { "\"" + nameToShow (text) + "\" is not a point.",
                               {},
                               "Write position:value, for example 4.0:-6dB:curve=smooth." };
}

} // namespace

Result<std::vector<AutomationPoint>> pointsFrom (const Project& p, const Song& song, const Param* param,
                                                 std::string_view text)
{
    std::vector<AutomationPoint> points;
    if (trimmed (text).empty())
        return points;
    for (const auto word : cut (text, ','))
    {
        AutomationPoint point;
        if (param != nullptr && param->isChoice())
            point.curve = Curve::hold; // there is nothing between two entries
        auto rest = word;
        // Options from the right; what is left is position and value.
        for (auto colon = rest.rfind (':'); colon != std::string_view::npos; colon = rest.rfind (':'))
        {
            const auto last = trimmed (rest.substr (colon + 1));
            const auto equals = last.find ('=');
            if (equals == std::string_view::npos)
                break;
            rest = rest.substr (0, colon);
            const auto key = last.substr (0, equals), what = last.substr (equals + 1);
            if (key == "curve")
            {
                const auto curve = what == "s" ? std::optional (Curve::smooth) : fromWord<Curve> (what);
                if (! curve)
                    return badArgument ("curve", what, wordList<Curve>());
                point.curve = *curve;
            }
            else if (const auto tension = numberIn<double> (what);
                     key == "tension" && tension && std::abs (*tension) <= 1)
                point.tension = *tension;
            else
                return badArgument ("a point", last, "curve=... or tension=-1 to 1");
        }
        const auto place = positionAndValue (p, song, param, rest);
        if (! place)
            return place.problem();
        std::tie (point.position, point.value) = *place;
        points.push_back (point);
    }
    return points;
}

} // namespace lacquer::session

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"
#include "session/Catalogue.h"
#include "session/Project.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lacquer::session
{

/// What an edit gives: the new project, what to call the step in "Undo ...", and the id of what was made.
struct Edited
{
    Project project;
    std::string label;
    Id made {};
    std::vector<std::string> notes {}; ///< sentences on what the edit could not do or did besides
};
using Edit = Result<Edited>;

/// All edits are pure: they take a valid project and return another valid one that shares what did not
/// change, or a Problem and nothing. New ids come from Project::nextId, so the same edits give the same
/// project. [any thread]

/// A project with one song: a mix bus named "Mix", an empty master.
Project newProject (std::string name, double sampleRate, SongKind = SongKind::mix);

Edit addedSong (const Project&, SongKind, std::string name);
Edit removedSong (const Project&, Id song); ///< not the last one

Edit addedTrack (const Project&, Id song, std::string name, int channels = 2, std::string colour = {});
Edit addedGroup (const Project&, Id song, std::string name, std::string colour = {});
Edit addedReturn (const Project&, Id song, std::string name, std::string colour = {});
/// A track, group or return. What went to a removed group goes where the group went; sends to a removed
/// return become unused slots.
Edit removedStrip (const Project&, Id strip);
Edit renamed (const Project&, Id stripSongClipMarkerOrEditGroup,
              std::string name); ///< none: the project itself
Edit recoloured (const Project&, Id stripOrMarker, std::string colour);
/// To an index (from 0) within its list: a track, group or return in its song, a song in the project.
Edit reordered (const Project&, Id stripOrSong, std::size_t index);

/// target: a strip (console parameter) or an effect.
Edit withValue (const Project&, Id target, const std::string& parameter, Value);
/// Back to the parameter's initial value.
Edit withoutValue (const Project&, Id target, const std::string& parameter);
/// To a group or the mix bus of the same song. A circle is refused and named.
Edit withOutput (const Project&, Id strip, Id output);
/// slot 0 to 7; a return of the same song, or none to free the slot.
Edit withSend (const Project&, Id strip, int slot, Id to);

/// owner: a strip or master. index: where, from 0; negative: at the end.
Edit addedEffect (const Project&, Id owner, std::string type, int index = -1, bool postConsole = false);
Edit removedEffect (const Project&, Id effect);
Edit movedEffect (const Project&, Id effect, std::size_t index);
Edit switchedEffect (const Project&, Id effect, bool on);
/// The recording an effect works with, as the impulse of a room; none takes it away.
Edit withRecording (const Project&, Id effect, Id media);
Edit withTarget (const Project&, Id song, std::string target);

/// The clip's own id is ignored; an empty name becomes the name of its audio file.
Edit addedClip (const Project&, Id track, Clip);
// The edits of one clip below take the clips with the same start and end on the tracks of its edit groups
// with them; gains change by as many dB. More, and of several clips at once: session/ClipEdits.h.
Edit removedClip (const Project&, Id clip);
/// To a position, and to another track of the same song when one is given.
Edit movedClip (const Project&, Id clip, Frames start, Id track = {});
/// New ends on the timeline; the sound stays where it was. Start cannot reach before the media's first frame.
Edit trimmedClip (const Project&, Id clip, Frames start, Frames end);
/// Into two at a position inside it; `made` is the right one.
Edit splitClip (const Project&, Id clip, Frames at);
Edit withClipGain (const Project&, Id clip, double decibels);
Edit withFades (const Project&, Id clip, Frames in, Frames out, Fade inShape, Fade outShape);
Edit mutedClip (const Project&, Id clip, bool muted);

/// Replaces the lane of the same target and parameter. Points are sorted; of equal positions the last counts.
/// What no lane can drive is refused (session/Parameters.h).
Edit withLane (const Project&, Lane);
Edit withoutLane (const Project&, Id target, const std::string& parameter);

Edit addedMarker (const Project&, Id song, Frames position, std::string name, bool section = false);
Edit removedMarker (const Project&, Id marker);
Edit movedMarker (const Project&, Id marker, Frames position);
/// 0: no range of its own.
Edit withMarkerRange (const Project&, Id marker, Frames length);
Edit withSection (const Project&, Id marker, bool section);
Edit withTempo (const Project&, Id song, std::vector<TempoMap::Tempo>, std::vector<TempoMap::Metre>);
Edit withLoop (const Project&, Id song, Frames start, Frames end, bool looping);
Edit withEnd (const Project&, Id song, Frames end);
enum class SongText
{
    artist,
    writer,
    isrc ///< with or without dashes; ISO 3901 form is checked
};
Edit withText (const Project&, Id song, SongText, std::string);

enum class AlbumText
{
    title,
    artist,
    ean ///< 13 digits; the check digit is checked (GS1 general specifications 7.9)
};
Edit withText (const Project&, AlbumText, std::string);
/// Songs not named follow in their old order.
Edit withOrder (const Project&, std::vector<Id> songs);
Edit withGap (const Project&, Id song, double seconds);

/// The id is ignored.
Edit addedMedia (const Project&, Media);
/// Refused while a clip uses it.
Edit removedMedia (const Project&, Id media);

// ---- the registry: every edit by name, for the command line, scripts and tests

/// One argument of an edit; `type` says how its text is read.
struct Argument
{
    enum class Type
    {
        address, ///< session/Address.h; also "clip:ID", "marker:ID", "media:ID"
        text,
        number,
        whole,
        position, ///< "12.5s", "20ms", "1:02.500", "600000f" (frames), "17|3" (bar | beat)
        flag,     ///< on or off
        points    ///< "0:0:-inf, 4.0:-6:curve=s": position:value[:curve=smooth][:tension=0.5]
    };
    std::string_view name;
    Type type;
    std::string_view help;
    bool optional = false;
};
using Arguments = std::map<std::string, std::string>;

struct EditType
{
    std::string_view id;        ///< "add-track": for ever
    std::string_view undoLabel; ///< "Add track"
    std::string_view help;      ///< one sentence
    std::vector<Argument> arguments;
    Edit (*apply) (const Project&, const Arguments&, const Catalogue&);
};

/// All edits, in the order in which they are listed.
const std::vector<EditType>& edits();
const EditType* editCalled (std::string_view id);

/// Checks names and presence of the arguments, then applies. [any thread]
Edit applied (const Project&, std::string_view id, const Arguments&, const Catalogue& = {});

/// Arguments from the words of a command line: "name=value", or by position for the ones not named.
Result<Arguments> argumentsFrom (const EditType&, const std::vector<std::string>& words);

/// A script: a JSON array of {"op": "add-track", "name": "Bass", ...} (numbers and flags may be plain JSON)
/// as a list of edits. Nothing in the text is trusted.
struct Call
{
    std::string op;
    Arguments arguments;
};
Result<std::vector<Call>> script (std::string_view json);

/// A position's text as frames of a song. See Argument::position.
Result<Frames> positionFrom (const Project&, const Song&, std::string_view text);
/// A lane's points from their text; values are read as the parameter's.
Result<std::vector<AutomationPoint>> pointsFrom (const Project&, const Song&, const Param*,
                                                 std::string_view text);

} // namespace lacquer::session

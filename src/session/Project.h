// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Curve.h"
#include "core/Id.h"
#include "core/TempoMap.h"
#include "core/Units.h"
#include "session/Grid.h"

#include <array>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lacquer::session
{

/// The project as immutable values. Every struct compares by content; an edit returns a new Project that
/// shares what it did not change (shared_ptr<const T>). All positions are frames at Project::sampleRate.

/// JSON members that this version does not know, kept verbatim (canonical text of an object, or empty).
using Extras = std::string;

/// A parameter's value in natural units, or the text of a choice.
using Value = std::variant<double, std::string>;
/// By parameter id ("eq.band3.gain"); a parameter that is absent has its initial value.
using Values = std::map<std::string, Value>;

using lacquer::Curve;

struct AutomationPoint
{
    Frames position = 0;
    double value = 0;
    Curve curve = Curve::linear;
    double tension = 0;
    bool operator== (const AutomationPoint&) const = default;
};

/// What riding a parameter does to its lane while the song plays. A lane that is not `enabled` is off: it is
/// neither heard nor written.
enum class LaneMode
{
    read,  ///< nothing
    touch, ///< writes from the first touch until it is let go
    latch, ///< writes from the first touch until the song stops
    write, ///< writes from the start until the song stops, touched or not
    trim   ///< as touch, but what is ridden is added to what was there
};

/// The automation of one parameter. target: the strip's own id, or the id of an effect on it.
struct Lane
{
    Id target;
    std::string parameter;
    std::vector<AutomationPoint> points; ///< sorted, positions distinct
    bool enabled = true;
    Extras extras;
    LaneMode mode = LaneMode::read;
    bool operator== (const Lane&) const = default;
};

/// An effect as an insert or a mastering module. `type` may be unknown to this version; then it is kept and
/// passes sound through.
struct Effect
{
    Id id;
    std::string type; ///< catalogue id: "reverb"
    bool on = true;
    bool postConsole = false; ///< strips: after the console part, before the fader
    Id media;                 ///< the recording it works with, as the impulse of a room; mostly none
    Id sidechain; ///< the strip whose sound before its fader is the key; none: nothing is connected
    Values values;
    Extras extras;
    bool operator== (const Effect&) const = default;
};
using EffectPtr = std::shared_ptr<const Effect>;

enum class StripKind
{
    track,
    group,
    effectReturn,
    mix
};

/// What tracks, groups, returns and the mix bus have in common: one channel strip.
struct Strip
{
    static constexpr int sendSlots = 8;
    static constexpr std::size_t insertSlots = 12; ///< as many can be added; files may hold more

    Id id;
    StripKind kind = StripKind::track;
    std::string name;
    std::string colour;    ///< pigment name of the design tokens: "asagi"
    int channels = 2;      ///< of the input: 1 or 2 (buses: 2)
    bool dualMono = false; ///< tracks of 2 channels: each is processed by itself, nothing is linked
    bool soloSafe = false; ///< heard whatever is soloed; returns and the mix bus always are
    bool disabled = false; ///< takes no part in the song and costs nothing
    Values values;         ///< console parameters: mix/StripParams
    std::vector<EffectPtr> inserts;
    std::array<Id, sendSlots>
        sends {}; ///< returns; none = unused slot. Level and switch are parameters send1.level ...
    Id output;    ///< a group, or the mix bus; none on the mix bus itself
    std::vector<Lane> lanes;
    Extras extras;
    std::string label;             ///< a second, short name: what the scribble strip says
    std::string notes;             ///< may have several lines
    std::vector<std::string> tags; ///< in the order they were given, each once, without commas
    bool operator== (const Strip&) const = default;
};

enum class Fade
{
    linear,
    equalPower,
    sCurve,
    exponential
};

/// A point of a clip's gain envelope. Between points the gain is straight in dB; before the first and after
/// the last it stays.
struct GainPoint
{
    Frames position = 0; ///< from the start of the clip; outside it after trimming
    double gain = 0;     ///< dB
    bool operator== (const GainPoint&) const = default;
};

/// A piece of a media file on a track.
struct Clip
{
    Id id;
    Id media;
    std::string name;
    Frames start = 0;  ///< on the song's timeline
    Frames offset = 0; ///< into the media
    Frames length = 0; ///< > 0
    double gain = 0;   ///< dB
    Frames fadeIn = 0, fadeOut = 0;
    Fade fadeInShape = Fade::equalPower, fadeOutShape = Fade::equalPower;
    bool muted = false;
    bool reversed = false;           ///< plays the same piece of the file from its end to its beginning
    std::vector<GainPoint> envelope; ///< sorted, positions distinct; on top of `gain`
    Extras extras;
    bool operator== (const Clip&) const = default;
};
using ClipPtr = std::shared_ptr<const Clip>;

/// What a track is for in the mix: who may hide whom.
enum class Priority
{
    guessed, ///< from its name
    lead,
    support,
    background
};

struct Track
{
    Strip strip;
    std::vector<ClipPtr> clips;
    Frames delay = 0; ///< its sound comes so much later; negative: earlier
    /// Audio file that is played in place of clips, inserts and console part.
    Id frozen;
    Frames frozenLead = 0; ///< frames of it before the song's start: as late as all that was frozen
    Priority priority = Priority::guessed;
    Extras extras;
    bool operator== (const Track&) const = default;
};
using TrackPtr = std::shared_ptr<const Track>;
using StripPtr = std::shared_ptr<const Strip>;

/// A fader without sound: what it says is added to the faders of its members.
struct Vca
{
    Id id;
    std::string name;
    std::string colour;
    std::vector<Id> members; ///< strips and other VCA faders of the song; one may be in several
    Values values;           ///< fader.level, fader.mute and fader.solo, as a strip's
    std::vector<Lane> lanes;
    Extras extras;
    bool operator== (const Vca&) const = default;

    static constexpr std::array<std::string_view, 3> parameters { "fader.level", "fader.mute", "fader.solo" };
};
using VcaPtr = std::shared_ptr<const Vca>;

/// Strips that are muted together by one switch, whatever their own mutes say.
struct MuteGroup
{
    Id id;
    std::string name;
    std::vector<Id> members; ///< strips; one may be in several
    bool on = false;
    Extras extras;
    bool operator== (const MuteGroup&) const = default;
};

/// The mastering chain of a song, in order of processing.
struct Master
{
    Id id;
    std::vector<EffectPtr> modules;
    std::vector<Lane> lanes;
    std::string target; ///< name from the target table, or empty
    Extras extras;
    bool operator== (const Master&) const = default;
};
using MasterPtr = std::shared_ptr<const Master>;

enum class ModulatorKind
{
    lfo,
    follower, ///< of a strip's level
    steps,
    random,
    macro ///< one knob for many parameters
};

/// What a modulator adds to a parameter.
struct Modulation
{
    Id target; ///< a strip or an effect
    std::string parameter;
    double depth = 0;    ///< in the parameter's unit; in octaves where its travel is logarithmic (Hz, ms)
    bool bipolar = true; ///< to both sides; else to one
    bool operator== (const Modulation&) const = default;
};

/// Something that moves parameters by itself.
struct Modulator
{
    Id id;
    ModulatorKind kind = ModulatorKind::lfo;
    std::string name;
    bool on = true;
    Values values;                   ///< settings: engine/Modulator.h
    Id source;                       ///< follower: the strip whose sound after the fader it follows
    std::vector<Modulation> targets; ///< each parameter once
    std::vector<Lane> lanes;         ///< of its own settings; a macro's value is followed
    Extras extras;
    bool operator== (const Modulator&) const = default;
};
using ModulatorPtr = std::shared_ptr<const Modulator>;

struct Marker
{
    Id id;
    Frames position = 0;
    std::string name;
    std::string colour;   ///< pigment name, or empty
    Frames length = 0;    ///< of the range it names; 0: a point, and of a section: until the next section
    bool section = false; ///< starts a named section
    Extras extras;
    bool operator== (const Marker&) const = default;
};

/// Tracks that are edited together: an edit of a clip on one takes the clips with the same start and end on
/// the others.
struct EditGroup
{
    Id id;
    std::string name;
    std::vector<Id> tracks; ///< of the same song
    bool on = true;
    Extras extras;
    bool operator== (const EditGroup&) const = default;
};

struct Scene; ///< a stored mixer: session/Scene.h
using ScenePtr = std::shared_ptr<const Scene>;

/// What happens to the fades of clips that come to overlap.
enum class Crossfades
{
    off,        ///< the overlap sums
    linear,     ///< for pieces of one sound: gains add to 1
    equalPower, ///< for sounds that have nothing in common: powers add to 1
};

/// A track that may be hidden by another: nothing is said of it.
struct MaskedPair
{
    Id lead, masker;
    bool operator== (const MaskedPair&) const = default;
};

enum class SongKind
{
    mix,
    stereo ///< a finished stereo file to master: one track, no groups or returns
};

struct Song
{
    Id id;
    SongKind kind = SongKind::mix;
    std::string name;
    std::string artist, writer, isrc; ///< isrc: 12 characters without dashes, or empty
    std::vector<TrackPtr> tracks;
    std::vector<StripPtr> groups;
    std::vector<StripPtr> returns;
    std::vector<VcaPtr> vcas;
    std::vector<MuteGroup> muteGroups;
    StripPtr mix;
    MasterPtr master;
    std::vector<TempoMap::Tempo> tempi;
    std::vector<TempoMap::Metre> metres;
    std::vector<Marker> markers; ///< sorted by position
    std::vector<ModulatorPtr> modulators;
    std::vector<EditGroup> editGroups;
    Crossfades crossfades = Crossfades::off;
    Grid grid;          ///< what positions snap to
    bool snaps = false; ///< whether they do
    Frames loopStart = 0, loopEnd = 0;
    bool looping = false;
    Frames end = 0; ///< where the song ends; 0: after the last clip, with the tail of the effects
    bool automationFollows = false;         ///< automation goes along when clips are moved in time
    std::vector<MaskedPair> maskingIgnored; ///< each pair once
    std::string notes;                      ///< may have several lines
    std::vector<ScenePtr> scenes;
    Extras extras;
    bool operator== (const Song&) const = default;
};
using SongPtr = std::shared_ptr<const Song>;

/// An audio file in the project's Audio folder, or referenced where it lies.
struct Media
{
    Id id;
    std::string path; ///< relative to the project folder: plain PCM at the project's rate, ready to stream
    std::string original; ///< absolute path or name of the file it came from; for search and for the user
    bool referenced = false;
    int channels = 2;
    Frames frames = 0;
    double originalRate = 0;
    std::string hash; ///< of the file's content
    Extras extras;
    bool operator== (const Media&) const = default;
};

struct Album
{
    std::string title, artist, ean; ///< ean: 13 digits or empty
    std::vector<Id> order;          ///< songs in order of play
    std::map<Id, double> gaps;      ///< seconds before a song; absent: 2
    Extras extras;
    bool operator== (const Album&) const = default;
};

struct Project
{
    Id id;
    std::string name;
    double sampleRate = 48000;
    std::vector<Media> media;
    std::vector<SongPtr> songs; ///< at least one
    Album album;
    std::uint64_t nextId = 1; ///< ids are handed out in order and never reused
    Extras extras;
};
using ProjectPtr = std::shared_ptr<const Project>;

/// Equal in every value, whether or not anything is shared.
bool operator== (const Project&, const Project&);

} // namespace lacquer::session

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Id.h"
#include "core/Param.h"
#include "core/Result.h"
#include "core/TempoMap.h"
#include "core/Units.h"
#include "session/Edits.h"
#include "session/Project.h"
#include "studio/Exporting.h"
#include "studio/Founding.h"
#include "studio/Importing.h"
#include "studio/MaskingWork.h"
#include "studio/MonitorState.h"
#include "studio/Tidying.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lacquer::ui
{

inline constexpr double undefinedLevel = -std::numeric_limits<double>::infinity();

/// The parameters of a strip that the mixer shows, by id. A strip whose table lacks one goes without it.
namespace stripIds
{
inline constexpr std::string_view fader = "fader.level", mute = "fader.mute", solo = "fader.solo",
                                  pan = "pan.position";
} // namespace stripIds

/// An insert or a send as a strip's slot shows it.
struct Slot
{
    std::string name;
    bool on = true;
    double level = 0;  ///< sends: dB
    Id effect {};      ///< inserts
    bool late = false; ///< inserts: after the console part
    int number = 0;    ///< sends: of the slot, from 0
    bool operator== (const Slot&) const = default;
};

/// One strip of the mixer, in the order of the page.
struct StripInfo
{
    Id id;
    session::StripKind kind = session::StripKind::track;
    std::string name;
    std::string colour; ///< pigment name of the design tokens: "asagi"
    int channels = 2;   ///< of its meter
    std::string output; ///< name of where it goes
    std::vector<Slot> inserts, sends;
    bool vca = false; ///< a VCA fader: no sound of its own, its members follow it
    bool operator== (const StripInfo&) const = default;
};

using studio::ExportFormat;
using studio::ExportItem;
using studio::ExportStatus;
using studio::Gesture;
using studio::MaskingReport;
using studio::MonitorState;
using studio::Notice;

/// One module of the mastering chain, in order of processing.
struct ModuleInfo
{
    Id id;
    std::string name;
    bool on = true;
    bool reduces = false; ///< it has a gain-reduction meter
};

/// What a meter is told: everything since it was last asked.
struct Levels
{
    std::array<float, 2> peak {};   ///< largest |sample| since the last take, linear
    std::array<float, 2> energy {}; ///< mean square over 300 ms, linear
};

/// A loudness measurement since it was restarted. undefinedLevel where there is no figure yet.
struct Loudness
{
    double momentary = undefinedLevel, shortTerm = undefinedLevel, integrated = undefinedLevel; ///< LUFS
    double range = undefinedLevel;                                                              ///< LU
    double truePeak = undefinedLevel; ///< dBTP, the highest
};

struct SongInfo
{
    Id id;
    std::string title, artist, isrc;
    Frames length = 0;
    double gap = 2; ///< seconds before it on the album
};

/// A stretch of sound for one column of pixels, linear.
struct Column
{
    float low = 0, high = 0, rms = 0;
};

struct DeviceSetup
{
    std::string type, name; ///< "ALSA", "JACK"; empty: none
    double rate = 0;
    int block = 0;
    int pair = 0; ///< of outputs, from 0
};

struct DeviceStatus
{
    bool open = false;
    bool lost = false;   ///< it was open and stopped answering
    std::string text;    ///< "Built-in Output, 48 kHz, 256 samples (5.3 ms)", or what went wrong
    double load = 0;     ///< share of the buffer's time that is used, 0 to 1
    double peakLoad = 0; ///< the worst of the last seconds
    int dropouts = 0;
    int pairs = 1; ///< of outputs that the device has
};

/// Everything the window knows of the program. The window asks on its frame timer and after its own edits; it
/// never waits for disk or audio, so every function returns at once. [message thread] throughout.
class Model
{
public:
    virtual ~Model() = default;

    /// Goes up when strips, modules, songs or names change: the window builds itself anew.
    virtual std::uint64_t structure() const = 0;
    /// Goes up with every edit: the window reads values again.
    virtual std::uint64_t revision() const = 0;

    // The project
    virtual std::string projectName() const = 0;
    virtual std::string artist() const = 0;
    virtual bool unsaved() const = 0;
    virtual Outcome save() = 0;
    /// The edits since the last save are not to come back when the project that is open is left. open() that
    /// fails takes it back.
    virtual void forgetEdits() = 0;
    virtual Outcome open (const std::string& path) = 0;

    /// All of it, immutable; the pages show the first song.
    virtual const session::Project& project() const = 0;
    const session::Song& song() const { return *project().songs.front(); }
    /// Takes what an edit function gave (session/Edits.h) as a step of history. A refusal becomes a notice
    /// and changes nothing.
    virtual bool edit (session::Edit, Gesture) = 0;
    /// An edit of the registry for each of some clips, as one step: those that need to hear the audio first
    /// ("normalise-clip", "strip-silence") do so beside everything else.
    virtual void editClips (const std::string& /*edit*/, const std::vector<Id>&, const session::Arguments&,
                            const std::string& /*label*/)
    {
    }
    /// Imports sound files and the sound files of folders, beside everything else: onto a track, or with no
    /// track each on a new one. What went wrong becomes notices.
    virtual void importFiles (const std::vector<std::string>& paths, Id track, Frames at) = 0;

    // The song
    virtual double sampleRate() const = 0;
    virtual const TempoMap& tempo() const = 0;
    virtual void setTempo (double bpm, Gesture) = 0; ///< at the song's start
    virtual Frames length() const = 0;
    virtual std::vector<session::Marker> markers() const = 0;

    // Strips and modules, and their values by parameter id
    virtual std::vector<StripInfo> strips() const = 0;
    virtual std::vector<ModuleInfo> masterModules() const = 0;
    virtual std::span<const Param> params (Id stripOrModule) const = 0;
    virtual double value (Id stripOrModule, std::string_view param) const = 0;
    virtual void set (Id stripOrModule, std::string_view param, double value, Gesture) = 0;
    virtual bool automated (Id stripOrModule, std::string_view param) const = 0;
    /// True when automation or a modulator moves anything of it whose id begins so.
    virtual bool anyAutomated (Id owner, std::string_view prefix) const
    {
        const auto table = params (owner);
        return std::any_of (table.begin(), table.end(),
                            [&] (const Param& p)
                            { return p.id.starts_with (prefix) && automated (owner, p.id); });
    }
    /// A parameter as it is heard now: its value with what modulators add.
    virtual double sounding (Id owner, std::string_view param) const { return value (owner, param); }
    /// Between which values its lane or its modulators move a parameter; nothing when neither does.
    virtual std::optional<std::pair<double, double>> movesBetween (Id, std::string_view) const { return {}; }
    /// A hand takes hold of a control, or lets it go. While the song plays, what set() does between is
    /// written into the parameter's lane as its mode says; when the song stops, all of it is one step.
    virtual void touch (Id, std::string_view) {}
    virtual void letGo (Id, std::string_view) {}
    /// The project as it is heard: what was ridden since the song began to play is in its lanes.
    virtual const session::Project& heard() const { return project(); }
    /// What is being written into a parameter's lane right now, positions of the song.
    virtual std::vector<session::AutomationPoint> writing (Id, std::string_view) const { return {}; }
    virtual void setModuleOn (Id module, bool on) = 0;
    /// Silent though its own mute is off: something else is soloed, or a mute group or VCA fader mutes it.
    virtual bool mutedBySolo (Id strip) const = 0;
    /// Renders a track into a file that plays in place of its clips and effects, beside everything else; what
    /// went wrong becomes a notice.
    virtual void freeze (Id track) = 0;
    /// The outline of a stretch of a media file, divided evenly over the columns; false, and nothing written,
    /// while it is still being made.
    virtual bool outline (Id media, Frames begin, Frames end, std::span<Column>) const = 0;
    /// Goes up when there are more outlines than before.
    virtual std::uint64_t outlines() const = 0;

    // Transport
    virtual bool playing() const = 0;
    virtual void play() = 0;
    virtual void stop() = 0;
    virtual Frames position() const = 0;
    /// Clicks on the beats, and so many bars of them before the song begins. Neither is ever exported.
    virtual bool metronome() const { return false; }
    virtual int countIn() const { return 0; }
    virtual void setMetronome (bool, int /*countInBars*/) {}
    virtual void locate (Frames) = 0;
    virtual bool looping() const = 0;
    virtual Frames loopStart() const = 0;
    virtual Frames loopEnd() const = 0;
    virtual void setLooping (bool) = 0;
    virtual void setLoop (Frames begin, Frames end, Gesture) = 0;

    // The monitor section
    virtual MonitorState monitor() const = 0;
    /// A Problem when the reference cannot be used; the rest is taken.
    virtual Outcome setMonitor (const MonitorState&) = 0;

    // Meters
    virtual Levels take (Id strip) = 0;
    virtual double reduction (Id stripOrModule) = 0; ///< dB, 0 or more, now
    /// From now on heard() tells of this strip.
    virtual void watch (Id strip) = 0;
    /// The newest sound of the watched strip, as it comes in or as it leaves after the fader, oldest frame
    /// first. Returns how many frames there were since the program started; both spans are of equal length,
    /// at most 16384.
    virtual std::uint64_t heard (bool output, std::span<float> left, std::span<float> right) const = 0;
    /// Lets a stretch of the spectrum of strips be heard alone, in place of the song; without strips the song
    /// again. Hz; 0: no border. Never in an export.
    virtual void listenToBand (const std::vector<Id>& strips, double low, double high) = 0;
    virtual Levels takeMaster() = 0;       ///< after the mastering chain
    virtual Loudness loudness() const = 0; ///< of the master
    virtual void restartMeasure() = 0;

    // Tracks that hide one another
    virtual MaskingReport masking() const = 0;
    /// Looks for it beside everything else; masking() tells how far it is.
    virtual void lookForMasking() = 0;
    virtual void stopMasking() = 0; ///< also a mending
    /// Puts a cut on the masker that works while the lead sounds; one step of history when it is found, and a
    /// notice tells what it gave.
    virtual void mend (const studio::Conflict&) = 0;

    // History; labels are empty when there is nothing to undo or redo
    virtual std::string undoLabel() const = 0;
    virtual std::string redoLabel() const = 0;
    virtual void undo() = 0;
    virtual void redo() = 0;

    // The device
    virtual std::vector<std::string> deviceTypes() const = 0;
    virtual std::vector<std::string> deviceNames (const std::string& type) = 0; ///< asks the system
    virtual DeviceSetup deviceSetup() const = 0;
    virtual Outcome openDevice (const DeviceSetup&) = 0;
    virtual DeviceStatus deviceStatus() const = 0;

    /// The next message for the user; nothing when there is none. Also delivers what jobs have brought.
    virtual std::optional<Notice> takeNotice() = 0;

    /// The whole project with its audio as one file, and such a file unpacked into a new folder, beside
    /// everything else; a notice tells the end.
    virtual void archive (const std::string& /*file*/) {}
    virtual void restore (const std::string& /*file*/, const std::string& /*folder*/) {}

    /// Long work beside the window.
    studio::Jobs& jobs() { return work; }
    const studio::Jobs& jobs() const { return work; }

    // The album
    virtual session::Album album() const = 0;
    virtual std::vector<SongInfo> songs() const = 0; ///< in order of play
    /// field: "title", "artist", "isrc". A Problem keeps the old text.
    virtual Outcome setSongField (Id song, std::string_view field, const std::string& text) = 0;
    /// field: "title", "artist", "ean".
    virtual Outcome setAlbumField (std::string_view field, const std::string& text) = 0;

    // Export
    virtual std::vector<ExportFormat> exportFormats() const = 0;
    virtual std::string exportFolder() const = 0;
    virtual Outcome startExport (const std::vector<std::string>& formats, const std::string& folder) = 0;
    virtual void stopExport() = 0;
    virtual ExportStatus exportStatus() const = 0;

    /// How the window is to look, kept for the user, not with a project: "meters.mixer" is "k14". Empty:
    /// nobody said.
    virtual std::string viewSetting (const std::string& /*key*/) const { return {}; }
    virtual void keepViewSetting (const std::string& /*key*/, const std::string& /*value*/) {}

    /// Where the project's files are, for what lies beside it: versions, recall sheets.
    virtual std::string folder() const { return {}; }

    // New bounces of stems
    /// What the user is to be asked of files that have the names of audio that tracks play, each once.
    virtual std::optional<studio::Drop> takeImportQuestion() { return {}; }
    virtual void answerImport (const studio::Drop&, studio::Importing::Meant) {}
    /// Newer bounces that lie where stems came from, and taking them up, all as one step.
    virtual std::vector<studio::StemOffer> newerStems() const { return {}; }
    virtual void updateStems (const std::vector<studio::StemOffer>&) {}

    // Projects as a whole
    /// A new mix in a new folder, and the project in a folder of its own, beside everything else; notices
    /// tell the end, and takeNext() what there is to work on then.
    virtual void newMix (const std::string& /*folder*/, const studio::Beginning&) {}
    virtual void saveAs (const std::string& /*folder*/) {}
    virtual std::optional<studio::Next> takeNext() { return {}; }
    /// Works on it from now on: on a copy of the project with all its history.
    virtual Outcome enter (const studio::Next&) { return {}; }

    // The project's audio files
    virtual void collectFiles() {} ///< copies in what lies elsewhere, beside everything else
    /// Looks for what nothing uses: what was found is to be asked about once, then taken away.
    virtual void lookForUnused() {}
    virtual std::optional<studio::Cleaned> takeCleanQuestion() { return {}; }
    virtual void clean (const studio::Cleaned&) {}

private:
    studio::Jobs work;
};

} // namespace lacquer::ui

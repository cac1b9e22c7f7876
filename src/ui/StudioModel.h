// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "files/Import.h"
#include "files/Peaks.h"
#include "io/Device.h"
#include "studio/AutomationRecorder.h"
#include "studio/Player.h"
#include "studio/Studio.h"
#include "ui/Model.h"

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>

namespace lacquer::ui
{

/// The window's Model over a real project: edits go to the Studio, sound comes from its Player through the
/// device. [message thread]
class StudioModel final : public Model
{
public:
    explicit StudioModel (studio::Studio);
    ~StudioModel() override;

    std::uint64_t structure() const override { return structureCount; }
    std::uint64_t revision() const override { return revisionCount; }

    std::string projectName() const override;
    std::string artist() const override;
    bool unsaved() const override { return studio.unsaved(); }
    Outcome save() override;
    Outcome open (const std::string& path) override;
    std::string folder() const override { return studio.folder(); }

    const session::Project& project() const override { return studio.project(); }
    bool edit (session::Edit, Gesture) override;
    void editClips (const std::string& edit, const std::vector<Id>& clips, const session::Arguments&,
                    const std::string& label) override;
    void importFiles (const std::vector<std::string>& paths, Id track, Frames at) override;

    double sampleRate() const override { return studio.project().sampleRate; }
    const TempoMap& tempo() const override { return tempoMap; }
    void setTempo (double bpm, Gesture) override;
    Frames length() const override { return songLength; }
    std::vector<session::Marker> markers() const override { return song().markers; }

    std::vector<StripInfo> strips() const override;
    std::vector<ModuleInfo> masterModules() const override;
    std::span<const Param> params (Id) const override;
    double value (Id, std::string_view param) const override;
    void set (Id, std::string_view param, double value, Gesture) override;
    bool automated (Id, std::string_view param) const override;
    bool anyAutomated (Id, std::string_view prefix) const override;
    double sounding (Id, std::string_view param) const override;
    std::optional<std::pair<double, double>> movesBetween (Id, std::string_view param) const override;
    void touch (Id, std::string_view param) override;
    void letGo (Id, std::string_view param) override;
    const session::Project& heard() const override
    {
        return recorder.isRunning() ? recorder.written() : studio.project();
    }
    std::vector<session::AutomationPoint> writing (Id, std::string_view param) const override;
    void setModuleOn (Id module, bool on) override;
    void freeze (Id track) override;
    bool mutedBySolo (Id strip) const override { return silenced.contains (strip); }
    bool outline (Id media, Frames begin, Frames end, std::span<Column>) const override;
    std::uint64_t outlines() const override { return outlinesMade.load (std::memory_order_relaxed); }

    bool playing() const override { return player->playing(); }
    void play() override;
    void stop() override;
    Frames position() const override { return player->position(); }
    void locate (Frames position) override;
    bool metronome() const override { return player->metronome().isOn(); }
    int countIn() const override { return countInBars; }
    void setMetronome (bool on, int bars) override
    {
        player->metronome().set (on);
        countInBars = bars;
    }
    bool looping() const override { return song().looping; }
    Frames loopStart() const override { return song().loopStart; }
    Frames loopEnd() const override { return song().loopEnd; }
    void setLooping (bool) override;
    void setLoop (Frames begin, Frames end, Gesture) override;

    MonitorState monitor() const override { return monitoring; }
    Outcome setMonitor (const MonitorState&) override;

    Levels take (Id strip) override;
    double reduction (Id module) override { return static_cast<double> (player->rig().reduction (module)); }
    void watch (Id strip) override { player->rig().watch (strip); }
    std::uint64_t heard (bool output, std::span<float> left, std::span<float> right) const override;
    void listenToBand (const std::vector<Id>& strips, double low, double high) override;
    Levels takeMaster() override;
    Loudness loudness() const override;
    void restartMeasure() override { player->rig().masterLoudness().restart(); }

    MaskingReport masking() const override { return maskingWork.report (studio.project().songs.front()); }
    void lookForMasking() override
    {
        maskingWork.look (studio.shared(), studio.project().songs.front(), studio.folder());
    }
    void stopMasking() override { maskingWork.stop(); }
    void mend (const studio::Conflict& c) override
    {
        maskingWork.mend (studio.shared(), studio.project().songs.front(), studio.folder(), c);
    }

    std::string undoLabel() const override { return studio.undoLabel(); }
    std::string redoLabel() const override { return studio.redoLabel(); }
    void undo() override;
    void redo() override;

    std::vector<std::string> deviceTypes() const override { return io::Device::types(); }
    std::vector<std::string> deviceNames (const std::string& type) override { return device->names (type); }
    DeviceSetup deviceSetup() const override;
    Outcome openDevice (const DeviceSetup&) override;
    DeviceStatus deviceStatus() const override;

    std::string viewSetting (const std::string& key) const override;
    void keepViewSetting (const std::string& key, const std::string& value) override;

    std::optional<Notice> takeNotice() override;

    session::Album album() const override { return studio.project().album; }
    std::vector<SongInfo> songs() const override;
    Outcome setSongField (Id song, std::string_view field, const std::string& text) override;
    Outcome setAlbumField (std::string_view field, const std::string& text) override;

    std::vector<ExportFormat> exportFormats() const override;
    std::string exportFolder() const override;
    Outcome startExport (const std::vector<std::string>& formats, const std::string& folder) override;
    void stopExport() override { exportStop.store (true); }
    ExportStatus exportStatus() const override;

private:
    struct Sound;

    /// After any change of the project: the player and the window follow.
    void changed();
    void index (const session::Song&);
    Outcome done (Result<Id>);
    /// What the device and the disk did meanwhile becomes notices.
    void watchSound();
    void tell (Notice::Kind, std::string title, std::string text);
    void finishExport();
    /// Makes the outlines of all audio that has none yet, beside everything else.
    void outline();
    void stopOutlining();
    /// What the import brought, since last asked, becomes tracks and clips.
    void takeImports();
    void stopImporting();
    /// A track that has been rendered meanwhile plays its file.
    void takeFrozen();
    void stopFreezing();
    void takeHeardClips();

    /// A parameter that a hand moves while the song plays.
    struct Hand
    {
        session::LaneMode mode = session::LaneMode::touch;
        bool held = false;  ///< else a wheel, a key or a typed value, which nobody lets go
        double from = 0;    ///< trim: the value when it was touched
        double value = 0;   ///< set last
        Frames landing = 0; ///< where that takes effect, about
        bool waits = false; ///< it has not landed
        std::chrono::steady_clock::time_point last {};
    };
    using Key = std::pair<Id, std::string>;
    /// True when the value goes into the automation that is being written.
    bool ride (Id, const Param&, double value);
    /// Null when nothing is to be written.
    Hand* takeHold (Id, const Param&);
    /// What has landed is written, what was let go is finished; the song has stopped by itself: the end.
    void followRides();
    void endRides();
    /// The player hears what is being ridden.
    void hearRides();
    session::SongPtr songToHear();

    void takeMended();
    /// The device of the last session, else what the system has.
    void openUsualDevice();
    void readView();

    studio::Studio studio;
    std::unique_ptr<studio::Player> player;
    std::unique_ptr<Sound> sound;
    std::unique_ptr<io::Device> device;
    TempoMap tempoMap;
    session::ProjectPtr shown;
    session::SongPtr audible; ///< with what is being ridden: what the next two point into
    struct Owner
    {
        const session::Values* values = nullptr;
        std::span<const Param> table;
        bool on = true; ///< an effect's switch
    };
    std::unordered_map<std::uint64_t, Owner> owners;
    struct Driven
    {
        const session::Lane* lane = nullptr; ///< that plays
        bool modulated = false;
    };
    std::map<Key, Driven> driven;
    decltype (studio::Modulators::Moves::all) modulations;
    studio::AutomationRecorder recorder;
    std::map<Key, Hand> hands;
    std::set<Id> ridden; ///< whose parameters were
    int heardVersion = 0, countInBars = 0;
    Frames heardPosition = -1; ///< when last looked; -1: the song has not begun to play
    Gesture toldAutomation = 0;
    std::pair<Gesture, std::vector<std::string>> toldRemarks;
    std::set<Id> silenced;
    MonitorState monitoring;
    Frames songLength = 0;
    std::uint64_t structureCount = 1, revisionCount = 1;
    std::vector<Notice> notices;
    std::map<std::string, std::string> view; ///< settings of the window
    std::string toldTrouble;
    std::uint64_t toldUnderruns = 0; ///< of the player
    int toldDropouts = 0;            ///< of the device
    std::chrono::steady_clock::time_point mayTellStutter {}, deviceSettles {};

    std::thread outlineThread;
    std::atomic<bool> outlineStop { false };
    std::atomic<std::uint64_t> outlinesMade { 0 };
    mutable std::mutex outlineMutex;                             // guards outlineOf
    std::map<Id, std::shared_ptr<const files::Peaks>> outlineOf; ///< by media

    /// A file that was imported, and where it is to go.
    struct Arrival
    {
        Result<files::Imported> file;
        std::string name, original;
        Id track;
        Frames at;
        Gesture gesture;
    };
    std::thread importThread;
    std::atomic<bool> importStop { false };
    std::mutex importMutex; // guards arrivals
    std::vector<Arrival> arrivals;
    Gesture importGesture = 1;

    /// A track that was rendered, as it was then.
    struct Frozen
    {
        Id track;
        session::TrackPtr as;
        Result<session::Media> file;
    };
    std::thread freezeThread;
    std::atomic<bool> freezeStop { false };
    std::mutex freezeMutex; // guards frozen
    std::vector<Frozen> frozen;
    std::vector<Id> toFreeze; ///< the first is being rendered
    /// Edits of clips whose audio has been heard: their arguments, or why not.
    struct HeardClips
    {
        std::string edit, label;
        std::vector<session::Arguments> arguments;
        std::vector<std::string> problems;
    };
    std::thread hearThread;
    std::mutex hearMutex; // guards heardClips
    std::vector<HeardClips> heardClips;
    MaskingWork maskingWork;

    std::thread exportThread;
    std::atomic<bool> exportStop { false };
    mutable std::mutex exportMutex; // guards exportState
    ExportStatus exportState;
};

} // namespace lacquer::ui

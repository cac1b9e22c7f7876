// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "files/Import.h"
#include "files/Peaks.h"
#include "io/Device.h"
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

    const session::Project& project() const override { return studio.project(); }
    bool edit (session::Edit, Gesture) override;
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
    void setModuleOn (Id module, bool on) override;
    bool mutedBySolo (Id strip) const override { return silenced.contains (strip); }
    bool outline (Id media, Frames begin, Frames end, std::span<Column>) const override;
    std::uint64_t outlines() const override { return outlinesMade.load (std::memory_order_relaxed); }

    bool playing() const override { return player->playing(); }
    void play() override { player->play(); }
    void stop() override { player->stop(); }
    Frames position() const override { return player->position(); }
    void locate (Frames position) override { player->locate (position); }
    bool looping() const override { return song().looping; }
    Frames loopStart() const override { return song().loopStart; }
    Frames loopEnd() const override { return song().loopEnd; }
    void setLooping (bool) override;
    void setLoop (Frames begin, Frames end, Gesture) override;

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
    void takeMended();
    /// The device of the last session, else what the system has.
    void openUsualDevice();

    studio::Studio studio;
    std::unique_ptr<studio::Player> player;
    std::unique_ptr<Sound> sound;
    std::unique_ptr<io::Device> device;
    TempoMap tempoMap;
    session::ProjectPtr shown;
    /// Of the song that is shown: who has the values of an id, and what a lane drives.
    std::unordered_map<std::uint64_t, std::pair<const session::Values*, const session::Effect*>> owners;
    std::set<std::pair<Id, std::string>, std::less<>> driven;
    std::set<Id> silenced;
    Frames songLength = 0;
    std::uint64_t structureCount = 1, revisionCount = 1;
    std::vector<Notice> notices;
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

    MaskingWork maskingWork;

    std::thread exportThread;
    std::atomic<bool> exportStop { false };
    mutable std::mutex exportMutex; // guards exportState
    ExportStatus exportState;
};

} // namespace lacquer::ui

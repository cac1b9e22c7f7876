// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "io/Device.h"
#include "studio/Desk.h"
#include "studio/SoundWatch.h"
#include "ui/Model.h"

#include <map>
#include <memory>
#include <string>

namespace lacquer::ui
{

/// The window's Model over a real project: what the program does is the Desk's, the device is here, and the
/// desk's strips and figures are put the way the window shows them. [message thread]
class StudioModel final : public Model
{
public:
    explicit StudioModel (studio::Studio);
    /// Asks jobs to stop and waits until they have: nothing is left half written.
    ~StudioModel() override;

    std::uint64_t structure() const override { return before.structure + desk->structure(); }
    std::uint64_t revision() const override { return before.revision + desk->revision(); }

    std::string projectName() const override { return project().name; }
    std::string artist() const override;
    bool unsaved() const override { return desk->studio().unsaved(); }
    Outcome save() override { return desk->save(); }
    void forgetEdits() override { forgetting = true; }
    Outcome open (const std::string& path) override;
    std::string folder() const override { return desk->folder(); }

    const session::Project& project() const override { return desk->studio().project(); }
    bool edit (session::Edit made, Gesture gesture) override
    {
        return desk->edit (std::move (made), gesture);
    }
    void editClips (const std::string& edit, const std::vector<Id>& clips,
                    const session::Arguments& arguments, const std::string& label) override
    {
        desk->hearing.edit (edit, clips, arguments, label);
    }
    void importFiles (const std::vector<std::string>& paths, Id track, Frames at) override
    {
        desk->importing.import ({ paths.begin(), paths.end() }, track, at);
    }
    std::optional<studio::Drop> takeImportQuestion() override { return desk->importing.takeQuestion(); }
    void answerImport (const studio::Drop& drop, studio::Importing::Meant meant) override
    {
        desk->importing.answer (drop, meant);
    }
    std::vector<studio::StemOffer> newerStems() const override { return desk->importing.newer(); }
    void updateStems (const std::vector<studio::StemOffer>& offers) override
    {
        desk->importing.update (offers);
    }

    double sampleRate() const override { return project().sampleRate; }
    const TempoMap& tempo() const override { return desk->tempo(); }
    void setTempo (double bpm, Gesture) override;
    Frames length() const override { return desk->length(); }
    std::vector<session::Marker> markers() const override { return song().markers; }

    std::vector<StripInfo> strips() const override;
    std::vector<ModuleInfo> masterModules() const override;
    std::span<const Param> params (Id id) const override { return desk->parameters().table (id); }
    double value (Id id, std::string_view param) const override { return desk->value (id, param); }
    void set (Id id, std::string_view param, double value, Gesture gesture) override
    {
        desk->set (id, param, value, gesture);
    }
    bool automated (Id id, std::string_view param) const override
    {
        return desk->parameters().moves (id, param);
    }
    bool anyAutomated (Id id, std::string_view prefix) const override
    {
        return desk->parameters().movesAny (id, prefix);
    }
    double sounding (Id id, std::string_view param) const override
    {
        return desk->parameters().sounding (id, param, position());
    }
    std::optional<std::pair<double, double>> movesBetween (Id id, std::string_view param) const override
    {
        return desk->parameters().movesBetween (id, param, position());
    }
    void touch (Id id, std::string_view param) override { desk->touch (id, param); }
    void letGo (Id id, std::string_view param) override { desk->letGo (id, param); }
    const session::Project& heard() const override { return desk->rides().heard(); }
    std::vector<session::AutomationPoint> writing (Id id, std::string_view param) const override
    {
        return desk->rides().writing (id, param);
    }
    void setModuleOn (Id module, bool on) override;
    void freeze (Id track) override { desk->freezing.freeze (track); }
    bool mutedBySolo (Id strip) const override { return desk->parameters().silenced (strip); }
    bool outline (Id media, Frames begin, Frames end, std::span<Column>) const override;
    std::uint64_t outlines() const override { return before.outlines + desk->outlines.count(); }

    bool playing() const override { return desk->player().playing(); }
    void play() override { desk->play (countInBars); }
    void stop() override { desk->stop(); }
    Frames position() const override { return desk->player().position(); }
    void locate (Frames position) override { desk->locate (position); }
    bool metronome() const override { return desk->player().metronome().isOn(); }
    int countIn() const override { return countInBars; }
    void setMetronome (bool on, int bars) override
    {
        desk->player().metronome().set (on);
        countInBars = bars;
    }
    bool looping() const override { return song().looping; }
    Frames loopStart() const override { return song().loopStart; }
    Frames loopEnd() const override { return song().loopEnd; }
    void setLooping (bool on) override { setLoop (loopStart(), loopEnd(), on); }
    void setLoop (Frames begin, Frames end, Gesture) override { setLoop (begin, end, looping()); }

    MonitorState monitor() const override { return desk->monitor(); }
    Outcome setMonitor (const MonitorState& wanted) override { return desk->setMonitor (wanted); }

    Levels take (Id strip) override;
    double reduction (Id module) override { return static_cast<double> (rig().reduction (module)); }
    void watch (Id strip) override { rig().watch (strip); }
    std::uint64_t heard (bool output, std::span<float> left, std::span<float> right) const override
    {
        return (output ? rig().scopeOut() : rig().scopeIn()).read (left, right);
    }
    void listenToBand (const std::vector<Id>& strips, double low, double high) override
    {
        desk->listenToBand (strips, low, high);
    }
    Levels takeMaster() override;
    Loudness loudness() const override;
    void restartMeasure() override { rig().masterLoudness().restart(); }

    MaskingReport masking() const override { return desk->masking.report(); }
    void lookForMasking() override { desk->masking.look(); }
    void stopMasking() override { desk->masking.stop(); }
    void mend (const studio::Conflict& c) override { desk->masking.mend (c); }

    std::string undoLabel() const override { return desk->studio().undoLabel(); }
    std::string redoLabel() const override { return desk->studio().redoLabel(); }
    void undo() override { desk->undo(); }
    void redo() override { desk->redo(); }

    std::vector<std::string> deviceTypes() const override { return io::Device::types(); }
    std::vector<std::string> deviceNames (const std::string& type) override { return device->names (type); }
    DeviceSetup deviceSetup() const override;
    Outcome openDevice (const DeviceSetup&) override;
    DeviceStatus deviceStatus() const override;

    std::string viewSetting (const std::string& key) const override;
    void keepViewSetting (const std::string& key, const std::string& value) override;

    std::optional<Notice> takeNotice() override;

    session::Album album() const override { return project().album; }
    std::vector<SongInfo> songs() const override;
    Outcome setSongField (Id song, std::string_view field, const std::string& text) override;
    Outcome setAlbumField (std::string_view field, const std::string& text) override;

    std::vector<ExportFormat> exportFormats() const override { return studio::exportFormats(); }
    std::string exportFolder() const override;
    Outcome startExport (const std::vector<std::string>& formats, const std::string& folder) override
    {
        return desk->exporting.start (formats, folder);
    }
    void stopExport() override { desk->exporting.stop(); }
    void archive (const std::string& file) override { desk->archiving.archive (file); }
    void restore (const std::string& file, const std::string& folder) override
    {
        desk->archiving.restore (file, folder);
    }
    void newMix (const std::string& folder, const studio::Beginning& from) override
    {
        desk->founding.found (folder, from);
    }
    void saveAs (const std::string& folder) override { desk->founding.saveAs (folder); }
    std::optional<studio::Next> takeNext() override { return desk->founding.take(); }
    Outcome enter (const studio::Next&) override;
    void collectFiles() override { desk->tidying.collect(); }
    void lookForUnused() override { desk->tidying.lookForUnused(); }
    std::optional<studio::Cleaned> takeCleanQuestion() override { return desk->tidying.takeQuestion(); }
    void clean (const studio::Cleaned& found) override { desk->clean (found); }
    ExportStatus exportStatus() const override { return desk->exporting.status(); }

private:
    struct Sound;

    studio::Rig& rig() const { return desk->player().rig(); }
    void setLoop (Frames begin, Frames end, bool on);
    /// Leaves the project for another.
    Outcome workOn (studio::Studio);
    void leave();
    /// What the device did meanwhile becomes notices.
    void watchDevice();
    /// The device of the last session, else what the system has.
    void openUsualDevice();
    void readView();
    std::string viewText() const;

    std::unique_ptr<studio::Desk> desk;
    std::unique_ptr<Sound> sound;
    std::unique_ptr<io::Device> device;
    studio::SoundWatch soundWatch;
    std::map<std::string, std::string> view; ///< settings of the window
    std::string viewKept;                    ///< as they are on the disk
    int countInBars = 0;
    bool forgetting = false; ///< the edits since the last save
    struct
    {
        std::uint64_t structure = 0, revision = 0, outlines = 0;
    } before; ///< of desks that were here before
};

} // namespace lacquer::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/StudioModel.h"

#include "core/SafeFile.h"
#include "session/Edits.h"
#include "session/Find.h"
#include "studio/Catalogue.h"
#include "studio/Demo.h"
#include "studio/Package.h"
#include "studio/Render.h"
#include "ui/MainWindow.h"
#include "ui/Start.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>

namespace lacquer::ui
{

namespace fs = std::filesystem;

namespace
{

std::string keyOf (Gesture gesture)
{
    return gesture == 0 ? std::string() : "gesture " + std::to_string (gesture);
}

std::string nameOfEffect (const session::Effect& effect)
{
    const auto* type = studio::effectOf (effect.type);
    return type != nullptr ? std::string (type->name) : effect.type;
}

/// Where the program keeps what it remembers between sessions: the device.
std::string settingsFile()
{
    const char* config = std::getenv ("XDG_CONFIG_HOME");
    const char* home = std::getenv ("HOME");
    const auto folder =
        (config != nullptr && *config != 0 ? fs::path (config)
                                           : fs::path (home != nullptr ? home : ".") / ".config") /
        "lacquer";
    std::error_code error;
    fs::create_directories (folder, error);
    return (folder / "device").string();
}

std::string demoFolder()
{
    const char* data = std::getenv ("XDG_DATA_HOME");
    const char* home = std::getenv ("HOME");
    const fs::path base = data != nullptr && *data != 0
                              ? fs::path (data)
                              : fs::path (home != nullptr ? home : ".") / ".local/share";
    return (base / "lacquer" / "Demo").string();
}

} // namespace

/// The device's side of the player.
struct StudioModel::Sound final : io::Callback
{
    explicit Sound (StudioModel& m) : model (m) {}
    void render (float* const* out, int channels, int frames) noexcept override
    {
        model.player->render (out, channels, frames);
    }
    void started (double, int) override
    {
        model.player->deviceStarted();
        model.toldDropouts = 0; // those of an opened device are counted from 0
        model.deviceSettles = std::chrono::steady_clock::now() + std::chrono::seconds (2);
    }
    void stopped() override { model.player->deviceStopped(); }

    StudioModel& model;
};

StudioModel::StudioModel (studio::Studio opened)
    : studio (std::move (opened)), sound (std::make_unique<Sound> (*this))
{
    player = std::make_unique<studio::Player> (studio.folder(), studio.project().sampleRate);
    device = std::make_unique<io::Device> (*sound, studio.project().sampleRate);
    for (const auto& note : studio.notes())
        tell (Notice::Kind::look, studio.project().name, note);
    changed();
    openUsualDevice();
}

StudioModel::~StudioModel()
{
    stopOutlining();
    exportStop.store (true);
    finishExport();
    device.reset();
    player.reset();
}

void StudioModel::finishExport()
{
    if (exportThread.joinable())
        exportThread.join();
}

void StudioModel::tell (Notice::Kind kind, std::string title, std::string text)
{
    notices.push_back ({ kind, std::move (title), std::move (text) });
}

void StudioModel::changed()
{
    const auto& now = studio.shared();
    const auto sameNames = [&]
    {
        const auto &a = *shown, &b = *now;
        if (a.name != b.name || a.songs.size() != b.songs.size() || ! (a.album == b.album))
            return false;
        const auto strips = [] (const session::Project& p)
        {
            std::vector<std::pair<std::string, std::string>> list;
            session::forEachStrip (*p.songs.front(),
                                   [&] (const session::Strip& s) { list.emplace_back (s.name, s.colour); });
            return list;
        };
        return strips (a) == strips (b);
    };
    if (shown == nullptr || ! studio::Rig::sameStructure (*shown->songs.front(), *now->songs.front()) ||
        ! sameNames())
    {
        ++structureCount;
        songLength = studio::lengthOf (*now, *now->songs.front());
        tempoMap = TempoMap (now->sampleRate, song().tempi, song().metres);
    }
    ++revisionCount;
    shown = now;
    outline();
    if (auto followed = player->follow (now, now->songs.front()); ! followed)
        tell (Notice::Kind::error, "This cannot be played", followed.problem().sentence());
    player->setLoop (song().loopStart, song().loopEnd, song().looping);
    for (const auto& p : player->takeProblems())
        tell (Notice::Kind::error, "Missing audio", p.sentence());
}

Outcome StudioModel::done (Result<Id> taken)
{
    if (! taken)
        return taken.problem();
    changed();
    return {};
}

std::string StudioModel::projectName() const
{
    return studio.project().name;
}

std::string StudioModel::artist() const
{
    return song().artist.empty() ? studio.project().album.artist : song().artist;
}

Outcome StudioModel::save()
{
    auto saved = studio.save();
    ++revisionCount;
    return saved;
}

Outcome StudioModel::open (const std::string& path)
{
    auto opened = studio::Studio::opened (path);
    if (! opened)
        return opened.problem();
    const auto setup = deviceSetup();
    stopOutlining();
    exportStop.store (true);
    finishExport();
    device->close();
    outlines.clear();
    studio = *std::move (opened);
    player = std::make_unique<studio::Player> (studio.folder(), studio.project().sampleRate);
    device = std::make_unique<io::Device> (*sound, studio.project().sampleRate);
    toldUnderruns = 0;
    shown = nullptr;
    {
        const std::lock_guard lock (exportMutex);
        exportState = {};
    }
    for (const auto& note : studio.notes())
        tell (Notice::Kind::look, studio.project().name, note);
    changed();
    if (! setup.type.empty())
        return openDevice (setup);
    return {};
}

void StudioModel::setTempo (double bpm, Gesture gesture)
{
    auto tempi = song().tempi;
    if (tempi.empty())
        tempi.push_back ({});
    tempi.front().bpm = bpm;
    if (auto set = done (
            studio.take (session::withTempo (studio.project(), song().id, std::move (tempi), song().metres),
                         keyOf (gesture)));
        ! set)
        tell (Notice::Kind::look, "Tempo", set.problem().sentence());
}

std::vector<StripInfo> StudioModel::strips() const
{
    std::vector<StripInfo> all;
    session::forEachStrip (
        song(),
        [&] (const session::Strip& s)
        {
            StripInfo info { s.id, s.kind, s.name, s.colour, 2, {}, {}, {} };
            if (const auto* out = session::stripOf (studio.project(), s.output))
                info.output = out->name;
            for (const auto& effect : s.inserts)
                info.inserts.push_back ({ nameOfEffect (*effect), effect->on, 0 });
            for (std::size_t n = 0; n < s.sends.size(); ++n)
                if (const auto* to = session::stripOf (studio.project(), s.sends[n]))
                    info.sends.push_back (
                        { to->name, true, value (s.id, "send" + std::to_string (n + 1) + ".level") });
            all.push_back (std::move (info));
        });
    return all;
}

std::vector<ModuleInfo> StudioModel::masterModules() const
{
    std::vector<ModuleInfo> all;
    for (const auto& module : song().master->modules)
        all.push_back ({ module->id, nameOfEffect (*module), module->on,
                         module->type == "limiter" || module->type == "multiband" });
    return all;
}

std::span<const Param> StudioModel::params (Id id) const
{
    if (const auto* effect = session::effectOf (studio.project(), id))
    {
        const auto* type = studio::effectOf (effect->type);
        return type != nullptr ? studio::tableOf (*type) : std::span<const Param> {};
    }
    return studio::stripTable();
}

double StudioModel::value (Id id, std::string_view param) const
{
    const auto table = params (id);
    const int n = studio::indexOf (table, param);
    if (n < 0)
        return 0;
    const auto& p = table[static_cast<std::size_t> (n)];
    const session::Values* values = nullptr;
    if (const auto* effect = session::effectOf (studio.project(), id))
        values = &effect->values;
    else if (const auto* strip = session::stripOf (studio.project(), id))
        values = &strip->values;
    if (values == nullptr)
        return p.initial;
    const auto found = values->find (std::string (param));
    return found == values->end() ? p.initial : studio::numberOf (p, found->second);
}

void StudioModel::set (Id id, std::string_view param, double number, Gesture gesture)
{
    const auto table = params (id);
    const int n = studio::indexOf (table, param);
    if (n < 0)
        return;
    const auto& p = table[static_cast<std::size_t> (n)];
    auto edit = session::withValue (studio.project(), id, std::string (param),
                                    studio::valueOfNumber (p, std::clamp (number, static_cast<double> (p.min),
                                                                          static_cast<double> (p.max))));
    // Solo is a way of listening, not an edit of the mix: it is saved but not a step of undo.
    if (param == "fader.solo")
    {
        if (studio.takeQuietly (std::move (edit)))
            changed();
        return;
    }
    if (auto set = done (studio.take (std::move (edit), keyOf (gesture))); ! set)
        tell (Notice::Kind::look, std::string (p.name), set.problem().sentence());
}

bool StudioModel::automated (Id id, std::string_view param) const
{
    const auto in = [&] (const std::vector<session::Lane>& lanes)
    {
        return std::any_of (lanes.begin(), lanes.end(),
                            [&] (const session::Lane& l)
                            { return l.target == id && l.parameter == param && l.enabled; });
    };
    bool found = in (song().master->lanes);
    session::forEachStrip (song(), [&] (const session::Strip& s) { found = found || in (s.lanes); });
    return found;
}

void StudioModel::setModuleOn (Id module, bool on)
{
    if (auto set = done (studio.take (session::switchedEffect (studio.project(), module, on))); ! set)
        tell (Notice::Kind::look, "Module", set.problem().sentence());
}

std::vector<Column> StudioModel::waveform (Id strip, Frames begin, Frames end, int columns) const
{
    const auto* track = session::trackOf (studio.project(), strip);
    if (track == nullptr || columns <= 0 || end <= begin)
        return {};
    std::vector<Column> all (static_cast<std::size_t> (columns));
    const std::lock_guard lock (outlineMutex);
    for (const auto& clip : track->clips)
    {
        const auto found = outlines.find (clip->media);
        const auto* peaks = found == outlines.end() ? nullptr : found->second.get();
        const auto gain = static_cast<float> (gainOf (Decibels { clip->gain }));
        for (int n = 0; n < columns; ++n)
        {
            const auto from = std::max (begin + (end - begin) * n / columns, clip->start);
            const auto to = std::min (begin + (end - begin) * (n + 1) / columns, clip->start + clip->length);
            if (from >= to)
                continue;
            auto& column = all[static_cast<std::size_t> (n)];
            column.covered = true;
            for (int c = 0; peaks != nullptr && c < peaks->channels(); ++c)
            {
                const auto bin =
                    peaks->over (c, from - clip->start + clip->offset, to - clip->start + clip->offset);
                column.low = std::min (column.low, gain * bin.min);
                column.high = std::max (column.high, gain * bin.max);
                column.rms = std::max (column.rms, gain * bin.rms);
            }
        }
    }
    return all;
}

void StudioModel::stopOutlining()
{
    outlineStop.store (true);
    if (outlineThread.joinable())
        outlineThread.join();
}

void StudioModel::outline()
{
    std::vector<std::pair<Id, fs::path>> wanted;
    {
        const std::lock_guard lock (outlineMutex);
        for (const auto& media : studio.project().media)
            if (! outlines.contains (media.id))
                wanted.emplace_back (media.id, media.referenced ? fs::path (media.original)
                                                                : fs::path (studio.folder()) / media.path);
    }
    if (wanted.empty())
        return;
    stopOutlining();
    outlineStop.store (false);
    outlineThread = std::thread (
        [this, wanted = std::move (wanted), folder = fs::path (studio.folder()) / "Peaks"]
        {
            Progress progress;
            progress.cancelled = &outlineStop;
            for (const auto& [id, path] : wanted)
            {
                if (outlineStop.load())
                    return;
                if (auto peaks = files::cachedPeaks (path, folder, progress))
                {
                    const std::lock_guard lock (outlineMutex);
                    outlines[id] = *std::move (peaks);
                }
            }
            outlinesMade.fetch_add (1, std::memory_order_relaxed);
        });
}

void StudioModel::setLooping (bool on)
{
    if (studio.takeQuietly (
            session::withLoop (studio.project(), song().id, song().loopStart, song().loopEnd, on)))
        changed();
}

void StudioModel::setLoop (Frames begin, Frames end, Gesture)
{
    if (studio.takeQuietly (session::withLoop (studio.project(), song().id, begin, end, song().looping)))
        changed();
}

Levels StudioModel::take (Id strip)
{
    Levels levels;
    if (auto* meter = player->rig().meter (strip))
        for (int c = 0; c < 2; ++c)
        {
            levels.peak[static_cast<std::size_t> (c)] = meter->take (c);
            levels.energy[static_cast<std::size_t> (c)] = meter->energy[c].load (std::memory_order_relaxed);
        }
    return levels;
}

Levels StudioModel::takeMaster()
{
    Levels levels;
    auto& meter = player->rig().masterMeter();
    for (int c = 0; c < 2; ++c)
    {
        levels.peak[static_cast<std::size_t> (c)] = meter.take (c);
        levels.energy[static_cast<std::size_t> (c)] = meter.energy[c].load (std::memory_order_relaxed);
    }
    return levels;
}

Loudness StudioModel::loudness() const
{
    const auto& r = player->rig().masterLoudness().reading();
    return { r.momentary.value_or (undefinedLevel), r.shortTerm.value_or (undefinedLevel),
             r.integrated.value_or (undefinedLevel), r.range.value_or (undefinedLevel),
             r.maxTruePeak.value_or (undefinedLevel) };
}

void StudioModel::undo()
{
    studio.undo();
    changed();
}

void StudioModel::redo()
{
    studio.redo();
    changed();
}

DeviceSetup StudioModel::deviceSetup() const
{
    const auto s = device->setup();
    if (! device->status().open)
        return {};
    return { s.type, s.name, s.rate, s.block };
}

Outcome StudioModel::openDevice (const DeviceSetup& setup)
{
    if (setup.type.empty())
    {
        device->close();
        return {};
    }
    auto opened = device->open ({ setup.type, setup.name, setup.rate, setup.block });
    if (opened)
        // Settings, not work: a failure to keep them costs a choice next time.
        static_cast<void> (writeSafely (settingsFile(), setup.type + "\n" + setup.name + "\n" +
                                                            std::to_string (setup.rate) + "\n" +
                                                            std::to_string (setup.block) + "\n"));
    return opened;
}

void StudioModel::openUsualDevice()
{
    if (const auto kept = readWhole (settingsFile(), 4096))
    {
        std::istringstream lines (*kept);
        io::Setup setup;
        std::getline (lines, setup.type);
        std::getline (lines, setup.name);
        if (lines >> setup.rate >> setup.block && device->open (setup))
            return;
    }
    for (const auto& type : io::Device::types())
        if (device->open ({ type, {}, studio.project().sampleRate, 256 }))
            return;
    tell (Notice::Kind::look, "No audio device",
          "There is no output to play through. Choose one in the audio settings; everything else works "
          "without it.");
}

DeviceStatus StudioModel::deviceStatus() const
{
    const auto s = device->status();
    return { s.open, s.lost, s.text, s.load, s.peakLoad, s.dropouts };
}

void StudioModel::watchSound()
{
    device->poll();
    while (const auto event = device->takeEvent())
    {
        switch (event->kind)
        {
            case io::Event::Kind::lost:
                tell (Notice::Kind::error, "The audio device stopped answering",
                      event->text + " Your mix is safe.");
                break;
            case io::Event::Kind::returned:
                tell (Notice::Kind::passed, "The audio device is back", event->text);
                break;
            case io::Event::Kind::changed:
                tell (Notice::Kind::note, "The audio device was changed", event->text);
                break;
        }
    }

    // Both may come a hundred times in a second: one sentence a minute says it.
    const auto now = std::chrono::steady_clock::now();
    const auto underruns = player->health().underruns;
    const int dropouts = device->status().dropouts;
    if (now < deviceSettles)
        toldDropouts = dropouts; // a server that takes a new client in is late by itself
    if ((underruns <= toldUnderruns && dropouts <= toldDropouts) || now < mayTellStutter)
        return;
    if (underruns > toldUnderruns)
        tell (Notice::Kind::look, "The sound has gaps",
              "The disk did not deliver in time. What is exported has no gaps.");
    else
        tell (Notice::Kind::look, "The sound stuttered",
              "The computer was too busy for a moment. If it happens often, choose more samples in the audio "
              "settings.");
    toldUnderruns = underruns;
    toldDropouts = dropouts;
    mayTellStutter = now + std::chrono::minutes (1);
}

std::optional<Notice> StudioModel::takeNotice()
{
    watchSound();
    // The journal writes on a thread of its own; its trouble is told once.
    const auto trouble = studio.trouble();
    if (trouble && trouble->sentence() != toldTrouble)
    {
        toldTrouble = trouble->sentence();
        tell (Notice::Kind::error, "Edits are not being kept safe", toldTrouble);
    }
    if (notices.empty())
        return std::nullopt;
    auto first = std::move (notices.front());
    notices.erase (notices.begin());
    return first;
}

std::vector<SongInfo> StudioModel::songs() const
{
    std::vector<SongInfo> all;
    for (const auto& s : studio::playOrder (studio.project()))
    {
        const auto gap = studio.project().album.gaps.find (s->id);
        all.push_back ({ s->id, s->name, s->artist, s->isrc, studio::lengthOf (studio.project(), *s),
                         gap == studio.project().album.gaps.end() ? 2.0 : gap->second });
    }
    return all;
}

Outcome StudioModel::setSongField (Id id, std::string_view field, const std::string& text)
{
    if (field == "title")
        return done (studio.take (session::renamed (studio.project(), id, text)));
    return done (studio.take (session::withText (
        studio.project(), id, field == "isrc" ? session::SongText::isrc : session::SongText::artist, text)));
}

Outcome StudioModel::setAlbumField (std::string_view field, const std::string& text)
{
    const auto which = field == "ean"      ? session::AlbumText::ean
                       : field == "artist" ? session::AlbumText::artist
                                           : session::AlbumText::title;
    return done (studio.take (session::withText (studio.project(), which, text)));
}

std::vector<ExportFormat> StudioModel::exportFormats() const
{
    std::vector<ExportFormat> all;
    for (const auto& f : deliver::formats())
        all.push_back ({ std::string (f.id), std::string (f.name),
                         files::wordLength (f.encoding) > 0 ? "TPDF dither, read back sample by sample"
                                                            : "read back and measured" });
    all.push_back ({ std::string (studio::ddpId), "DDP 2.00 image", "44.1 kHz, 16 bit, CD-Text, checksums" });
    return all;
}

std::string StudioModel::exportFolder() const
{
    return (fs::path (studio.folder()) / "Export").string();
}

Outcome StudioModel::startExport (const std::vector<std::string>& formats, const std::string& folder)
{
    {
        const std::lock_guard lock (exportMutex);
        if (exportState.running)
            return Problem { "An export is running already.", {}, "Wait for it, or stop it." };
        exportState = {};
        exportState.running = true;
    }
    finishExport();
    exportStop.store (false);
    exportThread = std::thread (
        [this, project = studio.shared(), from = studio.folder(), formats, folder]
        {
            studio::PackageOptions options;
            options.formats = formats;
            options.progress.cancelled = &exportStop;
            const auto each = [this] (auto&& change)
            {
                const std::lock_guard lock (exportMutex);
                for (auto& item : exportState.items)
                    change (item);
            };
            options.progress.report = [each] (double share)
            {
                each (
                    [share] (ExportItem& item)
                    {
                        if (item.state == ExportItem::State::running)
                            item.share = share;
                    });
            };
            options.begun = [this] (const std::string& name)
            {
                const std::lock_guard lock (exportMutex);
                exportState.items.push_back ({ name, ExportItem::State::running, 0, {} });
            };
            options.finished = [each] (const deliver::FileReport& report)
            {
                each (
                    [&report] (ExportItem& item)
                    {
                        if (item.name != report.path.filename().string())
                            return;
                        const auto verdict = report.verdict();
                        item.state = verdict == deliver::Check::Verdict::pass ? ExportItem::State::passed
                                     : verdict == deliver::Check::Verdict::note
                                         ? ExportItem::State::passedWithNote
                                         : ExportItem::State::failed;
                        item.share = 1;
                        const auto& heard = report.reading;
                        if (heard.integrated && heard.truePeak)
                            item.result = (juce::String (*heard.integrated, 2) + " LUFS, " +
                                           juce::String (*heard.truePeak, 2) + " dBTP")
                                              .toStdString();
                        const auto saidAlready = [] (const std::string& name)
                        { return name == "loudness" || name == "true peak"; };
                        for (const auto& check : report.checks)
                            if ((check.verdict != deliver::Check::Verdict::pass &&
                                 ! saidAlready (check.name)) ||
                                check.name == "DDP 2.00")
                                (item.result += item.result.empty() ? "" : ", ") += check.measured;
                    });
            };
            const auto reports = studio::deliverPackage (*project, from, folder, options);
            const std::lock_guard lock (exportMutex);
            for (auto& item : exportState.items)
                if (item.state == ExportItem::State::running)
                {
                    item.state = exportStop.load() ? ExportItem::State::stopped : ExportItem::State::failed;
                    item.result = reports ? "" : reports.problem().sentence();
                }
            if (! reports && exportState.items.empty())
                exportState.items.push_back (
                    { "Export", ExportItem::State::failed, 0, reports.problem().sentence() });
            exportState.running = false;
        });
    return {};
}

ExportStatus StudioModel::exportStatus() const
{
    const std::lock_guard lock (exportMutex);
    return exportState;
}

int start (const std::vector<std::string>& arguments)
{
    std::vector<std::string> words { "lacquer" };
    words.insert (words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (auto& w : words)
        pointers.push_back (w.data());
    return run (static_cast<int> (pointers.size()), pointers.data(),
                [] (const std::vector<std::string>& rest) -> std::unique_ptr<Model>
                {
                    const auto path = rest.empty() ? demoFolder() : rest.front();
                    std::error_code error;
                    if (rest.empty() && ! fs::exists (path, error))
                        if (auto made = studio::makeDemo (path); ! made)
                        {
                            std::cerr << "lacquer: " << made.problem().sentence() << "\n";
                            return nullptr;
                        }
                    auto studio = studio::Studio::opened (path);
                    if (! studio)
                    {
                        std::cerr << "lacquer: " << studio.problem().sentence() << "\n";
                        return nullptr;
                    }
                    return std::make_unique<StudioModel> (*std::move (studio));
                });
}

} // namespace lacquer::ui

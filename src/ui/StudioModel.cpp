// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/StudioModel.h"

#include "core/SafeFile.h"
#include "session/Edits.h"
#include "session/Find.h"
#include "session/Parameters.h"
#include "session/RoutingEdits.h"
#include "studio/Catalogue.h"
#include "studio/ClipLevels.h"
#include "studio/Demo.h"
#include "studio/Freeze.h"
#include "studio/NewProject.h"
#include "studio/Package.h"
#include "studio/Render.h"
#include "studio/Solo.h"
#include "ui/MainWindow.h"
#include "ui/Start.h"
#include "ui/StripParts.h"

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

/// True when two projects look the same on the desk: everything but values, clips and lanes.
bool sameDesk (const session::Project& a, const session::Project& b)
{
    const auto &s = *a.songs.front(), &t = *b.songs.front();
    if (a.name != b.name || a.songs.size() != b.songs.size() || ! (a.album == b.album) || s.name != t.name ||
        s.artist != t.artist)
        return false;
    const auto sameEffects = [] (const auto& x, const auto& y)
    {
        return std::equal (
            x.begin(), x.end(), y.begin(), y.end(),
            [] (const auto& e, const auto& f)
            { return e == f || (e->id == f->id && e->type == f->type && e->postConsole == f->postConsole); });
    };
    const auto sameVcas =
        std::equal (s.vcas.begin(), s.vcas.end(), t.vcas.begin(), t.vcas.end(),
                    [] (const auto& x, const auto& y)
                    {
                        return x == y || (x->id == y->id && x->name == y->name && x->colour == y->colour &&
                                          x->members == y->members);
                    });
    if (! sameVcas || ! (s.muteGroups == t.muteGroups))
        return false;
    const auto list = [] (const session::Song& song)
    {
        std::vector<const session::Strip*> all;
        session::forEachStrip (song, [&] (const session::Strip& strip) { all.push_back (&strip); });
        return all;
    };
    const auto x = list (s), y = list (t);
    return sameEffects (s.master->modules, t.master->modules) &&
           std::equal (x.begin(), x.end(), y.begin(), y.end(),
                       [&] (const auto* p, const auto* q)
                       {
                           return p == q || (p->id == q->id && p->kind == q->kind && p->name == q->name &&
                                             p->colour == q->colour && p->channels == q->channels &&
                                             p->sends == q->sends && p->output == q->output &&
                                             p->soloSafe == q->soloSafe && p->disabled == q->disabled &&
                                             sameEffects (p->inserts, q->inserts));
                       });
}

/// What a VCA fader has: level, mute and solo, as a strip's.
std::span<const Param> vcaTable()
{
    static const auto table = []
    {
        std::vector<Param> all;
        for (const auto id : session::Vca::parameters)
            if (const int n = studio::indexOf (studio::stripTable(), id); n >= 0)
                all.push_back (studio::stripTable()[static_cast<std::size_t> (n)]);
        return all;
    }();
    return table;
}

/// Where the program keeps what it remembers between sessions: the device, the view.
std::string settingsFile (const char* of)
{
    const char* config = std::getenv ("XDG_CONFIG_HOME");
    const char* home = std::getenv ("HOME");
    const auto folder =
        (config != nullptr && *config != 0 ? fs::path (config)
                                           : fs::path (home != nullptr ? home : ".") / ".config") /
        "lacquer";
    std::error_code error;
    fs::create_directories (folder, error);
    return (folder / of).string();
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
    readView();
    changed();
    openUsualDevice();
}

StudioModel::~StudioModel()
{
    stopImporting();
    stopFreezing();
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
    const auto& next = *now->songs.front();
    recorder.edited (now);
    const bool sameSong = shown != nullptr && studio::Rig::sameStructure (*shown->songs.front(), next);
    if (shown == nullptr || ! sameDesk (*shown, *now))
        ++structureCount;
    if (! sameSong)
    {
        songLength = studio::lengthOf (*now, next);
        tempoMap = TempoMap (now->sampleRate, next.tempi, next.metres);
    }
    if (auto heard = songToHear(); heard != audible)
    {
        audible = std::move (heard);
        index (*audible);
    }
    ++revisionCount;
    shown = now;
    outline();
    if (auto followed = player->follow (now, audible); ! followed)
        tell (Notice::Kind::error, "This cannot be played", followed.problem().sentence());
    player->setLoop (song().loopStart, song().loopEnd, song().looping);
    // Nobody listens to a strip that is gone.
    auto heard = monitoring;
    std::erase_if (heard.listened, [this] (Id id) { return ! owners.contains (id.value); });
    if (heard != monitoring)
        (void)setMonitor (heard); // only a new reference can be refused
    for (const auto& p : player->takeProblems())
        tell (Notice::Kind::error, "Missing audio", p.sentence());
}

/// Notes for every id who has its values, so that a window of hundreds of controls is refreshed at once.
void StudioModel::index (const session::Song& s)
{
    owners.clear();
    driven.clear();
    silenced.clear();
    const auto lanes = [this] (const std::vector<session::Lane>& list)
    {
        for (const auto& lane : list)
            if (lane.enabled && ! lane.points.empty())
                driven[{ lane.target, lane.parameter }].lane = &lane;
    };
    const auto effects = [this] (const std::vector<session::EffectPtr>& list)
    {
        for (const auto& e : list)
        {
            const auto* type = studio::effectOf (e->type);
            owners[e->id.value] = { &e->values,
                                    type != nullptr ? studio::tableOf (*type) : std::span<const Param> {},
                                    e->on };
        }
    };
    session::forEachStrip (s,
                           [&] (const session::Strip& strip)
                           {
                               owners[strip.id.value] = { &strip.values, studio::stripTable() };
                               effects (strip.inserts);
                               lanes (strip.lanes);
                           });
    for (const auto& v : s.vcas)
    {
        owners[v->id.value] = { &v->values, vcaTable() };
        lanes (v->lanes);
    }
    effects (s.master->modules);
    lanes (s.master->lanes);
    for (const auto& m : s.modulators)
    {
        owners[m->id.value] = { &m->values, studio::modulatorTable (m->kind) };
        lanes (m->lanes);
        if (m->on)
            for (const auto& t : m->targets)
                driven[{ t.target, t.parameter }].modulated = true;
    }
    modulations.clear();
    if (! s.modulators.empty())
        modulations = player->rig().modulations (s);
    for (const auto& [strip, muted] : studio::mutedTogether (s))
        if (muted)
            silenced.insert (strip);
    if (studio::anySolo (s))
        for (const auto& [strip, open] : studio::openRoutes (s))
            if ((open & mix::StripBank::outputRoute) == 0)
                silenced.insert (strip);
}

bool StudioModel::edit (session::Edit made, Gesture gesture)
{
    auto taken = done (studio.take (std::move (made), keyOf (gesture)));
    if (! taken)
        tell (Notice::Kind::look, "That is not possible", taken.problem().sentence());
    else if (std::pair now (gesture, studio.remarks()); gesture == 0 || now != toldRemarks)
    {
        // What stays the same all through a gesture is told once.
        for (const auto& remark : now.second)
            tell (Notice::Kind::note, studio.undoLabel(), remark);
        toldRemarks = std::move (now);
    }
    return taken.ok();
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
    stopImporting();
    stopFreezing();
    stopOutlining();
    maskingWork.forget();
    exportStop.store (true);
    finishExport();
    device->close();
    static_cast<void> (recorder.stop (0)); // of the project that is left
    hands.clear();
    outlineOf.clear();
    studio = *std::move (opened);
    player = std::make_unique<studio::Player> (studio.folder(), studio.project().sampleRate);
    device = std::make_unique<io::Device> (*sound, studio.project().sampleRate);
    toldUnderruns = 0;
    monitoring = {};
    shown = nullptr;
    audible = nullptr;
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
    std::map<Id, std::string> names;
    session::forEachStrip (song(), [&] (const session::Strip& s) { names.emplace (s.id, s.name); });
    session::forEachStrip (song(),
                           [&] (const session::Strip& s)
                           {
                               StripInfo info { s.id, s.kind, s.name, s.colour, 2, {}, {}, {} };
                               if (const auto out = names.find (s.output); out != names.end())
                                   info.output = out->second;
                               for (const auto& effect : s.inserts)
                                   info.inserts.push_back ({ nameOfEffect (*effect),
                                                             effectIsOn (*this, effect->id), 0, effect->id,
                                                             effect->postConsole });
                               for (std::size_t n = 0; n < s.sends.size(); ++n)
                                   if (const auto to = names.find (s.sends[n]); to != names.end())
                                   {
                                       const auto send = "send" + std::to_string (n + 1);
                                       info.sends.push_back ({ to->second,
                                                               value (s.id, send + ".on") >= 0.5,
                                                               value (s.id, send + ".level"),
                                                               {},
                                                               false,
                                                               static_cast<int> (n) });
                                   }
                               all.push_back (std::move (info));
                           });
    return all;
}

std::vector<ModuleInfo> StudioModel::masterModules() const
{
    std::vector<ModuleInfo> all;
    for (const auto& module : song().master->modules)
        all.push_back ({ module->id, nameOfEffect (*module), effectIsOn (*this, module->id),
                         module->type == "limiter" || module->type == "multiband" });
    return all;
}

std::span<const Param> StudioModel::params (Id id) const
{
    const auto found = owners.find (id.value);
    return found != owners.end() ? found->second.table : studio::stripTable();
}

double StudioModel::value (Id id, std::string_view param) const
{
    const auto table = params (id);
    const int n = studio::indexOf (table, param);
    if (n < 0)
        return 0;
    const auto& p = table[static_cast<std::size_t> (n)];
    const auto owner = owners.find (id.value);
    if (owner == owners.end())
        return p.initial;
    const std::string name (param);
    if (const auto moved = driven.find (Key { id, name });
        moved != driven.end() && moved->second.lane != nullptr)
        return session::valueAt (moved->second.lane->points, player->position());
    if (! owner->second.on && param == session::effectSwitch)
        return 0;
    const auto& values = *owner->second.values;
    const auto found = values.find (name);
    return found == values.end() ? p.initial : studio::numberOf (p, found->second);
}

void StudioModel::set (Id id, std::string_view param, double number, Gesture gesture)
{
    const auto table = params (id);
    const int n = studio::indexOf (table, param);
    if (n < 0)
        return;
    const auto& p = table[static_cast<std::size_t> (n)];
    number = std::clamp (number, static_cast<double> (p.min), static_cast<double> (p.max));
    if (ride (id, p, number))
        return;
    if (const auto moved = driven.find (Key { id, std::string (param) });
        moved != driven.end() && moved->second.lane != nullptr &&
        std::exchange (toldAutomation, gesture) != gesture)
        tell (
            Notice::Kind::note, std::string (p.name) + " follows its automation",
            "To ride it, choose Touch in the track's header and play. To set it by hand, choose Off or clear "
            "its automation.");
    auto edit =
        session::withValue (studio.project(), id, std::string (param), studio::valueOfNumber (p, number));
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

void StudioModel::setModuleOn (Id module, bool on)
{
    set (module, session::effectSwitch, on ? 1 : 0, newGesture());
}

bool StudioModel::outline (Id media, Frames begin, Frames end, std::span<Column> columns) const
{
    std::shared_ptr<const files::Peaks> peaks;
    {
        const std::lock_guard lock (outlineMutex);
        if (const auto found = outlineOf.find (media); found != outlineOf.end())
            peaks = found->second;
    }
    if (peaks == nullptr)
        return false;
    const auto count = static_cast<Frames> (columns.size());
    for (Frames n = 0; n < count; ++n)
    {
        const auto from = begin + (end - begin) * n / count,
                   to = std::max (from + 1, begin + (end - begin) * (n + 1) / count);
        auto& column = columns[static_cast<std::size_t> (n)];
        column = {};
        for (int c = 0; c < peaks->channels(); ++c)
        {
            const auto bin = peaks->over (c, from, to);
            column.low = std::min (column.low, bin.min);
            column.high = std::max (column.high, bin.max);
            column.rms = std::max (column.rms, bin.rms);
        }
    }
    return true;
}

std::uint64_t StudioModel::heard (bool output, std::span<float> left, std::span<float> right) const
{
    const auto& rig = player->rig();
    return (output ? rig.scopeOut() : rig.scopeIn()).read (left, right);
}

void StudioModel::stopImporting()
{
    importStop.store (true);
    for (auto* thread : { &importThread, &hearThread })
        if (thread->joinable())
            thread->join();
    importStop.store (false);
    const std::lock_guard lock (hearMutex);
    heardClips.clear(); // of a project that is left
}

void StudioModel::editClips (const std::string& edit, const std::vector<Id>& clips,
                             const session::Arguments& arguments, const std::string& label)
{
    if (hearThread.joinable())
        hearThread.join();
    hearThread = std::thread (
        [this, edit, clips, arguments, label, project = studio.shared(), folder = fs::path (studio.folder())]
        {
            HeardClips all { edit, label, {}, {} };
            for (const Id clip : clips)
            {
                if (importStop.load())
                    return;
                auto one = arguments;
                one["clip"] = "clip:" + std::to_string (clip.value);
                auto whole = studio::completed (folder, *project, edit, std::move (one));
                if (whole)
                    all.arguments.push_back (*std::move (whole));
                else
                    all.problems.push_back (whole.problem().sentence());
            }
            const std::lock_guard lock (hearMutex);
            heardClips.push_back (std::move (all));
        });
}

void StudioModel::takeHeardClips()
{
    std::vector<HeardClips> all;
    {
        const std::lock_guard lock (hearMutex);
        all.swap (heardClips);
    }
    for (auto& heard : all)
    {
        session::Edited now { studio.project(), heard.label };
        bool any = false;
        for (const auto& arguments : heard.arguments)
        {
            auto made = session::applied (now.project, heard.edit, arguments, studio::catalogue());
            if (made)
            {
                now.project = std::move (made->project);
                any = true;
            }
            else
                heard.problems.push_back (made.problem().sentence());
        }
        if (any)
            edit (std::move (now), 0);
        if (! heard.problems.empty())
            tell (Notice::Kind::look, heard.label, heard.problems.front());
    }
}

void StudioModel::importFiles (const std::vector<std::string>& paths, Id track, Frames at)
{
    const auto files = studio::soundFilesIn ({ paths.begin(), paths.end() });
    if (files.empty())
    {
        tell (Notice::Kind::look, "Nothing to import", "There is no sound file among what was dropped.");
        return;
    }
    if (importThread.joinable())
        importThread.join();
    files::ImportOptions options;
    options.rate = sampleRate();
    options.folder = fs::path (studio.folder()) / "Audio";
    options.progress.cancelled = &importStop;
    importThread = std::thread (
        [this, files, options, track, at, gesture = importGesture++]
        {
            for (const auto& path : files)
            {
                if (importStop.load())
                    return;
                auto file = files::imported (path, options);
                const std::lock_guard lock (importMutex);
                arrivals.push_back ({ std::move (file), path.stem().string(), fs::absolute (path).string(),
                                      track, at, gesture });
            }
        });
}

void StudioModel::takeImports()
{
    std::vector<Arrival> all;
    {
        const std::lock_guard lock (importMutex);
        all.swap (arrivals);
    }
    for (auto& arrival : all)
    {
        if (! arrival.file)
        {
            tell (Notice::Kind::look, "Not imported", arrival.file.problem().sentence());
            continue;
        }
        const auto& file = *arrival.file;
        session::Media media;
        media.path = (fs::path ("Audio") / file.file.filename()).string();
        media.original = arrival.original;
        media.channels = file.channels;
        media.frames = file.frames;
        media.originalRate = file.source.rate;
        media.hash = file.hash;
        auto made = session::addedMedia (studio.project(), media);
        session::Clip clip;
        clip.start = arrival.at;
        clip.length = file.frames;
        clip.name = arrival.name;
        if (made)
        {
            clip.media = made->made;
            Id track = arrival.track;
            if (! track)
            {
                const auto guess = studio::guessed (arrival.name);
                auto added =
                    session::addedTrack (made->project, song().id, arrival.name, file.channels, guess.colour);
                if (added)
                {
                    track = added->made;
                    *made = std::move (*added);
                }
            }
            if (auto placed = session::addedClip (made->project, track, clip))
            {
                placed->label = "Import audio";
                if (auto taken =
                        done (studio.take (std::move (placed), "import " + std::to_string (arrival.gesture)));
                    ! taken)
                    tell (Notice::Kind::look, "Not imported", taken.problem().sentence());
            }
            else
                tell (Notice::Kind::look, "Not imported", placed.problem().sentence());
        }
        if (! file.note.empty())
            tell (Notice::Kind::note, arrival.name, file.note);
    }
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
            if (! outlineOf.contains (media.id))
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
                    outlineOf[id] = *std::move (peaks);
                    outlinesMade.fetch_add (1, std::memory_order_relaxed);
                }
            }
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

void StudioModel::listenToBand (const std::vector<Id>& strips, double low, double high)
{
    if (auto heard = player->listenToBand (strips, { static_cast<float> (low), static_cast<float> (high) });
        ! heard)
        tell (Notice::Kind::look, "Listening", heard.problem().sentence());
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
    return { s.type, s.name, s.rate, s.block, s.pair };
}

Outcome StudioModel::openDevice (const DeviceSetup& setup)
{
    if (setup.type.empty())
    {
        device->close();
        return {};
    }
    auto opened = device->open ({ setup.type, setup.name, setup.rate, setup.block, setup.pair });
    if (opened)
        // Settings, not work: a failure to keep them costs a choice next time.
        static_cast<void> (writeSafely (settingsFile ("device"), setup.type + "\n" + setup.name + "\n" +
                                                                     std::to_string (setup.rate) + "\n" +
                                                                     std::to_string (setup.block) + "\n" +
                                                                     std::to_string (setup.pair) + "\n"));
    return opened;
}

void StudioModel::readView()
{
    const auto kept = readWhole (settingsFile ("view"), 65536);
    std::istringstream lines (kept ? *kept : std::string());
    for (std::string line; std::getline (lines, line);)
        if (const auto space = line.find (' '); space != std::string::npos)
            view[line.substr (0, space)] = line.substr (space + 1);
}

std::string StudioModel::viewSetting (const std::string& key) const
{
    const auto found = view.find (key);
    return found != view.end() ? found->second : std::string();
}

void StudioModel::keepViewSetting (const std::string& key, const std::string& value)
{
    if (std::exchange (view[key], value) == value)
        return;
    std::string text;
    for (const auto& [k, v] : view)
        text += k + " " + v + "\n";
    // As of the device: a failure to keep it costs a choice next time.
    static_cast<void> (writeSafely (settingsFile ("view"), text));
}

void StudioModel::openUsualDevice()
{
    if (const auto kept = readWhole (settingsFile ("device"), 4096))
    {
        std::istringstream lines (*kept);
        io::Setup setup;
        std::getline (lines, setup.type);
        std::getline (lines, setup.name);
        if (lines >> setup.rate >> setup.block)
        {
            if (! (lines >> setup.pair) || setup.pair < 0)
                setup.pair = 0;
            if (device->open (setup))
                return;
        }
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
    return { s.open, s.lost, s.text, s.load, s.peakLoad, s.dropouts, s.pairs };
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

Outcome StudioModel::setMonitor (const MonitorState& wanted)
{
    auto& section = player->monitor();
    section.setLevel (wanted.level);
    section.setDim (wanted.dim);
    section.setMute (wanted.mute);
    section.setMono (wanted.mono);
    section.setSwap (wanted.swap);
    section.setReferenceLevel (wanted.referenceLevel);
    const auto before = std::exchange (monitoring, wanted);
    Outcome outcome;
    if (wanted.referenceFile != before.referenceFile)
        outcome = player->setReference (wanted.referenceFile);
    if (! outcome)
        monitoring.referenceFile = before.referenceFile;
    monitoring.reference = monitoring.reference && ! monitoring.referenceFile.empty();
    section.hearReference (monitoring.reference);
    if (wanted.listened != before.listened || wanted.beforeFader != before.beforeFader)
        if (const auto listens = player->listen (wanted.listened, wanted.beforeFader); ! listens)
            outcome = listens;
    ++revisionCount;
    return outcome;
}

void StudioModel::stopFreezing()
{
    freezeStop.store (true);
    if (freezeThread.joinable())
        freezeThread.join();
    freezeStop.store (false);
    toFreeze.clear();
    frozen.clear();
}

void StudioModel::freeze (Id track)
{
    if (track)
    {
        if (std::find (toFreeze.begin(), toFreeze.end(), track) != toFreeze.end())
            return;
        toFreeze.push_back (track);
    }
    if (toFreeze.empty() || (track && toFreeze.size() > 1))
        return; // one after the other
    const auto& tracks = song().tracks;
    const auto found = std::find_if (tracks.begin(), tracks.end(),
                                     [&] (const auto& t) { return t->strip.id == toFreeze.front(); });
    if (found == tracks.end())
    {
        toFreeze.erase (toFreeze.begin());
        return freeze ({});
    }
    if (freezeThread.joinable())
        freezeThread.join();
    tell (Notice::Kind::note, "Freezing " + (*found)->strip.name, "Playback and edits go on.");
    freezeThread = std::thread (
        [this, project = studio.shared(), as = *found, folder = fs::path (studio.folder())]
        {
            Progress progress;
            progress.cancelled = &freezeStop;
            const auto made = studio::freeze (*project, folder, as->strip.id, progress);
            auto file = [&]() -> Result<session::Media>
            {
                if (! made)
                    return made.problem();
                return *session::mediaOf (made->project,
                                          session::trackOf (made->project, as->strip.id)->frozen);
            }();
            const std::lock_guard lock (freezeMutex);
            frozen.push_back ({ as->strip.id, as, std::move (file) });
        });
}

void StudioModel::takeFrozen()
{
    std::vector<Frozen> all;
    {
        const std::lock_guard lock (freezeMutex);
        all.swap (frozen);
    }
    for (auto& one : all)
    {
        std::erase (toFreeze, one.track);
        const auto* now = session::trackOf (studio.project(), one.track);
        if (! one.file)
            tell (Notice::Kind::look, one.as->strip.name + " was not frozen", one.file.problem().sentence());
        else if (now == nullptr || ! (now->clips == one.as->clips) ||
                 ! (now->strip.inserts == one.as->strip.inserts))
            tell (Notice::Kind::look, one.as->strip.name + " was not frozen",
                  "It was changed meanwhile. Freeze it again.");
        else if (auto added = session::addedMedia (studio.project(), *one.file))
            edit (session::frozen (added->project, one.track, added->made), 0);
        freeze ({});
    }
}

std::optional<Notice> StudioModel::takeNotice()
{
    watchSound();
    followRides();
    takeImports();
    takeFrozen();
    takeHeardClips();
    takeMended();
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

void StudioModel::takeMended()
{
    const auto done = maskingWork.takeMended();
    if (! done)
        return;
    if (! *done)
    {
        tell (Notice::Kind::look, "No cut was made", done->problem().sentence());
        return;
    }
    const auto& mended = **done;
    // On the project as it is now: it may have changed while the cut was sought.
    if (! edit (session::cutMasking (studio.project(), mended.cut), 0))
        return;
    const auto name = [this] (Id id) { return session::stripOf (studio.project(), id)->name; };
    const auto percent = [] (double share) { return std::to_string (std::lround (100 * share)) + " %"; };
    tell (Notice::Kind::passed, "Room made for " + name (mended.cut.lead),
          name (mended.cut.masker) + " gives way by up to " +
              juce::String (mended.cut.depth, 1).toStdString() + " dB. Hidden " +
              percent (mended.shareBefore) + " of the time before, " + percent (mended.shareAfter) +
              " now, at equal loudness. Undo takes it back.");
    lookForMasking();
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

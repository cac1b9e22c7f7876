// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/StudioModel.h"

#include "core/SafeFile.h"
#include "session/Edits.h"
#include "session/Find.h"
#include "session/Parameters.h"
#include "studio/Catalogue.h"
#include "studio/Demo.h"
#include "studio/Package.h"
#include "studio/Render.h"
#include "ui/MainWindow.h"
#include "ui/Start.h"
#include "ui/StripParts.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>

namespace lacquer::ui
{

namespace fs = std::filesystem;

namespace
{

std::string nameOfEffect (const session::Effect& effect)
{
    const auto* type = studio::effectOf (effect.type);
    return type != nullptr ? std::string (type->name) : effect.type;
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

template <typename Meter>
Levels levelsOf (Meter& meter)
{
    Levels levels;
    for (int c = 0; c < 2; ++c)
    {
        const auto n = static_cast<std::size_t> (c);
        levels.peak[n] = meter.take (c);
        levels.energy[n] = meter.energy[c].load (std::memory_order_relaxed);
    }
    return levels;
}

} // namespace

/// The device's side of the player.
struct StudioModel::Sound final : io::Callback
{
    explicit Sound (StudioModel& m) : model (m) {}
    void render (float* const* out, int channels, int frames) noexcept override
    {
        model.desk->player().render (out, channels, frames);
    }
    void started (double, int) override
    {
        model.desk->player().deviceStarted();
        model.soundWatch.deviceStarted (std::chrono::steady_clock::now());
    }
    void stopped() override { model.desk->player().deviceStopped(); }

    StudioModel& model;
};

StudioModel::StudioModel (studio::Studio opened)
    : desk (std::make_unique<studio::Desk> (std::move (opened), jobs())),
      sound (std::make_unique<Sound> (*this)), device (std::make_unique<io::Device> (*sound, sampleRate()))
{
    desk->importing.lookForNewer();
    readView();
    openUsualDevice();
}

StudioModel::~StudioModel()
{
    jobs().close();
    leave();
    if (viewText() != viewKept)
        static_cast<void> (writeSafely (settingsFile ("view"), viewText()));
    device.reset();
    desk.reset();
}

std::string StudioModel::artist() const
{
    return song().artist.empty() ? project().album.artist : song().artist;
}

Outcome StudioModel::open (const std::string& path)
{
    auto opened = studio::Studio::opened (path);
    if (! opened)
    {
        forgetting = false;
        return opened.problem();
    }
    return workOn (*std::move (opened));
}

Outcome StudioModel::enter (const studio::Next& next)
{
    if (! next.copy)
        return workOn (std::move (*next.studio));
    desk->handOver (*next.studio);
    const auto at = position();
    const auto listening = monitor();
    auto entered = workOn (std::move (*next.studio));
    desk->locate (at);
    if (auto set = setMonitor (listening); ! set && entered)
        entered = set;
    desk->tell (Notice::Kind::passed, "Saved as \"" + projectName() + "\"",
                "You work on the copy now: " + folder());
    return entered;
}

void StudioModel::leave()
{
    if (std::exchange (forgetting, false))
        desk->abandon();
}

Outcome StudioModel::workOn (studio::Studio opened)
{
    const auto setup = deviceSetup();
    device->close();
    before = { structure() + 1, revision() + 1, outlines() + 1 };
    leave();
    desk.reset(); // before the next one starts jobs
    desk = std::make_unique<studio::Desk> (std::move (opened), jobs());
    desk->importing.lookForNewer();
    soundWatch = {};
    device = std::make_unique<io::Device> (*sound, sampleRate());
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
    if (auto set =
            desk->take (session::withTempo (project(), song().id, std::move (tempi), song().metres), gesture);
        ! set)
        desk->tell (Notice::Kind::look, "Tempo", set.problem().sentence());
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

void StudioModel::setModuleOn (Id module, bool on)
{
    set (module, session::effectSwitch, on ? 1 : 0, newGesture());
}

bool StudioModel::outline (Id media, Frames begin, Frames end, std::span<Column> columns) const
{
    const auto peaks = desk->outlines.of (media);
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

void StudioModel::setLoop (Frames begin, Frames end, bool on)
{
    desk->takeQuietly (session::withLoop (project(), song().id, begin, end, on));
}

Levels StudioModel::take (Id strip)
{
    auto* meter = rig().meter (strip);
    return meter != nullptr ? levelsOf (*meter) : Levels {};
}

Levels StudioModel::takeMaster()
{
    return levelsOf (rig().masterMeter());
}

Loudness StudioModel::loudness() const
{
    const auto& r = rig().masterLoudness().reading();
    return { r.momentary.value_or (undefinedLevel), r.shortTerm.value_or (undefinedLevel),
             r.integrated.value_or (undefinedLevel), r.range.value_or (undefinedLevel),
             r.maxTruePeak.value_or (undefinedLevel) };
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
        jobs().start (
            { "Keeping the device", "settings", studio::Jobs::Shown::no },
            [text = setup.type + "\n" + setup.name + "\n" + std::to_string (setup.rate) + "\n" +
                    std::to_string (setup.block) + "\n" + std::to_string (setup.pair) +
                    "\n"] (const studio::Work&) { return writeSafely (settingsFile ("device"), text); },
            [] (const Outcome&, bool) {});
    return opened;
}

void StudioModel::readView()
{
    const auto kept = readWhole (settingsFile ("view"), 65536);
    std::istringstream lines (kept ? *kept : std::string());
    for (std::string line; std::getline (lines, line);)
        if (const auto space = line.find (' '); space != std::string::npos)
            view[line.substr (0, space)] = line.substr (space + 1);
    viewKept = viewText();
}

std::string StudioModel::viewText() const
{
    std::string text;
    for (const auto& [key, value] : view)
        text += key + " " + value + "\n";
    return text;
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
    // As of the device: a failure to keep it costs a choice next time.
    jobs().start (
        { "Keeping the view", "settings", studio::Jobs::Shown::no },
        [text = viewText()] (const studio::Work&) { return writeSafely (settingsFile ("view"), text); },
        [this, text = viewText()] (const Outcome& kept, bool)
        {
            if (kept)
                viewKept = text;
        });
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
        if (device->open ({ type, {}, sampleRate(), 256 }))
            return;
    desk->tell (Notice::Kind::look, "No audio device",
                "There is no output to play through. Choose one in the audio settings; everything else works "
                "without it.");
}

DeviceStatus StudioModel::deviceStatus() const
{
    const auto s = device->status();
    return { s.open, s.lost, s.text, s.load, s.peakLoad, s.dropouts, s.pairs };
}

void StudioModel::watchDevice()
{
    device->poll();
    while (const auto event = device->takeEvent())
    {
        switch (event->kind)
        {
            case io::Event::Kind::lost:
                desk->tell (Notice::Kind::error, "The audio device stopped answering",
                            event->text + " Your mix is safe.");
                break;
            case io::Event::Kind::returned:
                desk->tell (Notice::Kind::passed, "The audio device is back", event->text);
                break;
            case io::Event::Kind::changed:
                desk->tell (Notice::Kind::note, "The audio device was changed", event->text);
                break;
        }
    }
    if (auto notice = soundWatch.look (desk->player().health().underruns, device->status().dropouts,
                                       std::chrono::steady_clock::now()))
        desk->tell (notice->kind, notice->title, notice->text);
}

std::optional<Notice> StudioModel::takeNotice()
{
    watchDevice();
    desk->poll();
    return desk->takeNotice();
}

std::vector<SongInfo> StudioModel::songs() const
{
    std::vector<SongInfo> all;
    for (const auto& s : studio::playOrder (project()))
    {
        const auto gap = project().album.gaps.find (s->id);
        all.push_back ({ s->id, s->name, s->artist, s->isrc, studio::lengthOf (project(), *s),
                         gap == project().album.gaps.end() ? 2.0 : gap->second });
    }
    return all;
}

Outcome StudioModel::setSongField (Id id, std::string_view field, const std::string& text)
{
    if (field == "title")
        return desk->take (session::renamed (project(), id, text), 0);
    return desk->take (
        session::withText (project(), id,
                           field == "isrc" ? session::SongText::isrc : session::SongText::artist, text),
        0);
}

Outcome StudioModel::setAlbumField (std::string_view field, const std::string& text)
{
    const auto which = field == "ean"      ? session::AlbumText::ean
                       : field == "artist" ? session::AlbumText::artist
                                           : session::AlbumText::title;
    return desk->take (session::withText (project(), which, text), 0);
}

std::string StudioModel::exportFolder() const
{
    return (fs::path (folder()) / "Export").string();
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

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Find.h"
#include "session/Parameters.h"
#include "studio/Catalogue.h"
#include "studio/Modulators.h"
#include "ui/Model.h"

#include <cmath>
#include <map>
#include <set>

namespace lacquer::ui::fakes
{

template <typename T>
struct LimiterTable
{
    T gain = inDecibels<T> ("gain", "Gain", { 0, 24 }, 5.2f, "Level into the limiter.");
    T ceiling = inDecibels<T> ("ceiling", "Ceiling", { -12, 0 }, -1, "The highest true peak that leaves.");
    T release = inMilliseconds<T> ("release", "Release", { 1, 1000 }, 85, "How fast it lets go.");
    T link = inPercent<T> ("link", "Link", { 0, 100 }, 75, "How far both channels move together.");
    T mode = oneOf<T> ("mode", "Character", "Open|Glue|Punch|Wall", 0, "How it sounds when it works hard.");
    T detect = onOff<T> ("truePeak", "True peak", true, "Looks between the samples.");
};

template <typename T>
struct ToneTable
{
    T gain1 = inDecibels<T> ("band1.gain", "Gain", { -6, 6 }, 0, "Lift or cut of the band.");
    T freq1 = inHertz<T> ("band1.freq", "Frequency", { 20, 20000 }, 80, "Centre of the band.");
    T q1 = asNumber<T> ("band1.q", "Q", { 0.3f, 8 }, 0.7f, Taper::logarithmic, "Narrowness of the band.");
    T gain2 = inDecibels<T> ("band2.gain", "Gain", { -6, 6 }, 1.2f, "Lift or cut of the band.");
    T freq2 = inHertz<T> ("band2.freq", "Frequency", { 20, 20000 }, 3200, "Centre of the band.");
    T q2 = asNumber<T> ("band2.q", "Q", { 0.3f, 8 }, 0.9f, Taper::logarithmic, "Narrowness of the band.");
};

/// A song without sound: values, history and meters as a Model would have them, all made up.
class FakeModel : public Model
{
public:
    FakeModel()
    {
        const char* names[] = { "Kick In", "Snare Top",    "Hi-Hat",       "Toms",     "Overheads",
                                "Bass DI", "Gtr Rhythm L", "Gtr Rhythm R", "Gtr Lead", "Rhodes",
                                "Strings", "Lead Vox",     "Vox Double",   "BVs" };
        const char* colours[] = { "kaki",   "kaki",   "kaki",  "kaki", "kaki",  "kuri",   "wakaba",
                                  "wakaba", "wakaba", "asagi", "sora", "botan", "sumire", "sumire" };
        const char* outputs[] = { "Drums",   "Drums",   "Drums", "Drums", "Drums",  "Mix",    "Guitars",
                                  "Guitars", "Guitars", "Mix",   "Mix",   "Vocals", "Vocals", "Vocals" };
        const double faders[] = { -4.2,  -5.6,  -14.5, -6.8,  -9.0, -6.1,  -10.4,
                                  -10.4, -12.2, -13.0, -11.5, -3.4, -12.8, -14.2 };
        const double pans[] = { 0, 0, 28, -12, 0, 0, -78, 78, 22, -24, 0, 0, 35, 0 };
        for (std::size_t n = 0; n < std::size (names); ++n)
        {
            add (session::StripKind::track, names[n], colours[n], outputs[n], faders[n], pans[n]);
            all.back().channels = n % 3 == 0 ? 1 : 2;
            if (n % 2 == 1)
                all.back().sends = { { "Plate", true, -14.0 } };
        }
        add (session::StripKind::group, "Drums", "kaki", "Mix", -1.5, 0);
        add (session::StripKind::group, "Guitars", "wakaba", "Mix", -2.0, 0);
        add (session::StripKind::group, "Vocals", "botan", "Mix", 0, 0);
        add (session::StripKind::effectReturn, "Plate", "ai", "Mix", -6.5, 0);
        add (session::StripKind::effectReturn, "Slap", "ai", "Mix", -9.0, 0);
        add (session::StripKind::mix, "Mix", "nezu", "", 0, 0);
        for (std::size_t n = 0; n < all.size() - 1; ++n)
        {
            const auto gain = [&] (int band, double db) {
                values[{ all[n].id, "eq.band" + std::to_string (band) + ".gain" }] = db;
            };
            gain (2, -2.8 + static_cast<double> (n % 4));
            gain (4, 2.2 - static_cast<double> (n % 3));
            gain (6, 3);
            values[{ all[n].id, "hpf.on" }] = static_cast<double> (n % 2);
            values[{ all[n].id, "comp.on" }] = n % 4 != 3 ? 1 : 0;
            values[{ all[n].id, "send1.level" }] = -14;
        }
        modules = { { id(), "EQ", true, false },
                    { id(), "Multiband", true, true },
                    { id(), "Limiter", true, true } };
        for (const auto& p : specs<ToneTable>())
            values[{ modules[0].id, std::string (p.id) }] = static_cast<double> (p.initial);
        for (const auto& p : specs<LimiterTable>())
            for (std::size_t m : { 1, 2 })
                values[{ modules[m].id, std::string (p.id) }] = static_cast<double> (p.initial);
        const char* parts[] = { "Intro", "Verse 1", "Chorus 1", "Verse 2", "Chorus 2", "Outro" };
        for (std::size_t n = 0; n < std::size (parts); ++n)
        {
            session::Marker mark;
            mark.id = Id { 900 + n };
            mark.position = static_cast<Frames> (map.frameOfBar (static_cast<int> (1 + 8 * n)));
            mark.name = parts[n];
            mark.section = true;
            marks.push_back (mark);
        }
        list = { { Id { 800 }, "Harbour Lights", "Mirela Voss", "", length(), 2 },
                 { Id { 801 }, "Salt on the Window", "Mirela Voss", "DEXX12600002", 48000 * 201, 2 } };
        record.title = "Low Tide";
        loopFrom = std::llround (map.frameOfBar (17));
        loopTo = std::llround (map.frameOfBar (25));
        compose();
    }

    std::uint64_t structure() const override { return structureCount; }
    std::uint64_t revision() const override { return revisionCount; }
    std::string projectName() const override { return "Harbour Lights"; }
    std::string artist() const override { return "Mirela Voss"; }
    bool unsaved() const override { return dirty; }
    Outcome save() override
    {
        ++saves;
        dirty = false;
        return {};
    }
    void forgetEdits() override {}
    Outcome open (const std::string&) override { return {}; }
    double sampleRate() const override { return 48000; }
    const TempoMap& tempo() const override { return map; }
    void setTempo (double bpm, Gesture) override
    {
        map = TempoMap (48000, { { 0, bpm } });
        touched();
    }
    Frames length() const override { return static_cast<Frames> (map.frameOfBar (49)); }
    std::vector<session::Marker> markers() const override { return marks; }

    std::vector<StripInfo> strips() const override { return all; }
    std::vector<ModuleInfo> masterModules() const override { return modules; }
    std::span<const Param> params (Id owner) const override
    {
        static const auto limiter = specs<LimiterTable>();
        static const auto eq = specs<ToneTable>();
        if (owner == modules[0].id)
            return eq;
        if (owner == modules[1].id || owner == modules[2].id)
            return limiter;
        if (const auto* effect = session::effectOf (content, owner))
            if (const auto* type = studio::effectOf (effect->type))
                return studio::tableOf (*type);
        if (const auto* modulator = session::modulatorOf (content, owner))
            return studio::modulatorTable (modulator->kind);
        const auto table = studio::stripTable();
        if (session::vcaOf (content, owner) != nullptr)
            return table.subspan (static_cast<std::size_t> (studio::indexOf (table, "fader.level")), 3);
        return table;
    }
    double value (Id owner, std::string_view p) const override
    {
        const auto found = values.find ({ owner, std::string (p) });
        if (found != values.end())
            return found->second;
        const auto table = params (owner);
        const int n = studio::indexOf (table, p);
        if (n < 0)
            return 0;
        const auto& spec = table[static_cast<std::size_t> (n)];
        if (const auto* effect = session::effectOf (content, owner))
            if (const auto kept = session::valueOf (*effect, p))
                return static_cast<double> (studio::numberOf (spec, *kept));
        return static_cast<double> (spec.initial);
    }
    void set (Id owner, std::string_view p, double v, Gesture key) override
    {
        if (key == 0 || key != lastKey)
            ++undoSteps;
        lastKey = key;
        if (p == session::effectSwitch && session::effectOf (content, owner) != nullptr)
            content = session::switchedEffect (content, owner, v >= 0.5)->project;
        else
            values[{ owner, std::string (p) }] = v;
        undoText = std::string (p);
        touched();
    }
    bool automated (Id owner, std::string_view p) const override
    {
        return (owner == all[11].id && p == "fader.level") || moving.contains ({ owner, std::string (p) });
    }
    double sounding (Id owner, std::string_view p) const override
    {
        const auto found = added.find ({ owner, std::string (p) });
        return value (owner, p) + (found != added.end() ? found->second : 0);
    }
    void setModuleOn (Id module, bool on) override
    {
        for (auto& m : modules)
            if (m.id == module)
                m.on = on;
        touched();
    }
    bool mutedBySolo (Id strip) const override
    {
        bool any = false;
        for (const auto& s : all)
            any = any || value (s.id, "fader.solo") >= 0.5;
        return any && value (strip, "fader.solo") < 0.5;
    }
    bool outline (Id media, Frames begin, Frames end, std::span<Column> columns) const override
    {
        const auto seed = static_cast<double> (media.value % 17);
        const auto count = static_cast<Frames> (columns.size());
        for (Frames n = 0; n < count; ++n)
        {
            const double x = static_cast<double> (begin + (end - begin) * n / count) / 48000;
            const double part = std::sin (x * 1.1 + seed) > -0.6 ? 1 : 0;
            const double hit = std::exp (-6 * std::fmod (x + 0.1 * seed, 0.5));
            const auto level = static_cast<float> (part * (0.2 + 0.5 * hit) * (0.7 + 0.3 * std::sin (x * 3)));
            columns[static_cast<std::size_t> (n)] = { -level, level, level * 0.45f };
        }
        return true;
    }
    std::uint64_t outlines() const override { return 1; }
    const session::Project& project() const override { return content; }
    bool edit (session::Edit made, Gesture key) override
    {
        if (! made)
        {
            refused = made.problem().sentence();
            return false;
        }
        if (key == 0 || key != lastKey)
            ++undoSteps;
        lastKey = key;
        undoText = made->label;
        content = std::move (made->project);
        readDesk (content);
        ++structureCount;
        touched();
        return true;
    }
    void editClips (const std::string& name, const std::vector<Id>& clips,
                    const session::Arguments& arguments, const std::string&) override
    {
        clipEdit = name;
        clipEdited = clips;
        clipArguments = arguments;
    }
    bool metronome() const override { return clicks; }
    int countIn() const override { return barsBefore; }
    void setMetronome (bool on, int bars) override
    {
        clicks = on;
        barsBefore = bars;
    }
    void importFiles (const std::vector<std::string>& paths, Id track, Frames f) override
    {
        imported = paths;
        importTrack = track;
        importAt = f;
    }
    void freeze (Id track) override { frozen.push_back (track); }
    MonitorState monitor() const override { return monitoring; }
    Outcome setMonitor (const MonitorState& m) override
    {
        monitoring = m;
        touched();
        return {};
    }
    void watch (Id strip) override { watched = strip; }
    std::uint64_t heard (bool, std::span<float> left, std::span<float> right) const override
    {
        // A low tone with some harmonics, and noise that falls towards the treble.
        heardFrames += 1600;
        std::uint64_t state = heardFrames;
        float brown = 0;
        for (std::size_t n = 0; n < left.size(); ++n)
        {
            const double t = static_cast<double> (heardFrames + n) / 48000;
            state = state * 6364136223846793005u + 1442695040888963407u;
            brown += 0.04f * (static_cast<float> (state >> 40) / 16777216.0f - 0.5f - brown);
            double tone = 0;
            for (int h = 1; h < 12; ++h)
                tone += std::sin (2 * 3.14159265 * 220 * h * t) / (h * h);
            left[n] = right[n] = static_cast<float> (0.12 * tone) + brown;
        }
        return heardFrames;
    }

    bool playing() const override { return running; }
    void play() override { running = true; }
    void stop() override { running = false; }
    Frames position() const override { return at; }
    void locate (Frames f) override { at = f; }
    bool looping() const override { return loopOn; }
    Frames loopStart() const override { return loopFrom; }
    Frames loopEnd() const override { return loopTo; }
    void setLooping (bool b) override { loopOn = b; }
    void setLoop (Frames a, Frames b, Gesture) override
    {
        loopFrom = a;
        loopTo = b;
    }

    Levels take (Id strip) override
    {
        if (levels.contains (strip))
            return levels[strip];
        return {};
    }
    double reduction (Id) override { return reduces; }
    void listenToBand (const std::vector<Id>& strips, double low, double high) override
    {
        listened = strips;
        listenedLow = low;
        listenedHigh = high;
    }
    Levels takeMaster() override { return masterLevels; }
    Loudness loudness() const override { return loud; }
    void restartMeasure() override { ++restarts; }

    MaskingReport masking() const override { return hidden; }
    void lookForMasking() override { ++looks; }
    void stopMasking() override { hidden.looking = hidden.mending = false; }
    void mend (const studio::Conflict& c) override { mendedPair = { c.lead, c.masker }; }
    std::string undoLabel() const override { return undoText; }
    std::string redoLabel() const override { return {}; }
    void undo() override { ++undos; }
    void redo() override { ++redos; }

    std::vector<std::string> deviceTypes() const override { return { "ALSA", "JACK" }; }
    std::vector<std::string> deviceNames (const std::string&) override { return { "Built-in Output" }; }
    DeviceSetup deviceSetup() const override { return { "ALSA", "Built-in Output", 48000, 256 }; }
    Outcome openDevice (const DeviceSetup& d) override
    {
        opened = d;
        return {};
    }
    DeviceStatus deviceStatus() const override { return device; }
    std::optional<Notice> takeNotice() override
    {
        jobs().poll();
        return std::exchange (notice, {});
    }

    session::Album album() const override { return record; }
    std::vector<SongInfo> songs() const override { return list; }
    Outcome setSongField (Id song, std::string_view field, const std::string& text) override
    {
        if (field == "isrc" && text.size() != 12)
            return Problem { "An ISRC has 12 characters." };
        for (auto& s : list)
            if (s.id == song)
                (field == "isrc" ? s.isrc : field == "title" ? s.title : s.artist) = text;
        touched();
        return {};
    }
    Outcome setAlbumField (std::string_view, const std::string&) override { return {}; }
    std::vector<ExportFormat> exportFormats() const override
    {
        return { { "wav24", "WAV", "48 kHz, 24 bit, TPDF dither" },
                 { "flac", "FLAC", "48 kHz, 24 bit" },
                 { "mp3", "MP3", "320 kbit/s, ID3v2.4 tags" },
                 { "ddp", "DDP 2.00", "44.1 kHz, 16 bit, the whole album with CD-Text" } };
    }
    std::string exportFolder() const override { return "Harbour Lights/Export"; }
    Outcome startExport (const std::vector<std::string>& formats, const std::string&) override
    {
        exported = formats;
        exporting.running = true;
        return {};
    }
    void stopExport() override { exporting.running = false; }
    ExportStatus exportStatus() const override { return exporting; }
    std::string viewSetting (const std::string& key) const override
    {
        const auto found = view.find (key);
        return found != view.end() ? found->second : std::string();
    }
    void keepViewSetting (const std::string& key, const std::string& value) override { view[key] = value; }

    std::vector<StripInfo> all;
    std::vector<ModuleInfo> modules;
    std::map<std::pair<Id, std::string>, double> values;
    /// What moves by itself, and what modulators add.
    std::set<std::pair<Id, std::string>> moving;
    std::map<std::pair<Id, std::string>, double> added;
    std::map<Id, Levels> levels;
    std::map<std::string, std::string> view;
    Levels masterLevels;
    Loudness loud;
    DeviceStatus device { true, false, "Built-in Output, 48 kHz, 256 samples (5.3 ms)", 0.41, 0.6, 0 };
    DeviceSetup opened;
    std::optional<Notice> notice;
    ExportStatus exporting;
    std::vector<std::string> exported;
    std::vector<session::Marker> marks;
    std::vector<SongInfo> list;
    session::Album record;
    TempoMap map { 48000, { { 0, 116 } } };
    Frames at = 0, loopFrom = 0, loopTo = 0;
    bool running = false, loopOn = false, dirty = false;
    double reduces = 0;
    int saves = 0, undos = 0, redos = 0, restarts = 0, undoSteps = 0;
    std::string undoText;
    Gesture lastKey = 0;
    std::uint64_t structureCount = 1, revisionCount = 1;

    /// The song of the strips above: what edits work on.
    session::Project content;
    std::string refused, clipEdit;
    std::vector<Id> clipEdited;
    session::Arguments clipArguments;
    bool clicks = false;
    int barsBefore = 0;
    std::vector<std::string> imported;
    Id importTrack, watched;
    std::vector<Id> frozen;
    MonitorState monitoring;
    MaskingReport hidden;
    int looks = 0;
    std::pair<Id, Id> mendedPair;
    std::vector<Id> listened;
    double listenedLow = 0, listenedHigh = 0;
    Frames importAt = 0;
    mutable std::uint64_t heardFrames = 0;

private:
    /// The strips as the song has them.
    void readDesk (const session::Project& p)
    {
        all.clear();
        session::forEachStrip (
            *p.songs.front(),
            [&] (const session::Strip& s)
            {
                StripInfo info;
                info.id = s.id;
                info.kind = s.kind;
                info.name = s.name;
                info.colour = s.colour;
                info.channels = s.channels;
                if (const auto* out = session::stripOf (p, s.output))
                    info.output = out->name;
                for (const auto& e : s.inserts)
                {
                    const auto* type = studio::effectOf (e->type);
                    info.inserts.push_back ({ std::string (type->name), e->on, 0, e->id, e->postConsole });
                }
                for (std::size_t n = 0; n < s.sends.size(); ++n)
                    if (const auto* to = session::stripOf (p, s.sends[n]))
                        info.sends.push_back ({ to->name, true, 0, {}, false, static_cast<int> (n) });
                all.push_back (std::move (info));
            });
    }
    /// Clips from section to section on every track, a lane on the lead, the buses.
    void compose()
    {
        content.id = Id { 5000 };
        content.name = projectName();
        content.sampleRate = 48000;
        content.nextId = 10000;
        session::Song song;
        song.id = Id { 800 };
        song.name = projectName();
        song.tempi = map.tempi();
        song.metres = map.metres();
        song.markers = marks;
        song.master = std::make_shared<session::Master> (session::Master { Id { 5001 }, {}, {}, {}, {} });
        for (std::size_t n = 0; n < all.size(); ++n)
        {
            session::Media media;
            media.id = Id { 6000 + n };
            media.path = "Audio/" + all[n].name + ".wav";
            media.frames = length();
            media.channels = all[n].channels;
            session::Strip strip;
            strip.id = all[n].id;
            strip.kind = all[n].kind;
            strip.name = all[n].name;
            strip.colour = all[n].colour;
            strip.channels = all[n].kind == session::StripKind::track ? all[n].channels : 2;
            for (const auto& other : all)
            {
                if (other.name == all[n].output)
                    strip.output = other.id;
                if (! all[n].sends.empty() && other.name == all[n].sends.front().name)
                    strip.sends[0] = other.id;
            }
            if (all[n].kind == session::StripKind::effectReturn)
            {
                session::Effect effect;
                effect.id = Id { 5100 + n };
                effect.type = all[n].name == "Plate" ? "reverb" : "delay";
                strip.inserts.push_back (std::make_shared<session::Effect> (effect));
            }
            switch (strip.kind)
            {
                case session::StripKind::mix: song.mix = std::make_shared<session::Strip> (strip); break;
                case session::StripKind::group:
                    song.groups.push_back (std::make_shared<session::Strip> (strip));
                    break;
                case session::StripKind::effectReturn:
                    song.returns.push_back (std::make_shared<session::Strip> (strip));
                    break;
                case session::StripKind::track:
                {
                    content.media.push_back (media);
                    session::Track track;
                    if (strip.name == "Lead Vox")
                        for (int k = 0; k < 12; ++k)
                        {
                            if (k == 0)
                                strip.lanes.push_back ({ strip.id, "fader.level", {}, true, {} });
                            strip.lanes[0].points.push_back (
                                { static_cast<Frames> (map.frameOfBar (1 + 4 * k)), -4 + 2.0 * (k % 3) });
                        }
                    for (std::size_t k = 0; k < marks.size(); ++k)
                    {
                        if ((n == 3 || n == 8) && k % 2 == 0)
                            continue;
                        session::Clip clip;
                        clip.id = Id { 7000 + 16 * n + k };
                        clip.media = media.id;
                        clip.name = strip.name + " " + std::to_string (k + 1);
                        clip.start = clip.offset = marks[k].position;
                        clip.length = (k + 1 < marks.size() ? marks[k + 1].position : length()) - clip.start;
                        if (n == 10)
                            clip.fadeIn = clip.fadeOut = clip.length / 5;
                        track.clips.push_back (std::make_shared<session::Clip> (clip));
                    }
                    track.strip = strip;
                    song.tracks.push_back (std::make_shared<session::Track> (track));
                    break;
                }
            }
        }
        content.songs = { std::make_shared<session::Song> (song) };
        readDesk (content);
    }
    Id id() { return Id { ++ids }; }
    void touched()
    {
        ++revisionCount;
        dirty = true;
    }
    void add (session::StripKind kind, const char* name, const char* colour, const char* output, double fader,
              double pan)
    {
        StripInfo s;
        s.id = id();
        s.kind = kind;
        s.name = name;
        s.colour = colour;
        s.output = output;
        values[{ s.id, "fader.level" }] = fader;
        values[{ s.id, "pan.position" }] = pan;
        all.push_back (s);
    }
    std::uint64_t ids = 0;
};

} // namespace lacquer::ui::fakes

// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/NewProject.h"

#include "core/SafeFile.h"
#include "files/Descriptor.h"
#include "session/Address.h"
#include "session/Edits.h"
#include "session/Find.h"
#include "session/TemplateEdits.h"
#include "studio/Adding.h"
#include "studio/Build.h"
#include "studio/StemNames.h"
#include "studio/Templates.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <optional>
#include <utility>

namespace lacquer::studio
{

namespace fs = std::filesystem;

namespace
{

/// Letters by letters, numbers by value: "Tom 2" before "Tom 10".
bool naturalLess (const std::string& a, const std::string& b)
{
    std::size_t i = 0, k = 0;
    const auto digit = [] (char c) { return c >= '0' && c <= '9'; };
    while (i < a.size() && k < b.size())
    {
        if (digit (a[i]) && digit (b[k]))
        {
            auto endA = i, endB = k;
            while (endA < a.size() && digit (a[endA]))
                ++endA;
            while (endB < b.size() && digit (b[endB]))
                ++endB;
            auto numberA = a.substr (i, endA - i), numberB = b.substr (k, endB - k);
            numberA.erase (0, std::min (numberA.find_first_not_of ('0'), numberA.size()));
            numberB.erase (0, std::min (numberB.find_first_not_of ('0'), numberB.size()));
            if (numberA != numberB)
                return numberA.size() != numberB.size() ? numberA.size() < numberB.size() : numberA < numberB;
            i = endA;
            k = endB;
            continue;
        }
        const auto x = std::tolower (static_cast<unsigned char> (a[i])),
                   y = std::tolower (static_cast<unsigned char> (b[k]));
        if (x != y)
            return x < y;
        ++i;
        ++k;
    }
    return a.size() - i < b.size() - k;
}

/// What all names begin with, up to a separator: "Song - " of "Song - Kick" and "Song - Snare".
std::size_t commonPrefix (const std::vector<std::string>& names)
{
    if (names.size() < 3)
        return 0;
    std::size_t length = 0;
    while (std::all_of (names.begin(), names.end(),
                        [&] (const std::string& n)
                        { return length < n.size() && n[length] == names[0][length]; }))
        ++length;
    const auto separator = names[0].substr (0, length).find_last_of ("-_");
    return separator == std::string::npos ? 0 : separator + 1;
}

/// Whether the disk takes no more, whatever file comes next.
bool isOfDisk (const Problem& p)
{
    constexpr std::array errors { ENOSPC, EDQUOT, EFBIG, EROFS, EIO };
    return std::any_of (errors.begin(), errors.end(), [&] (int e) { return p.what == files::reason (e); });
}

std::string trimmed (std::string s)
{
    const auto first = s.find_first_not_of (" _-");
    const auto last = s.find_last_not_of (" _-");
    return first == std::string::npos ? std::string() : s.substr (first, last - first + 1);
}

/// Adds the track of an imported file: its media, the track, one clip over all of it.
Id addTrack (Build& build, Id song, const files::Imported& imported, const fs::path& original,
             const std::string& name, const std::string& colour, Frames start = 0)
{
    session::Clip clip;
    clip.media = build (session::addedMedia (build.project, mediaFrom (imported, original)));
    clip.start = start;
    clip.length = imported.frames;
    clip.name = name;
    const auto track = build (session::addedTrack (build.project, song, name, imported.channels, colour));
    if (clip.length > 0)
        build (session::addedClip (build.project, track, clip));
    return track;
}

/// The modules of a new mastering chain; only the limiter is on.
void addMaster (Build& build, Id song)
{
    for (const auto* type : { "master-eq", "multiband", "master-saturation", "width", "limiter" })
    {
        const auto module = build (
            session::addedEffect (build.project, session::songOf (build.project, song)->master->id, type));
        if (std::string_view (type) != "limiter")
            build (session::switchedEffect (build.project, module, false));
    }
}

/// A project after a step of setting it up, and what was decided.
struct Decided
{
    session::Project project;
    std::vector<Decision> decisions;
};

session::Call call (const char* op, session::Arguments arguments)
{
    return { op, std::move (arguments) };
}

Decided colouredByName (const session::Project& project, Id song)
{
    Build build (project);
    Decided done { project, {} };
    for (const auto& track : session::songOf (project, song)->tracks)
    {
        const auto& strip = track->strip;
        const auto guess = guessed (strip.name);
        const auto address = session::addressOf (project, strip.id);
        Decision d { address, std::string (nameOf (guess.part)), {} };
        if (guess.colour != strip.colour)
        {
            build (session::recoloured (build.project, strip.id, guess.colour));
            d.what += ", colour " + guess.colour;
            d.back.push_back (call ("recolour", { { "strip", address }, { "colour", strip.colour } }));
        }
        if (guess.pan != 0 && strip.channels == 1)
        {
            build (session::withValue (build.project, strip.id, "pan.position", guess.pan));
            d.what += guess.pan < 0 ? ", panned left" : ", panned right";
            d.back.push_back (call ("reset", { { "address", address + "/pan.position" } }));
        }
        if (! d.back.empty())
            done.decisions.push_back (std::move (d));
    }
    done.project = std::move (build.project);
    return done;
}

/// Tracks of one family go to a group of its name, where there are two of them.
Decided groupedByName (const session::Project& project, Id song)
{
    Build build (project);
    Decided done { project, {} };
    std::map<std::string, int> sizes;
    const auto& tracks = session::songOf (project, song)->tracks;
    for (const auto& track : tracks)
        ++sizes[guessed (track->strip.name).group];
    std::map<std::string, Id> groups;
    for (const auto& track : tracks)
    {
        const auto guess = guessed (track->strip.name);
        if (guess.group.empty() || sizes[guess.group] < 2)
            continue;
        auto& group = groups[guess.group];
        if (! group)
        {
            group = build (session::addedGroup (build.project, song, guess.group, guess.colour));
            const auto address = session::addressOf (build.project, group);
            done.decisions.push_back ({ address,
                                        "group of " + std::to_string (sizes[guess.group]) + " tracks",
                                        { call ("remove", { { "strip", address } }) } });
        }
        build (session::withOutput (build.project, track->strip.id, group));
        const auto address = session::addressOf (project, track->strip.id);
        done.decisions.push_back (
            { address,
              "goes to the group " + guess.group,
              { call ("set-output", { { "strip", address },
                                      { "output", session::addressOf (project, track->strip.output) } }) } });
    }
    done.project = std::move (build.project);
    return done;
}

Decided equipped (const session::Project& project, Id song)
{
    Decided done { withReturnsAndMaster (project, song), {} };
    const auto& s = *session::songOf (done.project, song);
    for (const auto& r : s.returns)
    {
        const auto address = session::addressOf (done.project, r->id);
        done.decisions.push_back ({ address,
                                    "every track has a send to it, turned down",
                                    { call ("remove", { { "strip", address } }) } });
    }
    for (const auto& m : s.master->modules)
    {
        const auto address = session::addressOf (done.project, m->id);
        done.decisions.push_back ({ address,
                                    m->on ? "on the mastering chain" : "on the mastering chain, switched off",
                                    { call ("remove-effect", { { "effect", address } }) } });
    }
    return done;
}

constexpr auto* returnsAndMaster = "Add returns and mastering chain";

/// Adds a step to a new project, unless it decided nothing.
void takeStep (NewProject& made, const char* label, Decided step)
{
    if (step.decisions.empty())
        return;
    made.project = std::move (step.project);
    made.steps.push_back ({ made.project, label, {} });
    for (auto& d : step.decisions)
        made.decisions.push_back (std::move (d));
}

Result<NewProject> projectFromTemplate (const std::string& called, std::string name, double rate)
{
    const auto from = templateCalled (false, called);
    if (! from)
        return from.problem();
    auto project = session::projectFromTemplate (from->project, std::move (name), rate);
    if (! project)
        return project.problem();
    NewProject result;
    result.project = *std::move (project);
    return result;
}

} // namespace

Result<NewFolder> NewFolder::made (const fs::path& folder)
{
    std::error_code error;
    if (folder.empty())
        return Problem { "The name of the folder is empty." };
    const bool there = fs::exists (folder, error);
    if (there && ! (fs::is_directory (folder, error) && fs::is_empty (folder, error)))
        return Problem { fs::is_directory (folder, error) ? "There is something in this folder already."
                                                          : "A file has this name.",
                         folder.string(), "Choose a new folder." };
    fs::create_directories (folder, error);
    if (error)
        return Problem { "The folder could not be made because " + reasonOf (error.value()) + ".",
                         folder.string() };
    return NewFolder (folder, there);
}

NewFolder::NewFolder (NewFolder&& other) noexcept
    : folder (std::exchange (other.folder, {})), existed (other.existed)
{
}

NewFolder::~NewFolder()
{
    if (folder.empty())
        return;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator (folder, error))
        fs::remove_all (entry.path(), error);
    if (! existed)
        fs::remove (folder, error);
}

std::string nameOfFolder (const fs::path& folder)
{
    auto path = fs::absolute (folder).lexically_normal();
    if (! path.has_filename())
        path = path.parent_path();
    return session::nameToShow (path.filename().string());
}

session::Media mediaFrom (const files::Imported& imported, const fs::path& original)
{
    session::Media media;
    media.original = fs::absolute (imported.referenced ? imported.file : original).string();
    media.path =
        imported.referenced ? media.original : (fs::path ("Audio") / imported.file.filename()).string();
    media.referenced = imported.referenced;
    media.channels = imported.channels;
    media.frames = imported.frames;
    media.originalRate = imported.source.rate;
    media.hash = imported.hash;
    return media;
}

std::vector<fs::path> soundFilesIn (const std::vector<fs::path>& filesAndFolders)
{
    static constexpr std::array<std::string_view, 13> endings { ".wav",  ".wave", ".bwf",  ".rf64", ".w64",
                                                                ".aif",  ".aiff", ".aifc", ".flac", ".ogg",
                                                                ".opus", ".oga",  ".mp3" };
    std::vector<fs::path> all;
    for (const auto& path : filesAndFolders)
    {
        std::error_code error;
        if (! fs::is_directory (path, error))
        {
            all.push_back (path);
            continue;
        }
        std::vector<fs::path> inside;
        for (const auto& entry : fs::directory_iterator (path, error))
        {
            auto ending = entry.path().extension().string();
            std::transform (ending.begin(), ending.end(), ending.begin(),
                            [] (unsigned char c) { return static_cast<char> (std::tolower (c)); });
            if (std::find (endings.begin(), endings.end(), ending) != endings.end())
                inside.push_back (entry.path());
        }
        std::sort (inside.begin(), inside.end(),
                   [] (const fs::path& a, const fs::path& b)
                   { return naturalLess (a.filename().string(), b.filename().string()); });
        all.insert (all.end(), inside.begin(), inside.end());
    }
    return all;
}

session::Project withReturnsAndMaster (session::Project project, Id song)
{
    Build build (std::move (project));
    const auto reverb = build (session::addedReturn (build.project, song, "Reverb", "sora"));
    build (session::addedEffect (build.project, reverb, "reverb"));
    const auto delay = build (session::addedReturn (build.project, song, "Delay", "wakaba"));
    build (session::addedEffect (build.project, delay, "delay"));
    const auto tracks = session::songOf (build.project, song)->tracks;
    for (const auto& track : tracks)
    {
        build (session::withSend (build.project, track->strip.id, 0, reverb));
        build (session::withSend (build.project, track->strip.id, 1, delay));
    }
    addMaster (build, song);
    return std::move (build.project);
}

Result<NewProject> projectFromStems (const fs::path& folder, std::string name,
                                     const std::vector<fs::path>& files, const NewOptions& options)
{
    NewProject result;
    struct Stem
    {
        fs::path path;
        files::Sound sound;
    };
    std::vector<Stem> stems;
    std::vector<files::Sound> sounds;
    std::optional<Problem> first;
    const auto refuse = [&] (const Problem& p)
    {
        result.notes.push_back (p.sentence());
        if (! first)
            first = p;
    };
    for (const auto& path : files)
    {
        if (options.progress.stopped())
            return Problem { "Importing was stopped; no project was made." };
        if (auto sound = files::probe (path))
        {
            sounds.push_back (*sound);
            stems.push_back ({ path, *sound });
        }
        else
            refuse (sound.problem());
    }
    if (stems.empty())
        return first ? *first
                     : Problem { "There is no sound file here.",
                                 {},
                                 "Give WAV, AIFF, FLAC, Ogg, Opus or MP3 files, or a folder of them." };

    const double rate = options.rate > 0 ? options.rate : files::chooseProjectRate (sounds);
    Build make (session::newProject (name, rate));
    const auto song = make.project.songs.front()->id;
    make (session::renamed (make.project, song, name));

    std::vector<std::string> names;
    for (const auto& stem : stems)
        names.push_back (textOfName (stem.path.stem().string()));
    const auto prefix = commonPrefix (names);
    for (auto& n : names)
        n = trimmed (n.substr (prefix));
    std::vector<files::SongTime> times;
    for (const auto& stem : stems)
        times.push_back (files::songTimeOf (stem.path));
    const auto starts = startsOf (times, rate);
    if (std::any_of (starts.begin(), starts.end(), [] (Frames f) { return f > 0; }))
        result.notes.push_back ("Every file has a time stamp: each lies where it was recorded.");
    std::string from;
    if (const auto tempo = tempoOf (times, from))
    {
        make (session::withTempo (make.project, song, { { 0, *tempo } }, make.project.songs.front()->metres));
        result.notes.push_back (sentenceOf (*tempo, from));
    }
    for (std::size_t n = 0; n < stems.size(); ++n)
    {
        files::ImportOptions importing;
        importing.rate = rate;
        importing.folder = folder / "Audio";
        importing.placement = options.placement;
        importing.progress.cancelled = options.progress.cancelled;
        importing.progress.report = [&] (double share)
        {
            options.progress.at ((options.balance ? 0.7 : 1.0) * (static_cast<double> (n) + share) /
                                 static_cast<double> (stems.size()));
        };
        const auto imported = files::imported (stems[n].path, importing);
        if (options.progress.stopped())
            return Problem { "Importing was stopped; no project was made." };
        if (! imported && isOfDisk (imported.problem()))
            return imported.problem(); // not half of the stems
        if (! imported)
        {
            refuse (imported.problem());
            continue;
        }
        if (! imported->note.empty())
            result.notes.push_back (stems[n].path.filename().string() + ": " + imported->note);

        addTrack (make, song, *imported, stems[n].path,
                  names[n].empty() ? "Track " + std::to_string (n + 1) : names[n], "matsu",
                  starts.empty() ? 0 : starts[n]);
    }
    if (make.project.songs.front()->tracks.empty())
        return *first;
    if (make.problem)
        return *make.problem;
    result.plain = result.project = std::move (make.project);
    takeStep (result, "Colour and pan tracks by their names", colouredByName (result.project, song));
    takeStep (result, "Group tracks by their names", groupedByName (result.project, song));
    takeStep (result, returnsAndMaster, equipped (result.project, song));
    if (! options.balance)
        return result;
    Progress balancing;
    balancing.cancelled = options.progress.cancelled;
    balancing.report = [&] (double share) { options.progress.at (0.7 + 0.3 * share); };
    auto balance = firstBalance (result.project, folder, song, {}, balancing);
    if (options.progress.stopped())
        return Problem { "Importing was stopped; no project was made." };
    if (! balance)
    {
        result.notes.push_back ("No levels were set: " + balance.problem().sentence());
        return result;
    }
    result.peak = balance->peak;
    takeStep (result, "First balance", { std::move (balance->project), std::move (balance->decisions) });
    return result;
}

Result<Studio> createdFrom (const std::string& folder, const NewProject& made)
{
    auto studio = Studio::created (folder, made.steps.empty() ? made.project : made.plain);
    if (! studio || made.steps.empty())
        return studio;
    for (const auto& step : made.steps)
        if (auto taken = studio->take (step); ! taken)
            return taken.problem();
    if (auto saved = studio->save(); ! saved)
        return saved.problem();
    return studio;
}

Result<NewProject> projectWithoutStems (std::string name, const NewOptions& options)
{
    Build make (session::newProject (name, options.rate > 0 ? options.rate : 48000));
    const auto song = make.project.songs.front()->id;
    make (session::renamed (make.project, song, std::move (name)));
    if (make.problem)
        return *make.problem;
    NewProject result;
    result.plain = result.project = std::move (make.project);
    takeStep (result, returnsAndMaster, equipped (result.project, song));
    return result;
}

Result<NewProject> projectFromMaster (const fs::path& folder, std::string name, const fs::path& file,
                                      const NewOptions& options)
{
    files::ImportOptions importing;
    importing.rate = options.rate;
    importing.folder = folder / "Audio";
    importing.placement = options.placement;
    importing.progress = options.progress;
    const auto imported = files::imported (file, importing);
    if (! imported)
        return imported.problem();

    NewProject result;
    if (! imported->note.empty())
        result.notes.push_back (imported->note);
    Build make (session::newProject (name, imported->rate, session::SongKind::stereo));
    const auto song = make.project.songs.front()->id;
    make (session::renamed (make.project, song, name));
    const auto track = addTrack (make, song, *imported, file, name, "matsu");
    if (imported->channels == 1) // a mono programme keeps its level on both sides
        make (session::withValue (make.project, track, "pan.law", std::string ("0 dB")));
    addMaster (make, song);
    if (make.problem)
        return *make.problem;
    result.project = std::move (make.project);
    return result;
}

Result<Founded> founded (const std::string& folder, const Beginning& from, const NewOptions& options)
{
    auto place = NewFolder::made (folder);
    if (! place)
        return place.problem();
    const auto name = nameOfFolder (folder);
    const auto made =
        ! from.songTemplate.empty() ? projectFromTemplate (from.songTemplate, name, options.rate)
        : ! from.master.empty()     ? projectFromMaster (folder, name, from.master, options)
        : ! from.stems.empty()      ? projectFromStems (folder, name, soundFilesIn (from.stems), options)
                                    : projectWithoutStems (name, options);
    if (! made)
        return made.problem();
    auto studio = createdFrom (folder, *made);
    if (! studio)
        return studio.problem();
    place->keep();
    return Founded { *std::move (studio), *made };
}

} // namespace lacquer::studio

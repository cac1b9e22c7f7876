// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Adding.h"

#include "session/Find.h"
#include "studio/Build.h"
#include "studio/NewProject.h"
#include "studio/StemNames.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

namespace lacquer::studio
{

namespace fs = std::filesystem;

std::string textOfName (const std::string& bytes)
{
    std::string out;
    for (std::size_t n = 0; n < bytes.size();)
    {
        const auto lead = static_cast<unsigned char> (bytes[n]);
        const std::size_t size = lead < 0x80                   ? 1
                                 : lead >= 0xC2 && lead < 0xE0 ? 2
                                 : lead >= 0xE0 && lead < 0xF0 ? 3
                                 : lead >= 0xF0 && lead < 0xF5 ? 4
                                                               : 0;
        bool good = size > 0 && n + size <= bytes.size() && lead >= 0x20 && lead != 0x7F;
        for (std::size_t k = 1; good && k < size; ++k)
            good = (static_cast<unsigned char> (bytes[n + k]) & 0xC0) == 0x80;
        if (good)
            out += bytes.substr (n, size);
        else
        {
            static constexpr std::string_view digits = "0123456789ABCDEF";
            out += '%';
            out += digits[lead >> 4];
            out += digits[lead & 15];
        }
        n += good ? size : 1;
    }
    return out;
}

std::vector<Frames> startsOf (const std::vector<files::SongTime>& times, double rate)
{
    std::vector<Frames> starts;
    for (const auto& t : times)
    {
        if (! t.reference || ! (t.rate > 0))
            return {};
        starts.push_back (files::framesAtRate (*t.reference, t.rate, rate));
    }
    const auto [first, last] = std::minmax_element (starts.begin(), starts.end());
    // Stems of one song do not lie a day apart: a stamp from another session.
    if (starts.empty() || static_cast<double> (*last - *first) > 86400 * rate)
        return {};
    const Frames zero = *first;
    for (auto& s : starts)
        s -= zero;
    return starts;
}

std::optional<double> tempoOf (const std::vector<files::SongTime>& times, std::string& from)
{
    std::optional<double> tempo;
    for (const auto& t : times)
    {
        if (! t.tempo)
            continue;
        if (tempo && std::abs (*tempo - *t.tempo) > 0.01)
            return std::nullopt;
        tempo = t.tempo;
        from = t.tempoFrom;
    }
    return tempo;
}

std::string sentenceOf (double tempo, const std::string& from)
{
    std::array<char, 32> text {};
    std::snprintf (text.data(), text.size(), "%g", tempo);
    return std::string ("The tempo is ") + text.data() + ": a file tells it by " + from + ".";
}

session::Edit withSound (const session::Project& project, Id song, Id track, Frames at,
                         const files::Imported& file, const fs::path& original)
{
    Build build (project);
    session::Clip clip;
    clip.start = at;
    clip.length = file.frames;
    clip.name = textOfName (original.stem().string());
    clip.media = build (session::addedMedia (build.project, mediaFrom (file, original)));
    if (! track)
        track = build (
            session::addedTrack (build.project, song, clip.name, file.channels, guessed (clip.name).colour));
    const auto made = build (session::addedClip (build.project, track, clip));
    if (build.problem)
        return *build.problem;
    return session::Edited { std::move (build.project), "Import audio", made };
}

Result<Added> withFiles (const session::Project& project, const fs::path& folder, const Addition& what,
                         const Progress& progress)
{
    if (what.files.empty())
        return Problem { "There is no sound file here.",
                         {},
                         "Give WAV, AIFF, FLAC, Ogg, Opus or MP3 files, or a folder of them." };
    std::vector<files::SongTime> times;
    for (const auto& file : what.files)
        times.push_back (files::songTimeOf (file));
    const auto starts = startsOf (times, project.sampleRate);
    if (what.track && what.files.size() > 1 && starts.empty())
        return Problem { "On one track these files would lie on top of one another.",
                         {},
                         "Import them one by one, each --at its time, or each on a track of its own." };

    Added added { { project, "Import audio", {} }, {}, {}, {} };
    auto& now = added.edited.project;
    const auto run = [&]() -> Outcome
    {
        const auto& song = *session::songOf (now, what.song);
        const bool empty = std::all_of (song.tracks.begin(), song.tracks.end(),
                                        [] (const auto& t) { return t->clips.empty(); });
        std::string from;
        if (const auto tempo = tempoOf (times, from);
            tempo && (song.tempi.size() != 1 || std::abs (song.tempi[0].bpm - *tempo) > 0.01))
        {
            if (empty)
            {
                auto edit = session::withTempo (now, what.song, { { 0, *tempo } }, song.metres);
                if (! edit)
                    return edit.problem();
                now = std::move (edit->project);
            }
            added.notes.push_back (sentenceOf (*tempo, from) + (empty ? "" : " The song keeps its own."));
        }
        if (std::any_of (starts.begin(), starts.end(), [] (Frames f) { return f > 0; }))
            added.notes.push_back ("Every file has a time stamp: each lies where it was recorded.");
        files::ImportOptions options;
        options.rate = project.sampleRate;
        options.folder = folder / "Audio";
        options.progress.cancelled = progress.cancelled;
        for (std::size_t n = 0; n < what.files.size(); ++n)
        {
            options.progress.report = [&] (double share)
            { progress.at ((static_cast<double> (n) + share) / static_cast<double> (what.files.size())); };
            const auto file = files::imported (what.files[n], options);
            if (progress.stopped())
            {
                if (file)
                    added.files.push_back (file->file);
                return Problem { "Importing was stopped; nothing was added." };
            }
            if (! file)
                return file.problem();
            added.files.push_back (file->file);
            if (! file->note.empty())
                added.notes.push_back (what.files[n].filename().string() + ": " + file->note);
            auto edit = withSound (now, what.song, what.track, what.at + (starts.empty() ? 0 : starts[n]),
                                   *file, what.files[n]);
            if (! edit)
                return edit.problem();
            now = std::move (edit->project);
            added.clips.push_back (edit->made);
        }
        return {};
    };
    if (auto done = run(); ! done)
    {
        std::error_code error;
        for (const auto& file : added.files)
            fs::remove (file, error);
        return done.problem();
    }
    return added;
}

} // namespace lacquer::studio

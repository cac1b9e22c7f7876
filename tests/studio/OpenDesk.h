// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/ClipEdits.h"
#include "session/Find.h"
#include "session/MediaEdits.h"
#include "studio/Desk.h"
#include "studio/Tone.h"
#include "support/Folder.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace lacquer::tests
{

namespace fs = std::filesystem;

/// A stereo file of a tone.
inline void tone (const fs::path& file, int frames, double step)
{
    writeTone (file, 2, frames, step);
}

/// A song of two tracks, open on a desk.
struct Opened
{
    Folder folder { "desk" };
    Id vox, pad;
    studio::Jobs jobs;
    std::unique_ptr<studio::Desk> desk;

    /// seconds: of the song; long ones are for work that is to be stopped.
    explicit Opened (int seconds = 2)
    {
        auto project = session::newProject ("Song", 48000);
        const auto song = project.songs.front()->id;
        const auto done = [&] (session::Edit edit)
        {
            REQUIRE (edit);
            project = std::move (edit->project);
            return edit->made;
        };
        const auto track = [&] (const char* name, double step)
        {
            tone (folder / "Song" / "Audio" / (std::string (name) + ".wav"), 48000, step);
            session::Media media;
            media.path = "Audio/" + std::string (name) + ".wav";
            media.channels = 2;
            media.frames = 48000;
            media.originalRate = 48000;
            const auto id = done (session::addedMedia (project, media));
            const auto added = done (session::addedTrack (project, song, name, 2));
            for (int n = 0; n < seconds; ++n)
            {
                session::Clip clip;
                clip.media = id;
                clip.start = n * 48000;
                clip.length = 48000;
                done (session::addedClip (project, added, clip));
            }
            return added;
        };
        vox = track ("Vox", 0.03);
        pad = track ("Pad", 0.02);
        REQUIRE (studio::Studio::created ((folder / "Song").string(), project).ok());
        auto opened = studio::Studio::opened ((folder / "Song").string());
        REQUIRE (opened);
        desk = std::make_unique<studio::Desk> (*std::move (opened), jobs);
        jobs.settle(); // the outlines
    }
    /// Until a job of this name is under way.
    void begun (const std::string& name)
    {
        const auto share = [&]
        {
            for (const auto& s : jobs.states())
                if (s.name == name)
                    return s.share;
            FAIL ("the job ended at once: " + name);
            return 0.0;
        };
        while (share() <= 0)
            std::this_thread::yield();
    }
    std::vector<std::string> told()
    {
        desk->poll();
        std::vector<std::string> all;
        while (auto notice = desk->takeNotice())
            all.push_back (notice->title + ": " + notice->text);
        return all;
    }
    const session::Track& track (Id id) const { return *session::trackOf (desk->project(), id); }
    double fader (Id id) const { return desk->value (id, "fader.level"); }
};

/// Everything below a folder, by its path in it.
inline std::set<std::string> filesIn (const fs::path& folder)
{
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator (folder))
        if (entry.is_regular_file())
            names.insert (fs::relative (entry.path(), folder).string());
    return names;
}

inline bool contains (const std::vector<std::string>& all, const std::string& part)
{
    return std::any_of (all.begin(), all.end(),
                        [&] (const std::string& s) { return s.find (part) != std::string::npos; });
}

} // namespace lacquer::tests

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "files/Writer.h"
#include "session/Edits.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace lacquer::ui::fakes
{

/// A mix of stereo tracks in a temporary folder, every module of every strip at work.
struct BigMix
{
    std::filesystem::path folder;
    session::Project project = session::newProject ("Big", 48000);
    std::vector<Id> media;
    Id reverb, delay, group;

    explicit BigMix (int tracks)
    {
        auto pattern = (std::filesystem::temp_directory_path() / "lacquer-live-XXXXXX").string();
        folder = ::mkdtemp (pattern.data());
        std::filesystem::create_directories (folder / "Audio");
        const auto song = project.songs.front()->id;
        reverb = done (session::addedReturn (project, song, "Reverb"));
        delay = done (session::addedReturn (project, song, "Delay"));
        done (session::addedEffect (project, reverb, "reverb"));
        done (session::addedEffect (project, delay, "delay"));
        group = done (session::addedGroup (project, song, "Group"));
        for (int n = 0; n < tracks; ++n)
        {
            writeAudio (n);
            addTrack (n);
        }
    }
    ~BigMix()
    {
        std::error_code error;
        std::filesystem::remove_all (folder, error);
    }

    const session::Song& song() const { return *project.songs.front(); }

    Id done (session::Edit edit)
    {
        INFO ((edit ? std::string() : edit.problem().sentence()));
        REQUIRE (edit.ok());
        project = std::move (edit->project);
        return edit->made;
    }

    /// A second and a half of a decaying tone, other for every track.
    void writeAudio (int number)
    {
        constexpr int frames = 72000;
        const auto name = "Audio/" + std::to_string (number) + ".wav";
        auto writer = files::Writer::opened (folder / name, {});
        REQUIRE (writer.ok());
        std::vector<float> sound (frames);
        for (int n = 0; n < frames; ++n)
            sound[static_cast<std::size_t> (n)] = static_cast<float> (
                0.02 * std::sin (0.01 * (1 + number % 40) * n) * std::exp (-(n % 24000) / 8000.0));
        const float* const both[] { sound.data(), sound.data() };
        REQUIRE ((*writer)->write (both, frames).ok());
        REQUIRE ((*writer)->finish().ok());
        session::Media m;
        m.path = name;
        m.channels = 2;
        m.frames = frames;
        m.originalRate = 48000;
        media.push_back (done (session::addedMedia (project, m)));
    }

    /// Its audio from the song's start to 75 s, again and again.
    Id addTrack (int number)
    {
        const auto id =
            done (session::addedTrack (project, song().id, "Track " + std::to_string (number), 2));
        for (int n = 0; n < 50; ++n)
        {
            session::Clip clip;
            clip.media = media[static_cast<std::size_t> (number) % media.size()];
            clip.start = n * 72000;
            clip.length = 72000;
            done (session::addedClip (project, id, clip));
        }
        done (session::withSend (project, id, 0, reverb));
        done (session::withSend (project, id, 1, delay));
        for (const auto* level : { "send1.level", "send2.level" })
            done (session::withValue (project, id, level, -20.0));
        for (const auto* module : { "hpf.on", "comp.on" })
            done (session::withValue (project, id, module, std::string ("On")));
        for (int band = 1; band <= 6; ++band)
            done (session::withValue (project, id, "eq.band" + std::to_string (band) + ".gain", 3.0));
        return id;
    }
};

} // namespace lacquer::ui::fakes

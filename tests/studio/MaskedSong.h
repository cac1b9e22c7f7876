// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "files/Writer.h"
#include "session/Edits.h"
#include "session/Find.h"
#include "studio/MaskedMixes.h"
#include "studio/Masking.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

namespace lacquer::tests
{

/// A mix as a project on the disk for as long as it lives.
struct MaskedSong
{
    struct Setting
    {
        double rate = 48000; ///< of the project; other rates are made by sox
        double gain = 1;     ///< of every sound
        bool routed = false; ///< with groups and returns, see route()
    };

    std::filesystem::path folder;
    session::Project project;

    explicit MaskedSong (const MaskedMix& mix) : MaskedSong (mix, {}) {}
    MaskedSong (const MaskedMix& mix, const Setting& setting)
        : project (session::newProject ("Mix", setting.rate))
    {
        auto name = (std::filesystem::temp_directory_path() / "lacquer-masking-XXXXXX").string();
        REQUIRE (::mkdtemp (name.data()) != nullptr);
        folder = name;
        std::filesystem::create_directories (folder / "Audio");
        const auto song = project.songs.front()->id;
        for (const auto& [track, sound] : mix.tracks)
        {
            session::Media media;
            media.path = "Audio/" + track + ".wav";
            media.channels = 1;
            media.frames = static_cast<Frames> (MaskedMix::frames / MaskedMix::rate * setting.rate);
            auto scaled = sound;
            for (auto& x : scaled)
                x *= static_cast<float> (setting.gain);
            write (setting.rate == MaskedMix::rate ? media.path : "made.wav", scaled);
            if (setting.rate != MaskedMix::rate)
                REQUIRE (
                    std::system (("cd '" + folder.string() + "' && sox made.wav -e floating-point -b 32 '" +
                                  media.path + "' rate -v " + std::to_string (setting.rate) + " 2>&1")
                                     .c_str()) == 0);
            session::Clip clip;
            clip.media = take (session::addedMedia (project, media));
            clip.length = media.frames;
            take (session::addedClip (project, take (session::addedTrack (project, song, track, 1)), clip));
        }
        if (setting.routed)
            route();
    }
    ~MaskedSong()
    {
        std::error_code error;
        std::filesystem::remove_all (folder, error);
    }
    MaskedSong (const MaskedSong&) = delete;
    MaskedSong& operator= (const MaskedSong&) = delete;

    const session::Song& song() const { return *project.songs.front(); }
    std::string nameOf (Id id) const { return session::stripOf (project, id)->name; }
    Id idOf (const std::string& name) const
    {
        Id id;
        session::forEachStrip (song(), [&] (const session::Strip& s) { id = s.name == name ? s.id : id; });
        REQUIRE (id);
        return id;
    }
    Id take (session::Edit edit)
    {
        if (! edit)
            FAIL (edit.problem().sentence());
        project = std::move (edit->project);
        return edit->made;
    }
    void set (Id target, const std::string& parameter, const session::Value& value)
    {
        take (session::withValue (project, target, parameter, value));
    }
    Id insert (Id strip, const std::string& type,
               const std::vector<std::pair<std::string, session::Value>>& values)
    {
        const auto effect = take (session::addedEffect (project, strip, type));
        for (const auto& [parameter, value] : values)
            set (effect, parameter, value);
        return effect;
    }
    /// A send of the first slot that is not in use, after the fader.
    void send (Id from, Id to, double level)
    {
        int slot = 0;
        while (session::stripOf (project, from)->sends[static_cast<std::size_t> (slot)])
            ++slot;
        take (session::withSend (project, from, slot, to));
        const auto prefix = "send" + std::to_string (slot + 1) + ".";
        set (from, prefix + "on", std::string ("On"));
        set (from, prefix + "level", level);
    }

    /// What a mix has ordinarily: the singer through a group with a compressor, 6 dB down, and a fader that
    /// makes up for it; guitar and pad in a group of 2 dB less highs; kick and bass compressed beside
    /// themselves; a reverb of singer and guitar, 20 dB down.
    /// Nobody becomes much louder or softer by it: what is clean stays clean. With the crushed kick and bass
    /// at -6 dB and the singer 6 dB deeper in the compressor, 14 alarms in 30 mixes told that they were not.
    void route()
    {
        const auto id = song().id;
        const auto vocals = take (session::addedGroup (project, id, "Vocals")),
                   band = take (session::addedGroup (project, id, "Band")),
                   hall = take (session::addedReturn (project, id, "Hall")),
                   crush = take (session::addedReturn (project, id, "Crush"));
        take (session::withOutput (project, idOf ("Lead Vox"), vocals));
        for (const auto* name : { "Guitar", "Pad" })
            take (session::withOutput (project, idOf (name), band));
        insert (vocals, "compressor", { { "threshold", -12.0 }, { "ratio", 2.0 } });
        set (vocals, "fader.level", -6.0);
        set (idOf ("Lead Vox"), "fader.level", 8.0);
        insert (band, "equaliser", { { "band7.on", std::string ("On") }, { "band7.gain", -2.0 } });
        insert (hall, "reverb", { { "decay", 1.2 } });
        insert (crush, "compressor", { { "threshold", -30.0 }, { "ratio", 6.0 } });
        for (const auto* name : { "Lead Vox", "Guitar" })
            send (idOf (name), hall, -20.0);
        for (const auto* name : { "Kick", "Bass" })
            send (idOf (name), crush, -18.0);
    }

    studio::Masking found (const studio::MaskingOptions& options = {}) const
    {
        auto result = studio::masking (project, folder, song(), options);
        if (! result)
            FAIL (result.problem().sentence());
        return *std::move (result);
    }

    /// Whether what was planted is what is named.
    bool names (const studio::Conflict& c, const MaskedMix::Planted& planted) const
    {
        const int third = static_cast<int> (std::lround (10 * std::log10 (c.frequency)));
        return nameOf (c.lead) == "Lead Vox" && nameOf (c.masker) == planted.masker &&
               std::abs (third - planted.third) <= 1;
    }

    std::string listOf (const studio::Masking& masking) const
    {
        std::string text;
        for (const auto& c : masking.conflicts)
            text += studio::sentenceOf (project, song(), c) + "\n";
        return text;
    }

private:
    void write (const std::string& path, const MaskedMix::Sound& sound)
    {
        auto writer = files::Writer::opened (
            folder / path, { .encoding = files::Encoding::wavFloat, .rate = MaskedMix::rate, .channels = 1 });
        REQUIRE (writer);
        const float* lanes[] { sound.data() };
        REQUIRE ((*writer)->write (lanes, static_cast<int> (sound.size())));
        REQUIRE ((*writer)->finish());
    }
};

} // namespace lacquer::tests

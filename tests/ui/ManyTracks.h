// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "FakeModel.h"
#include "ui/Tokens.h"

namespace lacquer::ui::fakes
{

/// A song of many tracks and clips, on the strips of the fake.
inline void enlarge (FakeModel& m, int tracks, int clipsPerTrack)
{
    auto song = *m.content.songs.front();
    const auto model = m.all.front();
    const auto buses = std::vector<StripInfo> (m.all.begin() + 14, m.all.end());
    m.all.clear();
    song.tracks.clear();
    const auto length = m.length() / clipsPerTrack;
    for (int n = 0; n < tracks; ++n)
    {
        auto info = model;
        info.id = Id { 20000 + static_cast<std::uint64_t> (n) };
        info.name = "Track " + std::to_string (n + 1);
        info.colour = tokens::trackColourNames[n % 12];
        m.all.push_back (info);
        session::Track track;
        track.strip.id = info.id;
        track.strip.name = info.name;
        track.strip.colour = info.colour;
        track.strip.output = song.mix->id;
        for (int k = 0; k < clipsPerTrack; ++k)
        {
            session::Clip clip;
            clip.id = Id { 100000 + static_cast<std::uint64_t> (n * clipsPerTrack + k) };
            clip.media = Id { 6000 };
            clip.name = info.name;
            clip.start = clip.offset = k * length;
            clip.length = length - 100;
            track.clips.push_back (std::make_shared<session::Clip> (clip));
        }
        song.tracks.push_back (std::make_shared<session::Track> (track));
    }
    m.all.insert (m.all.end(), buses.begin(), buses.end());
    m.content.songs = { std::make_shared<session::Song> (song) };
    m.content.nextId = 1000000;
}

} // namespace lacquer::ui::fakes

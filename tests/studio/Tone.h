// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "files/PcmFile.h"
#include "files/Writer.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <vector>

namespace lacquer::tests
{

/// Writes a sine of 0.2 that goes on by `step` radians a frame, the same in all channels. It comes and goes
/// in a tenth of a second, so that nothing rings at its ends.
inline void writeTone (const std::filesystem::path& file, int channels, int frames, double step)
{
    std::filesystem::create_directories (file.parent_path());
    auto writer = files::Writer::opened (
        file, { .encoding = files::Encoding::wav24, .rate = 48000, .channels = channels });
    REQUIRE (writer);
    std::vector<float> sound (static_cast<std::size_t> (frames));
    for (std::size_t n = 0; n < sound.size(); ++n)
        sound[n] =
            static_cast<float> (0.2 * std::sin (step * static_cast<double> (n)) *
                                std::min (1.0, static_cast<double> (std::min (n, sound.size() - n)) / 4800));
    const std::vector<const float*> all (static_cast<std::size_t> (channels), sound.data());
    REQUIRE ((*writer)->write (all.data(), frames));
    REQUIRE ((*writer)->finish());
}

/// The channels of a sound file, one after the other.
inline std::vector<float> samplesOf (const std::filesystem::path& file)
{
    auto pcm = files::PcmFile::opened (file);
    REQUIRE (pcm);
    const auto frames = static_cast<std::size_t> (pcm->frames());
    std::vector<float> sound (frames * static_cast<std::size_t> (pcm->channels()));
    std::vector<float*> lanes;
    for (std::size_t at = 0; at < sound.size(); at += frames)
        lanes.push_back (sound.data() + at);
    REQUIRE (pcm->read (0, static_cast<int> (frames), lanes.data()) == static_cast<int> (frames));
    return sound;
}

} // namespace lacquer::tests

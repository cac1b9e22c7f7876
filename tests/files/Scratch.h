// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "files/Sound.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace lacquer::files
{

/// A folder of its own for a test, removed at its end.
struct Scratch
{
    std::filesystem::path folder;

    Scratch()
    {
        auto name = (std::filesystem::temp_directory_path() / "lacquer-files-XXXXXX").string();
        REQUIRE (::mkdtemp (name.data()) != nullptr);
        folder = name;
    }
    ~Scratch()
    {
        std::error_code error;
        std::filesystem::remove_all (folder, error);
    }
    Scratch (const Scratch&) = delete;
    Scratch& operator= (const Scratch&) = delete;

    std::filesystem::path operator/ (const std::string& name) const { return folder / name; }

    /// Runs a shell command in the folder; it must succeed.
    void run (const std::string& command) const
    {
        INFO (command);
        REQUIRE (std::system (
                     ("cd '" + folder.string() + "' && { " + command + "; } >log 2>&1 </dev/null").c_str()) ==
                 0);
    }

    std::size_t entries() const
    {
        return static_cast<std::size_t> (std::distance (std::filesystem::directory_iterator (folder), {}));
    }

    void store (const std::string& name, const std::vector<unsigned char>& bytes) const
    {
        std::ofstream out (folder / name, std::ios::binary);
        out.write (reinterpret_cast<const char*> (bytes.data()), static_cast<std::streamsize> (bytes.size()));
        REQUIRE (out.good());
    }

    /// Interleaved floats as ffmpeg decodes a file: the oracle.
    std::vector<float> byFfmpeg (const std::string& name) const
    {
        run ("ffmpeg -y -v error -i '" + name + "' -f f32le -c:a pcm_f32le oracle.raw");
        std::ifstream in (folder / "oracle.raw", std::ios::binary | std::ios::ate);
        std::vector<float> samples (static_cast<std::size_t> (in.tellg()) / sizeof (float));
        in.seekg (0);
        in.read (reinterpret_cast<char*> (samples.data()),
                 static_cast<std::streamsize> (samples.size() * sizeof (float)));
        return samples;
    }
};

/// Planar sound of a test.
struct Planar
{
    std::vector<std::vector<float>> lanes;
    std::vector<float*> pointers;

    Planar (int channels, Frames frames)
        : lanes (static_cast<std::size_t> (channels), std::vector<float> (static_cast<std::size_t> (frames)))
    {
        for (auto& lane : lanes)
            pointers.push_back (lane.data());
    }
    Planar (const Planar&) = delete;
    Planar& operator= (const Planar&) = delete;
    float at (int c, Frames n) const
    {
        return lanes[static_cast<std::size_t> (c)][static_cast<std::size_t> (n)];
    }
};

} // namespace lacquer::files

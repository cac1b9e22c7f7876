// SPDX-License-Identifier: GPL-3.0-or-later
// Files that an effect is given to work with, as the impulse of a room: written byte by byte, after the
// description of WAV (Microsoft and IBM, 1991).
#include "session/Edits.h"
#include "studio/Sources.h"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

using namespace lacquer;
namespace fs = std::filesystem;

namespace
{

struct Wav
{
    int channels = 1;
    std::uint32_t rate = 48000;
    std::vector<float> samples; // interleaved
    std::uint16_t tag = 3;      // float
    std::uint32_t claimed = 0;  // bytes of sound beyond those that are there

    std::string bytes() const
    {
        std::string out;
        const auto put = [&] (std::uint32_t value, int count)
        {
            for (int k = 0; k < count; ++k)
                out += static_cast<char> (value >> 8 * k & 255);
        };
        const auto size = static_cast<std::uint32_t> (4 * samples.size()),
                   wide = 4u * static_cast<unsigned> (channels);
        out += "RIFF";
        put (36 + size + claimed, 4);
        out += "WAVEfmt ";
        put (16, 4);
        put (tag, 2);
        put (static_cast<unsigned> (channels), 2);
        put (rate, 4);
        put (rate * wide, 4);
        put (wide, 2);
        put (32, 2);
        out += "data";
        put (size + claimed, 4);
        for (float x : samples)
            put (std::bit_cast<std::uint32_t> (x), 4);
        return out;
    }
};

/// What an effect would be given of a file with these bytes, at most 20 s of it.
Result<std::shared_ptr<const engine::Recording>> readAs (const std::string& bytes, double rate = 48000)
{
    auto folder = (fs::temp_directory_path() / "lacquer-recording-XXXXXX").string();
    REQUIRE (mkdtemp (folder.data()) != nullptr);
    std::ofstream (fs::path (folder) / "impulse.wav", std::ios::binary) << bytes;
    auto project = session::newProject ("Test", rate);
    session::Media media;
    media.path = "impulse.wav";
    const auto added = session::addedMedia (project, media);
    REQUIRE (added.ok());
    auto result = studio::recordings (folder) (added->project, added->made, 20);
    fs::remove_all (folder);
    return result;
}

/// Refused in words that hold `what`, and with a way out.
void checkRefused (const std::string& bytes, const std::string& what)
{
    const auto result = readAs (bytes);
    REQUIRE_FALSE (result.ok());
    INFO (result.problem().sentence());
    CHECK (result.problem().what.find (what) != std::string::npos);
    CHECK_FALSE (result.problem().remedy.empty());
}

} // namespace

TEST_CASE ("a recording for an effect is mono or stereo, and one of eight channels is refused")
{
    const auto mono = readAs (Wav { .samples = { 0.5f, -0.25f, 0.125f } }.bytes());
    REQUIRE (mono.ok());
    CHECK ((*mono)->samples == std::vector { 0.5f, -0.25f, 0.125f });
    const auto stereo = readAs (Wav { .channels = 2, .samples = { 0.5f, 1, -0.25f, 2, 0.125f, 3 } }.bytes());
    REQUIRE (stereo.ok());
    CHECK ((*stereo)->channels == 2);
    CHECK ((*stereo)->samples == std::vector { 0.5f, -0.25f, 0.125f, 1.0f, 2.0f, 3.0f });
    // Which of them would be left and right, and what of the others, is nothing to guess.
    for (int channels : { 3, 4, 8 })
        checkRefused (Wav { .channels = channels, .samples = std::vector (80u * 3, 0.5f) }.bytes(),
                      std::to_string (channels) + " channels");
}

TEST_CASE ("samples that are no sound are silence in a recording for an effect")
{
    const float nan = std::numeric_limits<float>::quiet_NaN(),
                endless = std::numeric_limits<float>::infinity();
    const auto read = readAs (Wav { .samples = { 0.5f, nan, -endless, 3e38f, 0.25f } }.bytes());
    REQUIRE (read.ok());
    CHECK ((*read)->samples == std::vector { 0.5f, 0.0f, 0.0f, 0.0f, 0.25f });
}

TEST_CASE ("of a recording of more than 20 s an effect is given 20 s")
{
    const auto read = readAs (Wav { .rate = 8000, .samples = std::vector (8000u * 21, 0.5f) }.bytes(), 8000);
    REQUIRE (read.ok());
    CHECK ((*read)->frames() == 160000);
}

TEST_CASE ("a recording for an effect that is empty, cut off, of another rate or no WAV file is refused")
{
    const std::vector sound (100u, 0.5f);
    checkRefused (Wav {}.bytes(), "no sound");
    checkRefused (Wav { .rate = 44100, .samples = sound }.bytes(), "another sample rate");
    checkRefused (Wav { .rate = 0, .samples = sound }.bytes(), "cannot be read");
    checkRefused (Wav { .channels = 0, .samples = sound }.bytes(), "cannot be read");
    checkRefused (Wav { .channels = 65535, .samples = sound }.bytes(), "cannot be read");
    checkRefused (Wav { .samples = sound, .tag = 0x55 }.bytes(), "compressed"); // MP3 in a WAV file
    const auto whole = Wav { .samples = sound }.bytes();
    for (std::size_t length : { 0u, 4u, 12u, 20u, 36u })
        checkRefused (whole.substr (0, length), "cannot be read");
    checkRefused ("OggS" + whole.substr (4), "cannot be read");
    // A header that promises more than there is, up to all that its 32 bits can say.
    for (std::uint32_t claimed : { 400u, 0xf0000000u })
        checkRefused (Wav { .samples = sound, .claimed = claimed }.bytes(), "cut off");
}

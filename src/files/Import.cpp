// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/Import.h"

#include "files/Hash.h"
#include "files/PcmFile.h"
#include "files/Resampler.h"
#include "files/Writer.h"

#include <map>
#include <optional>

namespace lacquer::files
{
namespace
{

/// A file name that every file system and the project file can hold: UTF-8 without control characters, not
/// hidden, short enough for a number and endings.
std::string safeStem (const std::filesystem::path& path)
{
    std::string name = shownName (path.stem());
    for (auto& c : name)
        if (std::string_view ("?*:|<>\"/\\").find (c) != std::string_view::npos)
            c = '_';
    if (name.empty() || name[0] == '.')
        name = "_" + name;
    if (name.size() > 200)
    {
        name.resize (200);
        while (! name.empty() && (static_cast<unsigned char> (name.back()) & 0xC0) == 0x80)
            name.pop_back(); // not in the middle of a character ...
        if (! name.empty() && static_cast<unsigned char> (name.back()) >= 0xC0)
            name.pop_back(); // ... nor after its first byte
    }
    return name;
}

std::filesystem::path freeName (const std::filesystem::path& folder, const std::string& stem)
{
    auto name = folder / (stem + ".wav");
    std::error_code error;
    for (int number = 2; std::filesystem::exists (name, error); ++number)
        name = folder / (stem + " " + std::to_string (number) + ".wav");
    return name;
}

Problem tooManyChannels (const Sound& sound, const std::string& where)
{
    return Problem { "This file has " + std::to_string (sound.channels) +
                         " channels; a track is mono or stereo.",
                     where, "Split it into mono or stereo files first." };
}

} // namespace

Result<Imported> imported (const std::filesystem::path& path, const ImportOptions& options)
{
    const auto where = shownName (path);
    Imported result;
    result.time = songTimeOf (path);
    if (options.placement == Placement::reference)
    {
        // Only plain PCM at the right rate streams from where it lies; anything else falls through to a copy.
        if (auto pcm = PcmFile::opened (path); pcm && pcm->channels() <= 2 && pcm->frames() > 0 &&
                                               (options.rate == 0 || pcm->rate() == options.rate))
        {
            auto hash = contentHash (path, options.progress);
            if (! hash)
                return hash.problem();
            result.file = path;
            result.referenced = true;
            result.channels = pcm->channels();
            result.frames = pcm->frames();
            result.rate = pcm->rate();
            result.source = pcm->sound();
            result.hash = *hash;
            return result;
        }
    }

    std::error_code error;
    std::filesystem::create_directories (options.folder, error);
    if (error)
        return Problem { reason (error.value()), shownName (options.folder) };

    std::unique_ptr<Writer> writer;
    std::optional<Resampler> resampler;
    const Resampler::Sink store = [&] (const float* const* channels, int frames)
    { return writer->write (channels, frames); };
    const auto begin = [&] (const Sound& sound) -> Outcome
    {
        if (sound.channels > 2)
            return tooManyChannels (sound, where);
        const double rate = options.rate == 0 ? sound.rate : options.rate;
        if (rate != sound.rate)
        {
            auto made = Resampler::made (sound.rate, rate, sound.channels);
            if (! made)
                return made.problem();
            resampler.emplace (std::move (*made));
        }
        const bool lossless = ! resampler && ! sound.floating && sound.bits > 0 && sound.bits <= 24;
        result.file = freeName (options.folder, safeStem (path));
        result.channels = sound.channels;
        result.rate = rate;
        auto opened =
            Writer::opened (result.file, { .encoding = lossless ? Encoding::wav24 : Encoding::wavFloat,
                                           .rate = rate,
                                           .channels = sound.channels });
        if (! opened)
            return opened.problem();
        writer = std::move (*opened);
        return {};
    };
    const BlockSink take = [&] (const Sound& sound, const float* const* channels, int frames) -> Outcome
    {
        if (writer == nullptr)
            if (auto begun = begin (sound); ! begun)
                return begun;
        return resampler ? resampler->process (channels, frames, store) : store (channels, frames);
    };

    auto all = decoded (path, take, options.progress, options.patience);
    if (! all)
        return all.problem();
    result.source = all->sound;
    result.damaged = all->damaged;
    if (all->sound.frames == 0 || writer == nullptr)
        return Problem { "The file holds no sound.", where };
    if (resampler)
        if (auto done = resampler->finish (store); ! done)
            return done.problem();
    auto written = writer->finish();
    if (! written)
        return written.problem();
    result.frames = *written;
    auto hash = contentHash (result.file, options.progress);
    if (! hash)
        return hash.problem();
    result.hash = *hash;
    if (result.damaged > 0)
        result.note =
            std::to_string (result.damaged) + " damaged samples in " + where + " were replaced by silence.";
    return result;
}

double chooseProjectRate (std::span<const Sound> sounds)
{
    std::map<double, int> votes;
    for (const auto& sound : sounds)
        ++votes[sound.rate];
    double chosen = 48000;
    int most = 0;
    for (const auto& [rate, count] : votes)
        if (count >= most)
        {
            chosen = rate;
            most = count;
        }
    return chosen;
}

} // namespace lacquer::files

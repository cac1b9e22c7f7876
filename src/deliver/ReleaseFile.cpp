// SPDX-License-Identifier: GPL-3.0-or-later
#include "deliver/ReleaseFile.h"

#include "files/Decoder.h"
#include "files/Resampler.h"
#include "files/Sound.h"
#include "measure/Roles.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdlib.h>
#include <xxhash.h>

namespace lacquer::deliver
{

namespace fs = std::filesystem;

namespace
{

constexpr double loudnessTolerance =
    0.1; // LU: what EBU R 128 lets a meter and a target differ (Tech 3341, 3343)
constexpr double lossyTolerance = 0.2; // LU between what was handed to a lossy encoder and what it plays back

std::string decibels (double value, const char* unit)
{
    std::array<char, 32> text {};
    std::snprintf (text.data(), text.size(), "%.2f %s", value, unit);
    return text.data();
}

/// A folder of our own beside the file, so that the file can have its right extension before it has its name.
struct Workshop
{
    fs::path folder;
    ~Workshop()
    {
        std::error_code ignored;
        if (! folder.empty())
            fs::remove_all (folder, ignored);
    }
};

} // namespace

const std::vector<Format>& formats()
{
    static const std::vector<Format> all {
        { "wav32f", "WAV, 32 bit float", ".wav", files::Encoding::wavFloat },
        { "wav24", "WAV, 24 bit", ".wav", files::Encoding::wav24 },
        { "wav16", "WAV, 16 bit", ".wav", files::Encoding::wav16 },
        { "flac", "FLAC, 24 bit", ".flac", files::Encoding::flac24 },
        { "mp3", "MP3, 320 kbit/s", ".mp3", files::Encoding::mp3Cbr320 },
        { "mp3-v0", "MP3, V0", ".mp3", files::Encoding::mp3V0 },
    };
    return all;
}

const Format* formatOf (std::string_view id)
{
    for (const auto& format : formats())
        if (format.id == id)
            return &format;
    return nullptr;
}

Check::Verdict FileReport::verdict() const
{
    auto worst = Check::Verdict::pass;
    for (const auto& check : checks)
        worst = std::max (worst, check.verdict);
    return worst;
}

namespace
{

/// Reads a file once, for all that wants to know of it; `also` hears every block.
Result<FileReport> readBack (const fs::path& path, const Limits& limits, const Progress& progress,
                             const files::BlockSink& also)
{
    FileReport report;
    report.path = path;
    std::unique_ptr<measure::Meter> meter;
    const auto read = files::decoded (
        path,
        [&] (const files::Sound& sound, const float* const* channels, int frames) -> Outcome
        {
            if (meter == nullptr)
                meter = std::make_unique<measure::Meter> (
                    sound.rate, measure::rolesOf (sound.channelMask, sound.channels));
            meter->add ({ channels, static_cast<std::size_t> (sound.channels) }, frames);
            return also ? also (sound, channels, frames) : Outcome {};
        },
        progress);
    if (! read)
        return read.problem();
    if (meter != nullptr)
        report.reading = meter->result();

    const auto& r = report.reading;
    const auto add = [&] (const char* name, bool good, std::string measured, std::string limit)
    {
        report.checks.push_back ({ name, good ? Check::Verdict::pass : Check::Verdict::fail,
                                   std::move (measured), std::move (limit) });
    };
    add ("reads back", read->damaged == 0, std::to_string (read->sound.frames) + " frames",
         "no damaged sample");
    if (limits.frames)
        add ("length", read->sound.frames == *limits.frames, std::to_string (read->sound.frames) + " frames",
             std::to_string (*limits.frames) + " frames");
    if (limits.loudness)
        add ("loudness", r.integrated && std::abs (*r.integrated - *limits.loudness) <= loudnessTolerance,
             r.integrated ? decibels (*r.integrated, "LUFS") : "silence",
             decibels (*limits.loudness, "LUFS") + " +- 0.1");
    if (limits.ceiling)
        add ("true peak", ! r.truePeak || *r.truePeak <= *limits.ceiling,
             r.truePeak ? decibels (*r.truePeak, "dBTP") : "silence",
             "<= " + decibels (*limits.ceiling, "dBTP"));
    return report;
}

} // namespace

Result<FileReport> readBack (const fs::path& path, const Limits& limits, const Progress& progress)
{
    return readBack (path, limits, progress, {});
}

namespace
{

/// A sum over the samples of sound, however it was cut into blocks: 128 bits of XXH3 a channel. Against
/// faults, not against people, so it need not be slow.
class SoundSum
{
public:
    explicit SoundSum (int channels)
    {
        for (int c = 0; c < channels; ++c)
        {
            auto& state = states.emplace_back (XXH3_createState());
            if (state == nullptr || XXH3_128bits_reset (state.get()) == XXH_ERROR)
                throw std::bad_alloc();
        }
    }

    void add (const float* const* channels, int frames)
    {
        for (std::size_t c = 0; c < states.size(); ++c)
            XXH3_128bits_update (states[c].get(), channels[c],
                                 static_cast<std::size_t> (frames) * sizeof (float));
    }

    std::vector<std::array<std::uint64_t, 2>> value() const
    {
        std::vector<std::array<std::uint64_t, 2>> sums;
        for (const auto& state : states)
        {
            const auto sum = XXH3_128bits_digest (state.get());
            sums.push_back ({ sum.low64, sum.high64 });
        }
        return sums;
    }

private:
    struct Freed
    {
        void operator() (XXH3_state_t* state) const { XXH3_freeState (state); }
    };
    std::vector<std::unique_ptr<XXH3_state_t, Freed>> states;
};

} // namespace

struct ReleaseFile::State
{
    State (const fs::path& p, const Format& f, const ReleaseOptions& o, const fs::path& folder)
        : path (p), format (f), options (o), workshop { folder },
          written (o.rate, measure::rolesOf (0, o.channels)), content (o.channels)
    {
    }

    fs::path path;
    Format format;
    ReleaseOptions options;
    Workshop workshop;
    std::unique_ptr<files::Writer> writer;
    std::optional<files::Resampler> resampler;
    std::vector<dsp::Dither> dither; // a channel each, for whole-number encodings
    measure::Meter written;          // of what goes into a lossy encoder
    SoundSum content;                // of the same samples, where the encoding keeps them
    Frames frames = 0;               // at the file's rate
    std::vector<std::vector<std::int32_t>> words;
    std::vector<std::vector<float>> heard;

    fs::path workPath() const { return workshop.folder / path.filename(); }
    bool lossy() const
    {
        return format.encoding == files::Encoding::mp3Cbr320 || format.encoding == files::Encoding::mp3V0;
    }

    /// Sound at the file's rate into the file.
    Outcome encode (const float* const* channels, int count)
    {
        if (const int bits = files::wordLength (format.encoding); bits > 0)
        {
            const float scale = 1.0f / static_cast<float> (1 << (bits - 1));
            std::vector<const std::int32_t*> out;
            std::vector<const float*> exact; // the samples a reader will find
            for (std::size_t c = 0; c < words.size(); ++c)
            {
                words[c].resize (static_cast<std::size_t> (count));
                heard[c].resize (static_cast<std::size_t> (count));
                dither[c].process (channels[c], words[c].data(), count, frames);
                std::transform (words[c].begin(), words[c].end(), heard[c].begin(),
                                [scale] (std::int32_t w) { return static_cast<float> (w) * scale; });
                out.push_back (words[c].data());
                exact.push_back (heard[c].data());
            }
            content.add (exact.data(), count);
            frames += count;
            return writer->write (out.data(), count);
        }
        if (lossy())
            written.add (std::span (channels, static_cast<std::size_t> (options.channels)), count);
        else
            content.add (channels, count);
        frames += count;
        return writer->write (channels, count);
    }
};

ReleaseFile::ReleaseFile (std::unique_ptr<State> s) : state (std::move (s)) {}
ReleaseFile::~ReleaseFile() = default;

Result<std::unique_ptr<ReleaseFile>> ReleaseFile::opened (const fs::path& path, const Format& format,
                                                          const ReleaseOptions& options)
{
    const auto parent = path.has_parent_path() ? path.parent_path() : fs::path (".");
    std::error_code error;
    if (fs::is_directory (path, error))
        return Problem { "There is a folder of this name.", path.string(), "Choose another name." };
    fs::create_directories (parent, error);
    auto pattern = (parent / ".lacquer-XXXXXX").string();
    if (::mkdtemp (pattern.data()) == nullptr)
        return Problem { "This file could not be written: " + std::string (std::strerror (errno)) + ".",
                         path.string(), "Choose another folder." };

    auto s = std::make_unique<State> (path, format, options, pattern);
    files::WriterOptions writing;
    writing.encoding = format.encoding;
    writing.rate = options.rate;
    writing.channels = options.channels;
    auto writer = files::Writer::opened (s->workPath(), writing);
    if (! writer)
        return Problem { writer.problem().what, path.string(), writer.problem().remedy };
    s->writer = *std::move (writer);
    if (options.rate != options.sourceRate)
    {
        auto resampler = files::Resampler::made (options.sourceRate, options.rate, options.channels);
        if (! resampler)
            return resampler.problem();
        s->resampler = *std::move (resampler);
    }
    s->words.resize (static_cast<std::size_t> (options.channels));
    s->heard.resize (static_cast<std::size_t> (options.channels));
    if (const int bits = files::wordLength (format.encoding); bits > 0)
        for (int c = 0; c < options.channels; ++c)
            s->dither.emplace_back (options.dither, bits, options.seed, c);
    return std::unique_ptr<ReleaseFile> (new ReleaseFile (std::move (s)));
}

Outcome ReleaseFile::write (const float* const* channels, int frames)
{
    if (state->resampler)
        return state->resampler->process (
            channels, frames, [this] (const float* const* out, int n) { return state->encode (out, n); });
    return state->encode (channels, frames);
}

Result<FileReport> ReleaseFile::finish()
{
    auto& s = *state;
    if (s.resampler)
        if (auto rest =
                s.resampler->finish ([&s] (const float* const* out, int n) { return s.encode (out, n); });
            ! rest)
            return rest.problem();
    if (auto count = s.writer->finish(); ! count)
        return Problem { count.problem().what, s.path.string(), count.problem().remedy };
    if (auto tagged = s.options.tags == Tags {} ? Outcome {} : writeTags (s.workPath(), s.options.tags);
        ! tagged)
        return Problem { tagged.problem().what, s.path.string() };

    auto limits = s.options.limits;
    limits.frames = s.frames;
    SoundSum found (s.options.channels);
    bool sameChannels = true;
    const auto compare = [&] (const files::Sound& sound, const float* const* channels, int frames) -> Outcome
    {
        sameChannels = sameChannels && sound.channels == s.options.channels;
        if (! s.lossy() && sameChannels)
            found.add (channels, frames);
        return {};
    };
    auto report = readBack (s.workPath(), limits, {}, compare);
    if (! report)
        return Problem { "This file could not be read back: " + report.problem().what, s.path.string(),
                         "It was removed." };
    report->path = s.path;

    const auto written = s.written.result();
    if (! s.lossy())
    {
        if (! sameChannels || found.value() != s.content.value())
            return Problem { "This file does not read back as it was written.", s.path.string(),
                             "It was removed; the disk may be failing." };
        report->checks.push_back (
            { "samples", Check::Verdict::pass, "every sample as written", "every sample as written" });
    }
    else if (written.integrated && report->reading.integrated)
    {
        const double change = *report->reading.integrated - *written.integrated;
        report->checks.push_back (
            { "loudness kept by the encoder",
              std::abs (change) <= lossyTolerance ? Check::Verdict::pass : Check::Verdict::fail,
              decibels (change, "LU"), "+- 0.2 LU" });
    }
    // A lossy encoder moves peaks; the samples it was given kept the ceiling, so a peak above it is something
    // to know, no fault.
    if (s.lossy())
        for (auto& check : report->checks)
            if (check.name == "true peak" && check.verdict == Check::Verdict::fail)
                check.verdict = Check::Verdict::note;
    if (s.options.tags != Tags {})
    {
        const auto tags = readTags (s.workPath());
        const bool same = tags && *tags == s.options.tags;
        report->checks.push_back ({ "titles and names", same ? Check::Verdict::pass : Check::Verdict::fail,
                                    same ? "as written" : "not as written", "as written" });
    }

    if (::rename (s.workPath().c_str(), s.path.c_str()) != 0)
        return Problem { "This file could not be given its name: " + std::string (std::strerror (errno)) +
                             ".",
                         s.path.string() };
    return *std::move (report);
}

} // namespace lacquer::deliver

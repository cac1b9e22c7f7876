// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/MixComparison.h"

#include "files/Decoder.h"
#include "files/Writer.h"
#include "studio/Render.h"

#include <algorithm>
#include <cmath>

namespace lacquer::studio
{

namespace
{

/// Both meters over one sound.
struct Ear
{
    measure::Meter meter;
    measure::OctaveLevels octaves;

    Ear (double rate, std::span<const measure::Role> roles)
        : meter (rate, roles, measure::Series::kept), octaves (rate, static_cast<int> (roles.size()))
    {
    }
    void add (const float* const* channels, std::size_t count, int frames)
    {
        meter.add ({ channels, count }, frames);
        octaves.add ({ channels, count }, frames);
    }
    MixReading reading() const { return { meter.result(), octaves.levels(), meter.series() }; }
};

constexpr double leastLoudness = -60, mostGain = 24;

} // namespace

Result<MixReading> readMix (const session::Project& project, const std::filesystem::path& folder,
                            const session::Song& song, Tap::Point tap, const std::filesystem::path& file,
                            const Progress& progress)
{
    Ear ear (project.sampleRate, measure::rolesOf (0, 2));
    std::unique_ptr<files::Writer> writer;
    if (! file.empty())
    {
        auto opened = files::Writer::opened (
            file, { .encoding = files::Encoding::wavFloat, .rate = project.sampleRate, .channels = 2 });
        if (! opened)
            return opened.problem();
        writer = *std::move (opened);
    }
    Rendering job;
    job.tap.point = tap;
    job.block = 4096;
    const auto done = render (
        project, folder, song, job,
        [&] (const float* const* channels, int frames) -> Outcome
        {
            ear.add (channels, 2, frames);
            return writer != nullptr ? writer->write (channels, frames) : Outcome {};
        },
        progress);
    if (! done)
        return done.problem();
    if (writer != nullptr)
        if (const auto frames = writer->finish(); ! frames)
            return frames.problem();
    return ear.reading();
}

Result<MixReading> readMix (const std::filesystem::path& soundFile, const Progress& progress)
{
    std::optional<Ear> ear;
    const auto read = files::decoded (
        soundFile,
        [&] (const files::Sound& s, const float* const* channels, int frames) -> Outcome
        {
            if (! ear)
                ear.emplace (s.rate, measure::rolesOf (s.channelMask, s.channels));
            ear->add (channels, static_cast<std::size_t> (s.channels), frames);
            return {};
        },
        progress);
    if (! read)
        return read.problem();
    return ear ? ear->reading() : MixReading {};
}

MixDifference differenceOf (const MixReading& a, const MixReading& b)
{
    MixDifference d;
    if (a.loudness.integrated && b.loudness.integrated)
        d.gain = *a.loudness.integrated - *b.loudness.integrated;
    double sum = 0, sumX = 0, sumY = 0, sumXX = 0, sumXY = 0;
    for (std::size_t o = 0; o < d.octaves.size(); ++o)
    {
        if (! d.gain || ! a.octaves[o] || ! b.octaves[o])
            continue;
        const double x = static_cast<double> (o), y = *b.octaves[o] + *d.gain - *a.octaves[o];
        d.octaves[o] = y;
        if (o < 1 || o > 8)
            continue;
        sum += 1;
        sumX += x;
        sumY += y;
        sumXX += x * x;
        sumXY += x * y;
    }
    if (sum >= 4)
        d.tilt = (sum * sumXY - sumX * sumY) / (sum * sumXX - sumX * sumX);
    return d;
}

std::optional<double> OtherMix::shortTermAt (Seconds position) const
{
    // A point stands behind what it measured: the one at 10 ms is the first.
    const auto n = std::llround (position.value * 100);
    if (n < 1 || other.series.empty())
        return {};
    return other.series[std::min (static_cast<std::size_t> (n), other.series.size()) - 1].shortTerm;
}

double OtherMix::gainAt (Seconds position, std::optional<double> liveShortTerm) const
{
    const auto theirs = shortTermAt (position);
    double gain = 0;
    if (theirs && liveShortTerm && *theirs > leastLoudness && *liveShortTerm > leastLoudness)
        gain = *liveShortTerm - *theirs;
    else if (own && other.loudness.integrated)
        gain = *own - *other.loudness.integrated;
    return std::clamp (gain, -mostGain, mostGain);
}

} // namespace lacquer::studio

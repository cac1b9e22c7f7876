// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/Peaks.h"

#include "files/Bytes.h"
#include "files/OutputFile.h"
#include "files/PcmFile.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>

namespace lacquer::files
{
namespace
{

constexpr char magic[9] = "LACQPK01";
constexpr std::size_t headBytes = 40;

float opened (std::uint16_t half)
{
    return std::bit_cast<float> (static_cast<std::uint32_t> (half) << 16);
}

/// Away from zero: the magnitude of the result is never below that of the value.
std::uint16_t outward (float value)
{
    return static_cast<std::uint16_t> ((std::bit_cast<std::uint32_t> (value) + 0xFFFF) >> 16);
}
std::uint16_t toZero (float value)
{
    return static_cast<std::uint16_t> (std::bit_cast<std::uint32_t> (value) >> 16);
}

} // namespace

std::vector<std::size_t> Peaks::shape (int channels, Frames frames)
{
    std::vector<std::size_t> bins;
    for (Frames size = finest;; size *= ratio)
    {
        const auto count = (frames + size - 1) / size;
        bins.push_back (static_cast<std::size_t> (count) * static_cast<std::size_t> (channels));
        if (count <= ratio)
            return bins;
    }
}

Result<Peaks> Peaks::made (const PcmFile& file, const Progress& progress)
{
    Peaks peaks;
    peaks.lanes = file.channels();
    peaks.length = file.frames();
    const auto bins = shape (peaks.lanes, peaks.length);
    peaks.levels.resize (bins.size());
    peaks.levels[0].resize (bins[0]);
    const auto perChannel = bins[0] / static_cast<std::size_t> (peaks.lanes);

    constexpr int block = 64 * finest;
    std::vector<std::vector<float>> lanes (static_cast<std::size_t> (peaks.lanes),
                                           std::vector<float> (block));
    std::vector<float*> out;
    for (auto& lane : lanes)
        out.push_back (lane.data());
    for (Frames at = 0; at < peaks.length; at += block)
    {
        if (progress.stopped())
            return Problem { "Stopped." };
        const int frames = static_cast<int> (std::min<Frames> (block, peaks.length - at));
        file.read (at, frames, out.data());
        for (std::size_t c = 0; c < lanes.size(); ++c)
            for (int begin = 0; begin < frames; begin += finest)
            {
                const int end = std::min (begin + finest, frames);
                float least = lanes[c][static_cast<std::size_t> (begin)], greatest = least;
                double power = 0;
                for (int n = begin; n < end; ++n)
                {
                    const float value = lanes[c][static_cast<std::size_t> (n)];
                    least = std::min (least, value);
                    greatest = std::max (greatest, value);
                    power += static_cast<double> (value) * static_cast<double> (value);
                }
                auto& bin =
                    peaks.levels[0][c * perChannel + static_cast<std::size_t> ((at + begin) / finest)];
                bin.min = least < 0 ? outward (least) : toZero (least);
                bin.max = greatest > 0 ? outward (greatest) : toZero (greatest);
                bin.rms = outward (static_cast<float> (std::sqrt (power / (end - begin))));
            }
        progress.at (static_cast<double> (at + frames) / static_cast<double> (peaks.length));
    }
    peaks.coarsen();
    return peaks;
}

void Peaks::coarsen()
{
    const auto bins = shape (lanes, length);
    for (std::size_t k = 1; k < bins.size(); ++k)
    {
        levels[k].resize (bins[k]);
        const auto fine = bins[k - 1] / static_cast<std::size_t> (lanes);
        const auto coarse = bins[k] / static_cast<std::size_t> (lanes);
        for (std::size_t c = 0; c < static_cast<std::size_t> (lanes); ++c)
            for (std::size_t n = 0; n < coarse; ++n)
            {
                const auto first = n * ratio, end = std::min (first + ratio, fine);
                Stored whole = levels[k - 1][c * fine + first];
                double power = 0;
                for (auto m = first; m < end; ++m)
                {
                    const auto& part = levels[k - 1][c * fine + m];
                    if (opened (part.min) < opened (whole.min))
                        whole.min = part.min;
                    if (opened (part.max) > opened (whole.max))
                        whole.max = part.max;
                    power +=
                        static_cast<double> (opened (part.rms)) * static_cast<double> (opened (part.rms));
                }
                whole.rms =
                    toZero (static_cast<float> (std::sqrt (power / static_cast<double> (end - first))));
                levels[k][c * coarse + n] = whole;
            }
    }
}

Peaks::Bin Peaks::over (int channel, Frames from, Frames to) const noexcept
{
    from = std::max<Frames> (from, 0);
    to = std::min (to, length);
    if (channel < 0 || channel >= lanes || to <= from)
        return {};
    // The finest level is exact to 64 frames; each coarser one is taken only for the bins wholly inside.
    Bin all { opened (0x7F80), -opened (0x7F80), 0 };
    double power = 0, weight = 0;
    Frames at = from / finest, end = (to + finest - 1) / finest; // in bins of the level
    Frames size = finest;
    const auto take = [&] (std::size_t level, Frames bin)
    {
        const auto perChannel = levels[level].size() / static_cast<std::size_t> (lanes);
        const auto& stored =
            levels[level][static_cast<std::size_t> (channel) * perChannel + static_cast<std::size_t> (bin)];
        all.min = std::min (all.min, opened (stored.min));
        all.max = std::max (all.max, opened (stored.max));
        const double frames = static_cast<double> (std::min (size, length - bin * size));
        power +=
            static_cast<double> (opened (stored.rms)) * static_cast<double> (opened (stored.rms)) * frames;
        weight += frames;
    };
    for (std::size_t level = 0;; ++level, size *= ratio)
    {
        const bool coarsest = level + 1 == levels.size();
        while (at < end && (coarsest || at % ratio != 0))
            take (level, at++);
        while (at < end && (coarsest || end % ratio != 0))
            take (level, --end);
        if (at >= end)
            break;
        at /= ratio;
        end /= ratio;
    }
    all.rms = static_cast<float> (std::sqrt (power / weight));
    return all;
}

Result<Peaks::Identity> Peaks::identityOf (const std::filesystem::path& media)
{
    auto file = openedForReading (media);
    if (! file)
        return file.problem();
    struct stat facts
    {
    };
    if (::fstat (file->number(), &facts) != 0)
        return Problem { "The file could not be examined.", shownName (media) };
    return Identity { static_cast<std::int64_t> (facts.st_size),
                      static_cast<std::int64_t> (facts.st_mtim.tv_sec) * 1'000'000'000 +
                          facts.st_mtim.tv_nsec };
}

Outcome Peaks::saved (const std::filesystem::path& path, const Identity& identity) const
{
    auto out = OutputFile::created (path);
    if (! out)
        return out.problem();
    std::vector<unsigned char> bytes (magic, magic + 8);
    put (bytes, static_cast<std::uint64_t> (identity.bytes), 8);
    put (bytes, static_cast<std::uint64_t> (identity.changed), 8);
    put (bytes, static_cast<std::uint64_t> (length), 8);
    put (bytes, static_cast<std::uint64_t> (lanes), 8);
    for (const auto& level : levels)
        for (const auto& bin : level)
            for (const auto value : { bin.min, bin.max, bin.rms })
                put (bytes, value, 2);
    if (auto done = out->writeAt (0, bytes.data(), bytes.size()); ! done)
        return done;
    return out->named();
}

Result<Peaks> Peaks::loaded (const std::filesystem::path& path, const Identity& identity)
{
    const Problem useless { "The outline of this file has to be made anew.", shownName (path) };
    auto file = openedForReading (path);
    if (! file)
        return file.problem();
    unsigned char head[headBytes];
    if (readAt (*file, 0, head, sizeof head) < sizeof head || std::memcmp (head, magic, 8) != 0)
        return useless;
    const Identity found { static_cast<std::int64_t> (little64 (head + 8)),
                           static_cast<std::int64_t> (little64 (head + 16)) };
    const auto frames = little64 (head + 24), channels = little64 (head + 32);
    // 2^40 frames are 66 days at 192 kHz; with that the sums below cannot overflow.
    if (found != identity || frames > std::uint64_t { 1 } << 40 || channels < 1 || channels > maxChannels)
        return useless;
    Peaks peaks;
    peaks.lanes = static_cast<int> (channels);
    peaks.length = static_cast<Frames> (frames);
    const auto bins = shape (peaks.lanes, peaks.length);
    std::size_t all = 0;
    for (const auto count : bins)
        all += count;
    if (sizeOf (*file) != static_cast<std::int64_t> (headBytes + 6 * all))
        return useless;

    std::vector<unsigned char> bytes (6 * all);
    if (readAt (*file, headBytes, bytes.data(), bytes.size()) < bytes.size())
        return useless;
    const auto* from = bytes.data();
    for (const auto count : bins)
    {
        auto& level = peaks.levels.emplace_back (count);
        for (auto& bin : level)
        {
            for (auto* value : { &bin.min, &bin.max, &bin.rms })
            {
                *value = static_cast<std::uint16_t> (little16 (from));
                from += 2;
                if (! std::isfinite (opened (*value)))
                    return useless;
            }
        }
    }
    return peaks;
}

Result<std::shared_ptr<const Peaks>> cachedPeaks (const std::filesystem::path& media,
                                                  const std::filesystem::path& folder,
                                                  const Progress& progress)
{
    const auto identity = Peaks::identityOf (media);
    if (! identity)
        return identity.problem();
    auto name = folder / media.filename();
    name += ".peaks";
    if (auto cached = Peaks::loaded (name, *identity))
        return std::make_shared<const Peaks> (std::move (*cached));
    auto file = PcmFile::opened (media);
    if (! file)
        return file.problem();
    auto made = Peaks::made (*file, progress);
    if (! made)
        return made.problem();
    std::error_code error;
    std::filesystem::create_directories (folder, error);
    // Without a cache the outline is made again next time: slower, but nothing to bother the user with.
    [[maybe_unused]] const auto stored = made->saved (name, *identity);
    return std::make_shared<const Peaks> (std::move (*made));
}

} // namespace lacquer::files

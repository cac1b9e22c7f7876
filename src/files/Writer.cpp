// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/Writer.h"

#include "files/Bytes.h"
#include "files/EncodedWriter.h"
#include "files/OutputFile.h"
#include "files/Sound.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace lacquer::files
{

int wordLength (Encoding encoding)
{
    switch (encoding)
    {
        case Encoding::wav16:
        case Encoding::flac16: return 16;
        case Encoding::wav24:
        case Encoding::flac24: return 24;
        default: return 0;
    }
}

namespace
{

/// RIFF/WAVE, with room for the ds64 chunk of RF64 (EBU Tech 3306) kept in a JUNK chunk.
class WavWriter : public Writer
{
public:
    WavWriter (OutputFile file, WriterOptions wanted) : out (std::move (file)), options (std::move (wanted))
    {
        sampleBytes = options.encoding == Encoding::wav16 ? 2 : options.encoding == Encoding::wav24 ? 3 : 4;
        frameBytes = sampleBytes * options.channels;
    }

    Outcome begin()
    {
        const auto head = header();
        dataBegin = static_cast<std::int64_t> (head.size());
        return out.writeAt (0, head.data(), head.size());
    }

    Outcome write (const float* const* channels, int count) override
    {
        if (options.encoding == Encoding::wavFloat)
            return append (count,
                           [&] (int c, int n) { return std::bit_cast<std::uint32_t> (channels[c][n]); });
        const int bits = wordLength (options.encoding);
        const float scale = std::ldexp (1.0f, bits - 1), top = scale - 1;
        return append (count,
                       [&] (int c, int n)
                       {
                           const float value = std::clamp (channels[c][n] * scale, -scale, top);
                           return static_cast<std::uint32_t> (std::lrint (value));
                       });
    }

    Outcome write (const std::int32_t* const* channels, int count) override
    {
        return append (count, [&] (int c, int n) { return static_cast<std::uint32_t> (channels[c][n]); });
    }

    Result<Frames> finish() override
    {
        const unsigned char pad = 0;
        if (frames * frameBytes % 2 == 1)
            if (auto done = out.writeAt (dataBegin + frames * frameBytes, &pad, 1); ! done)
                return done.problem();
        const auto head = header();
        if (auto done = out.writeAt (0, head.data(), head.size()); ! done)
            return done.problem();
        if (auto done = out.named(); ! done)
            return done.problem();
        return frames;
    }

private:
    /// count frames of `sample (channel, frame)`, the samples' low bytes.
    template <typename Sample>
    Outcome append (int count, Sample&& sample)
    {
        bytes.resize (static_cast<std::size_t> (count) * static_cast<std::size_t> (frameBytes));
        switch (sampleBytes)
        {
            case 2: pack<2> (count, sample); break;
            case 3: pack<3> (count, sample); break;
            default: pack<4> (count, sample); break;
        }
        auto done = out.writeAt (dataBegin + frames * frameBytes, bytes.data(), bytes.size());
        if (done)
            frames += count;
        return done;
    }

    template <int size, typename Sample>
    void pack (int count, Sample&& sample)
    {
        for (int c = 0; c < options.channels; ++c)
        {
            unsigned char* to = bytes.data() + c * size;
            for (int n = 0; n < count; ++n, to += frameBytes)
            {
                const std::uint32_t value = sample (c, n);
                for (int byte = 0; byte < size; ++byte)
                    to[byte] = static_cast<unsigned char> (value >> (8 * byte));
            }
        }
    }

    std::vector<unsigned char> header() const
    {
        const auto dataBytes = static_cast<std::uint64_t> (frames * frameBytes);
        const bool isFloat = options.encoding == Encoding::wavFloat;
        const bool extensible = options.channels > 2 || options.channelMask != 0;
        std::vector<unsigned char> middle;
        for (const auto& chunk : options.chunks)
        {
            put (middle, chunk.id);
            put (middle, chunk.bytes.size(), 4);
            put (middle, chunk.bytes);
            if (chunk.bytes.size() % 2 == 1)
                middle.push_back (0);
        }
        const auto rate = static_cast<std::uint64_t> (options.rate);
        const int tag = isFloat ? 3 : 1;
        put (middle, "fmt ");
        put (middle, extensible ? 40 : isFloat ? 18 : 16, 4);
        put (middle, extensible ? 0xFFFE : static_cast<unsigned> (tag), 2);
        put (middle, static_cast<unsigned> (options.channels), 2);
        put (middle, rate, 4);
        put (middle, rate * static_cast<unsigned> (frameBytes), 4);
        put (middle, static_cast<unsigned> (frameBytes), 2);
        put (middle, static_cast<unsigned> (sampleBytes * 8), 2);
        if (extensible)
        {
            put (middle, 22, 2);
            put (middle, static_cast<unsigned> (sampleBytes * 8), 2);
            put (middle, options.channelMask, 4);
            put (middle, static_cast<unsigned> (tag), 2);
            // The rest of KSDATAFORMAT_SUBTYPE_PCM: xxxx0000-0000-0010-8000-00AA00389B71.
            put (middle, 0x0000'0010'0000'0000u, 6);
            put (middle, 0x719B'3800'AA00'0080u, 8);
        }
        else if (isFloat)
            put (middle, 0, 2);
        // Everything before the samples, after "RIFF" size "WAVE".
        const std::uint64_t before = 8 + 28 + middle.size() + (isFloat ? 12u : 0u) + 8;
        const std::uint64_t riffBytes = 4 + before + dataBytes + dataBytes % 2;
        const bool large = riffBytes > 0xFFFFFFFFu;
        if (isFloat)
        {
            put (middle, "fact");
            put (middle, 4, 4);
            put (middle, large ? 0xFFFFFFFFu : static_cast<std::uint64_t> (frames), 4);
        }

        std::vector<unsigned char> head;
        if (large)
            put (head, "RF64");
        else
            put (head, "RIFF");
        put (head, large ? 0xFFFFFFFFu : riffBytes, 4);
        put (head, "WAVE");
        if (large)
            put (head, "ds64");
        else
            put (head, "JUNK");
        put (head, 28, 4);
        put (head, large ? riffBytes : 0, 8);
        put (head, large ? dataBytes : 0, 8);
        put (head, large ? static_cast<std::uint64_t> (frames) : 0, 8);
        put (head, 0, 4);
        put (head, middle);
        put (head, "data");
        put (head, large ? 0xFFFFFFFFu : dataBytes, 4);
        return head;
    }

    OutputFile out;
    WriterOptions options;
    int sampleBytes = 0, frameBytes = 0;
    std::int64_t dataBegin = 0;
    Frames frames = 0;
    std::vector<unsigned char> bytes;
};

} // namespace

Result<std::unique_ptr<Writer>> Writer::opened (const std::filesystem::path& path,
                                                const WriterOptions& options)
{
    if (options.channels < 1 || options.channels > maxChannels || options.rate < minRate ||
        options.rate > maxRate)
        return Problem { "A sound file has 1 to 64 channels and a sample rate of 8 to 768 kHz.",
                         shownName (path) };
    auto file = OutputFile::created (path);
    if (! file)
        return file.problem();
    switch (options.encoding)
    {
        case Encoding::wav16:
        case Encoding::wav24:
        case Encoding::wavFloat:
        {
            auto writer = std::make_unique<WavWriter> (std::move (*file), options);
            if (auto begun = writer->begin(); ! begun)
                return begun.problem();
            return std::unique_ptr<Writer> (std::move (writer));
        }
        default: return encodedWriter (std::move (*file), options);
    }
}

} // namespace lacquer::files

// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/EncodedWriter.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <sndfile.h>
#include <unistd.h>

namespace lacquer::files
{
namespace
{

/// libsndfile reports success on a full disk (sf_close returns 0), so it writes through our own file, which
/// remembers the first failure.
class EncodedWriter : public Writer
{
public:
    EncodedWriter (OutputFile file, const WriterOptions& wanted) : out (std::move (file)), options (wanted) {}

    ~EncodedWriter() override
    {
        if (sound != nullptr)
            sf_close (sound);
    }

    Outcome begin()
    {
        SF_INFO info {};
        info.samplerate = static_cast<int> (options.rate);
        info.channels = options.channels;
        info.format = format();
        SF_VIRTUAL_IO io { length, seek, read, write, tell };
        sound = sf_open_virtual (&io, SFM_WRITE, &info, this);
        if (sound == nullptr)
            return Problem { refusal(), shownName (out.finalName()), "Nothing was written." };
        configure();
        return {};
    }

    Outcome write (const float* const* channels, int count) override
    {
        const int bits = wordLength (options.encoding);
        if (bits > 0)
        {
            // FLAC: libsndfile takes integers at the top of 32 bits, so that nothing is scaled or clipped
            // twice.
            const double scale = std::ldexp (1.0, bits - 1);
            return integers (count,
                             [&] (int c, int n)
                             {
                                 const double value = std::clamp (channels[c][n] * scale, -scale, scale - 1);
                                 return static_cast<std::int32_t> (std::lrint (value));
                             });
        }
        floats.resize (static_cast<std::size_t> (count) * static_cast<std::size_t> (options.channels));
        for (int c = 0; c < options.channels; ++c)
            for (int n = 0; n < count; ++n)
                floats[static_cast<std::size_t> (n * options.channels + c)] = channels[c][n];
        return counted (sf_writef_float (sound, floats.data(), count), count);
    }

    Outcome write (const std::int32_t* const* channels, int count) override
    {
        return integers (count, [&] (int c, int n) { return channels[c][n]; });
    }

    Result<Frames> finish() override
    {
        const int closed = sf_close (std::exchange (sound, nullptr));
        if (failure != 0 || closed != 0)
            return Problem { failure != 0 ? reason (failure) : "The encoder could not complete the file.",
                             shownName (out.finalName()), "Nothing was left behind." };
        if (auto done = out.named(); ! done)
            return done.problem();
        return frames;
    }

private:
    int format() const
    {
        switch (options.encoding)
        {
            case Encoding::flac16: return SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
            case Encoding::flac24: return SF_FORMAT_FLAC | SF_FORMAT_PCM_24;
            case Encoding::mp3Cbr320:
            case Encoding::mp3V0: return SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III;
            case Encoding::vorbis: return SF_FORMAT_OGG | SF_FORMAT_VORBIS;
            default: return SF_FORMAT_OGG | SF_FORMAT_OPUS;
        }
    }

    /// Must be called before the first sample. Compression level of libsndfile: 0 = best quality, except
    /// FLAC, where 0 to 1 is flac's own -0 to -8.
    void configure()
    {
        const bool mp3 = options.encoding == Encoding::mp3Cbr320 || options.encoding == Encoding::mp3V0;
        double level = wordLength (options.encoding) > 0 ? 5.0 / 8.0 : 0.0;
        if (mp3)
        {
            int mode =
                options.encoding == Encoding::mp3V0 ? SF_BITRATE_MODE_VARIABLE : SF_BITRATE_MODE_CONSTANT;
            sf_command (sound, SFC_SET_BITRATE_MODE, &mode, sizeof mode);
        }
        sf_command (sound, SFC_SET_COMPRESSION_LEVEL, &level, sizeof level);
    }

    std::string refusal() const
    {
        switch (options.encoding)
        {
            case Encoding::mp3Cbr320:
            case Encoding::mp3V0: return "MP3 takes one or two channels at 8 to 48 kHz.";
            case Encoding::opus: return "Opus takes a sample rate of 8, 12, 16, 24 or 48 kHz.";
            default: return "The encoder refuses this sample rate or number of channels.";
        }
    }

    template <typename Sample>
    Outcome integers (int count, Sample&& sample)
    {
        const int shift = 32 - wordLength (options.encoding);
        ints.resize (static_cast<std::size_t> (count) * static_cast<std::size_t> (options.channels));
        for (int c = 0; c < options.channels; ++c)
            for (int n = 0; n < count; ++n)
                ints[static_cast<std::size_t> (n * options.channels + c)] =
                    static_cast<int> (static_cast<std::uint32_t> (sample (c, n)) << shift);
        return counted (sf_writef_int (sound, ints.data(), count), count);
    }

    Outcome counted (sf_count_t written, int count)
    {
        if (written != count || failure != 0)
            return Problem { failure != 0 ? reason (failure) : "The encoder refused the sound.",
                             shownName (out.finalName()), "Nothing was left behind." };
        frames += count;
        return {};
    }

    static EncodedWriter& self (void* user) { return *static_cast<EncodedWriter*> (user); }
    static sf_count_t length (void* user) { return sizeOf (self (user).out.descriptor()); }
    static sf_count_t tell (void* user) { return self (user).position; }
    static sf_count_t seek (sf_count_t offset, int whence, void* user)
    {
        auto& position = self (user).position;
        position = offset + (whence == SEEK_CUR ? position : whence == SEEK_END ? length (user) : 0);
        return position;
    }
    static sf_count_t read (void* bytes, sf_count_t count, void* user)
    {
        const auto got = readAt (self (user).out.descriptor(), self (user).position, bytes,
                                 static_cast<std::size_t> (count));
        self (user).position += static_cast<sf_count_t> (got);
        return static_cast<sf_count_t> (got);
    }
    static sf_count_t write (const void* bytes, sf_count_t count, void* user)
    {
        auto& writer = self (user);
        errno = 0;
        if (! writer.out.writeAt (writer.position, bytes, static_cast<std::size_t> (count)))
        {
            if (writer.failure == 0)
                writer.failure = errno != 0 ? errno : EIO;
            return 0;
        }
        writer.position += count;
        return count;
    }

    OutputFile out;
    WriterOptions options;
    SNDFILE* sound = nullptr;
    std::int64_t position = 0;
    Frames frames = 0;
    int failure = 0;
    std::vector<float> floats;
    std::vector<int> ints;
};

} // namespace

Result<std::unique_ptr<Writer>> encodedWriter (OutputFile file, const WriterOptions& options)
{
    auto writer = std::make_unique<EncodedWriter> (std::move (file), options);
    if (auto begun = writer->begin(); ! begun)
        return begun.problem();
    return std::unique_ptr<Writer> (std::move (writer));
}

} // namespace lacquer::files

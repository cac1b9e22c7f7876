// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/Decoder.h"
#include "files/DecoderMessages.h"
#include "files/Descriptor.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <sndfile.h>
#include <string_view>
#include <unistd.h>
#include <vector>

#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace lacquer::files
{
namespace
{

bool send (const void* data, std::size_t size)
{
    const auto* bytes = static_cast<const unsigned char*> (data);
    while (size > 0)
    {
        const auto done = ::write (childOutput, bytes, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes += done;
        size -= static_cast<std::size_t> (done);
    }
    return true;
}

/// The input through calls that the sandbox leaves: pread alone.
struct Input
{
    Descriptor file { childInput };
    std::int64_t size = 0, position = 0;

    static Input& self (void* user) { return *static_cast<Input*> (user); }
    static sf_count_t length (void* user) { return self (user).size; }
    static sf_count_t tell (void* user) { return self (user).position; }
    static sf_count_t seek (sf_count_t offset, int whence, void* user)
    {
        auto& in = self (user);
        const auto base = whence == SEEK_CUR ? in.position : whence == SEEK_END ? in.size : 0;
        in.position = std::clamp<std::int64_t> (base + std::clamp<std::int64_t> (offset, -in.size, in.size),
                                                0, in.size);
        return in.position;
    }
    static sf_count_t read (void* bytes, sf_count_t count, void* user)
    {
        auto& in = self (user);
        const auto got =
            readAt (in.file, in.position, bytes, static_cast<std::size_t> (std::max<sf_count_t> (count, 0)));
        in.position += static_cast<sf_count_t> (got);
        return static_cast<sf_count_t> (got);
    }
};

/// The WAVE speaker bit of a libsndfile channel position; 0 when WAVE has none.
std::uint32_t speakerBit (int position)
{
    switch (position)
    {
        case SF_CHANNEL_MAP_MONO:
        case SF_CHANNEL_MAP_CENTER:
        case SF_CHANNEL_MAP_FRONT_CENTER: return 0x4;
        case SF_CHANNEL_MAP_LEFT:
        case SF_CHANNEL_MAP_FRONT_LEFT: return 0x1;
        case SF_CHANNEL_MAP_RIGHT:
        case SF_CHANNEL_MAP_FRONT_RIGHT: return 0x2;
        case SF_CHANNEL_MAP_LFE: return 0x8;
        case SF_CHANNEL_MAP_REAR_LEFT: return 0x10;
        case SF_CHANNEL_MAP_REAR_RIGHT: return 0x20;
        case SF_CHANNEL_MAP_FRONT_LEFT_OF_CENTER: return 0x40;
        case SF_CHANNEL_MAP_FRONT_RIGHT_OF_CENTER: return 0x80;
        case SF_CHANNEL_MAP_REAR_CENTER: return 0x100;
        case SF_CHANNEL_MAP_SIDE_LEFT: return 0x200;
        case SF_CHANNEL_MAP_SIDE_RIGHT: return 0x400;
        case SF_CHANNEL_MAP_TOP_CENTER: return 0x800;
        case SF_CHANNEL_MAP_TOP_FRONT_LEFT: return 0x1000;
        case SF_CHANNEL_MAP_TOP_FRONT_CENTER: return 0x2000;
        case SF_CHANNEL_MAP_TOP_FRONT_RIGHT: return 0x4000;
        case SF_CHANNEL_MAP_TOP_REAR_LEFT: return 0x8000;
        case SF_CHANNEL_MAP_TOP_REAR_CENTER: return 0x10000;
        case SF_CHANNEL_MAP_TOP_REAR_RIGHT: return 0x20000;
        default: return 0;
    }
}

/// Which channel of the file comes n-th in the order of WAVE; the mask is 0 and the order the file's own when
/// the file does not tell.
struct Order
{
    std::uint32_t mask = 0;
    std::vector<int> from;
};

Order waveOrder (SNDFILE* sound, const SF_INFO& info)
{
    Order order;
    order.from.resize (static_cast<std::size_t> (info.channels));
    std::iota (order.from.begin(), order.from.end(), 0);

    // FLAC has a fixed order, that of WAVE (RFC 9639, table 15), which libsndfile does not tell.
    static constexpr std::array<std::uint32_t, 9> flac { 0, 0x4, 0x3, 0x7, 0x33, 0x37, 0x3F, 0x70F, 0x63F };
    if ((info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC && info.channels <= 8)
    {
        order.mask = flac[static_cast<std::size_t> (info.channels)];
        return order;
    }
    std::vector<std::uint32_t> bits;
    const int coding = info.format & SF_FORMAT_SUBMASK;
    if ((coding == SF_FORMAT_VORBIS || coding == SF_FORMAT_OPUS) && info.channels <= 8)
    {
        // Vorbis I 4.3.9, which RFC 7845 5.1.1.2 takes over. libsndfile 1.2.0 exchanges the rear channels
        // of 5.1 in its map of Vorbis and has no map of Opus.
        static constexpr std::uint32_t vorbis[9][8] = { {},
                                                        { 0x4 },
                                                        { 0x1, 0x2 },
                                                        { 0x1, 0x4, 0x2 },
                                                        { 0x1, 0x2, 0x10, 0x20 },
                                                        { 0x1, 0x4, 0x2, 0x10, 0x20 },
                                                        { 0x1, 0x4, 0x2, 0x10, 0x20, 0x8 },
                                                        { 0x1, 0x4, 0x2, 0x200, 0x400, 0x100, 0x8 },
                                                        { 0x1, 0x4, 0x2, 0x200, 0x400, 0x10, 0x20, 0x8 } };
        bits.assign (vorbis[info.channels], vorbis[info.channels] + info.channels);
    }
    else
    {
        std::vector<int> map (static_cast<std::size_t> (info.channels));
        if (sf_command (sound, SFC_GET_CHANNEL_MAP_INFO, map.data(),
                        static_cast<int> (map.size() * sizeof (int))) != SF_TRUE)
            return order;
        for (const int position : map)
            bits.push_back (speakerBit (position));
    }
    std::uint32_t mask = 0;
    for (const auto bit : bits)
    {
        if (bit == 0 || (mask & bit) != 0)
            return order;
        mask |= bit;
    }
    order.mask = mask;
    std::sort (order.from.begin(), order.from.end(),
               [&] (int x, int y)
               { return bits[static_cast<std::size_t> (x)] < bits[static_cast<std::size_t> (y)]; });
    return order;
}

} // namespace

int importHelperMain (int argc, char** argv)
{
    const bool probing = argc > 2 && std::string_view (argv[2]) == "probe";
    Input input;
    input.size = sizeOf (input.file);
#ifdef __linux__
    ::prctl (PR_SET_PDEATHSIG, SIGKILL); // never outlive the program
    ::close_range (childOutput + 1, ~0u, 0);
#endif
    const auto walls = shutIn();

    SF_INFO info {};
    SF_VIRTUAL_IO io { Input::length, Input::seek, Input::read, nullptr, Input::tell };
    SNDFILE* sound = sf_open_virtual (&io, SFM_READ, &info, &input);
    Hello hello;
    hello.magic = Hello::expected;
    hello.limits = walls.limits;
    hello.fileSystem = walls.fileSystem;
    hello.systemCalls = walls.systemCalls;
    const bool good = sound != nullptr && info.channels >= 1 && info.channels <= maxChannels &&
                      info.samplerate >= minRate && info.samplerate <= maxRate;
    Order order;
    if (good)
    {
        order = waveOrder (sound, info);
        hello.status = DecoderStatus::good;
        hello.channels = info.channels;
        hello.channelMask = order.mask;
        hello.rate = info.samplerate;
        hello.frames = std::max<sf_count_t> (info.frames, 0);
    }
    if (! send (&hello, sizeof hello) || ! good || probing)
        return good ? 0 : 1;

    constexpr int block = 4096;
    const auto channels = static_cast<std::size_t> (info.channels);
    std::vector<float> raw (block * channels), ordered (block * channels);
    BlockHead head;
    for (;;)
    {
        const auto got = sf_readf_float (sound, raw.data(), block);
        if (got <= 0)
            break;
        for (std::size_t n = 0; n < static_cast<std::size_t> (got); ++n)
            for (std::size_t c = 0; c < channels; ++c)
                ordered[n * channels + c] = raw[n * channels + static_cast<std::size_t> (order.from[c])];
        head.frames = static_cast<std::uint32_t> (got);
        if (! send (&head, sizeof head) ||
            ! send (ordered.data(), static_cast<std::size_t> (got) * channels * sizeof (float)))
            return 1;
    }
    head.frames = 0;
    head.status = sf_error (sound) == SF_ERR_NO_ERROR ? DecoderStatus::good : DecoderStatus::damaged;
    return send (&head, sizeof head) ? 0 : 1;
}

} // namespace lacquer::files

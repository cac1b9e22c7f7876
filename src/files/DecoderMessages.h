// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>

namespace lacquer::files
{

// What the decoding child writes: one Hello, then blocks of a BlockHead and frames * channels interleaved
// floats, then a BlockHead of 0 frames. Both ends are the same program, so the structs need no byte order.

inline constexpr int childInput = 3, childOutput = 4;

enum class DecoderStatus : std::uint32_t
{
    good,
    damaged
};

struct Hello
{
    static constexpr std::uint32_t expected = 0x4C51'4431;
    std::uint32_t magic = 0;
    DecoderStatus status = DecoderStatus::damaged;
    std::int32_t channels = 0;
    std::uint32_t channelMask = 0;
    double rate = 0;
    std::int64_t frames = 0;
    std::uint32_t limits = 0, fileSystem = 0, systemCalls = 0, unused = 0;
};

struct BlockHead
{
    static constexpr std::uint32_t most = 65536;
    std::uint32_t frames = 0;
    DecoderStatus status = DecoderStatus::good;
};

} // namespace lacquer::files

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace lacquer::files
{

// Numbers as files store them: RIFF is little-endian, AIFF, FLAC and MP3 are big-endian.

inline unsigned little16 (const unsigned char* b) noexcept
{
    return static_cast<unsigned> (b[0] | b[1] << 8);
}
inline std::uint32_t little32 (const unsigned char* b) noexcept
{
    return static_cast<std::uint32_t> (b[0]) | static_cast<std::uint32_t> (b[1]) << 8 |
           static_cast<std::uint32_t> (b[2]) << 16 | static_cast<std::uint32_t> (b[3]) << 24;
}
inline std::uint64_t little64 (const unsigned char* b) noexcept
{
    return little32 (b) | static_cast<std::uint64_t> (little32 (b + 4)) << 32;
}
inline unsigned big16 (const unsigned char* b) noexcept
{
    return static_cast<unsigned> (b[0] << 8 | b[1]);
}
inline std::uint32_t big32 (const unsigned char* b) noexcept
{
    return static_cast<std::uint32_t> (big16 (b)) << 16 | big16 (b + 2);
}

/// Appends the lowest bytes of a number, little-endian.
inline void put (std::vector<unsigned char>& out, std::uint64_t value, int bytes)
{
    for (int n = 0; n < bytes; ++n)
        out.push_back (static_cast<unsigned char> (value >> (8 * n)));
}
inline void put (std::vector<unsigned char>& out, const char (&id)[5])
{
    for (int n = 0; n < 4; ++n)
        out.push_back (static_cast<unsigned char> (id[n]));
}

inline void put (std::vector<unsigned char>& out, const std::vector<unsigned char>& bytes)
{
    for (const auto byte : bytes) // not insert(): g++ 12 sees overflows in it that are not there
        out.push_back (byte);
}

} // namespace lacquer::files

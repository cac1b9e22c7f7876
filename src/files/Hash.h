// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "core/Result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace lacquer::files
{

/// SHA-256 after FIPS 180-4, fed in pieces.
class Sha256
{
public:
    void add (const void* bytes, std::size_t size) noexcept;

    /// The hash of all that was added, as 64 hexadecimal digits. Once.
    std::string digest();

private:
    void block (const unsigned char* bytes) noexcept;

    std::array<std::uint32_t, 8> state { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
    std::array<unsigned char, 64> pending {};
    std::size_t held = 0;
    std::uint64_t length = 0;
};

/// The identity of a file's content: its SHA-256. [any thread but audio]
Result<std::string> contentHash (const std::filesystem::path&, const Progress& = {});

} // namespace lacquer::files

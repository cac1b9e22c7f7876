// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/Hash.h"

#include "files/Descriptor.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>
#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace lacquer::files
{

// FIPS 180-4, 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes.
static constexpr std::uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
};

#if defined(__x86_64__)
namespace
{

/// Whether the processor computes SHA-256 itself (the SHA extensions; Intel SDM vol. 2, CPUID leaf 7, EBX bit
/// 29) and has SSSE3 and SSE4.1.
bool hasInstructions() noexcept
{
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid_count (7, 0, &a, &b, &c, &d) != 0 && (b >> 29 & 1) != 0 &&
           __get_cpuid (1, &a, &b, &c, &d) != 0 && (c >> 9 & 1) != 0 && (c >> 19 & 1) != 0;
}

/// Blocks of 64 bytes by the processor's own instructions. They want the state as ABEF and CDGH, four rounds
/// take four words, and words 16 to 63 come from the sixteen before them as in FIPS 180-4, 6.2.2.
__attribute__ ((target ("sha,ssse3,sse4.1"))) void
blocks (std::array<std::uint32_t, 8>& state, const unsigned char* bytes, std::size_t count) noexcept
{
    const auto load = [](const void* p) __attribute__ ((target ("sse2")))
    {
        return _mm_loadu_si128 (static_cast<const __m128i*> (p));
    };
    const __m128i order = _mm_set_epi64x (0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i x = _mm_shuffle_epi32 (load (state.data()), 0xB1), y = _mm_shuffle_epi32 (load (&state[4]), 0x1B);
    __m128i abef = _mm_alignr_epi8 (x, y, 8), cdgh = _mm_blend_epi16 (y, x, 0xF0);
    for (; count > 0; --count, bytes += 64)
    {
        const __m128i before[2] { abef, cdgh };
        __m128i w[4];
        for (int t = 0; t < 16; ++t)
        {
            auto& now = w[t & 3];
            if (t < 4)
                now = _mm_shuffle_epi8 (load (bytes + 16 * t), order);
            else
            {
                const __m128i last = w[(t + 3) & 3], next = w[(t + 1) & 3];
                now = _mm_add_epi32 (_mm_sha256msg1_epu32 (now, next),
                                     _mm_alignr_epi8 (last, w[(t + 2) & 3], 4));
                now = _mm_sha256msg2_epu32 (now, last);
            }
            const __m128i words = _mm_add_epi32 (now, load (constants + 4 * t));
            cdgh = _mm_sha256rnds2_epu32 (cdgh, abef, words);
            abef = _mm_sha256rnds2_epu32 (abef, cdgh, _mm_shuffle_epi32 (words, 0x0E));
        }
        abef = _mm_add_epi32 (abef, before[0]);
        cdgh = _mm_add_epi32 (cdgh, before[1]);
    }
    x = _mm_shuffle_epi32 (abef, 0x1B);
    y = _mm_shuffle_epi32 (cdgh, 0xB1);
    _mm_storeu_si128 (reinterpret_cast<__m128i*> (state.data()), _mm_blend_epi16 (x, y, 0xF0));
    _mm_storeu_si128 (reinterpret_cast<__m128i*> (&state[4]), _mm_alignr_epi8 (y, x, 8));
}

} // namespace
#endif

void Sha256::block (const unsigned char* bytes) noexcept
{
#if defined(__x86_64__)
    static const bool fast = hasInstructions();
    if (fast)
        return blocks (state, bytes, 1);
#endif
    std::uint32_t w[64];
    for (std::size_t t = 0; t < 16; ++t)
        w[t] = static_cast<std::uint32_t> (bytes[4 * t]) << 24 |
               static_cast<std::uint32_t> (bytes[4 * t + 1]) << 16 |
               static_cast<std::uint32_t> (bytes[4 * t + 2]) << 8 | bytes[4 * t + 3];
    for (std::size_t t = 16; t < 64; ++t)
    {
        const auto s0 = std::rotr (w[t - 15], 7) ^ std::rotr (w[t - 15], 18) ^ w[t - 15] >> 3;
        const auto s1 = std::rotr (w[t - 2], 17) ^ std::rotr (w[t - 2], 19) ^ w[t - 2] >> 10;
        w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
    auto [a, b, c, d, e, f, g, h] = state;
    for (std::size_t t = 0; t < 64; ++t)
    {
        const auto t1 = h + (std::rotr (e, 6) ^ std::rotr (e, 11) ^ std::rotr (e, 25)) +
                        ((e & f) ^ (~e & g)) + constants[t] + w[t];
        const auto t2 =
            (std::rotr (a, 2) ^ std::rotr (a, 13) ^ std::rotr (a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g;
        g = f;
        f = e;
        e = d + t1;
        d = c;
        c = b;
        b = a;
        a = t1 + t2;
    }
    const std::uint32_t sums[8] = { a, b, c, d, e, f, g, h };
    for (std::size_t n = 0; n < 8; ++n)
        state[n] += sums[n];
}

void Sha256::add (const void* data, std::size_t size) noexcept
{
    const auto* bytes = static_cast<const unsigned char*> (data);
    length += size;
    while (size > 0)
    {
        if (held == 0 && size >= 64)
        {
            block (bytes);
            bytes += 64;
            size -= 64;
            continue;
        }
        const auto part = std::min (size, 64 - held);
        std::memcpy (pending.data() + held, bytes, part);
        held += part;
        bytes += part;
        size -= part;
        if (held == 64)
        {
            block (pending.data());
            held = 0;
        }
    }
}

std::string Sha256::digest()
{
    const auto bits = length * 8;
    const unsigned char one = 0x80, zero = 0;
    add (&one, 1);
    while (held != 56)
        add (&zero, 1);
    unsigned char tail[8];
    for (int n = 0; n < 8; ++n)
        tail[n] = static_cast<unsigned char> (bits >> (56 - 8 * n));
    add (tail, 8);
    std::string text;
    for (const auto word : state)
        for (int shift = 28; shift >= 0; shift -= 4)
            text += "0123456789abcdef"[word >> shift & 15];
    return text;
}

Result<std::string> contentHash (const std::filesystem::path& path, const Progress& progress)
{
    auto file = openedForReading (path);
    if (! file)
        return file.problem();
    Sha256 hash;
    std::vector<unsigned char> bytes (1 << 18);
    for (std::int64_t at = 0;;)
    {
        if (progress.stopped())
            return Problem { "Stopped.", shownName (path) };
        const auto got = readAt (*file, at, bytes.data(), bytes.size());
        hash.add (bytes.data(), got);
        at += static_cast<std::int64_t> (got);
        if (got < bytes.size())
            return hash.digest();
    }
}

} // namespace lacquer::files

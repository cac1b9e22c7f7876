// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace lacquer::engine
{

/// Makes the calling thread treat numbers too small to hear (denormals) as zero, and restores what was set
/// before. They cost up to a hundred times the time of ordinary numbers, and every thread must agree, or
/// results would depend on which thread did the work. [any thread]
class FlushDenormals
{
public:
    FlushDenormals() noexcept : before (word()) { setWord (before | bits); }
    ~FlushDenormals() { setWord (before); }
    FlushDenormals (const FlushDenormals&) = delete;
    FlushDenormals& operator= (const FlushDenormals&) = delete;

private:
    friend class KeepDenormals;
#if defined(__SSE__)
    static constexpr std::uint64_t bits = 0x8040; // MXCSR: flush to zero, denormals are zero
    static std::uint64_t word() noexcept
    {
        return _mm_getcsr();
    }
    static void setWord (std::uint64_t w) noexcept
    {
        _mm_setcsr (static_cast<unsigned> (w));
    }
#elif defined(__aarch64__)
    static constexpr std::uint64_t bits = 1u << 24; // FPCR.FZ
    static std::uint64_t word() noexcept
    {
        std::uint64_t w;
        asm volatile("mrs %0, fpcr" : "=r"(w));
        return w;
    }
    static void setWord (std::uint64_t w) noexcept
    {
        asm volatile("msr fpcr, %0" ::"r"(w));
    }
#else
    static constexpr std::uint64_t bits = 0;
    static std::uint64_t word() noexcept
    {
        return 0;
    }
    static void setWord (std::uint64_t) noexcept {}
#endif
    std::uint64_t before;
};

/// The opposite, for code that is not the engine's, such as encoders: the calling thread computes as the
/// system set it up, and as before afterwards. [any thread]
class KeepDenormals
{
public:
    KeepDenormals() noexcept : before (FlushDenormals::word())
    {
        FlushDenormals::setWord (before & ~FlushDenormals::bits);
    }
    ~KeepDenormals() { FlushDenormals::setWord (before); }
    KeepDenormals (const KeepDenormals&) = delete;
    KeepDenormals& operator= (const KeepDenormals&) = delete;

private:
    std::uint64_t before;
};

} // namespace lacquer::engine

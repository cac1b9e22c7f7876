// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/Convolver.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>

namespace lacquer::dsp
{

namespace
{

using kernels::FoldedTransform;
constexpr int block = kernels::directTaps;
constexpr int sizes[] { 64, 256, 1024, 4096 };
constexpr int ringSize = 4 * 4096; // the block that comes in and the two before, of the largest size
constexpr int pieceSize = 1024;    // points a piece of a pass works on, at most
constexpr int pairs = 2;           // products a piece adds up

/// One for all, as they never change.
std::shared_ptr<const FoldedTransform> transformOf (int size)
{
    static std::mutex mutex;
    static std::map<int, std::shared_ptr<const FoldedTransform>> all;
    const std::lock_guard lock (mutex);
    auto& t = all[size];
    if (! t)
        t = std::make_shared<const FoldedTransform> (size);
    return t;
}

} // namespace

void Convolver::prepare (int longest, bool second)
{
    later = second;
    levels.clear();
    std::size_t total = ringSize + 4096 + 6 * block + 16;
    for (std::size_t k = 0; k < std::size (sizes); ++k)
    {
        Level l;
        l.size = sizes[k];
        // Blocks of 64 are worked on at once, all others while the next one comes in.
        l.first = k == 0 ? block : 2 * l.size;
        const int end = k + 1 < std::size (sizes) ? 2 * sizes[k + 1] : std::max (longest, l.first + l.size);
        l.most = (end - l.first + l.size - 1) / l.size;
        l.transform = transformOf (l.size);
        total += static_cast<std::size_t> (l.size) * static_cast<std::size_t> (4 * l.most + 4);
        levels.push_back (l);
    }
    memory.assign (total, 0.0f);
    auto* next = reinterpret_cast<float*> ((reinterpret_cast<std::uintptr_t> (memory.data()) + 63) & ~63ull);
    const auto take = [&] (int count)
    {
        float* const p = next;
        next += count;
        return p;
    };
    ring = take (ringSize);
    shaped = take (4096);
    recent = take (3 * block);
    head = take (block);
    ahead = take (block);
    powers = take (block);
    for (auto& l : levels)
    {
        l.sound = take (2 * l.most * l.size);
        l.impulse = take (2 * l.most * l.size);
        l.sum = take (2 * l.size);
        l.out[0] = take (l.size);
        l.out[1] = take (l.size);
    }
    taps = {};
    start ({});
}

void Convolver::start (const Taps& wanted) noexcept
{
    sleeping = true;
    if (wanted == taps)
        return;
    taps = wanted;
    for (auto& l : levels)
    {
        l.used = std::clamp ((taps.count - l.first + l.size - 1) / l.size, 0, l.most);
        l.built = 0;
    }
    for (int n = 0; n < block; ++n)
        powers[n] = static_cast<float> (std::pow (taps.decay, n));
    shape (0, block, head);
}

/// From silence: what older sound left behind is not cleared but not used either.
void Convolver::wake() noexcept
{
    sleeping = false;
    now = idle = 0;
    std::fill_n (ring, ringSize, 0.0f);
    std::fill_n (recent, 3 * block, 0.0f);
    std::fill_n (ahead, block, 0.0f);
    for (auto& l : levels)
        l.period = 0;
}

void Convolver::process (const float* in, float* out, int frames) noexcept
{
    while (frames > 0)
    {
        if (sleeping)
        {
            const int silent =
                static_cast<int> (std::find_if (in, in + frames, [] (float x) { return x != 0.0f; }) - in);
            std::fill_n (out, silent, 0.0f);
            in += silent, out += silent, frames -= silent;
            if (frames == 0)
                return;
            wake();
        }
        const int filled = static_cast<int> (now % block), count = std::min (frames, block - filled);
        float* const x = recent + block + filled;
        std::copy_n (in, count, x);
        float y[block];
        kernels::convolveDirectly (head, x, y, count);
        for (int n = 0; n < count; ++n)
            out[n] = y[n] + ahead[filled + n];
        now += count;
        in += count, out += count, frames -= count;
        if (filled + count == block)
            finishBlock();
    }
}

void Convolver::finishBlock() noexcept
{
    const float* const x = recent + block;
    const bool silent = std::all_of (x, x + block, [] (float v) { return v == 0.0f; });
    idle = silent ? idle + block : 0;
    std::copy_n (x, block, ring + (now - block) % ringSize);
    std::copy_n (x, block, recent);
    // What comes in last leaves the longest way a whole block of the largest size later than its taps say.
    if (idle >= taps.count + 3 * sizes[std::size (sizes) - 1])
    {
        sleeping = true;
        return;
    }

    std::fill_n (ahead, block, 0.0f);
    for (auto& l : levels)
    {
        if (l.used == 0)
            continue;
        const int blocks = l.size / block, turn = static_cast<int> (now / block % blocks);
        if (turn == 0)
            begin (l);
        if (l.period > 0)
        {
            // An even share for every block; of two channels the second rounds the other way.
            const int all = pieces (l), half = later ? blocks / 2 : 0;
            for (int p = (turn * all + half) / blocks; p < ((turn + 1) * all + half) / blocks; ++p)
                run (l, p);
        }
        // A block of 64 is heard at once, all others when the next one has come in.
        if (l.period > (l.size == block ? 0 : 1))
        {
            const float* const y = l.out[l.size == block ? 1 - l.playing : l.playing] + now % l.size;
            for (int n = 0; n < block; ++n)
                ahead[n] += y[n];
        }
    }
}

/// A block of the level's size has come in.
void Convolver::begin (Level& l) noexcept
{
    // Built with the block before that one
    if (l.period > 0 && l.built < std::min (l.period, l.used))
        ++l.built;
    ++l.period;
    l.playing = 1 - l.playing;
}

int Convolver::pieces (const Level& l) const noexcept
{
    const int parts = std::max (1, l.size / pieceSize), passes = l.transform->passes;
    const int heard = std::min (l.used, l.period);
    const bool build = l.built < heard;
    return parts * (passes * (build ? 3 : 2) + (heard + pairs - 1) / pairs);
}

void Convolver::run (Level& l, int piece) noexcept
{
    const auto& t = *l.transform;
    const int parts = std::max (1, l.size / pieceSize), heard = std::min (l.used, l.period);
    const int part = piece % parts, points = l.size / parts;
    int job = piece / parts;
    const int from = part * points, to = from + points;
    const auto spectrum = [&] (float* first, int n)
    { return first + static_cast<std::ptrdiff_t> (2 * l.size) * n; };

    // The spectrum of the partition that is heard for the first time.
    if (l.built < heard)
    {
        if (job == 0) // what this piece of the first pass takes
            for (int at = from / 4; at < l.size; at += l.size / 4)
                shape (l.first + l.built * l.size + at, points / 4, shaped + at);
        if (job < t.passes)
            return kernels::transformForward (t, job, shaped, nullptr, spectrum (l.impulse, l.built),
                                              from / 4, to / 4);
        job -= t.passes;
    }

    // The spectrum of what has come in: the last two blocks.
    const int newest = l.period - 1;
    if (job < t.passes)
    {
        const auto start = static_cast<std::int64_t> (now / l.size) * l.size; // end of the newest block
        const float* const second = ring + (start - l.size) % ringSize;
        const float* const first = ring + (start - 2 * l.size + ringSize) % ringSize;
        return kernels::transformForward (t, job, first, second, spectrum (l.sound, newest % l.most),
                                          from / 4, to / 4);
    }
    job -= t.passes;

    const int products = (heard + pairs - 1) / pairs;
    if (job < products)
    {
        const float *a[pairs], *b[pairs];
        const int first = job * pairs, count = std::min (pairs, heard - first);
        for (int p = 0; p < count; ++p)
        {
            a[p] = spectrum (l.sound, (newest - first - p) % l.most);
            b[p] = spectrum (l.impulse, first + p);
        }
        return kernels::multiplySpectra (a, b, count, l.size, job == 0, l.sum, from, to);
    }
    job -= products;
    kernels::transformBack (t, job, l.sum, l.out[1 - l.playing], from / 4, to / 4);
}

void Convolver::shape (int first, int count, float* to) const noexcept
{
    const int known = std::clamp (taps.count - first, 0, count);
    double gain = taps.gain * std::pow (taps.decay, first);
    const double fall = std::pow (taps.decay, block);
    for (int at = 0; at < known; at += block, gain *= fall)
    {
        const auto g = static_cast<float> (gain);
        const float* const from = taps.samples + first + at;
        for (int n = 0; n < std::min (block, known - at); ++n)
            to[at + n] = g * (powers[n] * from[n]);
    }
    const int fading = std::max (0, taps.count - taps.fade - first);
    for (int n = fading; n < known; ++n)
        to[n] *= static_cast<float> (taps.count - first - n) / static_cast<float> (taps.fade + 1);
    std::fill (to + known, to + count, 0.0f);
}

} // namespace lacquer::dsp

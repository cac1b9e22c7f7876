// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/LinearPhase.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>

namespace lacquer::dsp
{

namespace
{

using kernels::FoldedTransform;
constexpr int block = kernels::directTaps;
constexpr int piecePoints = 4096, pieceTaps = 1024; // of the transform; of the impulse

/// Floats from an address that vectors like.
float* aligned (std::vector<float>& memory, std::size_t count)
{
    memory.assign (count + 16, 0.0f);
    return reinterpret_cast<float*> ((reinterpret_cast<std::uintptr_t> (memory.data()) + 63) & ~63ull);
}

} // namespace

/// What is the same for all impulses of a length: where the transform leaves which frequency, and the
/// spectrum of a single one in the middle.
struct LinearPhase::Places
{
    std::shared_ptr<const FoldedTransform> transform;
    std::vector<float> squares; ///< of the frequency at every place, where the rate is 1
    std::vector<float> middle;  ///< real parts, then imaginary ones, scaled for the way back
    std::vector<float> fade;    ///< of the last sixteenths of the impulse, from the inside

    explicit Places (int taps)
    {
        int size = 64;
        while (size < taps)
            size *= 4;
        transform = std::make_shared<const FoldedTransform> (size);
        const auto count = static_cast<std::size_t> (size);
        std::vector<float> room;
        float* const sound = aligned (room, 5 * count);
        float *const bins = sound + 2 * count, *const back = bins + 2 * count;
        const auto transformed = [&] (std::size_t place)
        {
            std::fill_n (sound, 2 * count, 0.0f);
            sound[place] = 1;
            for (int p = 0; p < transform->passes; ++p)
                kernels::transformForward (*transform, p, sound, sound + count, bins, 0, size / 4);
        };
        // The spectrum of a one at frame 1 is e^(i w): odd multiples of pi over twice the size.
        transformed (1);
        for (std::size_t n = 0; n < count; ++n)
        {
            const double w =
                std::atan2 (static_cast<double> (bins[count + n]), static_cast<double> (bins[n]));
            const double step = std::numbers::pi / (2 * size), turns = std::round ((w / step - 1) / 2);
            const double f = (2 * turns + 1) * step / (2 * std::numbers::pi);
            squares.push_back (static_cast<float> (f * f));
        }
        transformed (count + count / 2);
        middle.assign (bins, bins + 2 * count);
        for (int p = 0; p < transform->passes; ++p)
            kernels::transformBack (*transform, p, bins, back, 0, size / 4);
        for (auto& x : middle)
            x /= back[count / 2];
        const int fading = taps / 16;
        for (int n = 0; n < fading; ++n)
            fade.push_back (static_cast<float> (0.5 + 0.5 * std::cos (std::numbers::pi * (n + 1) / fading)));
    }
};

/// One for all of a length, as they never change.
std::shared_ptr<const LinearPhase::Places> LinearPhase::placesOf (int length)
{
    static std::mutex mutex;
    static std::map<int, std::shared_ptr<const Places>> all;
    const std::lock_guard lock (mutex);
    auto& p = all[length];
    if (! p)
        p = std::make_shared<const Places> (length);
    return p;
}

int LinearPhase::lengthAt (double sampleRate, Reach reach) noexcept
{
    return static_cast<int> (
        std::bit_ceil (static_cast<unsigned> (reach == Reach::quarter ? sampleRate / 4 : sampleRate)));
}

void LinearPhase::prepare (double sampleRate, int wanted, Reach reach)
{
    rate = sampleRate;
    parts = static_cast<std::size_t> (wanted);
    length = lengthAt (rate, reach);
    wait = length / 16;
    places = placesOf (length);
    const auto size = static_cast<std::size_t> (places->transform->size);
    spectrum = aligned (memory, 3 * size);
    impulse = spectrum + 2 * size;
    for (auto& v : voices)
        for (std::size_t c = 0; c < parts; ++c)
        {
            v.part[c].prepare (length, c == 1);
            v.taps[c].assign (static_cast<std::size_t> (length), 0.0f);
        }
    for (std::size_t c = 0; c < parts; ++c)
        before[c].prepare (wait + 2 * block);
    change.length = static_cast<int> (0.02 * rate);
    reset();
}

void LinearPhase::reset() noexcept
{
    for (std::size_t c = 0; c < parts; ++c)
        before[c].clear();
    making = sounding = false;
    change.left = 0;
    clock = heardOut = 0;
}

int LinearPhase::pieces() const noexcept
{
    const int size = places->transform->size;
    return size / EqCurve::longest + places->transform->passes * (size / std::min (size, piecePoints)) +
           length / pieceTaps;
}

/// The pieces of one part: the levels, the way back, the ends.
void LinearPhase::run (int piece) noexcept
{
    const auto& t = *places->transform;
    const int all = pieces(), size = t.size;
    const auto c = static_cast<std::size_t> (piece / all);
    piece %= all;
    if (piece < size / EqCurve::longest)
    {
        float squares[EqCurve::longest], gain[EqCurve::longest];
        const int from = piece * EqCurve::longest;
        const auto scale = static_cast<float> (rate * rate);
        for (int n = 0; n < EqCurve::longest; ++n)
            squares[n] = scale * places->squares[static_cast<std::size_t> (from + n)];
        curve[c].gains (squares, gain, EqCurve::longest);
        const float* const middle = places->middle.data();
        for (int n = 0; n < EqCurve::longest; ++n)
        {
            spectrum[from + n] = gain[n] * middle[from + n];
            spectrum[size + from + n] = gain[n] * middle[size + from + n];
        }
        return;
    }
    piece -= size / EqCurve::longest;
    const int points = std::min (size, piecePoints), perPass = size / points;
    if (piece < t.passes * perPass)
    {
        const int from = piece % perPass * points;
        kernels::transformBack (t, piece / perPass, spectrum, impulse, from / 4, (from + points) / 4);
        return;
    }
    piece -= t.passes * perPass;
    auto& taps = voices[1 - now].taps[c];
    const int fading = static_cast<int> (places->fade.size()), half = length / 2;
    for (int n = piece * pieceTaps; n < (piece + 1) * pieceTaps; ++n)
    {
        const int out = std::abs (n - half) - (half - fading);
        const float x = impulse[size / 2 - half + n];
        taps[static_cast<std::size_t> (n)] =
            out <= 0 ? x : places->fade[static_cast<std::size_t> (out - 1)] * x;
    }
}

/// The other voice takes over.
void LinearPhase::begin() noexcept
{
    now = 1 - now;
    auto& voice = voices[now];
    for (std::size_t c = 0; c < parts; ++c)
    {
        const auto& taps = voice.taps[alike ? 0 : c];
        voice.part[c].start ({}); // the same memory holds other taps
        voice.part[c].start ({ taps.data(), length, 0, 1, 1 });
    }
    if (sounding)
    {
        change.start();
        heardOut = clock + (change.length + length + block - 1) / block * block;
    }
    sounding = true;
}

/// At the beginning of a block of 64.
void LinearPhase::turn (std::span<const EqBand, EqBands::count> bands) noexcept
{
    const int turns = wait / block;
    if (making && made == turns)
    {
        begin();
        making = false;
    }
    if (! making && clock >= heardOut &&
        (! sounding || ! std::equal (bands.begin(), bands.end(), known.begin())))
    {
        std::copy (bands.begin(), bands.end(), known.begin());
        alike =
            parts == 1 || std::all_of (bands.begin(), bands.end(),
                                       [] (const EqBand& b) { return ! b.on || b.part == BandPart::stereo; });
        // One by one: g++ 12 with AddressSanitizer loses parts of a list of the two.
        curve[0] = EqCurve (bands, BandPart::mid);
        curve[1] = EqCurve (bands, BandPart::side);
        making = true;
        made = 0;
    }
    if (! making)
        return;
    const int all = pieces() * (alike ? 1 : 2);
    for (int p = made * all / turns; p < (made + 1) * all / turns; ++p)
        run (p);
    ++made;
}

void LinearPhase::process (std::span<float* const> sound, int frames,
                           std::span<const EqBand, EqBands::count> bands) noexcept
{
    for (int at = 0; at < frames;)
    {
        if (clock % block == 0)
            turn (bands);
        const int count = std::min (frames - at, block - static_cast<int> (clock % block));
        const bool old = clock < heardOut;
        for (std::size_t c = 0; c < parts; ++c)
        {
            float* const x = sound[c] + at;
            before[c].write (x, count);
            if (! sounding)
            {
                std::fill_n (x, count, 0.0f);
                continue;
            }
            float in[block], out[block];
            before[c].read (in, wait, count);
            if (change.active())
                for (int n = 0; n < count; ++n)
                    out[n] = change.share (n) * in[n];
            voices[now].part[c].process (change.active() ? out : in, x, count);
            if (old)
            {
                for (int n = 0; n < count; ++n)
                    in[n] -= change.active() ? out[n] : in[n];
                voices[1 - now].part[c].process (in, out, count);
                for (int n = 0; n < count; ++n)
                    x[n] += out[n];
            }
        }
        change.advance (count);
        clock += count;
        at += count;
    }
}

} // namespace lacquer::dsp

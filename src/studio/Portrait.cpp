// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Portrait.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace lacquer::studio
{

namespace
{

constexpr double rate = 48000, pi = std::numbers::pi;
constexpr float silence = -120;

float decibels (double amplitude)
{
    return amplitude > 1e-6 ? static_cast<float> (20 * std::log10 (amplitude)) : silence;
}

/// An effect of its own, fed block by block.
class Probe
{
public:
    Probe (const engine::EffectType& type, std::span<const float> v, double tempo,
           const std::atomic<bool>* stop)
        : effect (type.create()), values (v), bpm (tempo), cancelled (stop)
    {
        effect->prepare ({ rate, 2 });
        late = effect->latency (values);
    }

    bool stopped() const { return cancelled != nullptr && cancelled->load (std::memory_order_relaxed); }

    /// in (frame, side) for frames on; out (frame, left, right) tells of them, its latency taken off.
    template <typename In, typename Out>
    void run (int frames, const In& in, const Out& out)
    {
        std::array<std::array<float, engine::quantum>, 2> room;
        float* sides[] { room[0].data(), room[1].data() };
        for (int done = 0; done < frames + late && ! stopped(); done += engine::quantum)
        {
            for (int n = 0; n < engine::quantum; ++n)
                for (int c = 0; c < 2; ++c)
                    sides[c][n] = done + n < frames ? in (done + n, c) : 0.0f;
            engine::SongTime time;
            time.position = done;
            time.bpm = bpm;
            time.beat = done / rate * bpm / 60;
            time.playing = true;
            effect->process ({ sides, {}, engine::quantum, time }, values);
            reduction = std::max (reduction, effect->reduction());
            for (int n = 0; n < engine::quantum; ++n)
                if (const int at = done + n - late; at >= 0 && at < frames)
                    out (at, sides[0][n], sides[1][n]);
        }
    }

    std::unique_ptr<engine::Effect> effect;
    std::span<const float> values;
    float reduction = 0;

private:
    double bpm;
    const std::atomic<bool>* cancelled;
    int late = 0;
};

/// True when it sounds on: what is left 20 ms after a click is less than 35 dB below all of it.
bool listenToAnswer (Probe& probe, Portrait& p)
{
    const auto tail = probe.effect->tail (probe.values);
    const Frames most = static_cast<Frames> (8 * rate);
    if (tail >= 0 && tail < static_cast<Frames> (0.03 * rate))
        return false;
    int frames = static_cast<int> (tail < 0 ? most : std::min (tail, most));
    std::array<std::vector<float>, 2> sound;
    for (auto& s : sound)
        s.resize (static_cast<std::size_t> (frames));
    probe.run (
        frames, [] (int n, int) { return n == 0 ? 0.5f : 0.0f; },
        [&] (int n, float l, float r)
        {
            sound[0][static_cast<std::size_t> (n)] = l;
            sound[1][static_cast<std::size_t> (n)] = r;
        });
    double all = 0, later = 0;
    float loudest = 0;
    int last = 0; // what is within 60 dB of the loudest
    for (const auto& s : sound)
        for (const float x : s)
            loudest = std::max (loudest, std::abs (x));
    for (const auto& s : sound)
        for (int n = 0; n < frames; ++n)
        {
            const float x = s[static_cast<std::size_t> (n)];
            const double energy = static_cast<double> (x) * static_cast<double> (x);
            all += energy;
            later += n > 0.02 * rate ? energy : 0;
            if (std::abs (x) > 1e-3f * loudest)
                last = std::max (last, n);
        }
    if (later < 3e-4 * all || all == 0)
        return false;
    frames = std::clamp (last + last / 20, static_cast<int> (0.1 * rate), frames);
    p.answerSeconds = frames / rate;
    for (std::size_t c = 0; c < 2; ++c)
    {
        p.answer[c].assign (Portrait::columns, silence);
        for (int n = 0; n < frames; ++n)
        {
            auto& column =
                p.answer[c][static_cast<std::size_t> (static_cast<Frames> (n) * Portrait::columns / frames)];
            column = std::max (
                column,
                decibels (std::abs (static_cast<double> (sound[c][static_cast<std::size_t> (n)])) / 0.5));
        }
    }
    return true;
}

/// The levels at one frequency. Returns how far they are from one gain for all.
double stepThrough (Probe& probe, double hertz, std::vector<Portrait::Step>& steps)
{
    constexpr int count = 21, length = 9600, measured = 2400;
    steps.assign (count, {});
    std::array<double, count> energy {};
    probe.run (
        count * length,
        [&] (int n, int)
        {
            const double level = std::pow (10, (-60 + 3 * (n / length)) / 20.0);
            return static_cast<float> (level * std::sin (2 * pi * hertz * n / rate));
        },
        [&] (int n, float l, float r)
        {
            if (n % length >= length - measured)
                energy[static_cast<std::size_t> (n / length)] +=
                    (static_cast<double> (l) * static_cast<double> (l) +
                     static_cast<double> (r) * static_cast<double> (r)) /
                    measured; // twice the mean square: peak of a sine
        });
    float least = 1e9f, most = -1e9f;
    for (std::size_t n = 0; n < count; ++n)
    {
        steps[n].in = -60 + 3 * static_cast<float> (n);
        steps[n].out = decibels (std::sqrt (energy[n]));
        if (steps[n].out <= silence + 40)
            continue;
        least = std::min (least, steps[n].out - steps[n].in);
        most = std::max (most, steps[n].out - steps[n].in);
    }
    return most < least ? 0 : static_cast<double> (most - least);
}

void hearHarmonics (Probe& probe, Portrait& p)
{
    constexpr int period = 48, settled = 24000, measured = 100 * period;
    std::array<std::complex<double>, 7> sums {};
    p.wave.assign (period, 0);
    probe.run (
        settled + measured,
        [] (int n, int) { return static_cast<float> (0.5012 * std::sin (2 * pi * (n % period) / period)); },
        [&] (int n, float l, float)
        {
            if (n < settled)
                return;
            for (std::size_t h = 0; h < sums.size(); ++h)
                sums[h] += static_cast<double> (l) *
                           std::polar (1.0, -2 * pi * static_cast<double> (h + 1) * (n % period) / period);
            p.wave[static_cast<std::size_t> (n % period)] = l;
        });
    const double first = std::abs (sums[0]);
    double rest = 0;
    for (std::size_t h = 0; h < sums.size(); ++h)
    {
        const double share = first > 0 ? std::abs (sums[h]) / first : 0;
        p.harmonics[h] = decibels (share);
        rest += h > 0 ? share * share : 0;
    }
    p.distortion = std::sqrt (rest);
}

/// Gains of the tones over time of a steady sound, in the middle or at the sides; 2048 frames each, Hann.
std::array<std::vector<float>, 2> tonesThrough (Probe& probe, bool sides, int frames)
{
    constexpr int window = 2048, hop = 1024;
    constexpr auto count = Portrait::tones.size();
    constexpr double each = 0.004; // -48 dBFS: below what moves a level
    const int moments = std::max (0, (frames - window) / hop + 1);
    std::array<std::vector<float>, 2> sound, gains;
    for (std::size_t c = 0; c < 2; ++c)
    {
        sound[c].resize (static_cast<std::size_t> (frames));
        gains[c].assign (static_cast<std::size_t> (moments) * count, silence);
    }
    probe.run (
        frames,
        [&] (int n, int c)
        {
            double sum = 0;
            for (std::size_t k = 0; k < count; ++k) // phases after Schroeder (1970): no peaks
                sum += std::sin (2 * pi * static_cast<double> (Portrait::tones[k]) * n / rate -
                                 pi * static_cast<double> (k * k) / static_cast<double> (count));
            return static_cast<float> (each * sum * (sides && c == 1 ? -1 : 1));
        },
        [&] (int n, float l, float r)
        {
            sound[0][static_cast<std::size_t> (n)] = l;
            sound[1][static_cast<std::size_t> (n)] = r;
        });
    std::vector<double> hann (window);
    for (int n = 0; n < window; ++n)
        hann[static_cast<std::size_t> (n)] = (1 - std::cos (2 * pi * n / window)) / window / each;
    for (std::size_t k = 0; k < count && ! probe.stopped(); ++k)
    {
        const auto turn = std::polar (1.0, -2 * pi * static_cast<double> (Portrait::tones[k]) / rate);
        std::vector<std::complex<double>> kernel (window);
        std::complex<double> at = 1;
        for (std::size_t n = 0; n < window; ++n, at *= turn)
            kernel[n] = at * hann[n];
        for (std::size_t c = 0; c < 2; ++c)
            for (int m = 0; m < moments; ++m)
            {
                std::complex<double> sum = 0;
                const float* x = sound[c].data() + static_cast<std::ptrdiff_t> (m) * hop;
                for (std::size_t n = 0; n < window; ++n)
                    sum += static_cast<double> (x[n]) * kernel[n];
                gains[c][static_cast<std::size_t> (m) * count + k] = decibels (std::abs (sum) * 2);
            }
    }
    return gains;
}

/// How far the tones of one side move in time, and how far they are apart at most at one moment.
std::pair<float, float> spreadOf (const std::vector<float>& gains, std::size_t from)
{
    constexpr auto count = Portrait::tones.size();
    const auto moments = gains.size() / count;
    float moves = 0, apart = 0;
    std::vector<float> mean (count, 0);
    for (std::size_t k = 0; k < count; ++k)
    {
        float least = 1e9f, most = -1e9f;
        for (std::size_t m = from; m < moments; ++m)
        {
            const float g = gains[m * count + k];
            least = std::min (least, g);
            most = std::max (most, g);
            mean[k] += g / static_cast<float> (moments - from);
        }
        moves = std::max (moves, most - least);
    }
    for (std::size_t m = from; m < moments; ++m)
    {
        float least = 1e9f, most = -1e9f;
        for (std::size_t k = 0; k < count; ++k)
        {
            const float g = gains[m * count + k] - mean[k];
            least = std::min (least, g);
            most = std::max (most, g);
        }
        apart = std::max (apart, most - least);
    }
    return { moves, apart };
}

} // namespace

Portrait portraitOf (const engine::EffectType& type, std::span<const float> values, double bpm,
                     const std::atomic<bool>* cancelled)
{
    Portrait p;
    const auto probe = [&] { return Probe (type, values, bpm, cancelled); };
    auto click = probe();
    const bool answers = listenToAnswer (click, p);
    if (answers && p.answerSeconds > 0.1) // shorter ones may be the voices of a chorus
    {
        p.kind = Portrait::Kind::answer;
        return p;
    }
    double farthest = 0;
    for (const double hertz : { 1000.0, 7000.0 })
    {
        std::vector<Portrait::Step> steps;
        auto sine = probe();
        const double away = stepThrough (sine, hertz, steps);
        p.reduces = p.reduces || sine.reduction > 0.1f;
        if (p.steps.empty() || away > farthest + 3)
        {
            p.steps = std::move (steps);
            p.stepsHertz = hertz;
        }
        farthest = std::max (farthest, away);
    }
    {
        auto sine = probe();
        hearHarmonics (sine, p);
    }
    const bool leveled = farthest > 0.5 || p.distortion > 1e-3;
    {
        auto steady = probe();
        p.gains = tonesThrough (steady, false, static_cast<int> (4 * rate));
        p.momentSeconds = 1024 / rate;
    }
    constexpr std::size_t settled = 6;
    const auto left = spreadOf (p.gains[0], settled), right = spreadOf (p.gains[1], settled);
    p.wide = std::max (left.second, right.second) < 1.5f;
    const bool moves = std::max (left.first, right.first) > 1.0f;
    if (moves && ! p.reduces)
        p.kind = Portrait::Kind::movement;
    else if (answers)
        p.kind = Portrait::Kind::answer;
    else if (leveled)
        p.kind = Portrait::Kind::levels;
    auto steady = probe();
    const auto apart = tonesThrough (steady, true, 24000);
    for (std::size_t k = 0; k < Portrait::tones.size(); ++k)
    {
        const auto mean = [&] (const std::array<std::vector<float>, 2>& g, std::size_t moment)
        {
            const auto at = moment * Portrait::tones.size() + k;
            return at < g[0].size() ? (g[0][at] + g[1][at]) / 2 : silence;
        };
        p.middle[k] = mean (p.gains, 15);
        p.sides[k] = mean (apart, 15);
    }
    return p;
}

bool soundsOn (const engine::EffectType& type, std::span<const float> values, double bpm)
{
    Probe probe (type, values, bpm, nullptr);
    constexpr int soon = static_cast<int> (0.06 * rate), most = static_cast<int> (3 * rate);
    const auto tail = probe.effect->tail (values);
    if (tail >= 0 && tail < soon)
        return false;
    double all = 0, later = 0;
    probe.run (
        static_cast<int> (tail < 0 ? most : std::min<Frames> (tail + 1, most)),
        [] (int n, int) { return n == 0 ? 0.5f : 0.0f; },
        [&] (int n, float l, float r)
        {
            const double energy = static_cast<double> (l) * static_cast<double> (l) +
                                  static_cast<double> (r) * static_cast<double> (r);
            all += energy;
            later += n >= soon ? energy : 0;
        });
    return later > 0.01 * all;
}

} // namespace lacquer::studio

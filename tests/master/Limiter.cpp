// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/Random.h"
#include "engine/Effect.h"
#include "measure/Meter.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <fftw3.h>
#include <functional>
#include <map>
#include <numbers>

namespace lacquer::master
{
engine::EffectType describeLimiter();
}

namespace
{
using namespace lacquer;
using Sound = std::vector<float>;
constexpr double tau = 2 * std::numbers::pi;

struct Run
{
    std::unique_ptr<engine::Effect> effect;
    std::vector<float> values;
    float mostReduction = 0;

    Run (double rate, int channels, const std::map<std::string_view, float>& settings)
    {
        const auto type = master::describeLimiter();
        for (const auto& p : type.params)
        {
            const auto found = settings.find (p.id);
            values.push_back (found == settings.end() ? p.initial : found->second);
        }
        effect = type.create();
        effect->prepare ({ rate, channels });
    }

    int latency() const { return effect->latency (values); }

    /// In place; block sizes from `sizes`, 64 by default.
    void operator() (
        std::vector<Sound>& sound, const std::function<int()>& size = [] { return 64; })
    {
        const auto frames = static_cast<int> (sound[0].size());
        for (int n = 0; n < frames;)
        {
            const int count = std::min (size(), frames - n);
            std::vector<float*> channels;
            for (auto& c : sound)
                channels.push_back (c.data() + n);
            effect->process ({ channels, {}, count, {} }, values);
            mostReduction = std::max (mostReduction, effect->reduction());
            n += count;
        }
    }
};

/// Largest magnitude of the band-limited waveform through the samples, read at 16 times the rate by a
/// Fourier transform in double precision. The sound must be silent at both ends.
double exactPeak (const Sound& sound)
{
    const int n = static_cast<int> (sound.size()), times = 16;
    const int fine = n * times;
    double* x = fftw_alloc_real (static_cast<size_t> (fine));
    auto* bins = fftw_alloc_complex (static_cast<size_t> (fine / 2 + 1));
    fftw_plan forward = fftw_plan_dft_r2c_1d (n, x, bins, FFTW_ESTIMATE);
    fftw_plan back = fftw_plan_dft_c2r_1d (fine, bins, x, FFTW_ESTIMATE);
    for (int i = 0; i < n; ++i)
        x[i] = static_cast<double> (sound[static_cast<size_t> (i)]);
    fftw_execute (forward);
    // The bin at half the rate stands for both its halves.
    bins[n / 2][0] /= 2;
    bins[n / 2][1] /= 2;
    for (int k = n / 2 + 1; k <= fine / 2; ++k)
        bins[k][0] = bins[k][1] = 0;
    fftw_execute (back);
    double most = 0;
    for (int i = 0; i < fine; ++i)
        most = std::max (most, std::abs (x[i]) / n);
    fftw_destroy_plan (forward);
    fftw_destroy_plan (back);
    fftw_free (bins);
    fftw_free (x);
    return most;
}

double noise (std::uint64_t seed, int n)
{
    return 2 * uniform ((seed << 40) + static_cast<std::uint64_t> (n)) - 1;
}

constexpr int length = 1 << 17, guard = 16384;

/// Silence at both ends, 64-sample edges.
Sound framed (const std::function<double (int)>& at)
{
    Sound s (length, 0.0f);
    for (int n = guard; n < length - guard; ++n)
    {
        const int edge = std::min ({ n - guard, length - guard - 1 - n, 64 });
        const double fade = 0.5 - 0.5 * std::cos (std::numbers::pi * edge / 64);
        s[static_cast<size_t> (n)] = static_cast<float> (fade * at (n));
    }
    return s;
}

/// Drums, a bass and chords with bright noise: loud, with transients.
double musicLike (int n, double rate, std::uint64_t seed)
{
    const double t = n / rate;
    const double beat = std::fmod (t * 2.1 + 0.37 * static_cast<double> (seed), 1.0) / 2.1;
    double x = 0.9 * std::exp (-beat * 18) * std::sin (tau * (50 * beat + 6 * (1 - std::exp (-beat * 40))));
    const double off = std::fmod (t * 4.2 + 0.5, 1.0) / 4.2;
    x += 0.7 * std::exp (-off * 60) * (noise (seed, n) + noise (seed, n - 1));
    x += 0.35 * std::sin (tau * 55 * t) + 0.2 * std::sin (tau * 110.3 * t + 1);
    for (int k = 1; k < 12; ++k)
        x += 0.15 / k * std::sin (tau * 220.7 * k * t + static_cast<double> (seed) * k);
    return x;
}

/// The stress signals of the design: what hides between samples.
std::map<std::string, Sound> stressSignals (double rate)
{
    return {
        { "fs/4 at 45 degrees", framed ([] (int n) { return 2 * std::sin (tau * (n / 4.0 + 0.125)); }) },
        { "bursts at half the rate",
          framed ([] (int n) { return n % 2401 < 3 + n / 2401 % 5 ? (n & 1 ? 1.6 : -1.6) : 0.0; }) },
        { "clipped square",
          framed ([=] (int n) { return std::clamp (4 * std::sin (tau * 997 * n / rate), -1.5, 1.5); }) },
        { "raw square", framed ([] (int n) { return n / 22 & 1 ? 1.6 : -1.6; }) },
        { "music", framed ([=] (int n) { return 1.4 * musicLike (n, rate, 1) + musicLike (n, rate, 2); }) },
        { "everything", framed (
                            [=] (int n)
                            {
                                return 0.9 * musicLike (n, rate, 5) + 0.8 * musicLike (n, rate, 6) +
                                       0.5 *
                                           std::sin (tau * (0.12495 * n + 1.5 * std::sin (n * 1e-4)) + 0.7) +
                                       (n % 9601 < 3 ? (n & 1 ? 1.2 : -1.2) : 0) +
                                       0.25 * std::sin (tau * 11997.3 * n / rate + 0.78);
                            }) },
    };
}

/// Distortion and noise of a limited sine in dB, after the first half.
double distortion (double frequency, double rate, const std::map<std::string_view, float>& settings)
{
    const int n = 1 << 18, half = n / 2;
    const int bin = static_cast<int> (frequency / rate * half);
    std::vector<Sound> s (1, Sound (static_cast<size_t> (n)));
    const double ceiling = std::pow (10, -1.0 / 20);
    for (int i = 0; i < n; ++i)
        s[0][static_cast<size_t> (i)] = static_cast<float> (
            2 * ceiling * std::sin (tau * std::fmod (static_cast<double> (bin) * i / half, 1.0)));
    Run run (rate, 1, settings);
    run (s);
    double* x = fftw_alloc_real (static_cast<size_t> (half));
    auto* bins = fftw_alloc_complex (static_cast<size_t> (half / 2 + 1));
    fftw_plan plan = fftw_plan_dft_r2c_1d (half, x, bins, FFTW_ESTIMATE);
    for (int i = 0; i < half; ++i)
        x[i] = static_cast<double> (s[0][static_cast<size_t> (i + half)]) * (1 - std::cos (tau * i / half));
    fftw_execute (plan);
    double tone = 0, rest = 0;
    for (int k = 4; k < half / 2; ++k)
        (std::abs (k - bin) < 6 ? tone : rest) += bins[k][0] * bins[k][0] + bins[k][1] * bins[k][1];
    fftw_destroy_plan (plan);
    fftw_free (bins);
    fftw_free (x);
    return 10 * std::log10 (rest / tone);
}

} // namespace

TEST_CASE ("the exact peak of the limiter's tests finds what lies between samples")
{
    // fs/4 at 45 degrees: samples at 0.7071 of the peak. The fades are far from the middle.
    const auto s = framed ([] (int n) { return std::sin (tau * (n / 4.0 + 0.125)); });
    CHECK (*std::max_element (s.begin(), s.end()) == Approx (0.70711).margin (1e-4));
    CHECK (exactPeak (s) == Approx (1.0).margin (0.01));
}

TEST_CASE ("the limiter holds true peaks under the ceiling on every stress signal")
{
    // DSP 2.6: read at 16 times the rate, at most 0.02 dB over the ceiling; no sample over it.
    const double rate = GENERATE (44100.0, 48000.0, 96000.0);
    const float character = GENERATE (0.0f, 1.0f, 2.0f);
    for (const auto& [name, sound] : stressSignals (rate))
        for (const float lookahead : { 1.5f, 5.0f })
        {
            std::vector<Sound> s { sound };
            Run run (rate, 1, { { "lookahead", lookahead }, { "character", character } });
            run (s);
            const double over = 20 * std::log10 (exactPeak (s[0])) + 1;
            INFO (name << " at " << rate << " Hz, character " << character << ", lookahead " << lookahead
                       << ": " << over << " dB");
            CHECK (over <= 0.02);
            CHECK (run.mostReduction > 1);
            float sample = 0;
            for (const float v : s[0])
                sample = std::max (sample, std::abs (v));
            CHECK (sample <= static_cast<float> (std::pow (10, -1.0 / 20)));
        }
}

TEST_CASE ("a limited low note stays clean")
{
    // DSP 2.6: a 50 Hz tone 6 dB over the ceiling, THD+N at most -60 dB by default and -100 dB in Smooth.
    CHECK (distortion (50, 48000, {}) <= -60);
    CHECK (distortion (50, 48000, { { "character", 0.0f } }) <= -100);
    CHECK (distortion (1000, 48000, {}) <= -85);
}

TEST_CASE ("white noise, which no finite detector can bound, still reads under the ceiling on a meter")
{
    // Full-scale noise up to half the rate has peaks that only an endless interpolator sees; what counts is
    // what meters read (BS.1770-5 annex 2, here 8x with 33 taps). 0.3 dB is the tolerance of EBU Tech 3343.
    std::vector<Sound> s { framed ([] (int n) { return std::clamp (2 * noise (3, n), -1.4, 1.4); }) };
    Run run (48000, 1, {});
    run (s);
    const measure::Role mono[] = { measure::Role::centre };
    measure::Meter meter (48000, mono);
    const float* channel[] = { s[0].data() };
    meter.add (channel, length);
    CHECK (*meter.result().truePeak <= -1 + 0.3);
}

TEST_CASE ("below the ceiling the limiter only delays, to the bit")
{
    const float lookahead = GENERATE (1.0f, 5.0f, 10.0f);
    const double rate = GENERATE (44100.0, 192000.0);
    std::vector<Sound> s { framed ([&] (int n) { return 0.25 * musicLike (n, rate, 1); }),
                           framed ([&] (int n) { return 0.25 * musicLike (n, rate, 2); }) };
    const auto before = s;
    Run run (rate, 2, { { "lookahead", lookahead } });
    run (s);
    // The detector's 32 frames and the lookahead.
    const int delay = 32 + static_cast<int> (std::lround (static_cast<double> (lookahead) * rate / 1000));
    REQUIRE (run.latency() == delay);
    for (size_t c = 0; c < 2; ++c)
        CHECK (std::equal (before[c].begin(), before[c].end() - delay, s[c].begin() + delay));
    CHECK (run.mostReduction == 0);
}

TEST_CASE ("after limiting the gain comes back to exactly one")
{
    // Whole-number averages: no drift, however long they ran.
    std::vector<Sound> s { framed (
        [] (int n) { return (n < guard + 20000 ? 3 : 0.3) * std::sin (tau * 0.01234 * n); }) };
    const auto before = s;
    Run run (48000, 1, { { "release", 50.0f } });
    run (s);
    const int delay = run.latency();
    CHECK (run.mostReduction > 10);
    CHECK (std::equal (before[0].end() - 40000, before[0].end() - delay, s[0].end() - 40000 + delay));
}

TEST_CASE ("how the sound is cut does not change a bit of the limiter's output")
{
    std::vector<Sound> whole { framed ([] (int n) { return 2 * musicLike (n, 48000, 1); }),
                               framed ([] (int n) { return 2 * musicLike (n, 48000, 2); }) };
    auto cut = whole;
    const std::map<std::string_view, float> settings { { "link", 50.0f } };
    Run (48000, 2, settings) (whole);
    std::uint64_t n = 0;
    Run (48000, 2, settings) (cut, [&] { return 1 + static_cast<int> (hashed (++n) % 64); });
    CHECK (whole == cut);
}

TEST_CASE ("linked channels share one gain, unlinked ones do not")
{
    const auto loud = framed ([] (int n) { return 2 * std::sin (tau * 0.01 * n); });
    const auto quiet = framed ([] (int n) { return 0.1 * std::sin (tau * 0.013 * n); });
    std::vector<Sound> apart { loud, quiet }, together { loud, quiet };
    Run alone (48000, 2, { { "link", 0.0f } });
    alone (apart);
    Run linked (48000, 2, {});
    linked (together);
    const auto peak = [] (const Sound& s)
    { return *std::max_element (s.begin() + length / 2, s.begin() + length / 2 + 4800); };
    CHECK (peak (apart[1]) == Approx (0.1).epsilon (1e-4));
    // 2 down to -1 dBTP less the margin of 0.15 dB.
    const double gain = std::pow (10, -1.15 / 20) / 2;
    CHECK (peak (together[1]) == Approx (0.1 * gain).epsilon (2e-3));
    CHECK (static_cast<double> (linked.mostReduction) == Approx (-20 * std::log10 (gain)).margin (0.02));
}

TEST_CASE ("the ceiling holds while values move")
{
    const double ceiling = std::pow (10, -1.0 / 20);
    std::vector<Sound> s { framed ([] (int n) { return 1.5 * musicLike (n, 48000, 1); }),
                           framed ([] (int n) { return 1.2 * musicLike (n, 48000, 2); }) };
    Run run (48000, 2, {});
    std::uint64_t n = 0;
    // values: gain, ceiling, lookahead, release, character, link in the order of the declaration.
    run (s,
         [&]
         {
             ++n;
             run.values[0] = static_cast<float> (12 * uniform (3 * n));
             if (n % 50 == 0)
             {
                 run.values[2] = static_cast<float> (1 + 9 * uniform (5 * n));
                 run.values[4] = static_cast<float> (n / 50 % 3);
             }
             if (n % 35 == 0)
                 run.values[5] = run.values[5] > 50 ? 30.0f : 100.0f;
             return 64;
         });
    float most = 0;
    for (const auto& channel : s)
        for (const float v : channel)
            most = std::max (most, std::abs (v));
    CHECK (most <= static_cast<float> (ceiling));
    CHECK (run.mostReduction > 3);
}

TEST_CASE ("the limiter recovers from a NaN and an infinity")
{
    std::vector<Sound> s { framed ([] (int n) { return 0.3 * std::sin (tau * 0.01 * n); }) };
    s[0][30000] = std::numeric_limits<float>::quiet_NaN();
    s[0][31000] = std::numeric_limits<float>::infinity();
    const auto before = s;
    Run run (48000, 1, { { "release", 20.0f } });
    run (s);
    const int delay = run.latency();
    CHECK (std::equal (before[0].end() - 20000, before[0].end() - delay, s[0].end() - 20000 + delay));
}

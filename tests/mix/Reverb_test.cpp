// SPDX-License-Identifier: GPL-3.0-or-later
#include "conformance/Rig.h"
#include "conformance/Spectrum.h"
#include "mix/Catalogue.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <xmmintrin.h>

using namespace lacquer;
using namespace lacquer::tests;

namespace
{

const engine::EffectType& reverb()
{
    const auto& all = mix::catalogue();
    return *std::find_if (all.begin(), all.end(), [] (const auto& t) { return t.id == "reverb"; });
}

/// The four ways through the room: each output for an impulse on each input.
std::vector<std::vector<float>> responsesOf (Rig& rig, double seconds)
{
    const auto before = _mm_getcsr();
    _mm_setcsr (before | 0x8040); // as in the engine
    std::vector<std::vector<float>> all;
    for (std::size_t side : { 0, 1 })
    {
        rig.reset();
        auto in = impulse (2, static_cast<int> (seconds * rig.rate));
        in[1 - side][0] = 0;
        for (auto& out : rig.run (std::move (in)))
            all.push_back (std::move (out));
    }
    _mm_setcsr (before);
    return all;
}

/// Power response of an octave filter: sixth-order Butterworth band-pass, as in IEC 61260.
double octave (double f, double centre)
{
    const double u = (f / centre - centre / f) / (std::numbers::sqrt2 / 2);
    return 1 / (1 + std::pow (u, 6));
}

/// The sound in one octave, without phase shift.
std::vector<double> inOctave (const std::vector<float>& h, double centre, double rate)
{
    auto padded = h;
    padded.resize (2 * h.size()); // room for the filter's own ringing
    auto spectrum = spectrumOf (padded);
    for (std::size_t k = 0; k < spectrum.size(); ++k)
        spectrum[k] *=
            k == 0 ? 0.0
                   : std::sqrt (octave (static_cast<double> (k) * rate / static_cast<double> (padded.size()),
                                        centre));
    auto out = signalOf (spectrum, static_cast<int> (padded.size()));
    out.resize (h.size());
    return out;
}

/// T30 of ISO 3382: Schroeder's backward integral, straight line from -5 to -35 dB, times two. decay: energy
/// per frame.
double t30 (const std::vector<double>& energy, double rate, double* deviation = nullptr)
{
    std::vector<double> curve (energy.size());
    double sum = 0;
    for (std::size_t n = energy.size(); n-- > 0;)
        curve[n] = sum += energy[n];
    double sx = 0, sy = 0, sxx = 0, sxy = 0, count = 0;
    std::vector<std::pair<double, double>> points;
    for (std::size_t n = 0; n < curve.size(); ++n)
    {
        const double level = 10 * std::log10 (curve[n] / curve[0] + 1e-300);
        if (level > -5 || level < -35)
            continue;
        const double t = static_cast<double> (n) / rate;
        points.emplace_back (t, level);
        sx += t, sy += level, sxx += t * t, sxy += t * level, count += 1;
    }
    const double slope = (count * sxy - sx * sy) / (count * sxx - sx * sx);
    const double offset = (sy - slope * sx) / count;
    if (deviation != nullptr)
    {
        *deviation = 0;
        for (auto [t, level] : points)
            *deviation = std::max (*deviation, std::abs (level - offset - slope * t));
    }
    return -60 / slope;
}

/// Energy in one octave, added up over the responses as ISO 3382 does over places in the room: one response
/// alone fluctuates by more than what is tested.
std::vector<double> energyIn (const std::vector<std::vector<float>>& responses, double centre, double rate)
{
    std::vector<double> sum (responses[0].size());
    for (const auto& h : responses)
    {
        const auto x = inOctave (h, centre, rate);
        for (std::size_t n = 0; n < x.size(); ++n)
            sum[n] += x[n] * x[n];
    }
    return sum;
}

} // namespace

TEST_CASE ("the reverb decays by 60 dB in its decay time, within 5 % in every octave")
{
    // Rooms whose walls are not further apart than their decay lets one hear: where one way through the
    // diffuser takes a good part of the decay time, the first 20 dB are no straight line.
    for (auto [decay, size] : { std::pair { 0.8, 10.0 }, { 1.5, 30.0 }, { 2.0, 50.0 }, { 5.0, 100.0 } })
    {
        Rig rig (reverb(), 48000, 2);
        rig.set ("decay", static_cast<float> (decay));
        rig.set ("size", static_cast<float> (size));
        rig.set ("low-decay", 100);
        rig.set ("high-decay", 100);
        rig.set ("modulation", 0);
        const auto h = responsesOf (rig, 0.3 + decay);
        for (double centre : { 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0 })
        {
            double deviation = 0;
            const double seconds = t30 (energyIn (h, centre, 48000), 48000, &deviation);
            INFO (decay << " s, size " << size << ", " << centre << " Hz: " << seconds
                        << " s, off the line by " << deviation << " dB");
            CHECK (seconds == Approx (decay).epsilon (0.05));
            CHECK (deviation < 1);
        }
    }
}

TEST_CASE ("a short decay holds within 5 % in the largest room too")
{
    for (double decay : { 0.3, 0.5, 0.8, 1.2 })
    {
        Rig rig (reverb(), 48000, 2);
        rig.set ("decay", static_cast<float> (decay));
        rig.set ("size", 100);
        rig.set ("low-decay", 100);
        rig.set ("high-decay", 100);
        rig.set ("modulation", 0);
        const auto h = responsesOf (rig, 0.3 + decay);
        for (double centre : { 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0 })
        {
            const double seconds = t30 (energyIn (h, centre, 48000), 48000);
            INFO (decay << " s, " << centre << " Hz: " << seconds << " s");
            CHECK (seconds == Approx (decay).epsilon (0.05));
        }
    }
}

TEST_CASE ("damping follows its law within 5 % in every octave")
{
    // dsp/Fdn.h: D(f) = Dm + (Dl - Dm)/(1 + (f/fl)^2) + (Dh - Dm)/(1 + (fh/f)^2) dB per second, D = 60/T. The
    // expected T30 is that of the octave's energy decaying by this law at each frequency.
    Rig rig (reverb(), 48000, 2); // the initial values, with modulation
    const double mid = 60 / 2.0, low = 60 / 2.2, high = 60 / 1.0;
    const auto h = responsesOf (rig, 3);
    for (double centre : { 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0 })
    {
        std::vector<double> energy (100 * 3);
        for (double f = centre / 4; f < std::min (centre * 4, 18000.0); f += centre / 100)
        {
            const double d =
                mid + (low - mid) / (1 + std::pow (f / 250, 2)) + (high - mid) / (1 + std::pow (5000 / f, 2));
            for (std::size_t n = 0; n < energy.size(); ++n)
                energy[n] += octave (f, centre) * std::pow (10, -d * static_cast<double> (n) / 1000);
        }
        const double want = t30 (energy, 100), got = t30 (energyIn (h, centre, 48000), 48000);
        INFO (centre << " Hz: " << got << " s, law " << want << " s");
        CHECK (got == Approx (want).epsilon (0.05));
    }
}

TEST_CASE ("the reverb is as dense as noise after a tenth of a second")
{
    // Normalised echo density (J. Abel, P. Huang, AES 121, 2006): share of samples in 20 ms that lie beyond
    // one standard deviation, over that of Gaussian noise, erfc (1/sqrt 2) = 0.3173.
    for (double size : { 20.0, 50.0, 100.0 })
    {
        Rig rig (reverb(), 48000, 2);
        rig.set ("pre-delay", 0);
        rig.set ("size", static_cast<float> (size));
        const auto h = responsesOf (rig, 1)[0];
        for (std::size_t at = 4800; at < 24000; at += 480)
        {
            double energy = 0, beyond = 0;
            for (std::size_t n = at - 480; n < at + 480; ++n)
                energy += static_cast<double> (h[n]) * h[n];
            const double deviation = std::sqrt (energy / 960);
            for (std::size_t n = at - 480; n < at + 480; ++n)
                beyond += std::abs (h[n]) > deviation ? 1 : 0;
            INFO ("size " << size << ", " << static_cast<double> (at) / 48
                          << " ms: " << beyond / 960 / 0.3173);
            CHECK (beyond / 960 / 0.3173 >= 0.9);
        }
    }
}

TEST_CASE ("steady sound comes out of the reverb about as loud as it went in")
{
    for (float decay : { 0.5f, 2.0f, 8.0f })
    {
        Rig rig (reverb(), 48000, 2);
        rig.set ("decay", decay);
        rig.set ("low-decay", 100);
        rig.set ("high-decay", 100);
        const int settle = static_cast<int> (48000 * decay * 1.5f);
        const auto out = rig.run (noise (2, settle + 96000, 0.5f));
        double energy = 0;
        for (const auto& c : out)
            for (std::size_t n = static_cast<std::size_t> (settle); n < c.size(); ++n)
                energy += static_cast<double> (c[n]) * c[n];
        INFO (decay << " s");
        CHECK (10 * std::log10 (energy / 192000 / (0.25 / 3)) == Approx (0).margin (2.5));
    }
}

TEST_CASE ("pre-delay holds the room back by its time and mix 0 is the dry sound")
{
    Rig rig (reverb(), 48000, 2);
    rig.set ("pre-delay", 100);
    const auto h = responsesOf (rig, 0.5)[0];
    const auto first = std::find_if (h.begin(), h.end(), [] (float x) { return std::abs (x) > 1e-7f; });
    CHECK (first - h.begin() >= 4800);
    CHECK (first - h.begin() < 4800 + 480);

    rig.set ("mix", 0);
    rig.reset();
    const auto in = noise (2, 5000, 0.5f);
    CHECK (rig.run (in) == in);
}

TEST_CASE ("width 0 makes the room mono")
{
    Rig rig (reverb(), 48000, 2);
    rig.set ("width", 0);
    auto in = noise (2, 24000, 0.5f);
    const auto out = rig.run (in);
    CHECK (out[0] == out[1]);
}

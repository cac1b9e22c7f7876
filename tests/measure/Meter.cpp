// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/Meter.h"

#include "RtGuard.h"
#include "Signals.h"
#include "core/RealTime.h"
#include "measure/Gates.h"
#include "measure/LiveMeter.h"

#include <catch2/catch.hpp>
#include <ebur128.h>
#include <hwy/highway.h>

namespace
{
using namespace lacquer;

struct Oracle
{
    double integrated = 0, range = 0, truePeak = -100;
};

/// The same programme by libebur128.
Oracle oracle (const signals::Planar& p, double rate)
{
    auto* state = ebur128_init (2, static_cast<unsigned long> (rate),
                                EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK);
    std::vector<float> interleaved;
    for (size_t n = 0; n < p[0].size(); ++n)
        for (const auto& c : p)
            interleaved.push_back (c[n]);
    ebur128_add_frames_float (state, interleaved.data(), p[0].size());
    Oracle o;
    ebur128_loudness_global (state, &o.integrated);
    ebur128_loudness_range (state, &o.range);
    for (unsigned c = 0; c < 2; ++c)
    {
        double peak = 0;
        ebur128_true_peak (state, c, &peak);
        o.truePeak = std::max (o.truePeak, 20 * std::log10 (peak));
    }
    ebur128_destroy (&state);
    return o;
}

} // namespace

TEST_CASE ("programme loudness agrees with libebur128 on noise that moves like music")
{
    // The oracle's LRA looks once a second, ours ten times; its true peak has another filter, and looks
    // between the samples only below 192 kHz, coarsely from 96 kHz on.
    const double rate = GENERATE (8000.0, 44100.0, 48000.0, 96000.0, 192000.0);
    const auto seed = static_cast<std::uint64_t> (GENERATE (1, 2));
    INFO ("rate " << rate << " seed " << seed);
    const auto sound = signals::musicLike (40, rate, seed);
    const auto o = oracle (sound, rate);
    const auto r = signals::measured (sound, rate).result();
    CHECK (*r.integrated == Approx (o.integrated).margin (0.01));
    CHECK (*r.range == Approx (o.range).margin (0.5));
    CHECK (*r.truePeak > o.truePeak - 0.1);
    CHECK (*r.truePeak < o.truePeak + (rate < 96000 ? 0.15 : 0.7));
}

TEST_CASE ("the K filter is BS.1770's table at 48 kHz")
{
    // ITU-R BS.1770-5 annex 1, tables 1 and 2.
    const dsp::KFilter f { 48000 };
    CHECK (f.b0 == Approx (1.53512485958697).margin (1e-12));
    CHECK (f.b1 == Approx (-2.69169618940638).margin (1e-12));
    CHECK (f.b2 == Approx (1.19839281085285).margin (1e-12));
    CHECK (f.a1 == Approx (-1.69065929318241).margin (1e-12));
    CHECK (f.a2 == Approx (0.73248077421585).margin (1e-12));
    CHECK (f.c1 == Approx (-1.99004745483398).margin (1e-12));
    CHECK (f.c2 == Approx (0.99007225036621).margin (1e-12));
}

TEST_CASE ("how a programme is cut does not change a bit of its reading")
{
    const double rate = GENERATE (11025.0, 44100.0);
    const auto sound = signals::musicLike (9, rate, 3);
    const auto roles = measure::rolesOf (0, 2);
    measure::Meter cut (rate, roles);
    const auto frames = static_cast<Frames> (sound[0].size());
    std::uint64_t n = 0;
    for (Frames at = 0; at < frames;)
    {
        ++n;
        const auto size =
            std::min<Frames> (frames - at, 1 + static_cast<Frames> (hashed (n) % (n % 9 ? 300 : 9000)));
        const float* channels[] = { sound[0].data() + at, sound[1].data() + at };
        cut.add (channels, size);
        at += size;
    }
    CHECK (cut.result() == signals::measured (sound, rate).result());
}

TEST_CASE ("AVX2 and AVX-512 give the meter's same bits, SSE4 the same figures")
{
    const auto supported = hwy::SupportedTargets();
    const auto sound = signals::musicLike (9, 48000, 4);
    const auto on = [&] (std::int64_t targets)
    {
        hwy::SetSupportedTargetsForTest (targets);
        hwy::GetChosenTarget().Update (hwy::SupportedTargets());
        auto r = signals::measured (sound, 48000).result();
        hwy::SetSupportedTargetsForTest (0);
        hwy::GetChosenTarget().Update (hwy::SupportedTargets());
        return r;
    };
    const auto sse = on (HWY_SSE4);
    if ((supported & HWY_AVX2) == 0)
        return;
    const auto avx2 = on (HWY_AVX2);
    CHECK (*sse.integrated == Approx (*avx2.integrated).margin (1e-9));
    CHECK (*sse.range == Approx (*avx2.range).margin (1e-9));
    CHECK (*sse.truePeak == Approx (*avx2.truePeak).margin (1e-5));
    if ((supported & HWY_AVX3) != 0)
        CHECK (on (HWY_AVX3) == avx2);
}

TEST_CASE ("what silence and short sounds do not have is left out")
{
    const auto silence = signals::measured (signals::Planar (2, std::vector<float> (48000 * 4))).result();
    CHECK_FALSE (silence.integrated);
    CHECK_FALSE (silence.maxMomentary);
    CHECK_FALSE (silence.range);
    CHECK_FALSE (silence.truePeak);
    CHECK_FALSE (silence.correlation);
    CHECK (silence.dc == 0);

    const auto shortTone = signals::measured (signals::tones ({ { 0.3, { -6 } } })).result();
    CHECK_FALSE (shortTone.integrated);
    CHECK_FALSE (shortTone.maxMomentary);
    CHECK (*shortTone.samplePeak == Approx (-6).margin (0.01));

    const auto nothing = signals::measured (signals::Planar (2)).result();
    CHECK (nothing.frames == 0);
    CHECK_FALSE (nothing.truePeak);
}

TEST_CASE ("a peak on the very last sample is found")
{
    signals::Planar p (1, std::vector<float> (1001));
    p[0].back() = 0.5f;
    CHECK (*signals::measured (p).result().truePeak == Approx (-6.02).margin (0.1));
    CHECK (*signals::measured (p).result().samplePeak == Approx (-6.0206).margin (1e-3));
}

TEST_CASE ("correlation and DC are those of the samples")
{
    // By definition: equal channels 1, opposite -1, independent noise 0 within 3 / sqrt (n).
    auto p = signals::tones ({ { 5, { -12 } } });
    CHECK (*signals::measured (p).result().correlation == Approx (1));
    for (auto& v : p[1])
        v = -v;
    CHECK (*signals::measured (p).result().correlation == Approx (-1));
    CHECK (std::abs (*signals::measured (signals::musicLike (20, 48000, 4)).result().correlation) < 0.02);
    for (auto& v : p[1])
        v -= 0.125f;
    CHECK (signals::measured (p).result().dc == Approx (-0.125).margin (1e-6));
}

TEST_CASE ("one bad sample spoils 10 ms, not the programme")
{
    auto p = signals::tones ({ { 20, { -23 } } });
    p[0][480005] = std::numeric_limits<float>::quiet_NaN();
    const auto r = signals::measured (p).result();
    CHECK (*r.integrated == Approx (-23).margin (0.1));
    CHECK (r.dc == Approx (0).margin (1e-6));
}

TEST_CASE ("the live meter says what the file meter says")
{
    const auto sound = signals::musicLike (30, 48000, 5);
    measure::LiveMeter live (48000, 2);
    const auto feed = [&]
    {
        for (Frames at = 0; at + 64 <= static_cast<Frames> (sound[0].size()); at += 64)
        {
            const float* channels[] = { sound[0].data() + at, sound[1].data() + at };
            live.add (channels, 64);
        }
    };
    feed();
    const auto file = signals::measured (sound);
    const auto r = file.result();
    const auto first = live.reading();
    CHECK (*first.integrated == Approx (*r.integrated).margin (0.02));
    CHECK (*first.range == Approx (*r.range).margin (0.05));
    CHECK (first.maxMomentary == r.maxMomentary);
    CHECK (first.maxShortTerm == r.maxShortTerm);
    CHECK (first.momentary == file.series().back().momentary);
    CHECK (*first.maxTruePeak == Approx (*r.truePeak).margin (1e-4));
    CHECK (first.measured.value == Approx (30).margin (0.011));

    live.restart();
    feed();
    CHECK (live.reading().integrated == first.integrated);
    CHECK (live.reading().maxTruePeak == first.maxTruePeak);

    live.hold (true);
    feed();
    CHECK (live.reading().integrated == first.integrated);
    CHECK (live.reading().measured == first.measured);
}

TEST_CASE ("live peaks fall away after 100 ms and the maximum stays")
{
    measure::LiveMeter live (48000, 1);
    const auto tone = signals::tones ({ { 0.5, { -6 } }, { 0.5, {} } }, 48000, 1);
    const float* channel[] = { tone[0].data() };
    live.add (channel, 24000);
    CHECK (*live.reading().truePeak == Approx (-6).margin (0.05));
    channel[0] += 24000;
    live.add (channel, 24000);
    CHECK_FALSE (live.reading().truePeak);
    CHECK_FALSE (live.reading().samplePeak[0]);
    CHECK (*live.reading().maxTruePeak == Approx (-6).margin (0.05));
    CHECK (*live.reading().maxSamplePeak[0] == Approx (-6).margin (0.05));
}

TEST_CASE ("the live meter neither allocates nor waits while it is fed")
{
    const auto sound = signals::musicLike (8, 48000, 6);
    measure::LiveMeter live (48000, 2);
    test::clearRealTimeViolations();
    {
        const RealTimeScope scope;
        for (Frames at = 0; at + 64 <= static_cast<Frames> (sound[0].size()); at += 64)
        {
            const float* channels[] = { sound[0].data() + at, sound[1].data() + at };
            live.add (channels, 64);
            if (at == 6400)
                live.restart();
        }
    }
    CHECK (test::realTimeViolations() == 0);
    CHECK (live.reading().shortTerm);
}

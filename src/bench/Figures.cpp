// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Effects.h"
#include "bench/Figure.h"
#include "bench/Live.h"
#include "bench/Offline.h"
#include "bench/Strips.h"
#include "studio/Catalogue.h"

#include <deque>

namespace lacquer::bench
{

namespace
{

auto strip (std::string_view isa, bool saturation)
{
    return [=] (Session& s) { return stripCost ({ 128, saturation, false, isa }, s); };
}
auto effect (std::string settings)
{
    return [=] (Session& s) { return effectCost (settings, s); };
}
/// The equaliser as it opens, low and high cut of 24 dB included, with all bands on.
std::string eightBands()
{
    std::string text = "equaliser";
    for (int n = 1; n <= 8; ++n)
    {
        const auto band = " band" + std::to_string (n);
        text += band + ".on=On" + band + ".gain=" + (n % 2 == 0 ? "3dB" : "-3dB");
    }
    return text;
}
auto exported (int stems, double seconds)
{
    return [=] (Session& s) { return exportSpeed (stems, seconds, s); };
}

/// And one figure for each effect of the catalogues.
std::vector<Figure> withEveryEffect (std::vector<Figure> all)
{
    static std::deque<std::string> texts; // what the figures' names point to
    for (const auto* type : studio::effects())
    {
        const std::string_view name = texts.emplace_back ("effect_" + std::string (type->id));
        const std::string_view help =
            texts.emplace_back (std::string (type->name) + ", mean over its factory presets");
        all.push_back ({ name,
                         "ns per sample and channel",
                         {},
                         Clock::thread,
                         9,
                         name,
                         help,
                         [id = type->id] (Session& s) { return presetCost (id, s); } });
    }
    return all;
}

} // namespace

const std::vector<Figure>& figures()
{
    static const std::string_view perStrip = "ns per strip-sample", perSample = "ns per sample and channel",
                                  speed = "x real time";
    constexpr auto thread = Clock::thread, wall = Clock::wall;
    static const std::vector<Figure> all = withEveryEffect ({
        { "strip_avx2", perStrip, atMost (7.0), thread, 101, "strips",
          "full mono strip, 128 strips, blocks of 64, AVX2", strip ("AVX2", false) },
        { "strip_avx512", perStrip, atMost (5.5), thread, 101, "strips", "the same with AVX-512",
          strip ("AVX-512", false) },
        { "strip_sat_avx2", perStrip, atMost (10.0), thread, 101, "strips",
          "the same with saturation (2x ADAA), AVX2", strip ("AVX2", true) },
        { "strip_sat_avx512", perStrip, atMost (8.0), thread, 101, "strips",
          "the same with saturation (2x ADAA), AVX-512", strip ("AVX-512", true) },
        { "strip_scalar", perStrip, atMost (90.0), thread, 101, "strips",
          "the strip in ordinary code: one object per strip, a loop per module, float, libm",
          scalarStripCost },
        { "strip_gain",
          "ratio",
          atLeast (10.0),
          thread,
          101,
          "strips",
          "strip_scalar / strip_avx2",
          {},
          "strip_scalar",
          "strip_avx2" },
        { "strips_per_core", "strips at 70 % load", atLeast (2000), thread, 5, "capacity",
          "mono strips that one core computes in 70 % of their time, blocks of 64", stripsPerCore },
        { "automation_cost", "ratio", atMost (1.10), thread, 101, "automation",
          "cost with a breakpoint in every strip in every block / without", automationCost },
        { "core_scaling", "ratio", atLeast (1.8), wall, 5, "scaling",
          "wall time of 128 strips in the engine with one thread / with two", coreScaling },
        { "export_8", speed, atLeast (120), wall, 5, "export 8",
          "export of 8 stereo stems, mastered, WAV 24, read back", exported (8, 60) },
        { "export_32", speed, atLeast (60), wall, 5, "export 32", "the same with 32 stems",
          exported (32, 40) },
        { "export_128", speed, atLeast (18), wall, 5, "export 128", "the same with 128 stems",
          exported (128, 20) },
        { "render_64", speed, atLeast (6), wall, 3, "render 64",
          "rendering of 64 mono stems with equaliser, compressor, gate, saturator (2x) and delay as inserts",
          insertsSpeed },
        { "limiter", perSample, atMost (20), thread, 25, "effects",
          "true-peak limiter, limiting by about 9 dB", effect ("limiter gain=9dB") },
        { "multiband", perSample, atMost (12), thread, 25, "effects", "compressor of four bands, all at work",
          effect ("multiband band1.threshold=-30dB band2.threshold=-30dB band3.threshold=-30dB "
                  "band4.threshold=-40dB") },
        { "saturation", perSample, atMost (8), thread, 25, "effects", "saturation at four times the rate",
          effect ("master-saturation drive=9dB") },
        { "equaliser", perSample, atMost (4), thread, 25, "effects",
          "equaliser, eight bands on, low and high cut of 24 dB among them", effect (eightBands()) },
        { "compressor", perSample, atMost (6), thread, 25, "effects", "compressor at work",
          effect ("compressor threshold=-30dB") },
        { "reverb", perSample, atMost (25), thread, 25, "effects", "reverb with modulation",
          effect ("reverb modulation=30%") },
        { "convolution", perSample, atMost (60), thread, 25, "effects",
          "convolution with 2 s (the plate), blocks of 64",
          effect ("convolution impulse=Plate length=100%") },
        { "loudness", speed, atLeast (2500), thread, 9, "loudness",
          "integrated loudness, range and true peak with the 10 ms grid, stereo, from memory",
          loudnessSpeed },
        { "loudness_file", speed, atLeast (1500), thread, 9, "loudness",
          "the same of a file, reading included", loudnessFileSpeed },
        { "live_128_load", "share of one core", atMost (0.25), thread, 1, "live",
          "128 stereo tracks from disk, live in blocks of 64, an edit of the structure every 100 ms",
          liveLoad },
        { "live_128_late", "blocks", atMost (0), thread, 1, "live",
          "blocks of the same run whose CPU time exceeded the period", liveLate },
        { "startup", "s", atMost (0.2), wall, 5, "startup",
          "from the start of the program to the first sample of a song of 8 stems", startupTime },
        { "memory_128", "MiB", atMost (250), thread, 3, "memory",
          "peak resident memory of the program playing 128 stereo tracks", memoryUse },
    });
    return all;
}

} // namespace lacquer::bench

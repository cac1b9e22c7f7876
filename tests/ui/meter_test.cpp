// SPDX-License-Identifier: GPL-3.0-or-later
#include "Canvas.h"
#include "FakeModel.h"
#include "Support.h"
#include "ui/MasterPage.h"
#include "ui/Meter.h"
#include "ui/MixPage.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;

TEST_CASE ("The VU needle comes to 99 % in 300 ms and goes over by 1 to 1.5 %, however often it is drawn")
{
    // IEC 60268-17: 300 ms within 10 %, overshoot 1 to 1.5 %.
    for (const double step : { 0.001, 0.0125, 1.0 / 30 })
    {
        VuBallistics needle;
        double reached = 0, most = 0, before = 0;
        for (double t = step; t < 2; t += step)
        {
            needle.advance (1, step);
            const double now = needle.deflection();
            if (reached == 0 && now >= 0.99)
                reached = t - step * (now - 0.99) / (now - before);
            most = std::max (most, now);
            before = now;
        }
        CAPTURE (step);
        CHECK (reached == Approx (0.3).margin (step < 0.02 ? 0.001 : 0.006)); // between two frames: a chord
        CHECK (most > 1.01);
        CHECK (most < 1.015);
        CHECK (needle.deflection() == Approx (1).margin (1e-5));
    }
    // 500 frames of 2 ms and 10 of 100 ms end at the same place.
    VuBallistics often, seldom;
    for (int n = 0; n < 500; ++n)
        often.advance (0.7, 0.002);
    for (int n = 0; n < 10; ++n)
        seldom.advance (0.7, 0.1);
    CHECK (often.deflection() == Approx (seldom.deflection()).margin (1e-12));
}

TEST_CASE ("A VU meter reads a sine of -18 dBFS as 0 and rises to it as a needle does")
{
    const juce::ScopedJuceInitialiser_GUI up;
    const float peak = static_cast<float> (std::pow (10.0, -18.0 / 20));
    const double power = 0.5 * static_cast<double> (peak) * static_cast<double> (peak);
    for (const auto& [scale, zero] : { std::pair { LevelMeter::Scale::vu18, -18.0 },
                                       { LevelMeter::Scale::vu20, -20.0 },
                                       { LevelMeter::Scale::vu14, -14.0 } })
    {
        LevelMeter one ("Test");
        one.setScale (scale);
        // The engine's mean square rises with 300 ms by itself: 1 - exp (-t / 0.3).
        double t = 0, over = -100, at = 0, before = -100;
        for (int n = 1; n <= 90; ++n)
        {
            t = n / 30.0;
            const auto energy = static_cast<float> (power * (1 - std::exp (-t / 0.3)));
            one.advance ({ { peak, peak }, { energy, energy } }, 1.0 / 30);
            over = std::max (over, one.vu (0));
            if (at == 0 && one.vu (0) >= -18 - zero + 20 * std::log10 (0.99))
                at = t;
            before = one.vu (1);
        }
        CHECK (before == Approx (-18 - zero).margin (0.01));
        CHECK (at == Approx (0.3).margin (0.034)); // a frame
        CHECK (over - (-18 - zero) == Approx (20 * std::log10 (1.0125)).margin (0.02));
    }
    // Even in voltage from -20 to +3: 0 is (1 - 0.1) / (1.4125 - 0.1) of the way.
    CHECK (vuTravel (0) == Approx (0.9 / (std::pow (10.0, 0.15) - 0.1)));
    CHECK (vuTravel (-10) == Approx ((std::sqrt (0.1) - 0.1) / (std::pow (10.0, 0.15) - 0.1)));
    CHECK (vuTravel (-20) == 0);
    CHECK (vuTravel (-40) == 0);
    CHECK (vuTravel (3) == Approx (1));
}

TEST_CASE ("K-12, K-14 and K-20 put a sine of -12, -14 and -20 dBFS at their 0")
{
    // Even in dB from -30 to full scale; RMS of a sine is 3.01 dB below its peak, AES17 reads it as the peak.
    const juce::ScopedJuceInitialiser_GUI up;
    for (const auto& [scale, zero] : { std::pair { LevelMeter::Scale::k12, 12 },
                                       { LevelMeter::Scale::k14, 14 },
                                       { LevelMeter::Scale::k20, 20 } })
    {
        LevelMeter meter ("Test");
        meter.setChannels (1);
        meter.setScale (scale);
        meter.scaleNumbers = false;
        meter.setSize (8, 5 + 10 * (30 + zero)); // below the clip light, 10 px a dB
        const auto peak = static_cast<float> (std::pow (10.0, -zero / 20.0));
        meter.advance ({ { peak, 0 }, { peak * peak / 2, 0 } }, 1);
        const auto image = meter.createComponentSnapshot (meter.getLocalBounds(), true, 1.0f);
        int top = 0;
        while (top < meter.getHeight() && image.getPixelAt (4, top) != colour (tokens::seiji))
            ++top;
        CAPTURE (zero, top);
        CHECK (std::abs (top - (5 + 10 * zero)) <= 2); // the peak line is 1.5 px
    }
}

TEST_CASE ("The scale of the meters is chosen on a meter, for all strips, and kept")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    {
        MixPage page (model);
        auto& first = page.find (model.all[0].id)->levels();
        CHECK (first.shownScale() == LevelMeter::Scale::peak);
        REQUIRE (choose (first.menu(), "K-20"));
        for (const auto& s : model.all)
            CHECK (page.find (s.id)->levels().shownScale() == LevelMeter::Scale::k20);
        CHECK (model.view["meters.mixer"] == "k20");
        MasterPage master (model);
        master.setSize (1920, 1000);
    }
    MixPage page (model);
    page.setSize (1920, 1000);
    CHECK (page.find (model.all[5].id)->levels().shownScale() == LevelMeter::Scale::k20);
    REQUIRE (choose (page.find (model.all[5].id)->levels().menu(), "VU, 0 is -20 dBFS"));
    for (const auto s : LevelMeter::scales)
        CHECK (LevelMeter::scaleOf (LevelMeter::wordOf (s)) == s);
    CHECK (LevelMeter::scaleOf ("loud") == LevelMeter::Scale::peak);
    for (const auto& s : model.all)
        for (int n = 0; n < 30; ++n)
            page.find (s.id)->levels().advance ({ { 0.2f, 0.15f }, { 0.01f, 0.006f } }, 1.0 / 30);
    picture (page, "mix-vu");
}

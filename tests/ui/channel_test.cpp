// SPDX-License-Identifier: GPL-3.0-or-later
#include "Canvas.h"
#include "FakeModel.h"
#include "Support.h"
#include "ui/MainWindow.h"
#include "ui/MixPage.h"

#include <catch2/catch.hpp>
#include <numbers>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;
using Catch::Matchers::WithinAbs;

namespace
{

/// The lead vocal of the design's picture: six bands, gate, compressor, saturator, two sends.
Id makeLead (FakeModel& m)
{
    const Id lead = m.all[11].id;
    const auto set = [&] (const char* p, double v) { m.values[{ lead, p }] = v; };
    set ("hpf.on", 1);
    set ("hpf.frequency", 85);
    set ("eq.band2.frequency", 240);
    set ("eq.band2.gain", -2.8);
    set ("eq.band3.frequency", 780);
    set ("eq.band3.gain", -1.5);
    set ("eq.band4.frequency", 3200);
    set ("eq.band4.gain", 2.2);
    set ("eq.band5.frequency", 7100);
    set ("eq.band5.gain", -2);
    set ("eq.band6.frequency", 11500);
    set ("eq.band6.gain", 3);
    set ("gate.on", 1);
    set ("comp.on", 1);
    set ("comp.ratio", 3.2);
    set ("sat.on", 1);
    m.running = true;
    m.levels[lead] = { { 0.5f, 0.4f }, { 0.02f, 0.018f } };
    m.reduces = 4.8;
    return lead;
}

} // namespace

TEST_CASE ("The channel editor paints at both sizes of the design")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    const Id lead = makeLead (model);
    for (const auto& [w, h] : { std::pair { 1920, 1080 }, { 1366, 768 } })
    {
        MixPage page (model);
        page.setCompact (w < 1500);
        page.setSize (w, h - (w < 1500 ? 70 : 78));
        page.select (lead);
        page.showEditor (true);
        for (int n = 0; n < 60; ++n)
            page.advance (1.0 / 30);
        const auto image = picture (page, "channel-" + std::to_string (w));
        CHECK (image.getWidth() == w);
    }
}

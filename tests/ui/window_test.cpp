// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeModel.h"
#include "Support.h"
#include "ui/MainWindow.h"

#include <catch2/catch.hpp>
#include <set>

using namespace lacquer;
using namespace lacquer::ui;
using namespace lacquer::ui::fakes;

namespace
{

void makeLively (FakeModel& m)
{
    for (std::size_t n = 0; n < m.all.size(); ++n)
    {
        const auto peak =
            static_cast<float> (std::pow (10.0, (-4.0 - 1.3 * static_cast<double> (n % 9)) / 20));
        m.levels[m.all[n].id] = { { peak, peak * 0.8f }, { peak * peak * 0.1f, peak * peak * 0.08f } };
    }
    m.masterLevels = { { 0.48f, 0.44f }, { 0.03f, 0.028f } };
    m.loud = { -11.2, -11.6, -13.9, 6.4, -1.02 };
    m.reduces = 2.4;
    m.running = true;
    m.loopOn = true;
    m.at = static_cast<Frames> (m.map.frameOfBar (19)) + 6000;
    m.undoText = "Fader, Lead Vox";
}

int distinctColours (const juce::Image& i)
{
    std::set<juce::uint32> seen;
    for (int y = 0; y < i.getHeight(); y += 3)
        for (int x = 0; x < i.getWidth(); x += 3)
            seen.insert (i.getPixelAt (x, y).getARGB());
    return static_cast<int> (seen.size());
}

} // namespace

TEST_CASE ("Every page paints at both sizes of the design without a display")
{
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    makeLively (model);
    const char* names[] = { "mix", "master", "album", "export" };
    model.exporting.items = { { "Harbour Lights.wav", ExportItem::State::passed, 1, "-14.0 LUFS, -1.0 dBTP" },
                              { "Harbour Lights.mp3", ExportItem::State::running, 0.6, "" },
                              { "Low Tide DDP", ExportItem::State::failed, 0,
                                "There is not enough room on the disk." } };
    for (const auto& [w, h] : { std::pair { 1920, 1080 }, { 1366, 768 }, { 1280, 720 } })
    {
        WindowContent window (model);
        window.setSize (w, h);
        for (int n = 0; n < 10; ++n)
            window.frame (1.0 / 30);
        for (int page = 0; page < 4; ++page)
        {
            window.showPage (page);
            window.frame (1.0 / 30);
            const auto image = picture (window, std::string (names[page]) + "-" + std::to_string (w));
            CAPTURE (names[page], w);
            CHECK (image.getWidth() == w);
            CHECK (distinctColours (image) > 60); // a page that paints nothing has a handful
        }
    }
}

TEST_CASE ("The keyboard map commands transport, pages, history and the selected strip")
{
    // The map is UI.md, section 7.
    const juce::ScopedJuceInitialiser_GUI up;
    FakeModel model;
    WindowContent window (model);
    using K = juce::KeyPress;
    const auto ctrl = juce::ModifierKeys (juce::ModifierKeys::commandModifier);
    const auto ctrlShift =
        juce::ModifierKeys (juce::ModifierKeys::commandModifier | juce::ModifierKeys::shiftModifier);

    CHECK (window.press (K (K::spaceKey)));
    CHECK (model.running);
    CHECK (window.press (K (K::spaceKey)));
    CHECK_FALSE (model.running);
    window.press (K (K::endKey));
    CHECK (model.at == model.length());
    window.press (K (K::homeKey));
    CHECK (model.at == 0);
    window.press (K ('L', {}, 'l'));
    CHECK (model.loopOn);
    window.press (K ('M', {}, 'm'));
    CHECK (model.value (model.all[0].id, "fader.mute") == 1.0);
    window.press (K (K::downKey));
    window.press (K ('S', {}, 's'));
    CHECK (model.value (model.all[1].id, "fader.solo") == 1.0);
    window.press (K ('Z', ctrl, 0));
    CHECK (model.undos == 1);
    window.press (K ('Z', ctrlShift, 0));
    CHECK (model.redos == 1);
    CHECK (model.undos == 1);
    window.press (K ('S', ctrl, 0));
    CHECK (model.saves == 1);
    for (int n = 0; n < 4; ++n)
    {
        window.press (K ('1' + n, ctrl, 0));
        CHECK (window.page() == n);
    }
}

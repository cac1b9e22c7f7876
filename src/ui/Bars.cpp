// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Bars.h"

#include "ui/MonitorPanel.h"

#include <Resources.h>
#include <cmath>

namespace lacquer::ui
{

namespace
{

juce::String clockText (double seconds)
{
    const auto ms = static_cast<std::int64_t> (std::floor (std::max (0.0, seconds) * 1000));
    return juce::String (ms / 3600000) + ":" + juce::String (ms / 60000 % 60).paddedLeft ('0', 2) + ":" +
           juce::String (ms / 1000 % 60).paddedLeft ('0', 2) + "." +
           juce::String (ms % 1000).paddedLeft ('0', 3);
}

juce::String barText (TempoMap::BarBeat b)
{
    // 960 ticks a beat are shown as sixteenths and what is left of one, as on a sequencer.
    return juce::String (b.bar) + "." + juce::String (b.beat) + "." + juce::String (b.tick / 240 + 1) + "." +
           juce::String (b.tick % 240).paddedLeft ('0', 3);
}

} // namespace

TopBar::TopBar (Model& m)
    : model (m), tabs { Button { "MIX", Face::plain, Button::Shape::tab },
                        Button { "MASTER", Face::plain, Button::Shape::tab },
                        Button { "ALBUM", Face::plain, Button::Shape::tab },
                        Button { "EXPORT", Face::plain, Button::Shape::tab } },
      tempoParam (inHertz<Param> ("tempo", "Tempo", { 20, 300 }, 120,
                                  "Quarter notes per minute at the start of the song.")),
      tempo ((tempoParam.unit = "bpm", tempoParam.taper = Taper::linear, tempoParam), {}, false, 12)
{
    logo = juce::Drawable::createFromImageData (lacquer_resources::logosmall_svg,
                                                lacquer_resources::logosmall_svgSize);
    for (std::size_t n = 0; n < tabs.size(); ++n)
    {
        addAndMakeVisible (tabs[n]);
        tabs[n].setHelpText ("Ctrl+" + juce::String (static_cast<int> (n) + 1));
        tabs[n].onPress = [this, n] (auto)
        {
            if (onPage)
                onPage (static_cast<Page> (n));
        };
    }
    toStart.setHelpText ("Home");
    toStart.onPress = [this] (auto) { model.locate (0); };
    halt.setHelpText ("Space");
    halt.onPress = [this] (auto) { model.stop(); };
    play.setHelpText ("Space plays and stops");
    play.onPress = [this] (auto)
    {
        if (model.playing())
            model.stop();
        else
            model.play();
    };
    loop.setHelpText ("L");
    loop.filledWhenOn = false;
    loop.onPress = [this] (auto) { model.setLooping (! model.looping()); };
    undo.onPress = [this] (auto) { onStep (true); };
    redo.onPress = [this] (auto) { onStep (false); };
    save.textSize = 11;
    save.setHelpText ("Ctrl+S");
    save.onPress = [this] (auto)
    {
        if (onSave)
            onSave();
    };
    settings.setHelpText ("Choose where the sound goes.");
    settings.onPress = [this] (auto)
    {
        if (onAudioSettings)
            onAudioSettings();
    };
    monitor.setHelpText (
        "What stands before the loudspeakers: level, dim, mono, reference, outputs. Click to open. D dims.");
    monitor.onPress = [this] (auto) { openMonitor(); };
    monitor.setAlpha (0); // the meter and its words are what is seen
    tempo.withUnit = false;
    tempo.setTitle ("Tempo");
    tempo.onChange = [this] (double bpm, Gesture key) { model.setTempo (bpm, key); };
    output.horizontal = true;
    output.scaleNumbers = false;
    for (auto* b : { &toStart, &halt, &play, &loop, &undo, &redo, &save, &settings })
        addAndMakeVisible (b);
    addAndMakeVisible (tempo);
    addAndMakeVisible (output);
    addAndMakeVisible (monitor); // over the meter
    setFocusContainerType (FocusContainerType::keyboardFocusContainer);
}

void TopBar::openMonitor()
{
    Popover::open (monitor, std::make_unique<MonitorPanel> (model, monitor));
}

void TopBar::setPage (Page page)
{
    for (std::size_t n = 0; n < tabs.size(); ++n)
        tabs[n].setToggleState (n == static_cast<std::size_t> (page), juce::dontSendNotification);
}

void TopBar::setCompact (bool c)
{
    compact = c;
    resized();
}

void TopBar::refresh (const Levels& heard, double seconds)
{
    const auto& map = model.tempo();
    const auto at = model.position();
    const auto rate = model.sampleRate();
    const auto old = std::make_tuple (bars, metre, loopText, title, detail, device.text, device.load,
                                      device.dropouts, listening);
    listening = wordsOf (model.monitor());
    // A position is rounded to a frame and may lie a fraction before the beat that it means.
    bars = barText (map.barBeatAt (at + 1));
    clock = clockText (static_cast<double> (at) / rate);
    tempo.show (map.bpmAt (at));
    const auto m = map.metreAt (map.beatAt (at));
    metre = juce::String (m.numerator) + "/" + juce::String (m.denominator);
    const auto begin = map.barBeatAt (model.loopStart() + 1), end = map.barBeatAt (model.loopEnd() + 1);
    const auto dash = juce::String::charToString (0x2013);
    if (model.loopEnd() > model.loopStart())
    {
        loopText = juce::String (begin.bar) + "." + juce::String (begin.beat) + " " + dash + " " +
                   juce::String (end.bar) + "." + juce::String (end.beat);
        loopDetail = juce::String (end.bar - begin.bar) + " bars, " +
                     juce::String (static_cast<double> (model.loopEnd() - model.loopStart()) / rate, 1) +
                     " s";
    }
    else
    {
        loopText = "No loop";
        loopDetail = "Drag in the ruler";
    }
    title = utf8 (model.projectName());
    detail = utf8 (model.artist());
    const auto state = juce::String (model.unsaved() ? "not saved yet" : "saved");
    const auto dot = " " + juce::String::charToString (0xb7) + " ";
    // The smaller bar has room for one of them: what is not safe yet comes first.
    if (compact && ! detail.isEmpty())
        detail = model.unsaved() ? state : detail;
    else
        detail = detail.isEmpty() ? state : detail + dot + state;

    const bool playing = model.playing();
    play.setToggleState (playing, juce::dontSendNotification);
    loop.setToggleState (model.looping(), juce::dontSendNotification);
    const auto undoing = utf8 (model.undoLabel()), redoing = utf8 (model.redoLabel());
    undo.setEnabled (undoing.isNotEmpty());
    redo.setEnabled (redoing.isNotEmpty());
    undo.setHelpText (undoing.isEmpty() ? "Nothing to undo." : undoing + ". Ctrl+Z");
    redo.setHelpText (redoing.isEmpty() ? "Nothing to redo." : redoing + ". Ctrl+Shift+Z");
    device = model.deviceStatus();
    output.advance (heard, seconds);
    if (old != std::make_tuple (bars, metre, loopText, title, detail, device.text, device.load,
                                device.dropouts, listening))
        repaint();
    else
        repaint (outBox);
}

void TopBar::resized()
{
    auto r = getLocalBounds();
    const int height = r.getHeight();
    r.removeFromLeft (54);
    r.removeFromLeft (compact ? 104 : 168);
    const int widths[] = { 65, 93, 84, 90 };
    for (std::size_t n = 0; n < tabs.size(); ++n)
        tabs[n].setBounds (r.removeFromLeft (widths[n] - (compact ? 16 : 0)));

    const int lcd = height - 14;
    const auto placeIn = [&] (juce::Component& c, int x, int w, int h)
    { c.setBounds (x, (height - h) / 2, w, h); };
    auto right = r;
    right.removeFromRight (8);
    placeIn (settings, right.removeFromRight (34).getX(), 34, 32);
    right.removeFromRight (4);
    loadBox = right.removeFromRight (compact ? 78 : 84);
    right.removeFromRight (12);
    outBox = right.removeFromRight (compact ? 92 : 128);
    output.setBounds (outBox.getX(), height / 2, outBox.getWidth(), 13);
    monitor.setBounds (outBox.withY (1).withHeight (height / 2 - 1)); // a click on the meter clears it
    right.removeFromRight (10);
    placeIn (save, right.removeFromRight (46).getX(), 46, 24);
    right.removeFromRight (4);
    placeIn (redo, right.removeFromRight (30).getX(), 30, 32);
    placeIn (undo, right.removeFromRight (30).getX(), 30, 32);

    const int boxes = compact ? 140 + 92 + 112 : 170 + 116 + 124;
    const int group = 4 * 38 + 4 + boxes + 8;
    int x = right.getX() + std::max (6, (right.getWidth() - group) / 2);
    for (auto* b : { &toStart, &halt, &play, &loop })
    {
        placeIn (*b, x, 34, 32);
        x += 38;
    }
    x += 4;
    const int y = (height - lcd) / 2;
    position = { x, y, compact ? 140 : 170, lcd };
    tempoBox = { position.getRight() + 4, y, compact ? 92 : 116, lcd };
    loopBox = { tempoBox.getRight() + 4, y, compact ? 112 : 124, lcd };
    loopBox.setRight (std::min (loopBox.getRight(), right.getRight() - 4));
    tempo.setBounds (tempoBox.getX() + 9, tempoBox.getY() + 2, 46, lcd / 2);
}

void TopBar::mouseDown (const juce::MouseEvent& e)
{
    if (position.contains (e.getPosition()))
    {
        barsLarge = ! barsLarge;
        repaint();
    }
    else if (onProject && e.x < tabs.front().getX())
        onProject();
}

void TopBar::paint (juce::Graphics& g)
{
    g.setGradientFill ({ juce::Colour (0xff221e1b), 0, 0, juce::Colour (0xff191614), 0,
                         static_cast<float> (getHeight()), false });
    g.fillAll();
    g.setColour (juce::Colours::black);
    g.fillRect (0, getHeight() - 1, getWidth(), 1);
    g.fillRect (tabs.front().getX() - 1, 0, 1, getHeight());
    g.fillRect (tabs.back().getRight(), 0, 1, getHeight());
    const float middle = static_cast<float> (getHeight()) / 2;
    if (logo != nullptr)
        logo->drawWithin (g, juce::Rectangle<float> (12, middle - 15, 30, 30),
                          juce::RectanglePlacement::centred, 1.0f);
    const float name = static_cast<float> (tabs.front().getX()) - 60;
    drawFading (g, title, font (13, Weight::semibold), colour (tokens::text), { 54, middle - 16, name, 16 });
    drawFading (g, detail, font (10.5f, Weight::medium), colour (tokens::text3), { 54, middle, name, 14 });
    paintFields (g);
}

void TopBar::paintFields (juce::Graphics& g)
{
    for (const auto& box : { position, tempoBox, loopBox })
        paintWell (g, box.toFloat());
    auto p = position.toFloat().reduced (9, 2);
    g.setColour (colour (tokens::text));
    drawTabular (g, barsLarge ? bars : clock, font (compact ? 18.0f : 20.0f, Weight::medium),
                 p.removeFromTop (p.getHeight() * 0.62f), juce::Justification::centredLeft);
    g.setColour (colour (tokens::text2));
    drawTabular (g, barsLarge ? clock : bars, font (10.5f), p, juce::Justification::centredLeft);

    auto t = tempoBox.toFloat().reduced (9, 2);
    auto line = t.removeFromTop (t.getHeight() / 2);
    g.setColour (colour (tokens::text3));
    g.setFont (font (10));
    g.drawText ("bpm", line.withTrimmedLeft (48), juce::Justification::centredLeft, false);
    g.setColour (colour (tokens::text));
    drawTabular (g, metre, font (12, Weight::medium), t, juce::Justification::centredLeft);

    auto l = loopBox.toFloat().reduced (9, 2);
    line = l.removeFromTop (l.getHeight() / 2);
    const auto lit = colour (model.looping() ? tokens::gold : tokens::text2);
    drawIcon (g, Icon::loop, line.removeFromLeft (11).withSizeKeepingCentre (11, 11), lit);
    line.removeFromLeft (5);
    g.setColour (lit);
    drawTabular (g, loopText, font (12, Weight::medium), line, juce::Justification::centredLeft);
    g.setColour (colour (tokens::text3));
    drawTabular (g, loopDetail, font (10), l, juce::Justification::centredLeft);

    auto o = outBox.toFloat().withTop (static_cast<float> (output.getY()) - 13).withHeight (12);
    g.setColour (colour (tokens::text3));
    g.setFont (font (10));
    if (listening.isNotEmpty())
        drawFading (g, listening, font (10, Weight::semibold), colour (tokens::amber),
                    o.withTrimmedRight (30));
    else
    {
        const int first = 2 * model.deviceSetup().pair + 1;
        g.drawText ("Out " + juce::String (first) + juce::String::charToString (0x2013) +
                        juce::String (first + 1) + (compact ? "" : ", dBFS"),
                    o, juce::Justification::centredLeft, false);
    }
    g.setColour (colour (output.clipped() ? tokens::shu : tokens::text));
    drawTabular (g, shownLevel (std::max (output.held (0), output.held (1))), font (10, Weight::semibold), o,
                 juce::Justification::centredRight);

    auto d = loadBox.toFloat().withTop (o.getY()).withHeight (12);
    g.setColour (colour (tokens::text3));
    g.setFont (font (10));
    g.drawText ("DSP", d, juce::Justification::centredLeft, false);
    const auto mood = device.load >= 0.85 ? tokens::shu : device.load >= 0.7 ? tokens::amber : tokens::text2;
    g.setColour (colour (device.load >= 0.7 ? mood : tokens::text));
    drawTabular (g, device.open ? juce::String (juce::roundToInt (device.load * 100)) + "%" : "off",
                 font (10, Weight::semibold), d, juce::Justification::centredRight);
    auto lane = d.translated (0, 14).withHeight (4);
    g.setColour (colour (tokens::well));
    g.fillRect (lane);
    g.setColour (colour (mood));
    g.fillRect (lane.withWidth (lane.getWidth() * static_cast<float> (std::clamp (device.load, 0.0, 1.0))));
    g.setColour (colour (tokens::text3));
    g.fillRect (lane.getX() + lane.getWidth() * static_cast<float> (std::clamp (device.peakLoad, 0.0, 1.0)),
                lane.getY() - 1, 1.0f, 6.0f);
    g.setFont (font (10));
    g.setColour (colour (device.dropouts > 0 ? tokens::amber : tokens::text3));
    g.drawText (device.dropouts == 0 ? "no dropouts" : juce::String (device.dropouts) + " dropouts",
                d.translated (0, 19), juce::Justification::centredLeft, false);
}

StatusBar::StatusBar (Model& m) : model (m)
{
    setOpaque (true);
}

void StatusBar::tell (const juce::String& what, const juce::String& which)
{
    telling = 3;
    title = what;
    help = which;
    repaint();
}

void StatusBar::refresh (double seconds)
{
    const auto old = title + help + device;
    telling = std::max (0.0, telling - seconds);
    if (telling <= 0)
        title = help = {};
    auto* over = juce::Desktop::getInstance().getMainMouseSource().getComponentUnderMouse();
    if (over == nullptr || over->getTopLevelComponent() != getTopLevelComponent())
        over = juce::Component::getCurrentlyFocusedComponent();
    for (; over != nullptr && over->getParentComponent() != nullptr && title.isEmpty();
         over = over->getParentComponent())
    {
        title = over->getTitle();
        help = over->getHelpText();
    }
    const auto status = model.deviceStatus();
    trouble = status.lost || ! status.open;
    device = utf8 (status.text);
    if (old != title + help + device)
        repaint();
}

void StatusBar::paint (juce::Graphics& g)
{
    g.fillAll (juce::Colour (0xff151210));
    g.setColour (juce::Colours::black);
    g.fillRect (0, 0, getWidth(), 1);
    auto r = getLocalBounds().toFloat().reduced (12, 0);
    const auto face = font (11);
    const float right = std::min (r.getWidth() * 0.6f, face.getStringWidthFloat (device) + 16);
    auto d = r.removeFromRight (right);
    drawFading (g, device, face, colour (trouble ? tokens::amber : tokens::text3), d,
                juce::Justification::centredRight);
    const auto bold = font (11, Weight::semibold);
    const float wide = bold.getStringWidthFloat (title);
    g.setFont (bold);
    g.setColour (colour (tokens::text));
    g.drawText (title, r, juce::Justification::centredLeft, false);
    if (wide > 0)
        r.removeFromLeft (wide + 8);
    drawFading (g, help, face, colour (tokens::text2), r);
}

} // namespace lacquer::ui

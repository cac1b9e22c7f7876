// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/PortraitGraph.h"

#include <array>
#include <cmath>

namespace lacquer::ui
{

namespace
{

using studio::Portrait;

constexpr double lowest = -60, historyStep = 1.0 / 30, deepest = 18;

void well (juce::Graphics& g, juce::Rectangle<float> r)
{
    g.setColour (colour (tokens::well));
    g.fillRect (r);
}

void frame (juce::Graphics& g, juce::Rectangle<float> r)
{
    g.setColour (colour (tokens::line));
    g.drawRoundedRectangle (r.reduced (0.5f), 2, 1);
}

void caption (juce::Graphics& g, juce::Rectangle<float> r, const juce::String& text)
{
    drawFading (g, text, font (11), colour (tokens::text3), r.reduced (8, 5).withHeight (14),
                juce::Justification::centredRight);
}

} // namespace

PortraitGraph::PortraitGraph (Model& m, Id e, const engine::EffectType& t, const juce::String& where)
    : model (m), effect (e), type (t), past (180)
{
    setOpaque (true);
    setTitle ("Picture, " + where);
    setHelpText ("What the effect does at these settings, measured with test sounds.");
    refresh();
}

PortraitGraph::~PortraitGraph()
{
    cancelled.store (true);
    if (thread.joinable())
        thread.join();
}

void PortraitGraph::refresh()
{
    std::vector<float> values;
    for (const auto& p : type.params)
        values.push_back (static_cast<float> (model.value (effect, p.id)));
    values.push_back (static_cast<float> (model.tempo().bpmAt (0)));
    if (values == wanted)
        return;
    wanted = std::move (values);
    start();
}

void PortraitGraph::start()
{
    if (thread.joinable())
    {
        if (! finished.load())
            return; // take() goes on with these settings
        thread.join();
    }
    cancelled.store (false);
    finished.store (false);
    made = wanted;
    thread = std::thread (
        [this, values = wanted]
        {
            fresh = studio::portraitOf (type, std::span (values).first (values.size() - 1),
                                        static_cast<double> (values.back()), &cancelled);
            finished.store (true);
        });
}

bool PortraitGraph::take()
{
    if (! thread.joinable() || ! finished.load())
        return false;
    thread.join();
    now = std::move (fresh);
    drawn = true;
    repaint();
    if (made != wanted)
        start();
    return true;
}

void PortraitGraph::settle()
{
    while (thread.joinable())
        if (! take())
            std::this_thread::yield();
}

void PortraitGraph::advance (double input, double reduction, double seconds)
{
    take();
    const double before = std::exchange (level, std::max (input, level - 1));
    if (drawn && now.kind == Portrait::Kind::levels && std::abs (level - before) > 0.1)
        repaint();
    worst = std::max (worst, static_cast<float> (reduction));
    pending += seconds;
    if (pending < historyStep)
        return;
    for (; pending >= historyStep; pending -= historyStep)
    {
        past[next] = worst;
        next = (next + 1) % past.size();
    }
    worst = 0;
    if (drawn && now.reduces)
        repaint();
}

const Param* PortraitGraph::line() const
{
    const auto* t = findParam (type.params, "threshold");
    const auto* c = findParam (type.params, "ceiling");
    const auto* p = t != nullptr ? t : c;
    return p != nullptr && p->unit == "dB" ? p : nullptr;
}

PortraitGraph::Area PortraitGraph::levelArea() const
{
    const auto r = getLocalBounds().toFloat();
    return r.withWidth (std::min (r.getHeight(), r.getWidth() * 0.5f));
}

void PortraitGraph::paint (juce::Graphics& g)
{
    g.fillAll (colour (tokens::panel));
    auto r = getLocalBounds().toFloat();
    if (! drawn)
    {
        well (g, r);
        drawFading (g, "Measuring", font (12), colour (tokens::text3), r, juce::Justification::centred);
        return;
    }
    switch (now.kind)
    {
        case Portrait::Kind::answer: paintAnswer (g, r); return;
        case Portrait::Kind::movement: paintMovement (g, r); return;
        case Portrait::Kind::response:
            if (now.reduces)
            {
                paintReduction (g, r.removeFromRight (r.getWidth() * 0.4f));
                r.removeFromRight (10);
            }
            paintResponse (g, r);
            return;
        case Portrait::Kind::levels: break;
    }
    const auto curve = levelArea();
    paintLevels (g, curve);
    r.setLeft (curve.getRight() + 10);
    if (now.distortion > 1e-3)
    {
        const float width = std::min (r.getHeight() * 1.1f, (r.getWidth() - 10) / (now.reduces ? 3 : 2));
        paintWave (g, r.removeFromLeft (width));
        r.removeFromLeft (10);
        paintHarmonics (g, now.reduces ? r.removeFromLeft (width) : r);
        r.removeFromLeft (10);
    }
    if (now.reduces)
        paintReduction (g, r);
    else if (now.distortion <= 1e-3)
        paintResponse (g, r);
}

void PortraitGraph::paintAnswer (juce::Graphics& g, Area r) const
{
    constexpr float floor = -60;
    well (g, r);
    const auto x = [&] (double seconds)
    { return r.getX() + static_cast<float> (seconds / now.answerSeconds) * r.getWidth(); };
    const auto y = [&] (float db)
    { return r.getBottom() - std::clamp ((db - floor) / -floor, 0.0f, 1.0f) * (r.getHeight() - 22); };
    // A grid of round times, about eight of them.
    double step = 0.01;
    while (now.answerSeconds / step > 10)
        step *= std::abs (step / std::pow (10, std::floor (std::log10 (step * 1.001))) - 2) < 0.1 ? 2.5 : 2;
    for (double t = step; t < now.answerSeconds; t += step)
    {
        g.setColour (colour (tokens::line).withAlpha (0.7f));
        g.fillRect (std::round (x (t)), r.getY(), 1.0f, r.getHeight());
        g.setColour (colour (tokens::text3));
        drawTabular (g, t < 1 ? juce::String (std::lround (1000 * t)) + " ms" : juce::String (t, 1) + " s",
                     font (10, Weight::medium), { x (t) + 3, r.getBottom() - 14, 50, 12 },
                     juce::Justification::centredLeft);
    }
    for (const float db : { -12.0f, -24.0f, -36.0f, -48.0f })
    {
        g.setColour (colour (tokens::line).withAlpha (0.7f));
        g.fillRect (r.getX(), std::round (y (db)), r.getWidth(), 1.0f);
        g.setColour (colour (tokens::text));
        drawTabular (g, ui::shown (std::to_string (static_cast<int> (db))), font (10, Weight::medium),
                     { r.getX() + 4, y (db) - 12, 30, 12 }, juce::Justification::centredLeft);
    }
    float loudest = -100;
    for (const auto& side : now.answer)
        for (const float db : side)
            loudest = std::max (loudest, db);
    const float lift = loudest > -100 ? -std::max (loudest, -60.0f) : 0;
    const float width = r.getWidth() / Portrait::columns;
    for (std::size_t c = 0; c < 2; ++c)
    {
        g.setColour (pigment (c == 0 ? "ai" : "asagi").withAlpha (0.6f));
        for (std::size_t n = 0; n < now.answer[c].size(); ++n)
            if (const float top = y (now.answer[c][n] + lift); top < r.getBottom() - 1)
                g.fillRect (r.getX() + static_cast<float> (n) * width, top, std::max (1.0f, width - 0.4f),
                            r.getBottom() - top);
    }
    g.setColour (colour (tokens::text3));
    g.fillRect (r.getX(), y (0), 2.0f, r.getBottom() - y (0));
    caption (g, r, "answer to a click, dB, left and right");
    frame (g, r);
}

void PortraitGraph::paintLevels (juce::Graphics& g, Area r) const
{
    well (g, r);
    const auto x = [&] (double db)
    { return r.getX() + static_cast<float> ((db - lowest) / -lowest) * r.getWidth(); };
    const auto y = [&] (double db) { return r.getY() + static_cast<float> (db / lowest) * r.getHeight(); };
    const juce::Graphics::ScopedSaveState kept (g);
    g.reduceClipRegion (r.toNearestInt());
    g.setColour (colour (tokens::line).withAlpha (0.7f));
    for (int db = -48; db < 0; db += 12)
    {
        g.fillRect (std::round (x (db)), r.getY(), 1.0f, r.getHeight());
        g.fillRect (r.getX(), std::round (y (db)), r.getWidth(), 1.0f);
    }
    g.setColour (colour (tokens::text3).withAlpha (0.5f));
    g.drawLine (x (lowest), y (lowest), x (0), y (0), 1);
    juce::Path curve;
    for (const auto& s : now.steps)
    {
        const juce::Point<float> p (x (static_cast<double> (s.in)), y (static_cast<double> (s.out)));
        if (&s == &now.steps.front())
            curve.startNewSubPath (p);
        else
            curve.lineTo (p);
    }
    if (const auto* p = line())
    {
        const double at = model.value (effect, p->id);
        const float dashes[] { 3, 3 };
        g.setColour (colour (tokens::gold).withAlpha (0.8f));
        if (p->id == "ceiling")
            g.drawDashedLine ({ r.getX(), y (at), r.getRight(), y (at) }, dashes, 2, 1.2f);
        else
            g.drawDashedLine ({ x (at), r.getY(), x (at), r.getBottom() }, dashes, 2, 1.2f);
    }
    g.setColour (colour (tokens::gold));
    g.strokePath (curve, juce::PathStrokeType (2));
    if (level > lowest && now.steps.size() > 1)
    {
        const double in = std::min (0.0, level);
        const auto n = std::min (static_cast<std::size_t> ((in - lowest) / 3), now.steps.size() - 2);
        const auto &a = now.steps[n], &b = now.steps[n + 1];
        const double share = (in - static_cast<double> (a.in)) / 3;
        const double out = static_cast<double> (a.out) + share * static_cast<double> (b.out - a.out);
        const auto dot =
            Area (8, 8).withCentre ({ x (in), std::clamp (y (out), r.getY() + 3, r.getBottom() - 3) });
        g.setColour (colour (tokens::seiji));
        g.fillEllipse (dot);
        g.setColour (colour (tokens::well));
        g.drawEllipse (dot, 1);
    }
    g.setColour (colour (tokens::text3));
    for (const int db : { -48, -36, -24, -12 })
        drawTabular (g, ui::shown (std::to_string (db)), font (10, Weight::medium),
                     { x (db) - 16, r.getBottom() - 13, 32, 12 }, juce::Justification::centred);
    if (now.stepsHertz > 2000)
        caption (g, r, "at " + juce::String (now.stepsHertz / 1000, 0) + " kHz");
    frame (g, r);
}

void PortraitGraph::paintWave (juce::Graphics& g, Area r) const
{
    well (g, r);
    g.setColour (colour (tokens::line));
    g.fillRect (r.getX(), std::round (r.getCentreY()), r.getWidth(), 1.0f);
    float most = 0.5012f;
    for (const float v : now.wave)
        most = std::max (most, std::abs (v));
    const auto count = now.wave.size();
    juce::Path in, out;
    for (std::size_t n = 0; n <= count; ++n)
    {
        const float x = r.getX() + static_cast<float> (n) / static_cast<float> (count) * r.getWidth();
        const auto y = [&] (float v) { return r.getCentreY() - v / most * (r.getHeight() / 2 - 8); };
        const float sine =
            0.5012f * std::sin (6.2831853f * static_cast<float> (n) / static_cast<float> (count));
        const juce::Point<float> a (x, y (sine)), b (x, y (now.wave[n % count]));
        if (n == 0)
        {
            in.startNewSubPath (a);
            out.startNewSubPath (b);
        }
        else
        {
            in.lineTo (a);
            out.lineTo (b);
        }
    }
    juce::Path dashed;
    const float dashes[] { 5, 3 };
    juce::PathStrokeType (1).createDashedStroke (dashed, in, dashes, 2);
    g.setColour (colour (tokens::text));
    g.fillPath (dashed);
    g.setColour (colour (tokens::gold));
    g.strokePath (out, juce::PathStrokeType (2));
    caption (g, r, "a sine of -6 dB");
    frame (g, r);
}

void PortraitGraph::paintHarmonics (juce::Graphics& g, Area r) const
{
    well (g, r);
    const float w = r.getWidth() / 7;
    for (std::size_t h = 0; h < now.harmonics.size(); ++h)
    {
        const float share = std::clamp ((now.harmonics[h] + 80) / 80, 0.0f, 1.0f),
                    height = share * (r.getHeight() - 40);
        const Area bar (r.getX() + static_cast<float> (h) * w + w * 0.15f, r.getBottom() - 16 - height,
                        w * 0.7f, height);
        g.setColour (h == 0 ? colour (tokens::off) : colour (tokens::seiji).withAlpha (0.85f));
        g.fillRect (bar);
        g.setColour (colour (tokens::text3));
        drawTabular (g, juce::String (static_cast<int> (h) + 1), font (10, Weight::medium),
                     { bar.getX() - 4, r.getBottom() - 14, bar.getWidth() + 8, 12 },
                     juce::Justification::centred);
    }
    g.setColour (colour (tokens::text2));
    drawTabular (g, "THD " + juce::String (100 * now.distortion, now.distortion < 0.01 ? 2 : 1) + " %",
                 font (11), r.reduced (8, 5).withHeight (14), juce::Justification::centredLeft);
    caption (g, r, "harmonics");
    frame (g, r);
}

void PortraitGraph::paintReduction (juce::Graphics& g, Area r) const
{
    well (g, r);
    juce::Path taken;
    taken.startNewSubPath (r.getTopLeft());
    const float column = r.getWidth() / static_cast<float> (past.size() - 1);
    for (std::size_t n = 0; n < past.size(); ++n)
        taken.lineTo (r.getX() + static_cast<float> (n) * column,
                      r.getY() +
                          std::min (1.0f, past[(next + n) % past.size()] / static_cast<float> (deepest)) *
                              r.getHeight());
    taken.lineTo (r.getTopRight());
    g.setColour (colour (tokens::ruriDim));
    g.fillPath (taken);
    g.setColour (colour (tokens::ruri));
    g.strokePath (taken, juce::PathStrokeType (1.2f));
    g.setColour (colour (tokens::text));
    for (const int db : { 3, 6, 9, 12, 15 })
        drawTabular (
            g, ui::shown (std::to_string (-db)), font (10, Weight::medium),
            { r.getRight() - 34, r.getY() + static_cast<float> (db / deepest) * r.getHeight() - 6, 30, 12 },
            juce::Justification::centredRight);
    drawFading (g, "reduction, last 6 s", font (11), colour (tokens::text3),
                r.reduced (8, 5).removeFromBottom (14));
    frame (g, r);
}

void PortraitGraph::paintMovement (juce::Graphics& g, Area r) const
{
    constexpr auto count = Portrait::tones.size();
    constexpr std::size_t settled = 6;
    const auto moments = now.gains[0].size() / count;
    well (g, r);
    if (moments <= settled)
        return;
    const float step = r.getWidth() / static_cast<float> (moments - settled);
    if (now.wide)
    {
        const auto y = [&] (float db) { return r.getY() + (6 - db) / 36 * r.getHeight(); };
        for (const float db : { 0.0f, -6.0f, -12.0f, -18.0f, -24.0f })
        {
            g.setColour (colour (tokens::line).withAlpha (0.8f));
            g.fillRect (r.getX(), std::round (y (db)), r.getWidth(), 1.0f);
            g.setColour (colour (tokens::text));
            drawTabular (g, ui::shown (std::to_string (static_cast<int> (db))), font (10, Weight::medium),
                         { r.getX() + 4, y (db) - 12, 30, 12 }, juce::Justification::centredLeft);
        }
        for (std::size_t c = 0; c < 2; ++c)
        {
            juce::Path curve;
            for (std::size_t m = settled; m < moments; ++m)
            {
                float sum = 0;
                for (std::size_t k = 0; k < count; ++k)
                    sum += now.gains[c][m * count + k] / static_cast<float> (count);
                const juce::Point<float> p (r.getX() + static_cast<float> (m - settled) * step,
                                            std::clamp (y (sum), r.getY(), r.getBottom()));
                if (m == settled)
                    curve.startNewSubPath (p);
                else
                    curve.lineTo (p);
            }
            if (c == 0)
            {
                g.setColour (colour (tokens::gold));
                g.strokePath (curve, juce::PathStrokeType (2));
                continue;
            }
            juce::Path dashed;
            const float dashes[] { 5, 3 };
            juce::PathStrokeType (1.5f).createDashedStroke (dashed, curve, dashes, 2);
            g.setColour (colour (tokens::text));
            g.fillPath (dashed);
        }
        caption (g, r,
                 "level of the left and, dashed, the right, " +
                     juce::String (static_cast<double> (moments - settled) * now.momentSeconds, 1) + " s");
    }
    else
    {
        // Frequency upwards, time to the right: bright is louder, dark a notch. Left above, right below.
        for (std::size_t c = 0; c < 2; ++c)
        {
            const auto half =
                r.withHeight (r.getHeight() / 2 - 1).translated (0, c == 0 ? 0 : r.getHeight() / 2 + 1);
            const float cell = half.getHeight() / static_cast<float> (count);
            for (std::size_t m = settled; m < moments; ++m)
                for (std::size_t k = 0; k < count; ++k)
                {
                    const float share = std::clamp ((now.gains[c][m * count + k] + 18) / 24, 0.0f, 1.0f);
                    g.setColour (colour (tokens::fuji).withAlpha (share * share));
                    g.fillRect (half.getX() + static_cast<float> (m - settled) * step,
                                half.getBottom() - static_cast<float> (k + 1) * cell, step + 0.5f,
                                cell + 0.5f);
                }
            const auto words = font (10, Weight::medium);
            drawFading (g, c == 0 ? "L" : "R", words, colour (tokens::text),
                        half.reduced (6, 4).withHeight (12));
            drawFading (g, "15 kHz", words, colour (tokens::text), half.reduced (20, 4).withHeight (12));
            drawFading (g, "100 Hz", words, colour (tokens::text),
                        half.reduced (20, 4).removeFromBottom (12));
        }
        const juce::String said =
            "gain by frequency over " +
            juce::String (static_cast<double> (moments - settled) * now.momentSeconds, 1) + " s";
        const float width = font (11).getStringWidthFloat (said) + 12;
        g.setColour (colour (tokens::well).withAlpha (0.8f));
        g.fillRect (r.getRight() - width - 4, r.getY() + 4, width, 18.0f);
        caption (g, r, said);
    }
    frame (g, r);
}

void PortraitGraph::paintResponse (juce::Graphics& g, Area r) const
{
    well (g, r);
    const auto x = [&] (float hz)
    { return r.getX() + std::log (hz / 80) / std::log (18000.0f / 80) * r.getWidth(); };
    const auto y = [&] (float db)
    { return r.getCentreY() - std::clamp (db, -24.0f, 24.0f) / 24 * (r.getHeight() / 2 - 10); };
    for (const auto& [hz, text] : { std::pair { 100.0f, "100" },
                                    { 200.0f, "200" },
                                    { 500.0f, "500" },
                                    { 1000.0f, "1k" },
                                    { 2000.0f, "2k" },
                                    { 5000.0f, "5k" },
                                    { 10000.0f, "10k" } })
    {
        g.setColour (colour (tokens::line).withAlpha (0.7f));
        g.fillRect (std::round (x (hz)), r.getY(), 1.0f, r.getHeight());
        g.setColour (colour (tokens::text3));
        drawTabular (g, text, font (10, Weight::medium), { x (hz) - 16, r.getBottom() - 13, 32, 12 },
                     juce::Justification::centred);
    }
    for (const float db : { -12.0f, 0.0f, 12.0f })
    {
        g.setColour (colour (tokens::line));
        g.fillRect (r.getX(), std::round (y (db)), r.getWidth(), 1.0f);
        g.setColour (colour (tokens::text3));
        drawTabular (g, ui::shown ((db > 0 ? "+" : "") + std::to_string (static_cast<int> (db))),
                     font (10, Weight::medium), { r.getX() + 4, y (db) - 12, 30, 12 },
                     juce::Justification::centredLeft);
    }
    const auto path = [&] (const std::array<float, 24>& gains)
    {
        juce::Path curve;
        for (std::size_t k = 0; k < gains.size(); ++k)
        {
            const juce::Point<float> p (x (Portrait::tones[k]), y (gains[k]));
            if (k == 0)
                curve.startNewSubPath (p);
            else
                curve.lineTo (p);
        }
        return curve;
    };
    juce::Path dashed;
    const float dashes[] { 5, 3 };
    juce::PathStrokeType (1.5f).createDashedStroke (dashed, path (now.sides), dashes, 2);
    g.setColour (colour (tokens::text));
    g.fillPath (dashed);
    g.setColour (colour (tokens::gold));
    g.strokePath (path (now.middle), juce::PathStrokeType (2));
    caption (g, r, "gain of the middle and, dashed, of the sides");
    frame (g, r);
}

void PortraitGraph::mouseMove (const juce::MouseEvent& e)
{
    const bool over =
        drawn && now.kind == Portrait::Kind::levels && line() != nullptr && levelArea().contains (e.position);
    setMouseCursor (! over                    ? juce::MouseCursor::NormalCursor
                    : line()->id == "ceiling" ? juce::MouseCursor::UpDownResizeCursor
                                              : juce::MouseCursor::LeftRightResizeCursor);
}

void PortraitGraph::mouseDown (const juce::MouseEvent& e)
{
    gesture = newGesture();
    holdsLine =
        drawn && now.kind == Portrait::Kind::levels && line() != nullptr && levelArea().contains (e.position);
}

void PortraitGraph::mouseDrag (const juce::MouseEvent& e)
{
    if (! holdsLine || ! e.mouseWasDraggedSinceMouseDown())
        return;
    const auto* p = line();
    const auto r = levelArea();
    const double value =
        p->id == "ceiling"
            ? static_cast<double> ((e.position.y - r.getY()) / r.getHeight()) * lowest
            : lowest + static_cast<double> ((e.position.x - r.getX()) / r.getWidth()) * -lowest;
    model.set (effect, p->id, std::clamp (value, static_cast<double> (p->min), static_cast<double> (p->max)),
               gesture);
    refresh();
    repaint();
}

} // namespace lacquer::ui

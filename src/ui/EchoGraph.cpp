// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/EchoGraph.h"

#include <array>
#include <cmath>

namespace lacquer::ui
{

namespace
{

struct Echo
{
    bool tail = false;
    double decay = 0, preDelay = 0; ///< s
    double time = 0, feedback = 0;  ///< s, share
};

std::optional<Echo> echoOf (const Model& model, Id effect)
{
    const auto table = model.params (effect);
    const auto value = [&] (std::string_view id, double fallback)
    { return findParam (table, id) != nullptr ? model.value (effect, id) : fallback; };
    Echo e;
    if (const auto* decay = findParam (table, "decay"); decay != nullptr && decay->unit == "s")
    {
        e.tail = true;
        e.decay = value ("decay", 1);
        e.preDelay = value ("pre-delay", 0) / 1000;
        return e;
    }
    const auto* time = findParam (table, "time");
    if (time == nullptr || time->unit != "ms" || findParam (table, "feedback") == nullptr)
        return std::nullopt;
    e.time = value ("time", 0) / 1000;
    // A note value counts in quarter notes of the tempo at the song's start.
    if (const auto* note = findParam (table, "note"))
    {
        const auto word =
            utf8 (choiceText (*note, static_cast<int> (std::lround (model.value (effect, "note")))));
        if (word.containsChar ('/'))
        {
            double quarters = 4 * word.getDoubleValue() /
                              std::max (1.0, word.fromFirstOccurrenceOf ("/", false, false).getDoubleValue());
            quarters *= word.endsWithIgnoreCase ("T")                          ? 2.0 / 3
                        : word.endsWithIgnoreCase ("D") || word.endsWith (".") ? 1.5
                                                                               : 1;
            e.time = quarters * 60 / model.tempo().bpmAt (0);
        }
    }
    e.feedback = value ("feedback", 0) / 100;
    return e;
}

} // namespace

EchoGraph::EchoGraph (Model& m, Id e, const juce::String& where) : model (m), effect (e)
{
    setOpaque (true);
    setTitle ("Answer to a click, " + where);
    setHelpText ("What comes back of one click, over time.");
}

bool EchoGraph::suits (std::span<const Param> table)
{
    const auto* decay = findParam (table, "decay");
    const auto* time = findParam (table, "time");
    return (decay != nullptr && decay->unit == "s") ||
           (time != nullptr && time->unit == "ms" && findParam (table, "feedback") != nullptr);
}

juce::String EchoGraph::said (const Model& model, Id effect)
{
    const auto e = echoOf (model, effect);
    if (! e)
        return {};
    const auto ms = [] (double s) { return juce::String (std::lround (1000 * s)) + " ms"; };
    if (e->tail)
        return juce::String (e->decay, 1) + " s" + (e->preDelay > 0 ? ", pre-delay " + ms (e->preDelay) : "");
    return ms (e->time) + ", feedback " + juce::String (std::lround (100 * e->feedback)) + " %";
}

void EchoGraph::refresh()
{
    std::vector<double> now;
    if (const auto e = echoOf (model, effect))
        now = { e->decay, e->preDelay, e->time, e->feedback };
    if (std::exchange (shown, now) != now)
        repaint();
}

void EchoGraph::paint (juce::Graphics& g)
{
    g.fillAll (colour (tokens::well));
    const auto r = getLocalBounds().toFloat();
    const auto e = echoOf (model, effect);
    if (! e)
        return;
    const auto tint = pigment ("ai");
    const float floor = r.getBottom() - 1, height = r.getHeight() - 6;
    if (e->tail)
    {
        const double span = std::max (1.0, e->preDelay + e->decay);
        juce::Path body;
        const auto x = [&] (double t) { return static_cast<float> (t / span) * r.getWidth(); };
        body.startNewSubPath (x (e->preDelay), floor);
        for (int n = 0; n <= 60; ++n)
        {
            const double t = e->decay * n / 60; // -60 dB at the end; drawn over 48 dB
            body.lineTo (x (e->preDelay + t),
                         floor - static_cast<float> (std::max (0.0, 1 - 60 * t / e->decay / 48)) * height);
        }
        body.closeSubPath();
        g.setColour (tint.withAlpha (0.55f));
        g.fillPath (body);
        g.setColour (colour (tokens::text3));
        g.fillRect (0.0f, floor - height, 2.0f, height);
    }
    else
    {
        const double span = std::clamp (e->time * 6, 0.4, 8.0);
        double level = 1;
        g.setColour (colour (tokens::text3));
        g.fillRect (2.0f, floor - height, 3.0f, height);
        g.setColour (tint);
        for (double t = e->time; t < span && level > 0.01 && e->time > 0; t += e->time)
        {
            const auto share = static_cast<float> (std::max (0.0, 1 + decibelsOf (level).value / 48));
            g.fillRect (2 + static_cast<float> (t / span) * r.getWidth(), floor - share * height, 3.0f,
                        share * height);
            level *= std::min (0.99, e->feedback);
        }
    }
    const auto words = font (11);
    const auto text = said (model, effect);
    const float width = words.getStringWidthFloat (text) + 10;
    g.setColour (colour (tokens::well).withAlpha (0.7f));
    g.fillRect (r.getRight() - width, 2.0f, width - 2, 15.0f);
    drawFading (g, text, words, colour (tokens::text2), { r.getRight() - width, 2, width - 5, 15 },
                juce::Justification::centredRight);
    g.setColour (colour (tokens::line));
    g.drawRoundedRectangle (r.reduced (0.5f), 2, 1);
}

} // namespace lacquer::ui

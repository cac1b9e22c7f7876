// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Groove.h"

#include "session/Points.h"

#include <cmath>

namespace lacquer::ui
{

namespace
{

constexpr int step = 2; ///< pixels of a level

/// What the fader of a strip does to every column: its value, or its automation; nothing is left of what is
/// muted.
std::vector<float> faderGains (const session::Strip& strip, std::size_t count, Frames length)
{
    const auto number = [&] (std::string_view id) -> double
    {
        const auto found = strip.values.find (std::string (id));
        const auto* value = found != strip.values.end() ? std::get_if<double> (&found->second) : nullptr;
        return value != nullptr ? *value : 0;
    };
    const auto mute = strip.values.find (std::string (stripIds::mute));
    const bool silent =
        strip.disabled || (mute != strip.values.end() && mute->second == session::Value ("On"));
    std::vector<float> gains (
        count, silent ? 0.0f : static_cast<float> (gainOf (Decibels { number (stripIds::fader) })));
    for (const auto& lane : strip.lanes)
        if (! silent && lane.enabled && ! lane.points.empty() && lane.target == strip.id &&
            lane.parameter == stripIds::fader)
            for (std::size_t n = 0; n < count; ++n)
                gains[n] = static_cast<float> (gainOf (Decibels { session::valueAt (
                    lane.points, static_cast<Frames> (n) * length / static_cast<Frames> (count)) }));
    return gains;
}

} // namespace

Groove::Groove (Model& m) : model (m)
{
    setOpaque (true);
    setTitle ("Song overview");
    setHelpText ("Drag the box to move along the song. Double-click to see all of it.");
}

void Groove::show (double a, double b, Frames l)
{
    if (a == start && b == end && l == length)
        return;
    start = a;
    end = b;
    stale = stale || l != length;
    length = std::max<Frames> (1, l);
    repaint();
}

void Groove::resized()
{
    parts.clear();
    stale = true;
}

void Groove::advance()
{
    const auto count = static_cast<std::size_t> (std::max (1, getWidth() / step));
    const auto outlines = model.outlines();
    const double until = juce::Time::getMillisecondCounterHiRes() + 2;
    bool changed = false;
    std::vector<Column> columns;
    for (const auto& track : model.song().tracks)
    {
        auto& part = parts[track->strip.id];
        if (part.clips == track->clips && part.outlines == outlines && part.length == length)
            continue;
        if (juce::Time::getMillisecondCounterHiRes() > until)
            break; // the rest next time
        part.clips = track->clips;
        part.outlines = outlines;
        part.length = length;
        part.energy.assign (count, 0);
        changed = true;
        for (const auto& clip : part.clips)
        {
            const auto place = [&] (Frames f)
            {
                return static_cast<std::size_t> (std::clamp<Frames> (f * static_cast<Frames> (count) / length,
                                                                     0, static_cast<Frames> (count)));
            };
            const auto a = place (clip->start), b = std::max (a + 1, place (clip->start + clip->length));
            columns.assign (std::min (b, count) - std::min (a, count), {});
            if (columns.empty() || clip->muted ||
                ! model.outline (clip->media, clip->offset, clip->offset + clip->length, columns))
                continue;
            const auto gain = static_cast<float> (gainOf (Decibels { clip->gain }));
            for (std::size_t n = 0; n < columns.size(); ++n)
                part.energy[a + n] += gain * gain * columns[n].rms * columns[n].rms;
        }
    }
    if (std::erase_if (parts,
                       [&] (const auto& p)
                       {
                           const auto& all = model.song().tracks;
                           return std::none_of (all.begin(), all.end(),
                                                [&] (const auto& t) { return t->strip.id == p.first; });
                       }) > 0)
        changed = true;
    // What faders and mutes leave of it.
    for (const auto& track : model.song().tracks)
        if (auto& part = parts[track->strip.id]; part.strip != track)
        {
            part.strip = track;
            changed = true;
        }
    if (changed || stale)
    {
        stale = false;
        level.assign (count, 0);
        for (const auto& [id, part] : parts)
        {
            if (part.strip == nullptr || part.energy.size() < count)
                continue;
            const auto gains = faderGains (part.strip->strip, count, length);
            for (std::size_t n = 0; n < count; ++n)
                level[n] += gains[n] * gains[n] * part.energy[n];
        }
        for (auto& l : level)
            l = std::sqrt (l);
        draw();
        repaint();
    }
    const float at =
        static_cast<float> (static_cast<double> (model.position()) / static_cast<double> (length)) *
        static_cast<float> (getWidth());
    if (std::abs (at - playhead) >= 0.5f)
    {
        for (const float x : { playhead, at })
            repaint (static_cast<int> (x) - 2, 0, 5, getHeight());
        playhead = at;
    }
}

void Groove::draw()
{
    if (getWidth() < 2 || getHeight() < 2)
        return;
    image = juce::Image (juce::Image::RGB, getWidth(), getHeight(), false);
    juce::Graphics g (image);
    g.fillAll (colour (tokens::ground));
    // The swing is the RMS, from half of the quietest tenth of what sounds to the loudest.
    float most = 1e-6f;
    std::vector<float> sounding;
    for (const float l : level)
    {
        most = std::max (most, l);
        if (l > 1e-5f)
            sounding.push_back (l);
    }
    float quiet = 0;
    if (! sounding.empty())
    {
        const auto tenth = sounding.begin() + static_cast<std::ptrdiff_t> (sounding.size() / 10);
        std::nth_element (sounding.begin(), tenth, sounding.end());
        quiet = *tenth / 2;
    }
    const int lines = getHeight() >= 24 ? 3 : 2;
    constexpr float period = 7.5f;
    for (int k = 0; k < lines; ++k)
    {
        const float y =
            static_cast<float> (getHeight()) * (static_cast<float> (k) + 0.5f) / static_cast<float> (lines);
        juce::Path p;
        for (int x = 0; x < getWidth(); ++x)
        {
            const float l =
                level.empty() ? 0 : level[std::min (level.size() - 1, static_cast<std::size_t> (x / step))];
            const float swing = std::clamp ((l - quiet) / std::max (1e-6f, most - quiet), 0.0f, 1.0f) *
                                static_cast<float> (getHeight()) / static_cast<float> (lines) * 0.46f;
            const float at =
                y + swing * std::sin (static_cast<float> (x) * 2 * juce::MathConstants<float>::pi / period);
            if (x == 0)
                p.startNewSubPath (0, at);
            else
                p.lineTo (static_cast<float> (x), at);
        }
        g.setColour (juce::Colour (0xff7a6a45));
        g.strokePath (p, juce::PathStrokeType (0.9f));
    }
}

void Groove::paint (juce::Graphics& g)
{
    if (image.isValid())
        g.drawImageAt (image, 0, 0);
    else
        g.fillAll (colour (tokens::ground));
    const auto width = static_cast<float> (getWidth()), height = static_cast<float> (getHeight());
    const auto x = [&] (double f) { return static_cast<float> (f / static_cast<double> (length)) * width; };
    const float a = std::max (0.0f, x (start)), b = std::min (width, x (end));
    g.setColour (juce::Colours::black.withAlpha (0.45f));
    g.fillRect (0.0f, 0.0f, a, height);
    g.fillRect (b, 0.0f, width - b, height);
    if (model.loopEnd() > model.loopStart())
    {
        g.setColour (colour (model.looping() ? tokens::gold : tokens::text3));
        g.fillRect (x (static_cast<double> (model.loopStart())), 0.0f,
                    x (static_cast<double> (model.loopEnd() - model.loopStart())), 1.5f);
    }
    g.setColour (colour (tokens::text2));
    g.drawRect (juce::Rectangle<float> (a, 0, b - a, height), 1.2f);
    g.setColour (colour (tokens::text));
    g.fillRect (x (static_cast<double> (model.position())) - 0.75f, 0.0f, 1.5f, height);
}

void Groove::mouseDown (const juce::MouseEvent& e)
{
    const double at =
        static_cast<double> (e.position.x) / std::max (1, getWidth()) * static_cast<double> (length);
    grabbed = at >= start && at <= end ? at - start : (end - start) / 2;
    mouseDrag (e);
}

void Groove::mouseDrag (const juce::MouseEvent& e)
{
    const double at =
        static_cast<double> (e.position.x) / std::max (1, getWidth()) * static_cast<double> (length);
    if (onScroll)
        onScroll (std::max (0.0, at - grabbed));
}

void Groove::mouseDoubleClick (const juce::MouseEvent&)
{
    if (onWhole)
        onWhole();
}

} // namespace lacquer::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ClipPanel.h"

#include "session/ClipEdits.h"
#include "session/Find.h"

#include <cmath>

namespace lacquer::ui
{

namespace
{

Param fadeLength (const char* name)
{
    auto p = inMilliseconds<Param> ("fade", name, { 0, 20000 }, 0, "Length of the fade.");
    p.taper = Taper::linear;
    return p;
}

Param fadeShape()
{
    return oneOf<Param> ("shape", "Shape", "Linear|Equal power|S-curve|Exponential", 1, "Curve of the fade.");
}

} // namespace

ClipPanel::ClipPanel (Model& m)
    : model (m), gain (inDecibels<Param> ("gain", "Gain", { -60, 24 }, 0, "Gain of the clip."), "Clip", true),
      fadeIn (fadeLength ("Fade in"), "Clip", true), fadeOut (fadeLength ("Fade out"), "Clip", true),
      shapeIn (fadeShape(), "Fade in"), shapeOut (fadeShape(), "Fade out")
{
    setOpaque (true);
    setTitle ("Clip");
    gain.onChange = [this] (double db, Gesture key)
    {
        each ("Clip gain", key,
              [db] (const session::Project& p, const session::Clip& c)
              { return session::withClipGain (p, c.id, db); });
    };
    for (const bool in : { true, false })
    {
        (in ? fadeIn : fadeOut).onChange = [this, in] (double ms, Gesture key)
        { setFade (in, framesIn (Seconds { ms / 1000 }, model.sampleRate()), {}, key); };
        (in ? shapeIn : shapeOut).onChange = [this, in] (double n, Gesture key)
        { setFade (in, {}, static_cast<session::Fade> (juce::roundToInt (n)), key); };
    }
    const auto ids = [this] { return std::vector<Id> { shown.begin(), shown.end() }; };
    mute.onPress = [this, ids] (auto)
    {
        if (const auto* c = first())
            model.edit (session::mutedClips (model.project(), ids(), ! c->muted), newGesture());
        refresh();
    };
    reverse.onPress = [this, ids] (auto)
    {
        model.edit (session::reversedClips (model.project(), ids()), newGesture());
        refresh();
    };
    peak.setHelpText ("The loudest sample comes to -1 dBTP.");
    peak.onPress = [this, ids] (auto) {
        model.editClips ("normalise-clip", ids(), { { "to", "peak" }, { "target", "-1" } }, "Normalise");
    };
    loudness.setHelpText ("The loudness comes to -23 LUFS.");
    loudness.onPress = [this, ids] (auto) {
        model.editClips ("normalise-clip", ids(), { { "to", "loudness" }, { "target", "-23" } }, "Normalise");
    };
    silence.setHelpText ("Leaves of the clip only where it is louder than -48 dB.");
    silence.onPress = [this, ids] (auto)
    {
        model.editClips ("strip-silence", ids(), { { "threshold", "-48" }, { "fade", "0.005s" } },
                         "Strip silence");
    };
    envelope.onPress = [this] (auto)
    {
        each ("Clear clip envelope", newGesture(),
              [] (const session::Project& p, const session::Clip& c)
              { return session::withEnvelope (p, c.id, {}); });
    };
    for (auto* c :
         std::initializer_list<juce::Component*> { &gain, &fadeIn, &fadeOut, &shapeIn, &shapeOut, &mute,
                                                   &reverse, &peak, &loudness, &silence, &envelope })
        addAndMakeVisible (c);
    for (auto* b : { &mute, &reverse, &peak, &loudness, &silence, &envelope })
        b->textSize = 11;
}

const session::Clip* ClipPanel::first() const
{
    return shown.empty() ? nullptr : session::clipOf (model.project(), *shown.begin());
}

void ClipPanel::each (
    const char* label, Gesture key,
    const std::function<session::Edit (const session::Project&, const session::Clip&)>& change)
{
    session::Edited now { model.project(), label };
    for (const Id id : shown)
        if (const auto* c = session::clipOf (now.project, id))
            if (auto made = change (now.project, *c))
                now.project = std::move (made->project);
    model.edit (std::move (now), key);
    refresh();
}

void ClipPanel::setFade (bool in, std::optional<Frames> length, std::optional<session::Fade> shape,
                         Gesture key)
{
    each (in ? "Fade in" : "Fade out", key,
          [&] (const session::Project& p, const session::Clip& c)
          {
              auto a = c.fadeIn, b = c.fadeOut;
              auto x = c.fadeInShape, y = c.fadeOutShape;
              if (length)
                  (in ? a : b) = std::clamp<Frames> (*length, 0, c.length - (in ? b : a));
              if (shape)
                  (in ? x : y) = *shape;
              return session::withFades (p, c.id, a, b, x, y);
          });
}

void ClipPanel::show (const std::set<Id>& clips)
{
    shown = clips;
    refresh();
}

void ClipPanel::refresh()
{
    std::erase_if (shown, [this] (Id id) { return session::clipOf (model.project(), id) == nullptr; });
    const auto* c = first();
    for (auto* child : getChildren())
        child->setVisible (c != nullptr);
    if (c != nullptr)
    {
        const auto ms = [&] (Frames f) { return 1000 * static_cast<double> (f) / model.sampleRate(); };
        gain.show (c->gain);
        fadeIn.show (ms (c->fadeIn));
        fadeOut.show (ms (c->fadeOut));
        shapeIn.show (static_cast<double> (c->fadeInShape));
        shapeOut.show (static_cast<double> (c->fadeOutShape));
        mute.setToggleState (c->muted, juce::dontSendNotification);
        reverse.setToggleState (c->reversed, juce::dontSendNotification);
        envelope.setEnabled (! c->envelope.empty());
    }
    repaint();
}

void ClipPanel::resized()
{
    auto r = getLocalBounds().reduced (12, 8);
    head = r.removeFromTop (64);
    labels.clear();
    const auto line = [&] (const char* name)
    {
        auto row = r.removeFromTop (30).reduced (0, 3);
        labels.emplace_back (name, row.removeFromLeft (76));
        return row;
    };
    gain.setBounds (line ("Gain").withWidth (90));
    for (const bool in : { true, false })
    {
        auto row = line (in ? "Fade in" : "Fade out");
        (in ? fadeIn : fadeOut).setBounds (row.removeFromLeft (84));
        row.removeFromLeft (6);
        (in ? shapeIn : shapeOut).setBounds (row);
    }
    r.removeFromTop (8);
    const auto pair = [&] (Button& a, Button& b)
    {
        auto row = r.removeFromTop (32).reduced (0, 3);
        a.setBounds (row.removeFromLeft (row.getWidth() / 2 - 3));
        row.removeFromLeft (6);
        b.setBounds (row);
    };
    pair (mute, reverse);
    pair (peak, loudness);
    pair (silence, envelope);
}

void ClipPanel::paint (juce::Graphics& g)
{
    paintPanel (g, getLocalBounds());
    const auto* c = first();
    auto r = head.toFloat();
    if (c == nullptr)
    {
        drawFading (g, "No clip is chosen. Click one.", font (12), colour (tokens::text3), r.withHeight (20));
        return;
    }
    drawFading (
        g, shown.size() == 1 ? utf8 (c->name) : juce::String (static_cast<int> (shown.size())) + " clips",
        font (13, Weight::semibold), colour (tokens::text), r.removeFromTop (22));
    const auto at = [&] (Frames f)
    {
        const auto b = model.tempo().barBeatAt (f + 1);
        return juce::String (b.bar) + "." + juce::String (b.beat);
    };
    drawFading (g,
                at (c->start) + " to " + at (c->start + c->length) + ", " +
                    juce::String (static_cast<double> (c->length) / model.sampleRate(), 2) + " s",
                font (11), colour (tokens::text2), r.removeFromTop (18));
    if (const auto* media = session::mediaOf (model.project(), c->media))
        drawFading (g, utf8 (media->path), font (11), colour (tokens::text3), r.removeFromTop (18));
    for (const auto& [name, place] : labels)
        drawFading (g, name, font (12), colour (tokens::text2), place.toFloat());
}

} // namespace lacquer::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/ClipEdits.h"
#include "session/Find.h"
#include "ui/Timeline.h"

#include <cmath>

/// What menus and keys do with clips.
namespace lacquer::ui
{

namespace
{

constexpr std::pair<const char*, session::Fade> shapes[] { { "Linear", session::Fade::linear },
                                                           { "Equal power", session::Fade::equalPower },
                                                           { "S-curve", session::Fade::sCurve },
                                                           { "Exponential", session::Fade::exponential } };

} // namespace

void Timeline::reverse()
{
    if (! clips.empty())
        model.edit (session::reversedClips (model.project(), chosenIds()), newGesture());
    repaint();
}

void Timeline::repeat (int times)
{
    if (! clips.empty())
        model.edit (session::repeatedClips (model.project(), chosenIds(), times), newGesture());
    repaint();
}

void Timeline::fadeToPlayhead (bool in)
{
    const auto at = model.position();
    edit (in ? "Fade in" : "Fade out",
          [&] (session::Project& p)
          {
              bool any = false;
              for (const auto& c : chosenClips (p))
                  if (at > c->start && at < c->start + c->length)
                      any = apply (p, session::withFades (p, c->id, in ? at - c->start : c->fadeIn,
                                                          in ? c->fadeOut : c->start + c->length - at,
                                                          c->fadeInShape, c->fadeOutShape)) ||
                            any;
              return any;
          });
}

void Timeline::nudge (int direction)
{
    const auto all = chosenClips (model.project());
    if (all.empty())
        return;
    const auto now = all.front()->start;
    const auto to = direction > 0 ? session::next (grid, model.tempo(), now)
                                  : session::previous (grid, model.tempo(), now);
    model.edit (movedSelection (model.project(), to - now, 0, false), newGesture());
    repaint();
}

void Timeline::clipMenu (const session::ClipPtr& clip, Frames at)
{
    juce::PopupMenu m;
    const auto head = model.position();
    const bool inside = clip->start < head && head < clip->start + clip->length;
    const int boxX = std::max (static_cast<int> (xOf (clip->start)), headerWidth());
    const juce::Rectangle<int> box (boxX, laneOf (session::trackOfClip (model.project(), clip->id)).getY(),
                                    110, 22);
    const auto each = [this] (const char* label, auto change)
    {
        return [this, label, change]
        {
            edit (label,
                  [&] (session::Project& p)
                  {
                      bool any = false;
                      for (const auto& c : chosenClips (p))
                          any = apply (p, change (p, *c)) || any;
                      return any;
                  });
        };
    };
    m.addItem ("Split at playhead", inside, false, [this] { splitAtPlayhead(); });
    m.addItem ("Split here",
               [this, at] {
                   model.edit (session::splitClips (model.project(), chosenIds(), onGrid (at)), newGesture());
               });
    m.addItem ("Trim start to playhead", inside, false,
               each ("Trim", [head] (const session::Project& p, const session::Clip& c)
                     { return session::trimmedClip (p, c.id, head, c.start + c.length); }));
    m.addItem ("Trim end to playhead", inside, false,
               each ("Trim", [head] (const session::Project& p, const session::Clip& c)
                     { return session::trimmedClip (p, c.id, c.start, head); }));
    m.addSeparator();
    m.addItem ("Duplicate", [this] { duplicate(); });
    m.addItem ("Repeat ... times",
               [this, box] { askNumber (box, "3", [this] (double n) { repeat (juce::roundToInt (n)); }); });
    m.addItem (
        "Fill the loop", model.loopEnd() > clip->start, false,
        [this]
        { model.edit (session::filledWith (model.project(), chosenIds(), model.loopEnd()), newGesture()); });
    m.addItem (
        "Move to playhead", [this, head, start = clip->start]
        { model.edit (session::movedClips (model.project(), chosenIds(), head - start), newGesture()); });
    m.addItem ("Slip by ... ms",
               [this, box]
               {
                   askNumber (box, "10",
                              [this] (double ms)
                              {
                                  model.edit (session::slippedClips (
                                                  model.project(), chosenIds(),
                                                  framesIn (Seconds { ms / 1000 }, model.sampleRate())),
                                              newGesture());
                              });
               });
    m.addItem ("Reverse", true, clip->reversed, [this] { reverse(); });
    m.addItem ("Mute", true, clip->muted, [this] { reverseMute(); });
    m.addItem ("Rename", [this, id = clip->id, box, name = utf8 (clip->name)]
               { rename (id, box.withWidth (160), name); });
    m.addSeparator();
    juce::PopupMenu gain;
    gain.addItem (
        "Type a gain",
        [this, box, each, now = clip->gain]
        {
            askNumber (box, juce::String (now, 1),
                       [each] (double db)
                       {
                           each ("Clip gain", [db] (const session::Project& p, const session::Clip& c)
                                 { return session::withClipGain (p, c.id, std::clamp (db, -60.0, 24.0)); })();
                       });
        });
    gain.addItem ("0 dB", clip->gain != 0, false,
                  each ("Clip gain", [] (const session::Project& p, const session::Clip& c)
                        { return session::withClipGain (p, c.id, 0); }));
    gain.addSeparator();
    const auto normalise = [&] (const char* name, const char* to, const char* target)
    {
        gain.addItem (name,
                      [this, to = std::string (to), target = std::string (target)] {
                          model.editClips ("normalise-clip", chosenIds(),
                                           { { "to", to }, { "target", target } }, "Normalise");
                      });
    };
    normalise ("Normalise peak to \xe2\x88\x92"
               "1 dBTP",
               "peak", "-1");
    normalise ("Normalise peak to 0 dBTP", "peak", "0");
    normalise ("Normalise loudness to \xe2\x88\x92"
               "23 LUFS",
               "loudness", "-23");
    normalise ("Normalise loudness to \xe2\x88\x92"
               "18 LUFS",
               "loudness", "-18");
    gain.addItem ("Normalise peak to ...",
                  [this, box]
                  {
                      askNumber (box, "-6",
                                 [this] (double to)
                                 {
                                     model.editClips ("normalise-clip", chosenIds(),
                                                      { { "to", "peak" }, { "target", std::to_string (to) } },
                                                      "Normalise");
                                 });
                  });
    gain.addSeparator();
    gain.addItem ("Add an envelope point here",
                  [this, id = clip->id, at, start = clip->start] { addEnvelopePoint (id, at - start); });
    gain.addItem ("Clear the envelope", ! clip->envelope.empty(), false,
                  each ("Clear clip envelope", [] (const session::Project& p, const session::Clip& c)
                        { return session::withEnvelope (p, c.id, {}); }));
    m.addSubMenu ("Gain", gain);
    for (const bool in : { true, false })
    {
        juce::PopupMenu sub;
        for (const auto& [name, shape] : shapes)
            sub.addItem (name, true, (in ? clip->fadeInShape : clip->fadeOutShape) == shape,
                         each ("Shape of fade",
                               [in, s = shape] (const session::Project& p, const session::Clip& c)
                               {
                                   return session::withFades (p, c.id, c.fadeIn, c.fadeOut,
                                                              in ? s : c.fadeInShape,
                                                              in ? c.fadeOutShape : s);
                               }));
        sub.addSeparator();
        sub.addItem (in ? "From the start to the playhead" : "From the playhead to the end", inside, false,
                     [this, in] { fadeToPlayhead (in); });
        sub.addItem ("Length ... ms",
                     [this, in, box, each]
                     {
                         askNumber (box, "10",
                                    [this, in, each] (double ms)
                                    {
                                        const auto n = framesIn (Seconds { std::max (0.0, ms) / 1000 },
                                                                 model.sampleRate());
                                        each (in ? "Fade in" : "Fade out",
                                              [in, n] (const session::Project& p, const session::Clip& c)
                                              {
                                                  const auto most = c.length - (in ? c.fadeOut : c.fadeIn);
                                                  return session::withFades (
                                                      p, c.id, in ? std::min (n, most) : c.fadeIn,
                                                      in ? c.fadeOut : std::min (n, most), c.fadeInShape,
                                                      c.fadeOutShape);
                                              })();
                                    });
                     });
        sub.addItem ("None", (in ? clip->fadeIn : clip->fadeOut) > 0, false,
                     each (in ? "No fade in" : "No fade out",
                           [in] (const session::Project& p, const session::Clip& c)
                           {
                               return session::withFades (p, c.id, in ? 0 : c.fadeIn, in ? c.fadeOut : 0,
                                                          c.fadeInShape, c.fadeOutShape);
                           }));
        m.addSubMenu (in ? "Fade in" : "Fade out", sub);
    }
    juce::PopupMenu silence;
    for (const int db : { -60, -48, -36, -24 })
        silence.addItem ("Under " + shownLevel (db) + " dB",
                         [this, db]
                         {
                             model.editClips ("strip-silence", chosenIds(),
                                              { { "threshold", std::to_string (db) }, { "fade", "0.005s" } },
                                              "Strip silence");
                         });
    m.addSubMenu ("Strip silence", silence);
    m.addSeparator();
    m.addItem ("Cut", [this] { cut(); });
    m.addItem ("Copy", [this] { copy(); });
    m.addItem ("Loop the clip", [this] { loopSelection(); });
    m.addItem ("Delete", [this] { removeSelection(); });
    showMenu (m);
}

/// A point of a clip's gain envelope where it is now, so that nothing changes until it is moved.
void Timeline::addEnvelopePoint (Id clip, Frames at)
{
    const auto* c = session::clipOf (model.project(), clip);
    if (c == nullptr)
        return;
    auto points = c->envelope;
    points.push_back ({ at, points.empty() ? 0 : session::envelopeGain (points, at) });
    auto made = session::withEnvelope (model.project(), clip, std::move (points));
    if (made)
        made->label = "Add envelope point";
    model.edit (std::move (made), newGesture());
    clips = { clip };
    repaint (rowsArea());
}

/// Editing of tracks together, crossfades and automation that follows: the part of a track's menu that is
/// about clips.
void Timeline::addTrackEditing (juce::PopupMenu& m, Id track)
{
    m.addItem ("Group chosen tracks", chosen.size() > 1, false, [this] { groupChosen(); });
    juce::PopupMenu together;
    together.addItem ("Chosen tracks together", chosen.size() > 1, false,
                      [this]
                      {
                          std::vector<Id> all;
                          for (const auto& t : model.song().tracks)
                              if (chosen.contains (t->strip.id))
                                  all.push_back (t->strip.id);
                          model.edit (session::addedEditGroup (
                                          model.project(), model.song().id,
                                          "Edit group " + std::to_string (model.song().editGroups.size() + 1),
                                          all),
                                      newGesture());
                      });
    if (! model.song().editGroups.empty())
        together.addSeparator();
    for (const auto& group : model.song().editGroups)
    {
        juce::PopupMenu one;
        one.addItem ("On", true, group.on,
                     [this, id = group.id, on = group.on]
                     { model.edit (session::switchedEditGroup (model.project(), id, ! on), newGesture()); });
        const bool member = std::find (group.tracks.begin(), group.tracks.end(), track) != group.tracks.end();
        one.addItem (member ? "Leave it" : "Join it",
                     [this, id = group.id, tracks = group.tracks, track, member]() mutable
                     {
                         if (member)
                             std::erase (tracks, track);
                         else
                             tracks.push_back (track);
                         model.edit (session::withEditGroupTracks (model.project(), id, tracks),
                                     newGesture());
                     });
        one.addItem ("Remove", [this, id = group.id]
                     { model.edit (session::removedEditGroup (model.project(), id), newGesture()); });
        together.addSubMenu (utf8 (group.name) + (member ? "  *" : ""), one);
    }
    m.addSubMenu ("Edit together", together);
    juce::PopupMenu crossing;
    for (const auto& [name, how] :
         { std::pair { "Off", session::Crossfades::off },
           std::pair { "Linear: pieces of one sound", session::Crossfades::linear },
           std::pair { "Equal power: other sounds", session::Crossfades::equalPower } })
        crossing.addItem (
            name, true, model.song().crossfades == how,
            [this, how = how]
            { model.edit (session::withCrossfades (model.project(), model.song().id, how), newGesture()); });
    crossing.addSeparator();
    for (const auto& [name, shape] : shapes)
        crossing.addItem (juce::String ("Cross overlapping clips now: ") + name, [this, track, s = shape]
                          { model.edit (session::crossfaded (model.project(), track, s), newGesture()); });
    m.addSubMenu ("Crossfades", crossing);
    m.addItem ("Automation follows clips", true, model.song().automationFollows,
               [this]
               {
                   model.edit (session::withAutomationFollowing (model.project(), model.song().id,
                                                                 ! model.song().automationFollows),
                               newGesture());
               });
}

} // namespace lacquer::ui

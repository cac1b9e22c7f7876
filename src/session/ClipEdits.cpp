// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/ClipEdits.h"

#include "session/AutomationEdits.h"
#include "session/Changes.h"

#include <cmath>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace lacquer::session
{

using namespace change;

namespace
{

/// Clips of one song.
struct Chosen
{
    const Song* song = nullptr;
    std::unordered_set<Id> ids;
};

Result<Chosen> chosen (const Project& p, const Ids& given)
{
    if (given.empty())
        return Problem { "No clip was named." };
    Chosen c;
    const auto all = withGroupMembers (p, given);
    c.ids.insert (all.begin(), all.end());
    std::size_t found = 0;
    for (const auto& s : p.songs)
        for (const auto& t : s->tracks)
            for (const auto& clip : t->clips)
                if (c.ids.contains (clip->id))
                {
                    if (c.song != nullptr && c.song != s.get())
                        return Problem { "The clips belong to different songs." };
                    c.song = s.get();
                    ++found;
                }
    for (const auto id : given)
        if (found < c.ids.size() && clipOf (p, id) == nullptr)
            return nothing ("clip", id);
    return c;
}

std::string label (const char* what, const Ids& clips)
{
    return std::string (what) + (clips.size() == 1 ? " clip" : " clips");
}

bool holdsAny (const Track& t, const std::unordered_set<Id>& ids)
{
    return std::any_of (t.clips.begin(), t.clips.end(),
                        [&] (const ClipPtr& c) { return ids.contains (c->id); });
}

/// The frames that a clip shares with the one after it; 0 unless one goes on where the other ends.
Frames overlap (const Clip& a, const Clip& b)
{
    const Frames endA = a.start + a.length, endB = b.start + b.length;
    return a.start < b.start && b.start < endA && endA < endB && ! a.muted && ! b.muted ? endA - b.start : 0;
}

template <typename Concerns>
int crossfade (Track& t, Fade shape, const Concerns& concerns)
{
    int count = 0;
    for (std::size_t k = 1; k < t.clips.size(); ++k)
    {
        const Frames n = overlap (*t.clips[k - 1], *t.clips[k]);
        if (n == 0 || ! concerns (*t.clips[k - 1], *t.clips[k]))
            continue;
        Clip a = *t.clips[k - 1], b = *t.clips[k];
        a.fadeOut = b.fadeIn = n;
        a.fadeOutShape = b.fadeInShape = shape;
        t.clips[k - 1] = std::make_shared<const Clip> (std::move (a));
        t.clips[k] = std::make_shared<const Clip> (std::move (b));
        ++count;
    }
    return count;
}

/// Puts a track's clips in order after an edit of some of them.
void arrange (Track& t, Crossfades how, const std::unordered_set<Id>& edited)
{
    sortClips (t);
    if (how != Crossfades::off)
        crossfade (t, how == Crossfades::linear ? Fade::linear : Fade::equalPower,
                   [&] (const Clip& a, const Clip& b)
                   { return edited.contains (a.id) || edited.contains (b.id); });
}

/// How far the clip before a clip of a track reaches into it, and it into the next; by the clip's id.
struct Meeting
{
    Frames before = 0, after = 0;
};
std::unordered_map<Id, Meeting> meetings (const Song& s)
{
    std::unordered_map<Id, Meeting> all;
    for (const auto& t : s.tracks)
        for (std::size_t k = 1; k < t->clips.size(); ++k)
            if (const Frames n = overlap (*t->clips[k - 1], *t->clips[k]); n > 0)
            {
                all[t->clips[k - 1]->id].after = n;
                all[t->clips[k]->id].before = n;
            }
    return all;
}

/// Takes the fades of automatic crossfades away where clips have parted, or one of the two is gone or muted.
/// Fades that have another length than the overlap had are the user's own, and stay.
void releaseCrossfades (const Song& before, Song& s)
{
    const auto old = meetings (before);
    if (s.crossfades == Crossfades::off || old.empty())
        return;
    const auto now = meetings (s);
    const auto released = [&] (const Clip& c)
    {
        const auto was = old.find (c.id), is = now.find (c.id);
        const Meeting had = was == old.end() ? Meeting {} : was->second,
                      has = is == now.end() ? Meeting {} : is->second;
        return std::pair (had.before > 0 && has.before == 0 && c.fadeIn == had.before,
                          had.after > 0 && has.after == 0 && c.fadeOut == had.after);
    };
    for (std::size_t n = 0; n < s.tracks.size(); ++n)
    {
        const auto some = [&] (const ClipPtr& c) { return released (*c) != std::pair (false, false); };
        if (std::none_of (s.tracks[n]->clips.begin(), s.tracks[n]->clips.end(), some))
            continue;
        (void)changed (s.tracks[n],
                       [&] (Track& t)
                       {
                           for (auto& c : t.clips)
                               if (const auto [in, out] = released (*c); in || out)
                               {
                                   Clip free = *c;
                                   if (in)
                                       free.fadeIn = 0;
                                   if (out)
                                       free.fadeOut = 0;
                                   c = std::make_shared<const Clip> (std::move (free));
                               }
                           return Outcome {};
                       });
    }
}

/// An edit of a song's clips, after which no crossfade is left of clips that parted.
template <typename F>
Edit rearranged (const Project& p, Id song, std::string what, const F& change)
{
    return inSong (p, song, std::move (what),
                   [&] (Song& s, Edited& e) -> Outcome
                   {
                       if (auto done = change (s, e); ! done)
                           return done;
                       releaseCrossfades (*songOf (p, song), s);
                       return {};
                   });
}

Outcome goodEnvelope (const std::vector<GainPoint>& points)
{
    if (points.size() > limit::points)
        return Problem { "There are too many points in the envelope." };
    for (const auto& point : points)
        if (! (std::abs (point.gain) <= 200) || point.position < -limit::position ||
            point.position > limit::position)
            return Problem { "A point of the envelope is out of range." };
    return {};
}

/// What a clip plays between two positions, as a clip; its sound stays where it was.
Clip piece (const Clip& c, Frames begin, Frames end)
{
    Clip part = c;
    part.offset += c.reversed ? c.start + c.length - end : begin - c.start;
    part.start = begin;
    part.length = end - begin;
    part.fadeIn = std::min (c.fadeIn, part.length);
    part.fadeOut = std::min (c.fadeOut, part.length);
    for (auto& point : part.envelope)
        point.position -= begin - c.start;
    return part;
}

ClipPtr shared (Clip c)
{
    return std::make_shared<const Clip> (std::move (c));
}

/// Calls change (Clip&) for the clips and their group members.
template <typename F>
Edit inClips (const Project& p, const Ids& given, std::string what, const F& change)
{
    const auto all = chosen (p, given);
    if (! all)
        return all.problem();
    return rearranged (p, all->song->id, std::move (what),
                       [&] (Song& s, Edited&) -> Outcome
                       {
                           for (auto& t : s.tracks)
                           {
                               if (! holdsAny (*t, all->ids))
                                   continue;
                               const auto done =
                                   changed (t,
                                            [&] (Track& copy) -> Outcome
                                            {
                                                for (auto& c : copy.clips)
                                                    if (all->ids.contains (c->id))
                                                        if (auto one = changed (c, change); ! one)
                                                            return one;
                                                arrange (copy, s.crossfades, all->ids);
                                                return {};
                                            });
                               if (! done)
                                   return done;
                           }
                           return {};
                       });
}

/// Gives a clip a gain; those of its edit groups change by as many dB, so that they keep their balance.
Edit withGainChange (const Project& p, Id clip, const char* what, double decibels)
{
    const auto* old = clipOf (p, clip);
    if (old == nullptr)
        return nothing ("clip", clip);
    const double by = decibels - old->gain;
    return inClips (p, { clip }, what,
                    [&] (Clip& c) -> Outcome
                    {
                        const double gain = c.id == clip ? decibels : c.gain + by;
                        if (! (std::abs (gain) <= 200))
                            return Problem { "The gain of a clip lies within 200 dB." };
                        c.gain = gain;
                        return {};
                    });
}

/// Puts copies of clips into the song; to: for each the index of its track.
Outcome added (Song& s, Edited& e, const std::vector<std::pair<std::size_t, Clip>>& copies)
{
    std::size_t count = copies.size();
    for (const auto& t : s.tracks)
        count += t->clips.size();
    if (count > limit::clips)
        return Problem { "There are too many clips." };
    for (std::size_t n = 0; n < s.tracks.size(); ++n)
    {
        if (std::none_of (copies.begin(), copies.end(), [&] (const auto& c) { return c.first == n; }))
            continue;
        (void)changed (s.tracks[n],
                       [&] (Track& t)
                       {
                           std::unordered_set<Id> fresh;
                           for (const auto& [to, clip] : copies)
                               if (to == n)
                               {
                                   Clip copy = clip;
                                   copy.id = nextId (e.project);
                                   if (! e.made)
                                       e.made = copy.id;
                                   fresh.insert (copy.id);
                                   t.clips.push_back (shared (std::move (copy)));
                               }
                           arrange (t, s.crossfades, fresh);
                           return Outcome {};
                       });
    }
    return {};
}

/// The chosen clips with the index of the track each is to go to.
Result<std::vector<std::pair<std::size_t, Clip>>> elsewhere (const Chosen& all, Frames by, int tracksDown)
{
    std::vector<std::pair<std::size_t, Clip>> moved;
    const auto& tracks = all.song->tracks;
    for (std::size_t n = 0; n < tracks.size(); ++n)
        for (const auto& c : tracks[n]->clips)
        {
            if (! all.ids.contains (c->id))
                continue;
            const auto to = static_cast<std::int64_t> (n) + tracksDown;
            if (to < 0 || to >= static_cast<std::int64_t> (tracks.size()))
                return Problem { "There is no track for all of the clips there." };
            if (by < -c->start)
                return Problem { "A clip cannot start before the song." };
            if (by > limit::position - c->start)
                return Problem { "The start is out of range." };
            moved.emplace_back (static_cast<std::size_t> (to), *c).second.start += by;
        }
    return moved;
}

/// From the first start to the last end.
Range spanOf (const Chosen& all)
{
    std::optional<Range> span;
    for (const auto& t : all.song->tracks)
        for (const auto& c : t->clips)
            if (all.ids.contains (c->id))
            {
                if (! span)
                    span = Range { c->start, c->start + c->length };
                span->begin = std::min (span->begin, c->start);
                span->end = std::max (span->end, c->start + c->length);
            }
    return span.value_or (Range {});
}

Edit repeated (const Project& p, const Ids& clips, std::optional<int> times, Frames until)
{
    const auto all = chosen (p, clips);
    if (! all)
        return all.problem();
    const auto span = spanOf (*all);
    const Frames period = span.end - span.begin;
    const Frames copies = times ? *times : (std::max<Frames> (0, until - span.end) + period - 1) / period;
    if (copies < 1)
        return times ? Problem { "Clips can be repeated once or more." }
                     : Problem { "There is nothing to fill: the clips reach there already." };
    if (copies > static_cast<Frames> (limit::clips) || span.end > limit::position - copies * period)
        return Problem { "The repeated clips would end too late." };
    std::vector<std::pair<std::size_t, Clip>> list;
    for (Frames n = 1; n <= copies; ++n)
    {
        auto moved = elsewhere (*all, n * period, 0);
        if (! moved)
            return moved.problem();
        for (auto& [to, clip] : *moved)
        {
            if (! times && clip.start >= until)
                continue;
            if (! times && clip.start + clip.length > until)
                clip = piece (clip, clip.start, until);
            list.emplace_back (to, std::move (clip));
        }
        if (list.size() > limit::clips)
            return Problem { "There are too many clips." };
    }
    return rearranged (p, all->song->id, label (times ? "Repeat" : "Fill with", clips),
                       [&] (Song& s, Edited& e) { return added (s, e, list); });
}

} // namespace

// ---- one clip

Edit addedClip (const Project& p, Id track, Clip clip)
{
    const auto* media = mediaOf (p, clip.media);
    if (media == nullptr)
        return nothing ("audio file", clip.media);
    if (clip.name.empty())
    {
        const auto slash = media->path.rfind ('/');
        clip.name = nameToShow (slash == std::string::npos ? media->path : media->path.substr (slash + 1));
    }
    if (const auto good = goodText ("The clip's name", clip.name); ! good)
        return good.problem();
    for (const auto& good :
         { goodPosition ("The start", clip.start), goodPosition ("The offset", clip.offset),
           goodPosition ("The length", clip.length, 1), goodFades (clip), goodEnvelope (clip.envelope) })
        if (! good)
            return good.problem();
    if (! (std::abs (clip.gain) <= 200))
        return Problem { "The gain of a clip lies within 200 dB." };
    const auto* song = trackOf (p, track) != nullptr ? songOf (p, track) : nullptr;
    if (song == nullptr)
        return nothing ("track", track);
    return rearranged (p, song->id, "Add clip " + quoted (clip.name),
                       [&] (Song& s, Edited& e) -> Outcome
                       {
                           for (std::size_t n = 0; n < s.tracks.size(); ++n)
                               if (s.tracks[n]->strip.id == track)
                                   return added (s, e, { { n, clip } });
                           return {};
                       });
}

Edit removedClip (const Project& p, Id clip)
{
    return removedClips (p, { clip });
}

Edit movedClip (const Project& p, Id clip, Frames start, Id track)
{
    const auto* old = clipOf (p, clip);
    if (old == nullptr)
        return nothing ("clip", clip);
    if (const auto good = goodPosition ("The start", start); ! good)
        return good.problem();
    const auto& tracks = songOf (p, clip)->tracks;
    const auto indexOf = [&] (Id id)
    {
        const auto at = std::find_if (tracks.begin(), tracks.end(),
                                      [&] (const TrackPtr& t) { return t->strip.id == id; });
        return static_cast<int> (at - tracks.begin());
    };
    int down = 0;
    if (track)
    {
        if (trackOf (p, track) == nullptr)
            return nothing ("track", track);
        if (indexOf (track) == static_cast<int> (tracks.size()))
            return Problem { "A clip can only move within its song." };
        down = indexOf (track) - indexOf (trackOfClip (p, clip));
    }
    return movedClips (p, { clip }, start - old->start, down);
}

Reach reachOf (const Project& p, const Clip& c)
{
    // What reaches beyond its file already, after a shorter bounce, may stay so.
    const auto* media = mediaOf (p, c.media);
    const auto left = c.offset;
    const auto right = std::max<Frames> (0, (media != nullptr ? media->frames : 0) - c.offset - c.length);
    return { std::max<Frames> (0, c.start - (c.reversed ? right : left)),
             std::min (limit::position, c.start + c.length + (c.reversed ? left : right)) };
}

Edit trimmedClip (const Project& p, Id clip, Frames start, Frames end)
{
    return inClips (p, { clip }, "Trim clip",
                    [&] (Clip& c) -> Outcome
                    {
                        if (start < 0 || end > limit::position || start >= end)
                            return Problem { "A clip must end after it starts." };
                        const auto reach = reachOf (p, c);
                        if (start < reach.begin)
                            return Problem { "The audio file does not reach back that far." };
                        if (end > reach.end)
                            return Problem { "The audio file does not reach that far." };
                        auto trimmed = piece (c, start, end);
                        if (const auto good = goodEnvelope (trimmed.envelope); ! good)
                            return good;
                        c = std::move (trimmed);
                        return {};
                    });
}

Edit splitClip (const Project& p, Id clip, Frames at)
{
    return splitClips (p, { clip }, at);
}

Edit withClipGain (const Project& p, Id clip, double decibels)
{
    if (! (std::abs (decibels) <= 200))
        return Problem { "The gain of a clip lies within 200 dB." };
    return withGainChange (p, clip, "Change clip gain", decibels);
}

Edit withFades (const Project& p, Id clip, Frames in, Frames out, Fade inShape, Fade outShape)
{
    return inClips (p, { clip }, "Change fades",
                    [&] (Clip& c)
                    {
                        c.fadeIn = in;
                        c.fadeOut = out;
                        c.fadeInShape = inShape;
                        c.fadeOutShape = outShape;
                        return goodFades (c);
                    });
}

Edit mutedClip (const Project& p, Id clip, bool muted)
{
    return mutedClips (p, { clip }, muted);
}

Edit normalisedClip (const Project& p, Id clip, double measured, double target, Normalise to)
{
    if (! (measured > silenceDb))
        return Problem { "The clip is silent, so there is no level to bring anywhere." };
    if (! (std::abs (target - measured) <= 200))
        return Problem { "The gain of a clip lies within 200 dB." };
    return withGainChange (p, clip, to == Normalise::peak ? "Normalise clip peak" : "Normalise clip loudness",
                           target - measured);
}

Edit withEnvelope (const Project& p, Id clip, std::vector<GainPoint> points)
{
    if (const auto good = goodEnvelope (points); ! good)
        return good.problem();
    // Of equal positions the last one counts: the reversed order makes unique() keep it.
    std::reverse (points.begin(), points.end());
    std::stable_sort (points.begin(), points.end(),
                      [] (const GainPoint& a, const GainPoint& b) { return a.position < b.position; });
    points.erase (std::unique (points.begin(), points.end(),
                               [] (const GainPoint& a, const GainPoint& b)
                               { return a.position == b.position; }),
                  points.end());
    return inClips (p, { clip }, points.empty() ? "Remove clip envelope" : "Change clip envelope",
                    [&] (Clip& c)
                    {
                        c.envelope = points;
                        return Outcome {};
                    });
}

double envelopeGain (const std::vector<GainPoint>& points, Frames position)
{
    if (points.empty())
        return 0;
    const auto after = std::upper_bound (points.begin(), points.end(), position,
                                         [] (Frames x, const GainPoint& g) { return x < g.position; });
    if (after == points.begin())
        return points.front().gain;
    const auto& from = *std::prev (after);
    if (after == points.end())
        return from.gain;
    return from.gain + (after->gain - from.gain) * static_cast<double> (position - from.position) /
                           static_cast<double> (after->position - from.position);
}

Edit strippedSilence (const Project& p, Id clip, std::vector<Range> keep, Frames fade)
{
    const auto* old = clipOf (p, clip);
    if (old == nullptr)
        return nothing ("clip", clip);
    if (keep.empty())
        return Problem { "Nothing of the clip would be left.", {}, "Lower the threshold." };
    Frames last = old->start;
    for (const auto& r : keep)
    {
        if (r.begin < last || r.end <= r.begin || r.end > old->start + old->length)
            return Problem { "The ranges must lie in the clip, one after the other." };
        last = r.end;
    }
    if (fade < 0)
        return Problem { "A fade cannot be shorter than nothing." };
    const auto all = chosen (p, { clip });
    if (! all)
        return all.problem();
    std::size_t count = keep.size() * all->ids.size();
    for (const auto& t : all->song->tracks)
        count += t->clips.size();
    if (count > limit::clips)
        return Problem { "There are too many clips." };
    return rearranged (p, all->song->id, "Strip silence",
                       [&] (Song& s, Edited& e)
                       {
                           for (auto& t : s.tracks)
                           {
                               if (! holdsAny (*t, all->ids))
                                   continue;
                               (void)changed (t,
                                              [&] (Track& copy)
                                              {
                                                  std::vector<ClipPtr> clips;
                                                  for (const auto& c : copy.clips)
                                                  {
                                                      if (! all->ids.contains (c->id))
                                                      {
                                                          clips.push_back (c);
                                                          continue;
                                                      }
                                                      for (const auto& r : keep)
                                                      {
                                                          auto part = piece (*c, r.begin, r.end);
                                                          const auto most = std::min (fade, part.length / 2);
                                                          if (r.begin > c->start)
                                                              part.fadeIn = most;
                                                          if (r.end < c->start + c->length)
                                                              part.fadeOut = most;
                                                          if (&r != &keep.front())
                                                              part.id = nextId (e.project);
                                                          clips.push_back (shared (std::move (part)));
                                                      }
                                                  }
                                                  copy.clips = std::move (clips);
                                                  sortClips (copy);
                                                  return Outcome {};
                                              });
                           }
                           return Outcome {};
                       });
}

// ---- several clips

Ids withGroupMembers (const Project& p, const Ids& clips)
{
    Ids all = clips;
    std::unordered_set<Id> known (clips.begin(), clips.end());
    for (const auto& s : p.songs)
    {
        if (std::none_of (s->editGroups.begin(), s->editGroups.end(),
                          [] (const EditGroup& g) { return g.on; }))
            continue;
        for (const auto& t : s->tracks)
            for (const auto& c : t->clips)
            {
                if (std::find (clips.begin(), clips.end(), c->id) == clips.end())
                    continue;
                for (const auto& g : s->editGroups)
                {
                    if (! g.on || std::find (g.tracks.begin(), g.tracks.end(), t->strip.id) == g.tracks.end())
                        continue;
                    for (const auto& other : s->tracks)
                        if (other != t &&
                            std::find (g.tracks.begin(), g.tracks.end(), other->strip.id) != g.tracks.end())
                            for (const auto& same : other->clips)
                                if (same->start == c->start && same->length == c->length &&
                                    known.insert (same->id).second)
                                    all.push_back (same->id);
                }
            }
    }
    return all;
}

Edit removedClips (const Project& p, const Ids& clips)
{
    const auto all = chosen (p, clips);
    if (! all)
        return all.problem();
    return rearranged (p, all->song->id, label ("Remove", clips),
                       [&] (Song& s, Edited&)
                       {
                           for (auto& t : s.tracks)
                               if (holdsAny (*t, all->ids))
                                   (void)changed (t,
                                                  [&] (Track& copy)
                                                  {
                                                      std::erase_if (copy.clips, [&] (const ClipPtr& c)
                                                                     { return all->ids.contains (c->id); });
                                                      return Outcome {};
                                                  });
                           return Outcome {};
                       });
}

Edit mutedClips (const Project& p, const Ids& clips, bool muted)
{
    return inClips (p, clips, label (muted ? "Mute" : "Unmute", clips),
                    [&] (Clip& c)
                    {
                        c.muted = muted;
                        return Outcome {};
                    });
}

Edit movedClips (const Project& p, const Ids& clips, Frames by, int tracksDown)
{
    const auto all = chosen (p, clips);
    if (! all)
        return all.problem();
    const auto moved = elsewhere (*all, by, tracksDown);
    if (! moved)
        return moved.problem();
    auto edit = rearranged (p, all->song->id, label ("Move", clips),
                            [&] (Song& s, Edited&)
                            {
                                for (std::size_t n = 0; n < s.tracks.size(); ++n)
                                {
                                    const bool comes =
                                        std::any_of (moved->begin(), moved->end(),
                                                     [&] (const auto& m) { return m.first == n; });
                                    if (! comes && ! holdsAny (*s.tracks[n], all->ids))
                                        continue;
                                    (void)changed (s.tracks[n],
                                                   [&] (Track& copy)
                                                   {
                                                       std::erase_if (copy.clips, [&] (const ClipPtr& c)
                                                                      { return all->ids.contains (c->id); });
                                                       for (const auto& [to, clip] : *moved)
                                                           if (to == n)
                                                               copy.clips.push_back (shared (clip));
                                                       arrange (copy, s.crossfades, all->ids);
                                                       return Outcome {};
                                                   });
                                }
                                return Outcome {};
                            });
    return withAutomationAlong (p, std::move (edit), Ids (all->ids.begin(), all->ids.end()));
}

Edit copiedClips (const Project& p, const Ids& clips, Frames by, int tracksDown)
{
    const auto all = chosen (p, clips);
    if (! all)
        return all.problem();
    const auto copies = elsewhere (*all, by, tracksDown);
    if (! copies)
        return copies.problem();
    return rearranged (p, all->song->id, label ("Copy", clips),
                       [&] (Song& s, Edited& e) { return added (s, e, *copies); });
}

Edit repeatedClips (const Project& p, const Ids& clips, int times)
{
    return repeated (p, clips, times, 0);
}

Edit filledWith (const Project& p, const Ids& clips, Frames until)
{
    if (const auto good = goodPosition ("The position", until); ! good)
        return good.problem();
    return repeated (p, clips, {}, until);
}

Edit slippedClips (const Project& p, const Ids& clips, Frames by)
{
    const auto all = chosen (p, clips);
    if (! all)
        return all.problem();
    // As far as every one of them can go.
    Frames least = -limit::position, most = limit::position;
    for (const auto& t : all->song->tracks)
        for (const auto& c : t->clips)
            if (all->ids.contains (c->id))
            {
                const auto* media = mediaOf (p, c->media);
                const Frames ahead =
                    media != nullptr ? std::max<Frames> (0, media->frames - c->length - c->offset) : 0;
                least = std::max (least, c->reversed ? -c->offset : -ahead);
                most = std::min (most, c->reversed ? ahead : c->offset);
            }
    const Frames way = std::clamp (by, least, most);
    if (way == 0 && by != 0)
        return Problem { "The audio file does not reach that far." };
    return inClips (p, clips, label ("Slip", clips),
                    [&] (Clip& c)
                    {
                        c.offset += c.reversed ? way : -way;
                        return Outcome {};
                    });
}

Edit reversedClips (const Project& p, const Ids& clips)
{
    return inClips (p, clips, label ("Reverse", clips),
                    [&] (Clip& c)
                    {
                        c.reversed = ! c.reversed;
                        return Outcome {};
                    });
}

Edit splitClips (const Project& p, const Ids& clips, Frames at)
{
    const auto all = chosen (p, clips);
    if (! all)
        return all.problem();
    const auto inside = [&] (const Clip& c)
    { return all->ids.contains (c.id) && at > c.start && at < c.start + c.length; };
    bool some = false;
    for (const auto& t : all->song->tracks)
        for (const auto& c : t->clips)
            some = some || inside (*c);
    if (! some)
        return Problem { "A clip can only be split inside it." };
    return rearranged (p, all->song->id, label ("Split", clips),
                       [&] (Song& s, Edited& e)
                       {
                           for (auto& t : s.tracks)
                           {
                               if (std::none_of (t->clips.begin(), t->clips.end(),
                                                 [&] (const ClipPtr& c) { return inside (*c); }))
                                   continue;
                               (void)changed (t,
                                              [&] (Track& copy)
                                              {
                                                  std::vector<ClipPtr> rights;
                                                  for (auto& c : copy.clips)
                                                  {
                                                      if (! inside (*c))
                                                          continue;
                                                      auto left = piece (*c, c->start, at);
                                                      auto right = piece (*c, at, c->start + c->length);
                                                      left.fadeOut = 0;
                                                      right.fadeIn = 0;
                                                      right.id = nextId (e.project);
                                                      if (! e.made)
                                                          e.made = right.id;
                                                      c = shared (std::move (left));
                                                      rights.push_back (shared (std::move (right)));
                                                  }
                                                  copy.clips.insert (copy.clips.end(), rights.begin(),
                                                                     rights.end());
                                                  sortClips (copy);
                                                  return Outcome {};
                                              });
                           }
                           return Outcome {};
                       });
}

Edit crossfaded (const Project& p, Id track, Fade shape)
{
    return inTrack (p, track, "Crossfade clips",
                    [&] (Track& t, Edited&) -> Outcome
                    {
                        if (crossfade (t, shape, [] (const Clip&, const Clip&) { return true; }) == 0)
                            return Problem { "No clips overlap on this track." };
                        return {};
                    });
}

Edit withCrossfades (const Project& p, Id song, Crossfades how)
{
    return inSong (p, song,
                   how == Crossfades::off ? "Switch off automatic crossfades"
                                          : "Switch on automatic crossfades",
                   [&] (Song& s, Edited&)
                   {
                       s.crossfades = how;
                       return Outcome {};
                   });
}

// ---- groups of tracks for editing

namespace
{

Outcome goodMembers (const Song& s, const Ids& tracks)
{
    if (tracks.empty())
        return Problem { "An edit group holds at least one track." };
    std::unordered_set<Id> seen;
    for (const auto id : tracks)
    {
        if (std::none_of (s.tracks.begin(), s.tracks.end(),
                          [&] (const TrackPtr& t) { return t->strip.id == id; }))
            return Problem { "An edit group holds tracks of one song." };
        if (! seen.insert (id).second)
            return Problem { "A track can only be once in an edit group." };
    }
    return {};
}

template <typename F>
Edit inEditGroup (const Project& p, Id group, std::string what, const F& change)
{
    return inList (p, &Song::editGroups, "edit group", group, std::move (what), change);
}

} // namespace

Edit addedEditGroup (const Project& p, Id song, std::string name, Ids tracks)
{
    if (const auto good = goodName (name); ! good)
        return good.problem();
    return inSong (p, song, "Add edit group " + quoted (name),
                   [&] (Song& s, Edited& e) -> Outcome
                   {
                       if (const auto good = goodMembers (s, tracks); ! good)
                           return good;
                       if (s.editGroups.size() >= limit::strips)
                           return Problem { "There are too many edit groups." };
                       EditGroup g;
                       g.id = e.made = nextId (e.project);
                       g.name = name;
                       g.tracks = tracks;
                       s.editGroups.push_back (std::move (g));
                       return {};
                   });
}

Edit removedEditGroup (const Project& p, Id group)
{
    if (editGroupOf (p, group) == nullptr)
        return nothing ("edit group", group);
    return inSong (p, songOf (p, group)->id, "Remove edit group",
                   [&] (Song& s, Edited&)
                   {
                       std::erase_if (s.editGroups, [&] (const EditGroup& g) { return g.id == group; });
                       return Outcome {};
                   });
}

Edit withEditGroupTracks (const Project& p, Id group, Ids tracks)
{
    return inEditGroup (p, group, "Change edit group",
                        [&] (EditGroup& g, const Song& s)
                        {
                            g.tracks = tracks;
                            return goodMembers (s, tracks);
                        });
}

Edit switchedEditGroup (const Project& p, Id group, bool on)
{
    return inEditGroup (p, group, on ? "Switch on edit group" : "Switch off edit group",
                        [&] (EditGroup& g)
                        {
                            g.on = on;
                            return Outcome {};
                        });
}

Edit withGrid (const Project& p, Id song, Grid grid, bool snaps)
{
    if (grid.count < 1 || grid.count > Grid::most || grid.parts < 1 || grid.parts > Grid::most)
        return Problem { "The grid is too wide or too fine." };
    return inSong (p, song, "Change grid",
                   [&] (Song& s, Edited&)
                   {
                       s.grid = grid;
                       s.snaps = snaps;
                       return Outcome {};
                   });
}

} // namespace lacquer::session

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Edits.h"

#include <vector>

namespace lacquer::session
{

/// Edits of clips, several at once: all of one song. Like the edits of one clip they are pure, and, except
/// where it says otherwise, take the clips of edit groups with them. Where the song says so
/// (Song::crossfades), clips that come to overlap get their fades, and lose them when they part. [any thread]

using Ids = std::vector<Id>;

/// The clips, and those with the same start and length on the other tracks of edit groups that are on.
Ids withGroupMembers (const Project&, const Ids& clips);

Edit removedClips (const Project&, const Ids&);
Edit mutedClips (const Project&, const Ids&, bool muted);
/// By frames, earlier when negative, and by tracks in the order of the song, up when negative.
Edit movedClips (const Project&, const Ids&, Frames by, int tracksDown = 0);
/// Copies that lie so much later and so many tracks down; `made` is the first of them.
Edit copiedClips (const Project&, const Ids&, Frames by, int tracksDown = 0);
/// So many copies one after the other, each as far from the last as all the clips together are long.
Edit repeatedClips (const Project&, const Ids&, int times);
/// As many copies as fit up to a position, the last ones cut there.
Edit filledWith (const Project&, const Ids&, Frames until);
/// Moves the sound under clips that stay: later by `by`, as far as their files reach.
Edit slippedClips (const Project&, const Ids&, Frames by);
/// Turns the direction in which clips are played.
Edit reversedClips (const Project&, const Ids&);
/// Those that a position lies in, into two each; `made` is the first right one.
Edit splitClips (const Project&, const Ids&, Frames at);

enum class Normalise
{
    peak,    ///< dBTP or dBFS
    loudness ///< LUFS
};
/// Sets the gain by which a level, measured of the clip's file without gain, envelope and fades, comes to the
/// target. Clips of its edit groups change by as many dB.
Edit normalisedClip (const Project&, Id clip, double measured, double target, Normalise);

/// How far a clip can be trimmed: its first start and its last end, in the song.
struct Reach
{
    Frames begin = 0, end = 0;
};
/// As far as its file reaches; one that reaches beyond it already, after a shorter bounce, as far as it does.
Reach reachOf (const Project&, const Clip&);

/// Points in frames from the clip's start. Of equal positions the last counts; none: no envelope.
Edit withEnvelope (const Project&, Id clip, std::vector<GainPoint>);
/// The gain of an envelope in dB.
double envelopeGain (const std::vector<GainPoint>&, Frames position);

/// The fades of all clips of a track that overlap their successor, made as long as the overlap.
Edit crossfaded (const Project&, Id track, Fade);
Edit withCrossfades (const Project&, Id song, Crossfades);

/// A stretch of the timeline, end not included.
struct Range
{
    Frames begin = 0, end = 0;
    bool operator== (const Range&) const = default;
};
/// Leaves of a clip what lies in ranges, each a clip of its own whose new ends are faded so long.
Edit strippedSilence (const Project&, Id clip, std::vector<Range> keep, Frames fade = 0);

// ---- groups of tracks for editing

Edit addedEditGroup (const Project&, Id song, std::string name, Ids tracks);
Edit removedEditGroup (const Project&, Id group);
Edit withEditGroupTracks (const Project&, Id group, Ids tracks);
Edit switchedEditGroup (const Project&, Id group, bool on);

/// What positions snap to in a song, and whether they do.
Edit withGrid (const Project&, Id song, Grid, bool snaps);

/// The edits of clips, markers' ranges and grids for the registry.
std::vector<EditType> clipEdits();

} // namespace lacquer::session

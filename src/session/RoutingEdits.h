// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Edits.h"

namespace lacquer::session
{

/// Edits of what goes where and what moves together: as those of Edits.h. [any thread]

/// What an effect hears as its key: any strip of the song, before its fader; none: nothing. A circle is
/// refused and named.
Edit withSidechain (const Project&, Id effect, Id strip);
/// Before or after the console part of its strip.
Edit placedEffect (const Project&, Id effect, bool postConsole);

enum class TrackForm
{
    mono,
    stereo,
    dualMono ///< two channels, each by itself: detectors and inserts hear one side only
};
TrackForm formOf (const Strip&);
Edit withForm (const Project&, Id track, TrackForm);
/// So many frames later; negative: earlier. Up to 10 s.
Edit withDelay (const Project&, Id track, Frames);
Edit madeSoloSafe (const Project&, Id strip, bool safe);
/// A disabled strip is silent and costs nothing.
Edit disabled (const Project&, Id strip, bool off);
/// Plays an audio file in place of the track's clips, inserts and console part, which are kept as they are;
/// none: these again. What makes the file: studio/Freeze.h.
Edit frozen (const Project&, Id track, Id media, Frames lead = 0);

Edit addedVca (const Project&, Id song, std::string name, std::string colour = {});
/// A VCA fader or a mute group.
Edit removedVcaOrMuteGroup (const Project&, Id);
Edit addedMuteGroup (const Project&, Id song, std::string name);
Edit switchedMuteGroup (const Project&, Id muteGroup, bool on);
/// Of a VCA fader (strips and VCA faders) or of a mute group (strips). A circle is refused and named.
Edit withMembers (const Project&, Id vcaOrMuteGroup, std::vector<Id> members);

} // namespace lacquer::session

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Edits.h"
#include "session/Scene.h"

#include <optional>

namespace lacquer::session
{

/// Edits of mixer scenes; pure, each one step of undo. [any thread]

/// Keeps the mixer of a song as it is now under a name.
Edit storedScene (const Project&, Id song, std::string name);
/// Keeps the mixer as it is now in a scene that there is.
Edit updatedScene (const Project&, Id scene);
Edit renamedScene (const Project&, Id scene, std::string name);
Edit removedScene (const Project&, Id scene);
/// To another place in the list, from 0.
Edit movedScene (const Project&, Id scene, std::size_t index);

/// Puts the mixer back to a scene; `only`: of these strips and VCA faders alone, all when empty. Strips added
/// since stay as they are, deleted ones are passed over. Inserts that were deleted since come back; inserts
/// that were added since are bypassed, so that their automation is not lost. Solo and automation stay. What
/// was passed over is in the notes of the edit.
Edit recalledScene (const Project&, Id scene, const std::vector<Id>& only = {});

/// What a scene would remember of one strip now; null for none.
StripStatePtr stateNow (const Project&, Id strip);
/// Puts a strip back to such a state, as recalling a scene does.
Edit withState (const Project&, const StripState&, std::string label);

/// As recalling a scene that lies between two, 0 to 1 on the way: parameters with a travel at that place of
/// their own scale (Param::taper), everything else as in the nearer one, at half way as in the second.
/// Strips that only one of the two knows stay as they are.
Edit blendedScenes (const Project&, Id from, Id to, double share, const std::vector<Id>& only,
                    const Catalogue&);

/// The value at a share of the way between two of one parameter, which are absent where they are initial.
/// Absent when it should be. Without a Param, or where it is a choice: the nearer one.
std::optional<Value> blendedValue (const Param*, const Value* from, const Value* to, double share);

/// The same for the registry.
std::vector<EditType> sceneEdits();

} // namespace lacquer::session

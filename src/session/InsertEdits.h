// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "session/Edits.h"

namespace lacquer::session
{

/// Edits that carry inserts and sends from place to place: as those of Edits.h. [any thread]

/// The place of an insert on a strip of the same song. index: from 0 among all of its inserts, counted
/// without the one that comes.
struct InsertPlace
{
    Id strip;
    std::size_t index = 0;
    bool postConsole = false;
};
/// An insert to a place on its own strip or another, with its values, its automation and what modulates it.
/// A circle through its sidechain is refused and named.
Edit carriedEffect (const Project&, Id effect, InsertPlace);
/// Another insert with the same values, switch, sidechain and recording; without automation.
Edit copiedEffect (const Project&, Id effect, InsertPlace);

/// The send of one slot comes to stand in another, with its values, automation and what modulates it; those
/// between move up by one. Slots from 0.
Edit movedSend (const Project&, Id strip, int slot, int to);
/// A send with its values into the first free slot of another strip, or over the one that goes to the same
/// return; without automation.
Edit copiedSend (const Project&, Id strip, int slot, Id to);

/// The edits above by name: part of edits().
std::vector<EditType> insertEdits();

} // namespace lacquer::session

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/StripCompare.h"

#include "session/Find.h"
#include "session/SceneEdits.h"
#include "ui/Controls.h"

namespace lacquer::ui
{

namespace
{

bool same (const session::StripStatePtr& a, const session::StripStatePtr& b)
{
    return a != nullptr && b != nullptr && a->values == b->values && a->sends == b->sends &&
           a->output == b->output && a->delay == b->delay && a->disabled == b->disabled &&
           std::equal (a->inserts.begin(), a->inserts.end(), b->inserts.begin(), b->inserts.end(),
                       [] (const auto& x, const auto& y) { return x == y || *x == *y; });
}

} // namespace

bool StripCompare::hearsSecond (Id strip)
{
    const auto found = all.find (strip);
    if (found == all.end())
        return false;
    auto& kept = found->second;
    const auto now = session::stateNow (model.project(), strip);
    if (same (now, kept.states[kept.second ? 0 : 1]) && ! same (now, kept.states[kept.second ? 1 : 0]))
        kept.second = ! kept.second;
    return kept.second;
}

void StripCompare::hear (Id strip, bool second)
{
    const auto* s = session::stripOf (model.project(), strip);
    if (s == nullptr || hearsSecond (strip) == second)
        return;
    auto& kept = all[strip];
    const auto now = session::stateNow (model.project(), strip);
    auto& wanted = kept.states[second ? 1 : 0];
    if (wanted == nullptr)
        wanted = now;
    if (same (now, wanted) ||
        model.edit (
            session::withState (model.project(), *wanted, (second ? "Compare B, " : "Compare A, ") + s->name),
            newGesture()))
    {
        kept.states[second ? 0 : 1] = now;
        kept.second = second;
    }
}

void StripCompare::copy (Id strip)
{
    const bool second = hearsSecond (strip);
    auto& kept = all[strip];
    kept.states[0] = kept.states[1] = session::stateNow (model.project(), strip);
    kept.second = second;
}

} // namespace lacquer::ui

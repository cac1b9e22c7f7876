// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/History.h"

#include <utility>

namespace lacquer::session
{

History::History (Project first)
{
    states.push_back ({ std::make_shared<const Project> (std::move (first)), {}, {} });
}

void History::add (Project next, std::string label, std::string gesture)
{
    states.resize (at + 1);
    auto project = std::make_shared<const Project> (std::move (next));
    if (open && at > 0 && ! gesture.empty() && states[at].gesture == gesture)
    {
        states[at].project = std::move (project);
        return;
    }
    open = ! gesture.empty();
    states.push_back ({ std::move (project), std::move (label), std::move (gesture) });
    if (states.size() > leastSteps + 1)
        states.pop_front();
    at = states.size() - 1;
}

void History::replaceCurrent (Project next)
{
    states[at].project = std::make_shared<const Project> (std::move (next));
}

const ProjectPtr& History::undo()
{
    open = false;
    if (canUndo())
        --at;
    return current();
}

const ProjectPtr& History::redo()
{
    open = false;
    if (canRedo())
        ++at;
    return current();
}

} // namespace lacquer::session

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/Workplace.h"

#include <string>
#include <vector>

namespace lacquer::studio
{

/// Edits of clips that have to hear the audio first ("normalise-clip", "strip-silence"), beside the control
/// thread. [control]
class Hearing
{
public:
    explicit Hearing (Workplace& w) : place (w) {}

    /// An edit of the registry for each of some clips, all of them one step.
    void edit (const std::string& edit, const std::vector<Id>& clips, const session::Arguments&,
               const std::string& label);

private:
    /// What was heard of the clips, and why not of others.
    struct Heard
    {
        std::vector<session::Arguments> arguments;
        std::vector<std::string> problems;
    };
    void apply (const std::string& edit, const std::string& label, Heard);

    Workplace& place;
};

} // namespace lacquer::studio

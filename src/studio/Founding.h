// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/NewProject.h"
#include "studio/Workplace.h"

#include <memory>
#include <string>

namespace lacquer::studio
{

/// A project that is to be worked on in place of the one that is open.
struct Next
{
    std::shared_ptr<Studio> studio;
    bool copy = false; ///< of the one that is open
};

/// New projects and copies of the one that is open, made beside the control thread; a notice tells how it
/// ended. What was made is worked on when it is taken. [control]
class Founding
{
public:
    explicit Founding (Workplace& w) : place (w) {}

    /// A new project in a new folder. The notices tell how much was decided, and which files were left out.
    void found (const std::string& folder, const Beginning&);
    /// The project as it is when the copy is taken, in a folder of its own.
    void saveAs (const std::string& folder);

    /// What is ready. A copy is not as long as other work that is shown goes on, nor while audio that came
    /// meanwhile is being copied.
    std::optional<Next> take();

private:
    /// Lets the copy have the audio that came while it was being made; true when there is none left.
    bool complete();

    Workplace& place;
    std::shared_ptr<Studio> fresh, copy;
    Jobs::Number copying = 0;
};

} // namespace lacquer::studio

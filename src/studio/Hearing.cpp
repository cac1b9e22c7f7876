// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Hearing.h"

#include "studio/ClipLevels.h"
#include "studio/Studio.h"

namespace lacquer::studio
{

void Hearing::edit (const std::string& edit, const std::vector<Id>& clips,
                    const session::Arguments& arguments, const std::string& label)
{
    place.jobs().start (
        { label, "hearing" },
        [project = place.shared(), folder = place.folder(), edit, clips,
         arguments] (const Work& w) -> Result<Heard>
        {
            Heard heard;
            for (std::size_t n = 0; n < clips.size(); ++n)
            {
                if (w.stopped())
                    return Problem { "It was stopped.", {}, "Nothing was changed." };
                w.progress.at (static_cast<double> (n) / static_cast<double> (clips.size()));
                auto one = arguments;
                one["clip"] = "clip:" + std::to_string (clips[n].value);
                auto whole = completed (folder, *project, edit, std::move (one));
                if (whole)
                    heard.arguments.push_back (*std::move (whole));
                else
                    heard.problems.push_back (whole.problem().sentence());
            }
            return heard;
        },
        [this, edit, label] (Result<Heard> heard, bool stopped)
        {
            if (heard && ! stopped)
                apply (edit, label, *std::move (heard));
            else if (! heard && ! stopped)
                place.tell (Notice::Kind::look, label, heard.problem().sentence());
        });
}

void Hearing::apply (const std::string& edit, const std::string& label, Heard heard)
{
    session::Edited now { place.project(), label };
    bool any = false;
    for (const auto& arguments : heard.arguments)
    {
        auto made = session::applied (now.project, edit, arguments, catalogue());
        if (made)
        {
            now.project = std::move (made->project);
            any = true;
        }
        else
            heard.problems.push_back (made.problem().sentence());
    }
    if (any)
        place.edit (std::move (now), 0);
    if (! heard.problems.empty())
        place.tell (Notice::Kind::look, label, heard.problems.front());
}

} // namespace lacquer::studio

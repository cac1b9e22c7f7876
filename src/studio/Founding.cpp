// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Founding.h"

#include "studio/ProjectOrder.h"
#include "studio/Wording.h"

#include <algorithm>
#include <utility>

namespace lacquer::studio
{

namespace
{

constexpr auto* line = "found"; ///< one after the other

} // namespace

void Founding::found (const std::string& folder, const Beginning& from)
{
    const auto name = nameOfFolder (folder);
    place.jobs().start (
        { "Making " + name, line },
        [folder, from, rate = place.project().sampleRate] (const Work& w)
        {
            NewOptions options;
            if (from.stems.empty() && from.songTemplate.empty())
                options.rate = rate; // nothing else tells one
            options.progress = w.progress;
            return founded (folder, from, options);
        },
        [this, folder, name] (Result<Founded> all, bool stopped)
        {
            if (! all)
            {
                if (! stopped)
                    place.tell (Notice::Kind::error, "No project was made", all.problem().sentence());
                return;
            }
            const auto& made = all->made;
            const auto tracks = made.project.songs.front()->tracks.size();
            place.tell (Notice::Kind::passed, "\"" + name + "\" is made",
                        folder + ": " + counted (tracks, "track") +
                            (made.decisions.empty()
                                 ? "."
                                 : ", " + counted (made.decisions.size(), "decision") +
                                       " about names, groups, effects and levels in " +
                                       counted (made.steps.size(), "step") + " that undo takes back."));
            constexpr std::size_t most = 3;
            for (std::size_t n = 0; n < std::min (most, made.notes.size()); ++n)
                place.tell (Notice::Kind::look, name, made.notes[n]);
            if (made.notes.size() > most)
                place.tell (Notice::Kind::look, name,
                            "And " + counted (made.notes.size() - most, "more remark") + ".");
            fresh = std::make_shared<Studio> (std::move (all->studio));
        });
}

void Founding::saveAs (const std::string& folder)
{
    if (place.jobs().running (copying) || copy != nullptr)
        return place.tell (Notice::Kind::look, "Save as", "A copy is being made already.");
    copying = place.jobs().start (
        { "Saving as " + nameOfFolder (folder), line },
        [project = place.shared(), audio = audioOf (place.studio()), from = place.folder(),
         folder] (const Work& w) { return savedAs (*project, from, folder, audio, w.progress); },
        [this] (Result<Studio> made, bool stopped)
        {
            if (made)
                copy = std::make_shared<Studio> (*std::move (made));
            else if (! stopped)
                place.tell (Notice::Kind::error, "The project was not saved as another",
                            made.problem().sentence());
        });
}

bool Founding::complete()
{
    auto late = onlyIn (place.folder(), copy->folder(), audioOf (place.studio()));
    if (late.empty())
        return true;
    copying = place.jobs().start (
        { "Saving as " + copy->project().name, line },
        [late, from = place.folder(), to = copy->folder()] (const Work& w)
        { return copyAudio (late, from, to, w.progress); },
        [this] (const Outcome& outcome, bool)
        {
            if (outcome)
                return;
            place.tell (Notice::Kind::error, "This is still \"" + place.project().name + "\"",
                        outcome.problem().sentence() + " " + copy->folder() +
                            " has the project as it was when Save as began.");
            copy.reset();
        });
    return false;
}

std::optional<Next> Founding::take()
{
    if (fresh != nullptr)
        return Next { std::exchange (fresh, nullptr) };
    if (copy == nullptr || place.busy())
        return std::nullopt;
    if (! complete())
        return std::nullopt;
    return Next { std::exchange (copy, nullptr), true };
}

} // namespace lacquer::studio

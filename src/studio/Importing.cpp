// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Importing.h"

#include "session/ClipEdits.h"
#include "session/Find.h"
#include "session/MediaEdits.h"
#include "studio/Adding.h"
#include "studio/NewProject.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace lacquer::studio
{

namespace fs = std::filesystem;

namespace
{

/// Files that were imported to be played in place of others. Those that no edit has taken go again.
struct Bounces
{
    std::vector<NewStem> stems;

    Bounces() = default;
    Bounces (const Bounces&) = delete;
    Bounces& operator= (const Bounces&) = delete;
    ~Bounces()
    {
        std::error_code error;
        for (const auto& s : stems)
            fs::remove (s.file.file, error);
    }
};

} // namespace

void Importing::import (const std::vector<fs::path>& wanted, Id track, Frames at)
{
    place.jobs().start (
        { "Looking through folders", "import", Jobs::Shown::no },
        [wanted] (const Work&) -> Result<std::vector<fs::path>> { return soundFilesIn (wanted); },
        [this, track, at] (const Result<std::vector<fs::path>>& files, bool stopped)
        {
            if (stopped)
                return;
            if (! files || files->empty())
                return place.tell (Notice::Kind::look, "Nothing to import",
                                   files ? "There is no sound file among what was dropped."
                                         : files.problem().sentence());
            auto known = sameNamed (place.project(), place.song(), *files);
            if (known.empty())
                begin (*files, {}, track, at);
            else
                questions.push_back ({ *files, std::move (known), track, at, place.folder() });
        });
}

std::optional<Drop> Importing::takeQuestion()
{
    if (questions.empty())
        return std::nullopt;
    auto first = std::move (questions.front());
    questions.erase (questions.begin());
    return first;
}

void Importing::answer (const Drop& drop, Meant meant)
{
    if (drop.folder == place.folder())
        begin (drop.files, meant == Meant::replace ? drop.known : std::vector<StemOffer> {}, drop.track,
               drop.at);
}

void Importing::lookForNewer()
{
    place.jobs().start (
        { "Looking for newer bounces", {}, Jobs::Shown::no },
        [project = place.shared(), folder = place.folder()] (const Work&) -> Result<std::vector<StemOffer>>
        { return offeredStems (*project, folder); },
        [this] (const Result<std::vector<StemOffer>>& found, bool stopped)
        {
            if (! found || stopped)
                return;
            offers = *found;
            const auto n = newer().size();
            if (n > 0)
                place.tell (Notice::Kind::note, "Newer bounces",
                            n == 1 ? "A newer bounce of a stem lies where it came from."
                                   : "Newer bounces of " + std::to_string (n) +
                                         " stems lie where they came from.");
        });
}

std::vector<StemOffer> Importing::newer() const
{
    std::vector<StemOffer> open;
    for (const auto& o : offers)
        if (! firstTrackOf (place.project(), o.media).empty())
            open.push_back (o);
    return open;
}

void Importing::update (const std::vector<StemOffer>& wanted)
{
    std::vector<fs::path> files;
    for (const auto& o : wanted)
        if (std::find (files.begin(), files.end(), o.file) == files.end())
            files.push_back (o.file);
    begin (files, wanted, {}, 0);
}

void Importing::begin (const std::vector<fs::path>& files, std::vector<StemOffer> known, Id track, Frames at)
{
    files::ImportOptions options;
    options.rate = place.project().sampleRate;
    options.folder = fs::path (place.folder()) / "Audio";
    const Gesture gesture = (Gesture { 1 } << 63) + ++count; // none of the window's
    auto bounces = std::make_shared<Bounces>();
    place.jobs().start (
        { "Importing audio", "import" },
        [this, files, known = std::move (known), options, track, at, gesture,
         bounces] (const Work& w) -> Outcome
        {
            std::vector<files::SongTime> times;
            for (const auto& file : files)
                times.push_back (files::songTimeOf (file));
            const auto starts = startsOf (times, options.rate);
            for (std::size_t n = 0; n < files.size() && ! w.stopped(); ++n)
            {
                const Frames start = at + (starts.empty() ? 0 : starts[n]);
                auto one = options;
                one.progress.cancelled = w.progress.cancelled;
                one.progress.report = [&] (double share)
                { w.progress.at ((static_cast<double> (n) + share) / static_cast<double> (files.size())); };
                std::vector<Id> replaced;
                for (const auto& k : known)
                    if (k.file == files[n])
                        replaced.push_back (k.media);
                auto file = files::imported (files[n], one);
                if (file && ! replaced.empty())
                    bounces->stems.push_back ({ std::move (replaced), files[n], *std::move (file) });
                else if (! w.stopped())
                    w.tell ([this, file = std::move (file), path = files[n], track, start, gesture]
                            { arrived (file, path, track, start, gesture); });
            }
            return {};
        },
        [this, bounces, gesture] (const Outcome& outcome, bool stopped)
        {
            if (! outcome && ! stopped)
                place.tell (Notice::Kind::look, "Not imported", outcome.problem().sentence());
            if (outcome && ! stopped && ! bounces->stems.empty() && replace (bounces->stems, gesture))
                bounces->stems.clear();
        });
}

bool Importing::replace (std::vector<NewStem> stems, Gesture gesture)
{
    // Clips may have gone while the files were read.
    for (auto& s : stems)
        std::erase_if (s.media, [&] (Id m) { return firstTrackOf (place.project(), m).empty(); });
    if (std::any_of (stems.begin(), stems.end(), [] (const NewStem& s) { return s.media.empty(); }))
    {
        place.tell (Notice::Kind::look, "Not replaced", "Clips that played the stems are gone.");
        return false;
    }
    return place.edit (withReplacedStems (place.project(), stems), gesture);
}

void Importing::arrived (const Result<files::Imported>& file, const fs::path& from, Id track, Frames at,
                         Gesture gesture)
{
    if (! file)
        return place.tell (Notice::Kind::look, "Not imported", file.problem().sentence());
    place.edit (withSound (place.project(), place.song().id, track, at, *file, from), gesture);
    if (! file->note.empty())
        place.tell (Notice::Kind::note, textOfName (from.stem().string()), file->note);
}

} // namespace lacquer::studio

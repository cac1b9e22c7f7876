// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Masking.h"

#include "cli/Open.h"
#include "cli/Verb.h"
#include "session/Find.h"
#include "session/Words.h"

#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>

namespace lacquer::cli
{

namespace
{

nlohmann::json rounded (double v, int decimals)
{
    return numberOrNull (v, decimals);
}

nlohmann::json conflictJson (const session::Project& project, const studio::Conflict& c, std::size_t number)
{
    auto ranges = nlohmann::json::array();
    for (const auto& r : c.ranges)
        ranges.push_back ({ { "start", rounded (static_cast<double> (r.begin) / project.sampleRate, 3) },
                            { "end", rounded (static_cast<double> (r.end) / project.sampleRate, 3) },
                            { "loss_db", rounded (r.loss, 1) } });
    return { { "number", number },
             { "lead", session::addressOf (project, c.lead) },
             { "masker", session::addressOf (project, c.masker) },
             { "band_hz", rounded (c.frequency, 1) },
             { "low_hz", rounded (c.low, 1) },
             { "high_hz", rounded (c.high, 1) },
             { "share", rounded (c.share, 3) },
             { "loss_db", rounded (c.loss, 1) },
             { "excess_db", rounded (c.excess, 1) },
             { "ignored", c.ignored },
             { "ranges", std::move (ranges) } };
}

nlohmann::json foundJson (const session::Project& project, const session::Song& song,
                          const studio::Masking& found)
{
    auto conflicts = nlohmann::json::array(), tracks = nlohmann::json::array();
    for (std::size_t n = 0; n < found.conflicts.size(); ++n)
        conflicts.push_back (conflictJson (project, found.conflicts[n], n + 1));
    for (const auto& t : song.tracks)
        tracks.push_back ({ { "address", session::addressOf (project, t->strip.id) },
                            { "priority", session::wordOf (studio::priorityOf (*t)) },
                            { "guessed", t->priority == session::Priority::guessed } });
    return { { "song", song.name },
             { "integrated_lufs", numberOrNull (found.loudness) },
             { "tracks", std::move (tracks) },
             { "conflicts", std::move (conflicts) } };
}

void print (const session::Project& project, const session::Song& song, const studio::Masking& found)
{
    if (found.conflicts.empty())
        std::cout << "Nothing hides anything that matters in " << song.name << ".\n";
    for (std::size_t n = 0; n < found.conflicts.size(); ++n)
        std::cout << n + 1 << ". " << studio::sentenceOf (project, song, found.conflicts[n])
                  << (found.conflicts[n].ignored ? " (ignored)" : "") << "\n";
}

void print (const std::string& label, const studio::Mended& done)
{
    char text[512];
    std::snprintf (
        text, sizeof text,
        "%s: a cut of up to %.1f dB at %.0f Hz (Q %.2f) while it sounds.\n"
        "In the band it comes through as if it were %.1f dB louder, at equal loudness of the mix.\n"
        "Hidden %.0f %% of the time it sounds there, before %.0f %%.\n",
        label.c_str(), done.cut.depth, done.cut.frequency, done.cut.q, done.rise(), 100 * done.shareAfter,
        100 * done.shareBefore);
    std::cout << text;
    if (done.shareAfter > 0.25)
        std::cout << "That is still much: turn the masker down, or let it play elsewhere.\n";
    if (done.cut.makeUp != 0)
    {
        std::snprintf (text, sizeof text, "The fader of the mix bus makes up %+.2f dB.\n", done.cut.makeUp);
        std::cout << text;
    }
    std::cout << "`lacquer masking` measures again.\n";
}

nlohmann::json mendedJson (const studio::Mended& done, const std::string& label)
{
    return { { "label", label },
             { "frequency_hz", rounded (done.cut.frequency, 1) },
             { "q", rounded (done.cut.q, 2) },
             { "depth_db", rounded (done.cut.depth, 1) },
             { "threshold_db", rounded (done.cut.threshold, 1) },
             { "make_up_db", rounded (done.cut.makeUp, 2) },
             { "before_db", rounded (done.before, 2) },
             { "after_db", rounded (done.after, 2) },
             { "rise_db", rounded (done.rise(), 2) },
             { "share_before", rounded (done.shareBefore, 3) },
             { "share_after", rounded (done.shareAfter, 3) },
             { "lufs_before", numberOrNull (done.loudnessBefore) },
             { "lufs_after", numberOrNull (done.loudnessAfter) } };
}

} // namespace

std::function<Result<int>()> masking (CLI::App& app)
{
    struct Options
    {
        std::string project, song;
        int mend = 0, ignore = 0, heed = 0, threads = 0;
        bool json = false;
    };
    auto o = std::make_shared<Options>();
    app.add_option ("PROJECT", o->project, "A project folder.")->required();
    app.add_option ("--song", o->song, "Name of the song; the first one otherwise.");
    auto* mend = app.add_option ("--mend", o->mend,
                                 "Makes room for the lead of this number of the list, by a cut on the masker "
                                 "that works while the lead sounds.");
    auto* ignore = app.add_option ("--ignore", o->ignore, "Says no more of the pair of this number.");
    auto* heed = app.add_option ("--heed", o->heed, "Says of an ignored pair again.");
    for (auto* option : { mend, ignore, heed })
        option->check (CLI::Range (1, 100000));
    mend->excludes (ignore)->excludes (heed);
    ignore->excludes (heed);
    app.add_flag ("--json", o->json, "The list, or what was mended, as JSON.");
    app.add_option ("--threads", o->threads, "Threads to use; one per core otherwise.")
        ->check (CLI::Range (1, 64));
    return [o]() -> Result<int>
    {
        const int number = o->mend + o->ignore + o->heed; // at most one is not 0
        auto studio = opened (o->project, number > 0 ? session::ProjectFolder::Use::edit
                                                     : session::ProjectFolder::Use::read);
        if (! studio)
            return studio.problem();
        const auto song = studio->song (o->song);
        if (! song)
            return song.problem();
        studio::MaskingOptions options;
        options.threads = o->threads;
        ProgressBar bar ("Listening");
        const auto found =
            studio::masking (studio->project(), studio->folder(), **song, options, bar.progress());
        if (! found)
            return found.problem();
        bar.clear();
        if (number == 0)
        {
            if (o->json)
                tellJson (foundJson (studio->project(), **song, *found));
            else
                print (studio->project(), **song, *found);
            return Exit::done;
        }
        if (static_cast<std::size_t> (number) > found->conflicts.size())
            return Problem { "The list has no number " + std::to_string (number) + ".", o->project,
                             "`lacquer masking` prints it." };
        const auto& conflict = found->conflicts[static_cast<std::size_t> (number - 1)];
        std::optional<studio::Mended> mended;
        auto edit = [&]() -> session::Edit
        {
            if (o->mend == 0)
                return session::ignoredMasking (studio->project(), conflict.lead, conflict.masker,
                                                o->ignore > 0);
            auto done = studio::mended (studio->project(), studio->folder(), **song, conflict, options,
                                        bar.progress());
            if (! done)
                return done.problem();
            mended = *std::move (done);
            return mended->edit;
        }();
        bar.clear();
        const auto label = edit ? edit->label : std::string();
        if (auto taken = studio->take (std::move (edit)); ! taken)
            return taken.problem();
        if (auto saved = studio->save(); ! saved)
        {
            studio->abandon();
            return saved.problem();
        }
        if (o->json)
            tellJson (mended ? mendedJson (*mended, label) : nlohmann::json { { "label", label } });
        else if (mended)
            print (label, *mended);
        else
            std::cout << label << "\n";
        return Exit::done;
    };
}

} // namespace lacquer::cli

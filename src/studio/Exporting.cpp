// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Exporting.h"

#include "studio/Package.h"

#include <algorithm>
#include <cstdio>

namespace lacquer::studio
{

using State = ExportItem::State;
using Verdict = deliver::Check::Verdict;

std::vector<ExportFormat> exportFormats()
{
    std::vector<ExportFormat> all;
    for (const auto& f : deliver::formats())
        all.push_back ({ std::string (f.id), std::string (f.name),
                         files::wordLength (f.encoding) > 0 ? "TPDF dither, read back sample by sample"
                                                            : "read back and measured" });
    all.push_back ({ std::string (ddpId), "DDP 2.00 image", "44.1 kHz, 16 bit, CD-Text, checksums" });
    return all;
}

Outcome Exporting::start (const std::vector<std::string>& formats, const std::string& into)
{
    if (place.jobs().running (job))
        return Problem { "An export is running already.", {}, "Wait for it, or stop it." };
    items.clear();
    job = place.jobs().start (
        { "Exporting", {}, Jobs::Shown::bar },
        [this, project = place.shared(), from = place.folder(), formats, into] (const Work& w) -> Outcome
        {
            PackageOptions options;
            options.formats = formats;
            options.progress = w.progress;
            options.begun = [this, &w] (const std::string& name) {
                w.tell ([this, name] { items.push_back ({ name, State::running, 0, {} }); });
            };
            options.finished = [this, &w] (const deliver::FileReport& report)
            { w.tell ([this, report] { finished (report); }); };
            const auto reports = deliverPackage (*project, from, into, options);
            return reports ? Outcome {} : Outcome (reports.problem());
        },
        [this] (const Outcome& outcome, bool stopped) { ended (outcome, stopped); });
    return {};
}

void Exporting::finished (const deliver::FileReport& report)
{
    const auto item =
        std::find_if (items.begin(), items.end(),
                      [&] (const ExportItem& i) { return i.name == report.path.filename().string(); });
    if (item == items.end())
        return;
    const auto verdict = report.verdict();
    item->state = verdict == Verdict::pass   ? State::passed
                  : verdict == Verdict::note ? State::passedWithNote
                                             : State::failed;
    item->share = 1;
    if (const auto& heard = report.reading; heard.integrated && heard.truePeak)
    {
        char words[80];
        std::snprintf (words, sizeof words, "%.2f LUFS, %.2f dBTP", *heard.integrated, *heard.truePeak);
        item->result = words;
    }
    for (const auto& check : report.checks)
        if ((check.verdict != Verdict::pass && check.name != "loudness" && check.name != "true peak") ||
            check.name == "DDP 2.00")
            (item->result += item->result.empty() ? "" : ", ") += check.measured;
}

void Exporting::ended (const Outcome& outcome, bool stopped)
{
    for (auto& item : items)
        if (item.state == State::running)
        {
            item.state = stopped ? State::stopped : State::failed;
            item.result = outcome ? "" : outcome.problem().sentence();
        }
    if (! outcome && items.empty())
        items.push_back (
            { "Export", stopped ? State::stopped : State::failed, 0, outcome.problem().sentence() });
}

ExportStatus Exporting::status() const
{
    ExportStatus status { false, items };
    for (const auto& state : place.jobs().states())
        if (state.number == job)
        {
            status.running = true;
            for (auto& item : status.items)
                if (item.state == State::running)
                    item.share = state.share;
        }
    return status;
}

} // namespace lacquer::studio

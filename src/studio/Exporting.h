// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/Workplace.h"

#include <string>
#include <vector>

namespace lacquer::deliver
{
struct FileReport;
}

namespace lacquer::studio
{

struct ExportFormat
{
    std::string id, name, detail; ///< "wav24", "WAV", "48 kHz, 24 bit, TPDF dither"
};

struct ExportItem
{
    enum class State
    {
        waiting,
        running,
        passed,
        passedWithNote,
        failed,
        stopped
    };
    std::string name;
    State state = State::waiting;
    double share = 0;   ///< 0 to 1 while running
    std::string result; ///< "-14.0 LUFS, -1.0 dBTP", or what went wrong
};

struct ExportStatus
{
    bool running = false;
    std::vector<ExportItem> items;
};

/// What can be exported. [any thread]
std::vector<ExportFormat> exportFormats();

/// The release package, written beside the control thread, file by file. [control]
class Exporting
{
public:
    explicit Exporting (Workplace& w) : place (w) {}

    /// Of the project as it is now: edits made meanwhile are not in it. Refused while one runs.
    Outcome start (const std::vector<std::string>& formats, const std::string& into);
    void stop() { place.jobs().stop (job); }
    ExportStatus status() const;

private:
    void finished (const deliver::FileReport&);
    void ended (const Outcome&, bool stopped);

    Workplace& place;
    Jobs::Number job = 0;
    std::vector<ExportItem> items;
};

} // namespace lacquer::studio

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "cli/Cli.h"
#include "core/Progress.h"
#include "core/Result.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace lacquer::cli
{

/// One verb of the command line. `prepare` declares its options and returns what to do once they are parsed:
/// Exit, or a Problem.
struct Verb
{
    const char* name;
    const char* help;
    std::function<std::function<Result<int>()> (CLI::App&)> prepare;
};

/// All verbs, in the order of the help. A new verb is a function and a line in Cli.cpp.
const std::vector<Verb>& verbs();

std::function<Result<int>()> demo (CLI::App&);
std::function<Result<int>()> newProject (CLI::App&);
std::function<Result<int>()> show (CLI::App&);
std::function<Result<int>()> set (CLI::App&);
std::function<Result<int>()> edit (CLI::App&);
std::function<Result<int>()> apply (CLI::App&);
std::function<Result<int>()> automate (CLI::App&);
std::function<Result<int>()> import (CLI::App&);
std::function<Result<int>()> freeze (CLI::App&);
std::function<Result<int>()> align (CLI::App&);
std::function<Result<int>()> compare (CLI::App&);
std::function<Result<int>()> replaceStem (CLI::App&);
std::function<Result<int>()> saveAs (CLI::App&);
std::function<Result<int>()> collect (CLI::App&);
std::function<Result<int>()> archive (CLI::App&);
std::function<Result<int>()> restore (CLI::App&);
std::function<Result<int>()> clean (CLI::App&);
std::function<Result<int>()> versions (CLI::App&);
std::function<Result<int>()> sheet (CLI::App&);
std::function<Result<int>()> templates (CLI::App&);
std::function<Result<int>()> find (CLI::App&);
std::function<Result<int>()> render (CLI::App&);
std::function<Result<int>()> masking (CLI::App&);
std::function<Result<int>()> deliver (CLI::App&);
std::function<Result<int>()> master (CLI::App&);
std::function<Result<int>()> process (CLI::App&);
std::function<Result<int>()> measure (CLI::App&);
std::function<Result<int>()> check (CLI::App&);
std::function<Result<int>()> effects (CLI::App&);
std::function<Result<int>()> presets (CLI::App&);
std::function<Result<int>()> benchmark (CLI::App&);

/// Progress of long work: a bar on stderr when that is a terminal, and a stop on Ctrl-C or SIGTERM.
class ProgressBar
{
public:
    explicit ProgressBar (std::string title);
    ~ProgressBar();
    ProgressBar (const ProgressBar&) = delete;
    ProgressBar& operator= (const ProgressBar&) = delete;

    const Progress& progress() const { return sink; }
    /// Takes the bar away, so that something else can be printed; it comes back with the next progress.
    void clear();

private:
    std::string title;
    bool visible;
    int shown = -1;
    Progress sink;
};

/// A check of an option: a number from `least` to `most`. CLI::Range would let "nan" pass.
CLI::Validator within (double least, double most);

/// Prints an answer for scripts on stdout. Text that is not UTF-8 is told with replacement characters.
void tellJson (const nlohmann::json&);

/// A number, or null where there is none.
nlohmann::json numberOrNull (std::optional<double>, int decimals = 2);

/// "1:02.5", "62.5" or "bar" forms are not mixed: seconds, or minutes:seconds. A Problem when it is neither.
Result<double> secondsOf (const std::string& text);

} // namespace lacquer::cli

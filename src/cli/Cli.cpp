// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Cli.h"

#include "cli/Verb.h"
#include "dsp/Targets.h"
#include "session/Address.h"

#include <atomic>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <unistd.h>

namespace lacquer::cli
{

namespace
{

std::atomic<bool> stopAsked { false };

void askStop (int)
{
    stopAsked.store (true, std::memory_order_relaxed);
}

nlohmann::json toJson (const Problem& p)
{
    return { { "problem", { { "what", p.what }, { "where", p.where }, { "remedy", p.remedy } } } };
}

int tell (const Problem& p, bool json)
{
    std::cerr << "lacquer: " << p.sentence() << "\n";
    if (json)
        tellJson (toJson (p));
    return Exit::problem;
}

} // namespace

const std::vector<Verb>& verbs()
{
    static const std::vector<Verb> all {
        { "demo", "Writes the demo project into a new folder.", demo },
        { "new", "Makes a project from stems, or from a finished stereo mix.", newProject },
        { "show", "Shows songs, tracks, buses, parameters and their addresses.", show },
        { "set", "Sets parameters by address and prints the old and the new value.", set },
        { "edit", "Does any other edit; --list prints them all.", edit },
        { "apply", "Does all edits of a JSON file, or none.", apply },
        { "automate", "Writes the automation of a parameter.", automate },
        { "import", "Adds sound files to a song that there is.", import },
        { "freeze", "Renders tracks up to their faders and plays that in place of their effects.", freeze },
        { "align", "Finds delay and polarity between the microphones of one source.", align },
        { "replace", "Replaces stems by new bounces; strips, clips and automation stay.", replaceStem },
        { "save-as", "Saves a project with its audio into a new folder.", saveAs },
        { "collect", "Copies audio that lies elsewhere into the project folder.", collect },
        { "archive", "Packs a project with all its audio into one file.", archive },
        { "restore", "Unpacks an archive into a new folder and checks its audio.", restore },
        { "clean", "Takes unused audio files out of a project.", clean },
        { "versions", "Stores, lists, compares and recalls named versions of a mix.", versions },
        { "sheet", "Writes a recall sheet: every setting of a mix, as text or HTML.", sheet },
        { "templates", "Lists your templates of tracks and songs; saves and deletes them.", templates },
        { "find", "Finds tracks, markers and clips by names, labels, tags, notes and effects.", find },
        { "render", "Renders a song, or a point of its graph, to one file.", render },
        { "masking", "Lists which tracks hide which, where and when; mends one.", masking },
        { "deliver", "Writes the release files, reads each back and checks it.", deliver },
        { "master", "Masters one file to a target in one line.", master },
        { "process", "Runs effects over a file, in order.", process },
        { "measure", "Measures loudness, range and peaks of files.", measure },
        { "compare", "Holds two mixes against one another at equal loudness.", compare },
        { "check", "Verifies a release package or a DDP image by reading it back.", check },
        { "effects", "Lists every effect with its parameters.", effects },
        { "presets", "Lists the presets of effects and chains; saves and deletes yours.", presets },
        { "bench", "Measures how fast this program is on this machine.", benchmark },
    };
    return all;
}

bool isVerb (const std::string& argument)
{
    if (argument == "--help" || argument == "-h" || argument == "--version" || argument == "help")
        return true;
    return std::any_of (verbs().begin(), verbs().end(), [&] (const Verb& v) { return argument == v.name; });
}

int run (const std::vector<std::string>& arguments)
{
    CLI::App app { "Lacquer mixes, masters and releases music. Without a verb it opens its window." };
    app.name ("lacquer");
    // For benchmarks and for tests of the kernels: LACQUER_TARGET=avx2 keeps to that instruction set.
    if (const char* const limit = std::getenv ("LACQUER_TARGET");
        limit != nullptr && ! dsp::limitTargets (limit))
        return tell ({ "This machine cannot run with the instruction set \"" + std::string (limit) + "\"." },
                     false);
    app.set_version_flag (
        "--version",
        std::string (LACQUER_VERSION) + "\nKernels: " + std::string (dsp::target()) +
            (dsp::isFallbackTarget()
                 ? " (the fallback: without AVX2, the last bits differ from those of other machines)"
                 : ""));
    app.require_subcommand (1);

    std::function<Result<int>()> work;
    for (const auto& verb : verbs())
    {
        auto* sub = app.add_subcommand (verb.name, verb.help);
        auto run = verb.prepare (*sub);
        sub->callback ([&work, run] { work = run; });
    }

    try
    {
        // CLI11 takes the arguments from the back.
        auto reversed = std::vector<std::string> (arguments.rbegin(), arguments.rend());
        if (arguments.size() == 1 && arguments[0] == "help")
            reversed = { "--help" };
        app.parse (reversed);
    }
    catch (const CLI::ParseError& error)
    {
        return app.exit (error) == 0 ? Exit::done : Exit::wrongUsage;
    }

    struct sigaction action
    {
    };
    action.sa_handler = askStop;
    for (int number : { SIGINT, SIGTERM })
        ::sigaction (number, &action, nullptr);
    // A file that meets its limit of size is told as a full disk is, in place of an end without a word.
    std::signal (SIGXFSZ, SIG_IGN);

    const bool json = std::find (arguments.begin(), arguments.end(), "--json") != arguments.end();
    const auto result = work();
    std::cout.flush();
    if (! std::cout)
        return tell ({ "The output could not be written." }, false);
    return result ? *result : tell (result.problem(), json);
}

ProgressBar::ProgressBar (std::string name)
    : title (std::move (name)), visible (::isatty (STDERR_FILENO) == 1)
{
    sink.cancelled = &stopAsked;
    if (visible)
        sink.report = [this] (double share)
        {
            const auto percent = static_cast<int> (share * 100);
            if (percent == shown)
                return;
            shown = percent;
            constexpr int width = 30;
            const auto filled = static_cast<std::size_t> (std::clamp (percent * width / 100, 0, width));
            std::fprintf (stderr, "\r%s [%s%s] %3d %%", title.c_str(), std::string (filled, '#').c_str(),
                          std::string (width - filled, ' ').c_str(), percent);
            std::fflush (stderr);
        };
}

ProgressBar::~ProgressBar()
{
    clear();
}

void ProgressBar::clear()
{
    if (visible && shown >= 0)
        std::fputs ("\r\033[K", stderr);
    shown = -1;
}

CLI::Validator within (double least, double most)
{
    const auto range = [] (double v) { return session::textOfValue (nullptr, v); };
    return CLI::Validator (
        [=] (std::string& text) -> std::string
        {
            double value = 0;
            const auto [end, error] = std::from_chars (text.data(), text.data() + text.size(), value);
            if (error == std::errc {} && end == text.data() + text.size() && value >= least && value <= most)
                return {};
            return "\"" + text + "\" is not a number from " + range (least) + " to " + range (most);
        },
        range (least) + " to " + range (most));
}

void tellJson (const nlohmann::json& answer)
{
    std::cout << answer.dump (2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

nlohmann::json numberOrNull (std::optional<double> value, int decimals)
{
    if (! value || ! std::isfinite (*value))
        return nullptr;
    const double scale = std::pow (10.0, decimals);
    return std::round (*value * scale) / scale + 0.0;
}

Result<double> secondsOf (const std::string& text)
{
    const Problem none { "\"" + text + "\" is not a time.",
                         {},
                         "Write seconds (62.5) or minutes and seconds (1:02.5)." };
    double total = 0;
    std::size_t begin = 0;
    for (int part = 0; part < 3; ++part)
    {
        const auto colon = text.find (':', begin);
        const auto piece = text.substr (begin, colon == std::string::npos ? colon : colon - begin);
        double value = 0;
        const auto [end, error] = std::from_chars (piece.data(), piece.data() + piece.size(), value);
        if (error != std::errc {} || end != piece.data() + piece.size() || ! (value >= 0) || value > 1e7)
            return none;
        total = total * 60 + value;
        if (colon == std::string::npos)
            return total;
        begin = colon + 1;
    }
    return none;
}

} // namespace lacquer::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Figure.h"
#include "bench/Live.h"
#include "bench/Machine.h"
#include "cli/Verb.h"

#include <array>
#include <cstdio>
#include <iostream>
#include <memory>

namespace lacquer::cli
{

namespace
{

std::string text (double v)
{
    std::array<char, 40> digits {};
    const double size = std::abs (v);
    std::snprintf (digits.data(), digits.size(),
                   size >= 1000  ? "%.0f"
                   : size >= 100 ? "%.1f"
                   : size >= 10  ? "%.2f"
                                 : "%.3g",
                   v);
    return digits.data();
}

std::string text (const bench::Bound& b)
{
    using Side = bench::Bound::Side;
    return b.side == Side::none ? "" : (b.side == Side::atMost ? "<= " : ">= ") + text (b.value);
}

nlohmann::json toJson (const bench::Machine& m)
{
    return { { "processor", m.processor }, { "cores", m.cores },   { "memory_mib", std::round (m.memory) },
             { "compiler", m.compiler },   { "system", m.system }, { "optimised", m.optimised },
             { "load_before", m.load } };
}

nlohmann::json toJson (const bench::Reading& r)
{
    const auto& f = *r.figure;
    nlohmann::json j { { "name", f.name },    { "unit", f.unit },
                       { "value", nullptr },  { "median", nullptr },
                       { "spread", nullptr }, { "clock", f.clock == bench::Clock::wall ? "wall" : "cpu" },
                       { "what", f.help } };
    if (f.bound.side != bench::Bound::Side::none)
    {
        j["bound"] = f.bound.value;
        j["bound_is"] = f.bound.side == bench::Bound::Side::atMost ? "at most" : "at least";
        j["met"] = r.measured() ? nlohmann::json (r.met()) : nlohmann::json();
    }
    if (! r.measured())
    {
        j["absent"] = r.absent;
        return j;
    }
    j["value"] = r.value;
    j["median"] = r.median;
    j["spread"] = r.spread;
    j["least"] = r.least;
    j["most"] = r.most;
    j["rounds"] = r.rounds;
    if (! r.beside.empty())
        j["beside"] = r.beside;
    return j;
}

void printLine (const bench::Reading& r)
{
    const auto& f = *r.figure;
    if (r.measured())
        std::printf ("%-17.*s %9s %-26.*s %9s +- %-8s %-9s %s\n", static_cast<int> (f.name.size()),
                     f.name.data(), text (r.value).c_str(), static_cast<int> (f.unit.size()), f.unit.data(),
                     text (r.median).c_str(), text (r.spread / 2).c_str(), text (f.bound).c_str(),
                     f.bound.side == bench::Bound::Side::none ? ""
                     : r.met()                                ? "met"
                                                              : "NOT MET");
    else
        std::printf ("%-17.*s %9s %s\n", static_cast<int> (f.name.size()), f.name.data(), "-",
                     r.absent.c_str());
    for (const auto& [name, value] : r.beside)
        std::printf ("%17s   %s: %s\n", "", name.c_str(), text (value).c_str());
    std::fflush (stdout);
}

} // namespace

std::function<Result<int>()> benchmark (CLI::App& app)
{
    struct Options
    {
        std::vector<std::string> only, child;
        bool json = false, quick = false, list = false, check = false;
    };
    auto o = std::make_shared<Options>();
    app.add_flag ("--json", o->json, "As JSON.");
    app.add_option ("--only", o->only, "Names of figures: no others are measured.");
    app.add_flag ("--quick", o->quick, "Few rounds of short sound: to see that it works, not to compare.");
    app.add_flag ("--list", o->list, "Lists the figures and measures nothing.");
    app.add_flag ("--check", o->check, "Ends with 1 when a bound is not met.");
    app.add_option ("--child", o->child, "What the benchmark starts itself with.")->expected (2)->group ("");
    return [o]() -> Result<int>
    {
        if (! o->child.empty())
            return bench::childMain (o->child[0], o->child[1]);
        if (o->list)
        {
            auto list = nlohmann::json::array();
            for (const auto& f : bench::figures())
                if (o->json)
                    list.push_back ({ { "name", f.name }, { "unit", f.unit }, { "what", f.help } });
                else
                    std::cout << f.name << " [" << f.unit << "]  " << text (f.bound) << "  " << f.help
                              << "\n";
            if (o->json)
                std::cout << list.dump (2) << "\n";
            return Exit::done;
        }
        const auto machine = bench::thisMachine();
        if (! machine.optimised)
            std::cerr << "lacquer: this program was built for debugging; its speed says nothing.\n";
        if (! o->json)
            std::printf ("%s, %d cores, %.0f MiB, %s\nkernels %s, compiled by %s%s\n\n"
                         "%-17s %9s %-26s %9s    %-8s %-9s\n",
                         machine.processor.c_str(), machine.cores, machine.memory, machine.system.c_str(),
                         machine.isa.c_str(), machine.compiler.c_str(),
                         o->quick ? "; --quick: these figures are no measurement" : "", "figure", "value",
                         "unit", "median", "spread/2", "bound");
        ProgressBar bar ("Measuring");
        bench::Session session;
        session.quick = o->quick;
        session.progress = bar.progress();
        const auto readings = bench::measured (o->only, session,
                                               [&] (const bench::Reading& r)
                                               {
                                                   bar.clear();
                                                   if (! o->json)
                                                       printLine (r);
                                               });
        if (! readings)
            return readings.problem();
        if (o->json)
        {
            nlohmann::json all { { "machine", toJson (machine) },
                                 { "isa", machine.isa },
                                 { "quick", o->quick },
                                 { "figures", nlohmann::json::array() } };
            for (const auto& r : *readings)
                all["figures"].push_back (toJson (r));
            tellJson (all);
        }
        const bool met = std::all_of (readings->begin(), readings->end(),
                                      [] (const bench::Reading& r) { return ! r.measured() || r.met(); });
        return o->check && ! met ? Exit::checkFailed : Exit::done;
    };
}

} // namespace lacquer::cli

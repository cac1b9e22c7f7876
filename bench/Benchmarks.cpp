// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of src/bench as benchmarks. One iteration is one measurement; its time is what the measurement
// took, the counter "value" the figure in its unit (the mean over the iterations), and "met" 1 where that
// keeps the bound.
#include "bench/Figure.h"
#include "bench/Live.h"
#include "bench/Machine.h"

#include <benchmark/benchmark.h>
#include <chrono>
#include <memory>
#include <string_view>

namespace
{

using namespace lacquer;

void run (benchmark::State& state, const bench::Figure& figure)
{
    bench::Session session;
    auto sampler = figure.prepare (session);
    if (! sampler)
    {
        state.SkipWithError (sampler.problem().what.c_str());
        return;
    }
    std::vector<bench::Sample> samples;
    for ([[maybe_unused]] auto _ : state)
    {
        const auto begin = std::chrono::steady_clock::now();
        auto sample = (*sampler)();
        if (! sample)
        {
            state.SkipWithError (sample.problem().what.c_str());
            return;
        }
        state.SetIterationTime (
            std::chrono::duration<double> (std::chrono::steady_clock::now() - begin).count());
        samples.push_back (*std::move (sample));
    }
    if (samples.empty())
        return;
    const auto reading = bench::readingOf (figure, std::move (samples));
    state.counters["value"] = reading.value;
    state.counters["spread"] = reading.spread;
    state.counters["met"] = reading.met() ? 1 : 0;
    for (const auto& [name, value] : reading.beside)
        state.counters[name] = value;
    state.SetLabel (std::string (figure.unit));
}

} // namespace

int main (int argc, char** argv)
{
    // Figures of a whole program start this one as their child.
    if (argc == 5 && std::string_view (argv[2]) == "--child")
        return bench::childMain (argv[3], argv[4]);

    const auto machine = bench::thisMachine();
    benchmark::AddCustomContext ("isa", machine.isa);
    benchmark::AddCustomContext ("compiler", machine.compiler);
    benchmark::AddCustomContext ("processor", machine.processor);
    for (const auto& figure : bench::figures())
        if (figure.prepare) // a quotient of two others is for the reader to take
        {
            auto* b = benchmark::RegisterBenchmark (std::string (figure.name).c_str(),
                                                    [&figure] (benchmark::State& s) { run (s, figure); });
            b->Iterations (figure.rounds)->UseManualTime()->Unit (benchmark::kMillisecond);
        }
    benchmark::Initialize (&argc, argv);
    if (benchmark::ReportUnrecognizedArguments (argc, argv))
        return 2;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}

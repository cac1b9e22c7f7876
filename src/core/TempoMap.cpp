// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/TempoMap.h"

#include <algorithm>
#include <cmath>

namespace lacquer
{

namespace
{

template <typename T>
const T& lastAtOrBefore (const std::vector<T>& sorted, double beat)
{
    auto next = std::upper_bound (sorted.begin(), sorted.end(), beat,
                                  [] (double b, const T& t) { return b < t.beat; });
    return next == sorted.begin() ? sorted.front() : *std::prev (next);
}

double beatsPerBar (const TempoMap::Metre& m)
{
    return m.numerator * 4.0 / m.denominator;
}

} // namespace

TempoMap::TempoMap (double sampleRate, std::vector<Tempo> tempi, std::vector<Metre> metres)
    : rate (sampleRate), tempo (std::move (tempi)), metre (std::move (metres))
{
    if (tempo.empty() || tempo.front().beat > 0)
        tempo.insert (tempo.begin(), Tempo { 0, tempo.empty() ? 120.0 : tempo.front().bpm });
    if (metre.empty() || metre.front().beat > 0)
        metre.insert (metre.begin(), Metre {});
    tempoFrame.push_back (0);
    for (std::size_t k = 1; k < tempo.size(); ++k)
        tempoFrame.push_back (tempoFrame.back() +
                              (tempo[k].beat - tempo[k - 1].beat) * 60.0 / tempo[k - 1].bpm * rate);
}

double TempoMap::beatAt (Frames position) const noexcept
{
    const auto x = static_cast<double> (position);
    auto next = std::upper_bound (tempoFrame.begin(), tempoFrame.end(), x);
    const auto k = next == tempoFrame.begin() ? 0 : static_cast<std::size_t> (next - tempoFrame.begin()) - 1;
    return tempo[k].beat + (x - tempoFrame[k]) / rate * tempo[k].bpm / 60.0;
}

double TempoMap::frameAt (double beat) const noexcept
{
    const Tempo& t = lastAtOrBefore (tempo, beat);
    const auto k = static_cast<std::size_t> (&t - tempo.data());
    return tempoFrame[k] + (beat - t.beat) * 60.0 / t.bpm * rate;
}

double TempoMap::bpmAt (Frames position) const noexcept
{
    auto next = std::upper_bound (tempoFrame.begin(), tempoFrame.end(), static_cast<double> (position));
    return next == tempoFrame.begin() ? tempo.front().bpm
                                      : tempo[static_cast<std::size_t> (next - tempoFrame.begin()) - 1].bpm;
}

TempoMap::Metre TempoMap::metreAt (double beat) const noexcept
{
    return lastAtOrBefore (metre, beat);
}

TempoMap::BarBeat TempoMap::barBeatAt (Frames position) const noexcept
{
    // A nanobeat forgives the rounding of a position that was computed from a beat.
    const double beat = std::max (0.0, beatAt (position)) + 1e-9;
    double bars = 0;
    for (std::size_t k = 0; k < metre.size(); ++k)
    {
        const bool last = k + 1 == metre.size() || metre[k + 1].beat > beat;
        const double end = last ? beat : metre[k + 1].beat;
        const double inMetre = (end - metre[k].beat) / beatsPerBar (metre[k]);
        if (! last)
        {
            bars += std::ceil (inMetre - 1e-9);
            continue;
        }
        const double whole = std::floor (inMetre);
        const double unit = (inMetre - whole) * metre[k].numerator;
        return { static_cast<int> (bars + whole) + 1, static_cast<int> (unit) + 1,
                 static_cast<int> ((unit - std::floor (unit)) * 960.0) };
    }
    return {};
}

double TempoMap::frameOfBar (int bar) const noexcept
{
    double first = 1; // bar number at the start of the metre under inspection
    for (std::size_t k = 0; k < metre.size(); ++k)
    {
        const double perBar = beatsPerBar (metre[k]);
        const double bars = k + 1 == metre.size()
                                ? INFINITY
                                : std::ceil ((metre[k + 1].beat - metre[k].beat) / perBar - 1e-9);
        if (bar < first + bars)
            return frameAt (metre[k].beat + (bar - first) * perBar);
        first += bars;
    }
    return 0;
}

} // namespace lacquer

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
    // The mean tempo of a ramp that is straight in time lies half way between its ends, so its length and,
    // as for a body under constant acceleration, the way both ways are closed forms.
    for (std::size_t k = 0; k < tempo.size(); ++k)
    {
        const bool last = k + 1 == tempo.size();
        const bool ramp = ! last && tempo[k].ramp && tempo[k + 1].bpm != tempo[k].bpm;
        const double mean = ramp ? 0.5 * (tempo[k].bpm + tempo[k + 1].bpm) : tempo[k].bpm;
        const double frames = last ? 0 : (tempo[k + 1].beat - tempo[k].beat) * 60.0 / mean * rate;
        quickening.push_back (ramp ? (tempo[k + 1].bpm - tempo[k].bpm) / (60.0 * rate) / frames : 0.0);
        if (! last)
            tempoFrame.push_back (tempoFrame.back() + frames);
    }
}

double TempoMap::beatAt (Frames position) const noexcept
{
    const auto x = static_cast<double> (position);
    auto next = std::upper_bound (tempoFrame.begin(), tempoFrame.end(), x);
    const auto k = next == tempoFrame.begin() ? 0 : static_cast<std::size_t> (next - tempoFrame.begin()) - 1;
    const double gone = x - tempoFrame[k];
    const double even = tempo[k].beat + gone / rate * tempo[k].bpm / 60.0;
    return quickening[k] == 0 ? even : even + 0.5 * quickening[k] * gone * gone;
}

double TempoMap::frameAt (double beat) const noexcept
{
    const Tempo& t = lastAtOrBefore (tempo, beat);
    const auto k = static_cast<std::size_t> (&t - tempo.data());
    if (quickening[k] == 0)
        return tempoFrame[k] + (beat - t.beat) * 60.0 / t.bpm * rate;
    // Solved for the frames without a difference of near-equal numbers.
    const double from = t.bpm / (60.0 * rate), way = beat - t.beat;
    return tempoFrame[k] +
           2 * way / (from + std::sqrt (std::max (0.0, from * from + 2 * quickening[k] * way)));
}

double TempoMap::bpmAt (Frames position) const noexcept
{
    const auto x = static_cast<double> (position);
    auto next = std::upper_bound (tempoFrame.begin(), tempoFrame.end(), x);
    if (next == tempoFrame.begin())
        return tempo.front().bpm;
    const auto k = static_cast<std::size_t> (next - tempoFrame.begin()) - 1;
    return tempo[k].bpm + quickening[k] * (x - tempoFrame[k]) * 60.0 * rate;
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

TempoMap::Bar TempoMap::barOfBeat (double beat) const noexcept
{
    int first = 1; // bar number at the start of the metre under inspection
    for (std::size_t k = 0;; ++k)
    {
        const double perBar = beatsPerBar (metre[k]);
        const bool last = k + 1 == metre.size() || metre[k + 1].beat > beat;
        if (last)
        {
            const double n = std::max (0.0, std::floor ((beat - metre[k].beat) / perBar));
            const double begin = metre[k].beat + n * perBar;
            const double end = metre[k].beat + (n + 1) * perBar;
            return { first + static_cast<int> (n), begin,
                     k + 1 < metre.size() ? std::min (end, metre[k + 1].beat) : end, metre[k] };
        }
        first += static_cast<int> (std::ceil ((metre[k + 1].beat - metre[k].beat) / perBar - 1e-9));
    }
}

TempoMap::Bar TempoMap::bar (int number) const noexcept
{
    int first = 1;
    for (std::size_t k = 0;; ++k)
    {
        const double perBar = beatsPerBar (metre[k]);
        const bool last = k + 1 == metre.size();
        const int bars =
            last ? 0 : static_cast<int> (std::ceil ((metre[k + 1].beat - metre[k].beat) / perBar - 1e-9));
        if (last || number < first + bars)
        {
            const double begin = metre[k].beat + (number - first) * perBar;
            const double end = begin + perBar;
            return { number, begin, last ? end : std::min (end, metre[k + 1].beat), metre[k] };
        }
        first += bars;
    }
}

double TempoMap::frameOfBar (int number) const noexcept
{
    return frameAt (bar (number).begin);
}

} // namespace lacquer

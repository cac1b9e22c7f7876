// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/MaskingHearing.h"

#include "session/Find.h"
#include "studio/Catalogue.h"
#include "studio/MaskingParts.h"
#include "studio/Portrait.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <map>

namespace lacquer::studio
{

using measure::EarBands;
using measure::EarSpectrum;
using session::Song;
using session::Strip;
using session::StripKind;

namespace
{

std::uint16_t halved (float x)
{
    return static_cast<std::uint16_t> (std::bit_cast<std::uint32_t> (x) >> 16);
}
float restored (std::uint16_t h)
{
    return std::bit_cast<float> (static_cast<std::uint32_t> (h) << 16);
}

std::array<std::unique_ptr<std::uint16_t[]>, 2> roomFor (std::size_t values)
{
    return { std::make_unique_for_overwrite<std::uint16_t[]> (values),
             std::make_unique_for_overwrite<std::uint16_t[]> (values) };
}

} // namespace

StripEar::StripEar (double sampleRate, std::size_t columnCount)
    : ears { measure::BandPowers (sampleRate), measure::BandPowers (sampleRate) }, columns (columnCount),
      rows (roomFor (columnCount * EarBands::count))
{
}

void StripEar::process (const engine::Chunk& chunk, std::span<const engine::Signal> in,
                        std::span<engine::Signal> out) noexcept
{
    silence (chunk, out);
    const int early =
        static_cast<int> (std::clamp<Frames> (-chunk.time.position, 0, static_cast<Frames> (chunk.frames)));
    if (! chunk.time.playing || early == chunk.frames)
        return;
    const bool silent = in[0].silent;
    hear (silent ? nullptr : in[0].channel[0] + early, silent ? nullptr : in[0].channel[1] + early,
          chunk.frames - early);
}

void StripEar::hear (const float* left, const float* right, int frames) noexcept
{
    if (! apart && left != right &&
        std::memcmp (left, right, static_cast<std::size_t> (frames) * sizeof (float)) != 0)
    {
        apart = true;
        ears[1].follow (ears[0]);
        filled[1] = filled[0];
        std::copy_n (rows[0].get(), filled[0] * EarBands::count, rows[1].get());
    }
    hearWith (0, left, frames);
    if (apart)
        hearWith (1, right, frames);
}

void StripEar::hearWith (std::size_t ear, const float* sound, int frames) noexcept
{
    ears[ear].add (sound, frames,
                   [&] (const EarSpectrum& powers)
                   {
                       if (filled[ear] < columns)
                           std::transform (powers.begin(), powers.end(),
                                           rows[ear].get() + filled[ear]++ * EarBands::count, halved);
                   });
}

void StripEar::reset() noexcept
{
    for (auto& e : ears)
        e.reset();
    filled = {};
    apart = false;
}

float StripEar::power (std::size_t ear, std::size_t column, int band) const noexcept
{
    const std::size_t from = apart ? ear : 0;
    return column < filled[from]
               ? restored (rows[from][column * EarBands::count + static_cast<std::size_t> (band)])
               : 0;
}

namespace
{

/// The gain of a send by its values; nothing when it is off for good.
double sendGain (const Strip& strip, std::size_t number)
{
    const auto prefix = "send" + std::to_string (number + 1) + ".";
    const auto valueOf = [&] (const std::string& name)
    {
        const auto& param = stripTable()[static_cast<std::size_t> (indexOf (stripTable(), prefix + name))];
        const auto set = strip.values.find (std::string (param.id));
        return set == strip.values.end() ? param.initial : numberOf (param, set->second);
    };
    const bool ridden =
        std::any_of (strip.lanes.begin(), strip.lanes.end(),
                     [&] (const auto& l) { return l.target == strip.id && l.parameter == prefix + "on"; });
    return isOn (valueOf ("on")) || ridden ? gainOf (Decibels { static_cast<double> (valueOf ("level")) })
                                           : 0;
}

bool ringsOn (const Strip& strip, double bpm)
{
    return std::any_of (strip.inserts.begin(), strip.inserts.end(),
                        [&] (const auto& e)
                        {
                            const auto* type = effectOf (e->type);
                            if (type == nullptr || ! e->on)
                                return false;
                            // What a recording does is not asked: it is a room or a spring nearly always.
                            return type->longestRecording > 0 ||
                                   soundsOn (*type, numbersOf (type->params, e->values), bpm);
                        });
}

} // namespace

Hearing::Hearing (double sampleRate, const Song& song, std::size_t columns) : length (columns)
{
    const auto ear = [&] { return std::make_shared<StripEar> (sampleRate, columns); };
    std::map<Id, std::size_t> voiceOf, busOf;
    for (const auto& t : song.tracks)
        if (! t->strip.disabled)
        {
            voiceOf[t->strip.id] = all.size();
            all.push_back ({ &t->strip, t.get() });
            tracks.push_back (ear());
        }
    std::vector<const Strip*> waiting;
    for (const auto* list : { &song.groups, &song.returns })
        for (const auto& s : *list)
            if (! s->disabled)
                waiting.push_back (s.get());
    waiting.push_back (song.mix.get());
    const double bpm = song.tempi.empty() ? 120 : song.tempi.front().bpm;

    const auto feeds = [&] (const Strip& from, const Strip& to, auto&& take)
    {
        if (from.output == to.id)
            take (1.0f, false);
        for (std::size_t k = 0; k < from.sends.size(); ++k)
            if (from.sends[k] == to.id)
                if (const double gain = sendGain (from, k); gain > 0)
                    take (static_cast<float> (gain * gain), true);
    };
    while (! waiting.empty())
    {
        const auto next = std::find_if (waiting.begin(), waiting.end(),
                                        [&] (const Strip* s)
                                        {
                                            return std::none_of (
                                                waiting.begin(), waiting.end(),
                                                [&] (const Strip* other)
                                                {
                                                    bool fed = false;
                                                    if (other != s)
                                                        feeds (*other, *s, [&] (float, bool) { fed = true; });
                                                    return fed;
                                                });
                                        });
        if (next == waiting.end())
            break; // a circle: the render tells of it
        Bus bus;
        bus.strip = *next;
        waiting.erase (next);
        bus.out = ear();
        const auto fed = [&] (const Strip& from, std::size_t fromBus, std::size_t voice)
        {
            feeds (from, *bus.strip,
                   [&] (float weight, bool send)
                   {
                       bus.bySends = bus.bySends || send;
                       Feed f { fromBus, voice, weight, {} };
                       const std::vector<std::size_t> single { voice };
                       for (const auto v : fromBus == none ? single : buses[fromBus].voices)
                       {
                           const auto at = std::find (bus.voices.begin(), bus.voices.end(), v);
                           f.to.push_back (static_cast<std::size_t> (at - bus.voices.begin()));
                           if (at == bus.voices.end())
                               bus.voices.push_back (v);
                       }
                       bus.feeds.push_back (std::move (f));
                   });
        };
        for (std::size_t v = 0; v < tracks.size(); ++v)
            fed (*all[v].strip, none, v);
        for (std::size_t b = 0; b < buses.size(); ++b)
            fed (*buses[b].strip, b, none);
        bus.rings = bus.strip->kind != StripKind::mix && ringsOn (*bus.strip, bpm);
        if (! bus.bySends)
            bus.in = ear();
        bus.own = bus.rings || (bus.bySends && bus.strip->kind != StripKind::mix);
        if (bus.own)
        {
            bus.voices.push_back (all.size());
            all.push_back ({ bus.strip, nullptr });
        }
        buses.push_back (std::move (bus));
    }
}

std::vector<Listener> Hearing::listeners() const
{
    std::vector<Listener> list;
    for (std::size_t v = 0; v < tracks.size(); ++v)
        list.push_back ({ all[v].strip->id, false, false, tracks[v] });
    for (const auto& b : buses)
    {
        if (b.in != nullptr)
            list.push_back ({ b.strip->id, false, true, b.in });
        if (b.strip->kind != StripKind::mix)
            list.push_back ({ b.strip->id, false, false, b.out });
    }
    return list;
}

void Hearing::hearMix (const float* const* channels, int frames) noexcept
{
    buses.back().out->hear (channels[0], channels[1], frames);
}

void Hearing::settle()
{
    // What a ringing bus passes on of what comes in is no more than four times what it does ordinarily: what
    // is beyond is of sounds before.
    std::vector<float> factors;
    for (auto& bus : buses)
        if (bus.rings && bus.in != nullptr)
            for (std::size_t e = 0; e < 2; ++e)
                for (int b = 0; b < EarBands::count; ++b)
                {
                    float loudest = 0;
                    for (std::size_t c = 0; c < length; ++c)
                        loudest = std::max (loudest, bus.in->power (e, c, b));
                    factors.clear();
                    for (std::size_t c = 0; c < length; ++c)
                        if (const float in = bus.in->power (e, c, b); in > 0.01f * loudest)
                            factors.push_back (bus.out->power (e, c, b) / in);
                    auto& most = bus.most[e][static_cast<std::size_t> (b)];
                    if (factors.empty())
                        continue;
                    const auto middle = factors.begin() + static_cast<std::ptrdiff_t> (factors.size() / 2);
                    std::nth_element (factors.begin(), middle, factors.end());
                    most = 4 * *middle;
                }
}

void Hearing::pass (const Bus& bus, std::size_t ear, std::size_t column, const Room& room,
                    std::vector<EarSpectrum>& passed) const
{
    passed.resize (bus.voices.size());
    for (auto& p : passed)
        p.fill (0);
    for (const auto& f : bus.feeds)
        for (std::size_t n = 0; n < f.to.size(); ++n)
        {
            auto& sum = passed[f.to[n]];
            for (int b = 0; b < EarBands::count; ++b)
            {
                const auto k = static_cast<std::size_t> (b);
                const float p = f.weight * (f.bus == none ? tracks[f.voice]->power (ear, column, b)
                                                          : room.passed[f.bus][n][k]);
                // By two ways comes the same sound at the same time: amplitudes add up.
                sum[k] = sum[k] > 0 && p > 0 ? sum[k] + p + 2 * std::sqrt (sum[k] * p) : sum[k] + p;
            }
        }
    const std::size_t others = bus.voices.size() - (bus.own ? 1 : 0);
    for (int b = 0; b < EarBands::count; ++b)
    {
        const auto k = static_cast<std::size_t> (b);
        const float out = bus.out->power (ear, column, b);
        float in = 0, factor = 0;
        if (bus.bySends)
        {
            if (! bus.rings)
                for (std::size_t v = 0; v < others; ++v)
                    in += passed[v][k];
        }
        else
            in = bus.in->power (ear, column, b);
        if (in > 0)
            factor = out / in;
        if (bus.rings)
            factor = std::min (factor, bus.most[ear][k]);
        if (! std::isfinite (factor))
            factor = 0;
        for (std::size_t v = 0; v < others; ++v)
            passed[v][k] *= factor;
        if (bus.own)
            passed.back()[k] = std::max (0.0f, out - factor * in);
    }
}

void Hearing::arriving (std::size_t ear, std::size_t column, std::vector<EarSpectrum>& byVoice,
                        Room& room) const
{
    byVoice.resize (all.size());
    for (auto& v : byVoice)
        v.fill (0);
    room.passed.resize (buses.size());
    for (std::size_t b = 0; b < buses.size(); ++b)
        pass (buses[b], ear, column, room, room.passed[b]);
    const auto& mix = buses.back();
    for (std::size_t n = 0; n < mix.voices.size(); ++n)
        byVoice[mix.voices[n]] = room.passed.back()[n];
}

} // namespace lacquer::studio

// SPDX-License-Identifier: GPL-3.0-or-later
#include "files/SongTime.h"

#include "files/Bytes.h"
#include "files/WavHeader.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace lacquer::files
{

namespace
{

constexpr double leastTempo = 10, mostTempo = 999;
constexpr Frames mostReference = Frames { 1 } << 47; // 23 years at 192 kHz

std::optional<double> goodTempo (double bpm)
{
    return bpm >= leastTempo && bpm <= mostTempo ? std::optional (bpm) : std::nullopt;
}

bool digit (char c)
{
    return c >= '0' && c <= '9';
}

std::optional<double> number (std::string_view text)
{
    double v = 0;
    const auto [end, error] = std::from_chars (text.data(), text.data() + text.size(), v);
    return error == std::errc {} && end == text.data() + text.size() ? std::optional (v) : std::nullopt;
}

/// The text of an element of an XML chunk, wherever it is.
std::optional<double> element (std::string_view xml, const std::string& name)
{
    const auto open = xml.find ("<" + name + ">");
    if (open == std::string_view::npos)
        return std::nullopt;
    auto text = xml.substr (open + name.size() + 2);
    const auto close = text.find ("</" + name + ">");
    if (close == std::string_view::npos || close > 64)
        return std::nullopt;
    text = text.substr (0, close);
    while (text.starts_with (' '))
        text.remove_prefix (1);
    while (text.ends_with (' '))
        text.remove_suffix (1);
    return number (text);
}

/// Calls visit (id, begin, length) for every chunk of a file of the WAV family.
template <typename Visit>
void eachChunk (const Descriptor& file, const Visit& visit)
{
    constexpr int most = 20000; // as in WavHeader.cpp
    const auto size = sizeOf (file);
    unsigned char head[16] {};
    if (readAt (file, 0, head, sizeof head) < sizeof head || ! isWav (head))
        return;
    const bool w64 = head[0] == 'r';
    const std::int64_t chunkHead = w64 ? 24 : 8, align = w64 ? 8 : 2;
    std::int64_t at = w64 ? 40 : 12, largeData = -1;
    for (int n = 0; n < most && at + chunkHead <= size; ++n)
    {
        unsigned char id[24] {};
        if (readAt (file, at, id, static_cast<std::size_t> (chunkHead)) <
            static_cast<std::size_t> (chunkHead))
            return;
        const std::int64_t begin = at + chunkHead;
        std::int64_t length = 0;
        if (w64)
        {
            const auto whole = little64 (id + 16);
            if (whole < 24 || whole > static_cast<std::uint64_t> (size - at))
                return;
            length = static_cast<std::int64_t> (whole) - 24;
        }
        else
        {
            length = little32 (id + 4);
            if (length == 0xFFFFFFFF && std::memcmp (id, "data", 4) == 0)
                length = largeData >= 0 ? largeData : size - begin;
        }
        if (length > size - begin)
            return;
        if (std::memcmp (id, "ds64", 4) == 0 && length >= 24)
        {
            unsigned char sizes[16] {};
            readAt (file, begin, sizes, sizeof sizes);
            largeData = static_cast<std::int64_t> (
                std::min<std::uint64_t> (little64 (sizes + 8), static_cast<std::uint64_t> (size)));
        }
        visit (std::string_view (reinterpret_cast<const char*> (id), 4), begin, length);
        at = begin + (length + align - 1) / align * align;
    }
}

} // namespace

std::optional<double> tempoInName (std::string_view name)
{
    std::string low (name);
    std::transform (low.begin(), low.end(), low.begin(),
                    [] (char c) { return c >= 'A' && c <= 'Z' ? static_cast<char> (c - 'A' + 'a') : c; });
    const auto separator = [] (char c) { return c == ' ' || c == '_' || c == '-'; };
    for (auto at = low.find ("bpm"); at != std::string::npos; at = low.find ("bpm", at + 1))
    {
        // The number before, with a separator or none between.
        auto end = at;
        while (end > 0 && separator (low[end - 1]))
            --end;
        auto begin = end;
        while (begin > 0 && (digit (low[begin - 1]) || (low[begin - 1] == '.' && begin < end)))
            --begin;
        while (begin < end && low[begin] == '.')
            ++begin;
        if (const auto v = number (std::string_view (low).substr (begin, end - begin)))
            if (const auto bpm = goodTempo (*v))
                return bpm;
        // The number behind.
        begin = at + 3;
        while (begin < low.size() && separator (low[begin]))
            ++begin;
        end = begin;
        while (end < low.size() && (digit (low[end]) || (low[end] == '.' && end > begin &&
                                                         end + 1 < low.size() && digit (low[end + 1]))))
            ++end;
        if (const auto v = number (std::string_view (low).substr (begin, end - begin)))
            if (const auto bpm = goodTempo (*v))
                return bpm;
    }
    return std::nullopt;
}

SongTime songTimeOf (const std::filesystem::path& path)
{
    SongTime time;
    if (auto file = openedForReading (path))
    {
        double rate = 0;
        std::string xml;
        eachChunk (*file,
                   [&] (std::string_view id, std::int64_t begin, std::int64_t length)
                   {
                       unsigned char bytes[24] {};
                       if (id == "fmt " && length >= 8 && readAt (*file, begin, bytes, 8) == 8)
                           rate = little32 (bytes + 4);
                       // 256 bytes of description, 32 of originator, 32 of reference, 10 of date and 8 of
                       // time.
                       if (id == "bext" && length >= 346 && readAt (*file, begin + 338, bytes, 8) == 8)
                           if (const auto frames = little64 (bytes);
                               frames < static_cast<std::uint64_t> (mostReference))
                               time.reference = static_cast<Frames> (frames);
                       // Flags (bit 0: one shot, which has no tempo), root note, beats, metre, tempo.
                       if (id == "acid" && length >= 24 && readAt (*file, begin, bytes, 24) == 24 &&
                           (bytes[0] & 1) == 0)
                           if (const auto bpm = goodTempo (
                                   static_cast<double> (std::bit_cast<float> (little32 (bytes + 20)))))
                           {
                               time.tempo = bpm;
                               time.tempoFrom = "its acid chunk";
                           }
                       if (id == "iXML" && length <= 1 << 20)
                       {
                           xml.resize (static_cast<std::size_t> (length));
                           xml.resize (readAt (*file, begin, xml.data(), xml.size()));
                       }
                   });
        time.rate = rate;
        if (! time.reference)
        {
            const auto low = element (xml, "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO");
            const auto high = element (xml, "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI");
            if (low && *low >= 0)
                if (const double all = high.value_or (0) * 4294967296.0 + *low;
                    all >= 0 && all < static_cast<double> (mostReference))
                {
                    time.reference = static_cast<Frames> (all);
                    if (const auto own = element (xml, "TIMESTAMP_SAMPLE_RATE");
                        own && *own >= minRate && *own <= maxRate)
                        time.rate = *own;
                }
        }
        for (const auto* name : { "TEMPO", "BPM" })
            if (! time.tempo)
                if (const auto v = element (xml, name))
                    if ((time.tempo = goodTempo (*v)))
                        time.tempoFrom = "its iXML chunk";
    }
    if (! time.tempo)
        if ((time.tempo = tempoInName (path.stem().string())))
            time.tempoFrom = "its name";
    return time;
}

} // namespace lacquer::files

// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/ClipLevels.h"

#include "files/ClipReader.h"
#include "measure/Meter.h"
#include "measure/Roles.h"
#include "session/Find.h"
#include "session/Numbers.h"
#include "studio/Sources.h"

#include <charconv>
#include <cmath>
#include <functional>

namespace lacquer::studio
{

namespace
{

using Take = std::function<void (const float* const* channels, int frames)>;

/// Hands what a clip plays, at unity, to `take`, from its start on. Told first: how many channels.
Outcome read (const std::filesystem::path& folder, const session::Project& project, Id id,
              const std::function<void (int channels)>& begin, const Take& take)
{
    const auto* clip = session::clipOf (project, id);
    const auto* media = clip != nullptr ? session::mediaOf (project, clip->media) : nullptr;
    if (media == nullptr)
        return Problem { "There is no clip with the id " + std::to_string (id.value) + "." };
    const auto path = pathOf (folder, *media);
    auto file = files::PcmFile::opened (path);
    if (! file)
        return file.problem();
    if (file->channels() > 2)
        return Problem { "A clip is mono or stereo.", path.string() };
    const int channels = file->channels();
    files::ClipSource source;
    source.media = std::make_shared<const files::PcmFile> (*std::move (file));
    source.offset = clip->offset;
    source.length = clip->length;
    source.reversed = clip->reversed;
    files::ClipReader reader ({ source }, channels, files::ClipReader::Reads::asAsked);
    begin (channels);
    constexpr int block = 4096;
    std::vector<float> sound[2] { std::vector<float> (block), std::vector<float> (block) };
    float* const lanes[2] { sound[0].data(), sound[1].data() };
    for (Frames at = 0; at < clip->length; at += block)
    {
        const int frames = static_cast<int> (std::min<Frames> (block, clip->length - at));
        if (reader.read (at, { lanes, static_cast<std::size_t> (channels) }, frames) < frames)
            return Problem { "The audio file cannot be read.", path.string() };
        take (lanes, frames);
    }
    return {};
}

std::string textOf (double v)
{
    char text[32];
    const auto [end, error] = std::to_chars (text, text + sizeof text, v);
    return error == std::errc {} ? std::string (text, end) : std::string();
}

Result<Id> clipIn (const session::Arguments& arguments)
{
    const auto at = arguments.find ("clip");
    std::string_view text = at == arguments.end() ? std::string_view() : at->second;
    if (text.starts_with ("clip:"))
        text.remove_prefix (5);
    Id id;
    const auto [end, error] = std::from_chars (text.data(), text.data() + text.size(), id.value);
    if (error != std::errc {} || end != text.data() + text.size())
        return Problem { "Say which clip: clip:ID." };
    return id;
}

} // namespace

Result<ClipLevel> levelOf (const std::filesystem::path& folder, const session::Project& project, Id clip)
{
    std::optional<measure::Meter> meter;
    int count = 0;
    const auto done = read (
        folder, project, clip,
        [&] (int channels)
        {
            count = channels;
            meter.emplace (project.sampleRate, measure::rolesOf (0, channels));
        },
        [&] (const float* const* channels, int frames) {
            meter->add ({ channels, static_cast<std::size_t> (count) }, frames);
        });
    if (! done)
        return done.problem();
    const auto reading = meter->result();
    return ClipLevel { reading.truePeak, reading.integrated };
}

Result<std::vector<session::Range>> soundOf (const std::filesystem::path& folder,
                                             const session::Project& project, Id id, const SilenceRule& rule)
{
    if (! (rule.hold >= 0 && rule.hold <= 60 && rule.before >= 0 && rule.before <= 60 && rule.after >= 0 &&
           rule.after <= 60 && rule.threshold >= -200 && rule.threshold <= 24))
        return Problem { "The times lie between 0 and 60 seconds, the threshold between -200 and 24 dB." };
    const double rate = project.sampleRate;
    const auto least = static_cast<float> (gainOf (Decibels { rule.threshold }));
    const Frames hold = framesIn (Seconds { rule.hold }, rate),
                 before = framesIn (Seconds { rule.before }, rate),
                 after = framesIn (Seconds { rule.after }, rate);
    std::vector<session::Range> sounds; // frames of the clip from its first loud one to behind its last
    Frames at = 0;
    int count = 0;
    const auto done = read (
        folder, project, id, [&] (int channels) { count = channels; },
        [&] (const float* const* channels, int frames)
        {
            for (int n = 0; n < frames; ++n, ++at)
            {
                float peak = std::abs (channels[0][n]);
                if (count == 2)
                    peak = std::max (peak, std::abs (channels[1][n]));
                if (peak < least || peak == 0)
                    continue;
                if (sounds.empty() || at - sounds.back().end > hold)
                    sounds.push_back ({ at, at });
                sounds.back().end = at + 1;
            }
        });
    if (! done)
        return done.problem();
    const auto* clip = session::clipOf (project, id);
    std::vector<session::Range> ranges;
    for (const auto& s : sounds)
    {
        const session::Range wide { clip->start + std::max<Frames> (0, s.begin - before),
                                    clip->start + std::min (clip->length, s.end + after) };
        if (! ranges.empty() && wide.begin <= ranges.back().end)
            ranges.back().end = wide.end;
        else
            ranges.push_back (wide);
    }
    return ranges;
}

Result<session::Arguments> completed (const std::filesystem::path& folder, const session::Project& project,
                                      std::string_view edit, session::Arguments arguments)
{
    const bool normalise = edit == "normalise-clip" && ! arguments.contains ("measured");
    const bool strip = edit == "strip-silence" && ! arguments.contains ("keep");
    if (! normalise && ! strip)
        return arguments;
    const auto clip = clipIn (arguments);
    if (! clip)
        return clip.problem();
    if (normalise)
    {
        const auto level = levelOf (folder, project, *clip);
        if (! level)
            return level.problem();
        const bool loudness = arguments.contains ("to") && arguments.at ("to") == "loudness";
        if (loudness && ! level->loudness && level->truePeak)
            return Problem { "The clip is too short or too soft to have a loudness.",
                             {},
                             "Normalise it to peak." };
        arguments["measured"] = textOf ((loudness ? level->loudness : level->truePeak).value_or (silenceDb));
        return arguments;
    }
    SilenceRule rule;
    for (const auto& [name, value] :
         { std::pair { "threshold", &rule.threshold }, std::pair { "hold", &rule.hold },
           std::pair { "before", &rule.before }, std::pair { "after", &rule.after } })
    {
        const auto given = arguments.find (name);
        if (given == arguments.end())
            continue;
        const auto v = session::numberFrom (name, given->second);
        if (! v)
            return v.problem();
        *value = *v;
    }
    const auto ranges = soundOf (folder, project, *clip, rule);
    if (! ranges)
        return ranges.problem();
    if (ranges->empty())
        return Problem { "Nothing of the clip is louder than the threshold.", {}, "Lower the threshold." };
    std::string keep;
    for (const auto& r : *ranges)
        keep += (keep.empty() ? "" : ", ") + std::to_string (r.begin) + "f-" + std::to_string (r.end) + "f";
    arguments["keep"] = std::move (keep);
    return arguments;
}

} // namespace lacquer::studio

// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Sources.h"

#include "files/ClipReader.h"
#include "files/Stream.h"
#include "session/Find.h"

namespace lacquer::studio
{

namespace fs = std::filesystem;

namespace
{

files::FadeShape shapeOf (session::Fade f)
{
    switch (f)
    {
        case session::Fade::linear: return files::FadeShape::linear;
        case session::Fade::equalPower: return files::FadeShape::equalPower;
        case session::Fade::sCurve: return files::FadeShape::sCurve;
        case session::Fade::exponential: break;
    }
    return files::FadeShape::exponential;
}

/// The clips of a track with their files opened; what cannot be opened goes to `problem` and is left out.
std::vector<files::ClipSource> clipsOf (const fs::path& folder, const session::Project& project,
                                        const session::Track& track,
                                        const std::function<void (Problem)>& problem)
{
    std::vector<files::ClipSource> clips;
    std::map<Id, std::shared_ptr<const files::PcmFile>> opened;
    for (const auto& clip : track.clips)
    {
        const auto* media = session::mediaOf (project, clip->media);
        if (clip->muted || media == nullptr)
            continue;
        auto& file = opened[media->id];
        if (file == nullptr)
        {
            auto result = files::PcmFile::opened (pathOf (folder, *media));
            if (! result)
            {
                problem ({ "The audio of the track \"" + track.strip.name +
                               "\" cannot be played: " + result.problem().what,
                           pathOf (folder, *media).string(), "Put the file back where it was." });
                continue;
            }
            if (result->rate() != project.sampleRate)
            {
                problem ({ "The audio of the track \"" + track.strip.name +
                               "\" has another sample rate than the project.",
                           pathOf (folder, *media).string(), "Import the file again." });
                continue;
            }
            file = std::make_shared<const files::PcmFile> (*std::move (result));
        }
        std::vector<files::EnvelopePoint> envelope;
        for (const auto& point : clip->envelope)
            envelope.push_back ({ point.position, point.gain });
        clips.push_back ({ file, clip->start + track.delay, clip->offset, clip->length,
                           static_cast<float> (gainOf (Decibels { clip->gain })), clip->fadeIn, clip->fadeOut,
                           shapeOf (clip->fadeInShape), shapeOf (clip->fadeOutShape), clip->reversed,
                           std::move (envelope) });
    }
    return clips;
}

} // namespace

fs::path pathOf (const fs::path& folder, const session::Media& media)
{
    return media.referenced ? fs::path (media.original) : folder / media.path;
}

SourceMaker offlineSources (fs::path folder)
{
    return [folder = std::move (folder)] (const session::Project& project,
                                          const session::Track& track) -> Result<std::shared_ptr<FrameSource>>
    {
        std::optional<Problem> first;
        auto clips = clipsOf (folder, project, track,
                              [&] (Problem p)
                              {
                                  if (! first)
                                      first = std::move (p);
                              });
        if (first)
            return *first; // a render with a part missing would be a wrong record
        return std::shared_ptr<FrameSource> (
            std::make_shared<files::ClipReader> (std::move (clips), track.strip.channels));
    };
}

RecordingReader recordings (fs::path folder, std::function<void (const Problem&)> unread)
{
    return [folder = std::move (folder),
            unread = std::move (unread)] (const session::Project& project, Id id,
                                          double longest) -> Result<std::shared_ptr<const engine::Recording>>
    {
        const auto* media = session::mediaOf (project, id);
        const auto path = media != nullptr ? pathOf (folder, *media) : fs::path {};
        const auto fail = [&] (std::string what,
                               std::string cure) -> Result<std::shared_ptr<const engine::Recording>>
        {
            Problem p { std::move (what), path.string(), std::move (cure) };
            if (! unread)
                return p; // a render without it would be a wrong record
            unread (p);
            return std::shared_ptr<const engine::Recording>();
        };
        const auto file = files::PcmFile::opened (path);
        if (! file)
            return fail ("The recording of an effect cannot be read: " + file.problem().what,
                         "Put the file back where it was.");
        if (file->rate() != project.sampleRate)
            return fail ("The recording of an effect has another sample rate than the project.",
                         "Import the file again.");
        const int channels = file->channels();
        if (channels > 2)
            return fail ("The recording of an effect has " + std::to_string (channels) +
                             " channels; an effect takes one or two.",
                         "Import a mono or stereo file in its place.");
        const auto frames =
            static_cast<int> (std::min (file->frames(), framesIn (Seconds { longest }, project.sampleRate)));
        if (frames == 0)
            return fail ("The recording of an effect holds no sound.", "Import another file in its place.");
        auto recording = std::make_shared<engine::Recording>();
        recording->rate = project.sampleRate;
        recording->channels = channels;
        recording->samples.resize (static_cast<std::size_t> (frames) * static_cast<std::size_t> (channels));
        float* const left = recording->samples.data();
        float* const rows[2] { left, left + (channels - 1) * frames };
        if (file->read (0, frames, rows) < frames)
            return fail ("The recording of an effect cannot be read to its end.",
                         "Copy the file again from where it came.");
        return std::shared_ptr<const engine::Recording> (std::move (recording));
    };
}

SourceMaker liveSources (fs::path folder, std::shared_ptr<files::Reader> reader, LiveHooks hooks)
{
    return [folder = std::move (folder), reader = std::move (reader),
            hooks = std::move (hooks)] (const session::Project& project,
                                        const session::Track& track) -> Result<std::shared_ptr<FrameSource>>
    {
        auto clips = clipsOf (folder, project, track, hooks.missing);
        auto stream = reader->stream (std::move (clips), track.strip.channels, hooks.position());
        hooks.made (stream);
        return std::shared_ptr<FrameSource> (std::move (stream));
    };
}

} // namespace lacquer::studio

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/MaskingWork.h"

namespace lacquer::ui
{

namespace
{

/// Two songs that sound the same; which pairs are let alone is not heard.
bool soundsSame (const session::Song& a, const session::Song& b)
{
    return a.id == b.id && a.tracks == b.tracks && a.groups == b.groups && a.returns == b.returns &&
           a.vcas == b.vcas && a.muteGroups == b.muteGroups && a.mix == b.mix && a.tempi == b.tempi &&
           a.metres == b.metres && a.end == b.end;
}

} // namespace

void MaskingWork::begin (bool mends)
{
    stop();
    cancelled.store (false);
    share.store (0);
    mending = mends;
    running.store (true);
}

void MaskingWork::look (session::ProjectPtr project, const session::SongPtr& song,
                        const std::filesystem::path& folder)
{
    begin (false);
    thread = std::thread (
        [this, project = std::move (project), song, folder]
        {
            Progress progress;
            progress.cancelled = &cancelled;
            progress.report = [this] (double s) { share.store (s); };
            auto result = studio::masking (*project, folder, *song, {}, progress);
            {
                const std::lock_guard lock (mutex);
                if (result)
                {
                    found = std::make_shared<const studio::Masking> (*std::move (result));
                    foundIn = song;
                    trouble.clear();
                }
                else if (! cancelled.load())
                    trouble = result.problem().sentence();
            }
            running.store (false);
        });
}

void MaskingWork::mend (session::ProjectPtr project, const session::SongPtr& song,
                        const std::filesystem::path& folder, const studio::Conflict& conflict)
{
    begin (true);
    thread = std::thread (
        [this, project = std::move (project), song, folder, conflict]
        {
            Progress progress;
            progress.cancelled = &cancelled;
            progress.report = [this] (double s) { share.store (s); };
            auto result = studio::mended (*project, folder, *song, conflict, {}, progress);
            {
                const std::lock_guard lock (mutex);
                if (! cancelled.load())
                    mended = std::move (result);
            }
            running.store (false);
        });
}

void MaskingWork::stop()
{
    cancelled.store (true);
    if (thread.joinable())
        thread.join();
}

void MaskingWork::forget()
{
    stop();
    const std::lock_guard lock (mutex);
    found = nullptr;
    foundIn = nullptr;
    trouble.clear();
    mended.reset();
}

MaskingReport MaskingWork::report (const session::SongPtr& now) const
{
    MaskingReport r;
    r.looking = running.load() && ! mending;
    r.mending = running.load() && mending;
    r.share = share.load();
    const std::lock_guard lock (mutex);
    r.found = found;
    r.current = foundIn != nullptr && now != nullptr && soundsSame (*foundIn, *now);
    r.trouble = trouble;
    return r;
}

std::optional<Result<studio::Mended>> MaskingWork::takeMended()
{
    const std::lock_guard lock (mutex);
    return std::exchange (mended, std::nullopt);
}

} // namespace lacquer::ui

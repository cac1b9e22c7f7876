// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/Masking.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace lacquer::ui
{

/// What is known of tracks that hide one another.
struct MaskingReport
{
    std::shared_ptr<const studio::Masking> found; ///< null: nobody has looked yet
    bool current = false;                         ///< of the song as it is now
    bool looking = false, mending = false;
    double share = 0;    ///< 0 to 1, of what is being done
    std::string trouble; ///< why the last look gave nothing
};

/// Looks for masking, and mends it, on a thread of its own. What was found is kept; it says whether the song
/// is still the one that was looked at. [message thread]
class MaskingWork
{
public:
    MaskingWork() = default;
    ~MaskingWork() { stop(); }
    MaskingWork (const MaskingWork&) = delete;
    MaskingWork& operator= (const MaskingWork&) = delete;

    /// Starts; what runs is stopped first.
    void look (session::ProjectPtr, const session::SongPtr&, const std::filesystem::path& folder);
    void mend (session::ProjectPtr, const session::SongPtr&, const std::filesystem::path& folder,
               const studio::Conflict&);
    /// Returns when nothing runs any more.
    void stop();
    void forget();
    MaskingReport report (const session::SongPtr& now) const;
    /// What mending has come to, once.
    std::optional<Result<studio::Mended>> takeMended();

private:
    void begin (bool mends);

    std::thread thread;
    std::atomic<bool> cancelled { false }, running { false };
    std::atomic<double> share { 0 };
    bool mending = false;
    mutable std::mutex mutex; // guards what follows
    std::shared_ptr<const studio::Masking> found;
    session::SongPtr foundIn;
    std::string trouble;
    std::optional<Result<studio::Mended>> mended;
};

} // namespace lacquer::ui

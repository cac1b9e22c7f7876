// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "studio/Masking.h"
#include "studio/Workplace.h"

#include <memory>
#include <string>

namespace lacquer::studio
{

/// What is known of tracks that hide one another.
struct MaskingReport
{
    std::shared_ptr<const Masking> found; ///< null: nobody has looked yet
    bool current = false;                 ///< of the song as it is now
    bool looking = false, mending = false;
    double share = 0;    ///< 0 to 1, of what is being done
    std::string trouble; ///< why the last look gave nothing
};

/// Looks for masking, and mends it, beside the control thread. What was found is kept; the report says
/// whether the song is still the one that was looked at. [control]
class MaskingWork
{
public:
    explicit MaskingWork (Workplace& w) : place (w) {}

    /// What is under way is asked to stop, and nothing of it counts.
    void look();
    /// As look(). The cut is one step of history, and a notice tells what it gave; then it looks again.
    void mend (const Conflict&);
    void stop() { place.jobs().stop (job); }
    MaskingReport report() const;

private:
    void looked (const session::SongPtr&, Result<Masking>);
    void mended (const Result<Mended>&);

    Workplace& place;
    Jobs::Number job = 0; ///< the newest
    bool mending = false;
    std::shared_ptr<const Masking> found;
    session::SongPtr foundIn;
    std::string trouble;
};

} // namespace lacquer::studio

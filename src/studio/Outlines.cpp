// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Outlines.h"

#include "studio/Sources.h"

namespace lacquer::studio
{

namespace fs = std::filesystem;

void Outlines::follow()
{
    std::vector<std::pair<Id, fs::path>> wanted;
    for (const auto& media : place.project().media)
        if (begun.insert (media.id).second)
            wanted.emplace_back (media.id, pathOf (place.folder(), media));
    if (wanted.empty())
        return;
    place.jobs().start (
        { "Drawing waveforms", "outlines", Jobs::Shown::no },
        [this, wanted, folder = fs::path (place.folder()) / "Peaks"] (const Work& w) -> Outcome
        {
            for (const auto& [id, path] : wanted)
            {
                if (w.stopped())
                    break;
                if (auto peaks = files::cachedPeaks (path, folder, w.progress))
                    w.tell (
                        [this, id = id, peaks = *std::move (peaks)]
                        {
                            known[id] = peaks;
                            ++made;
                        });
                else
                    w.tell ([this, id = id] { begun.erase (id); }); // with the next change: it may come back
            }
            return {};
        },
        [] (const Outcome&, bool) {});
}

std::shared_ptr<const files::Peaks> Outlines::of (Id media) const
{
    const auto found = known.find (media);
    return found != known.end() ? found->second : nullptr;
}

} // namespace lacquer::studio

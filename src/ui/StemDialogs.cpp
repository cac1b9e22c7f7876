// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/StemDialogs.h"

#include "session/Find.h"
#include "studio/Wording.h"

#include <algorithm>

namespace lacquer::ui
{

namespace
{

/// The names of the files that offers are of, each once.
juce::StringArray namesOf (const std::vector<studio::StemOffer>& offers)
{
    juce::StringArray names;
    for (const auto& o : offers)
        names.addIfNotAlreadyThere (utf8 (session::nameToShow (o.file.filename().string())));
    return names;
}

/// One per line; of many, how many more there are.
juce::String listed (juce::StringArray names)
{
    constexpr int most = 8;
    if (const int more = names.size() - most; more > 1)
    {
        names.removeRange (most, more);
        names.add ("and " + juce::String (more) + " more");
    }
    return names.joinIntoString ("\n");
}

juce::String counted (std::size_t stems)
{
    return stems == 1 ? juce::String ("a stem") : juce::String (stems) + " stems";
}

} // namespace

std::unique_ptr<Dialog> importDialog (Model& model, const studio::Drop& drop)
{
    const auto names = namesOf (drop.known);
    const bool one = names.size() == 1;
    using Meant = studio::Importing::Meant;
    const auto means = [&model, drop] (Meant meant)
    { return [&model, drop, meant] { model.answerImport (drop, meant); }; };
    const auto track = "\"" + utf8 (session::nameToShow (drop.known.front().track)) + "\"";
    return std::make_unique<Dialog> (
        one ? names[0] + " is already in this song"
            : juce::String (names.size()) + " of these files are already in this song",
        one ? "Replace lets the clips of " + track + " play the new file. Strip, clips and automation stay."
            : "Replace lets their clips play the new files. Strips, clips and automation stay.\n" +
                  listed (names),
        std::vector<Dialog::Choice> { { "Replace", Face::primary, means (Meant::replace) },
                                      { drop.track              ? "Add to the track"
                                        : drop.files.size() > 1 ? "Add as new tracks"
                                                                : "Add as a new track",
                                        Face::plain, means (Meant::add) },
                                      { "Cancel", Face::plain, {} } });
}

std::unique_ptr<Dialog> updateDialog (Model& model, const std::vector<studio::StemOffer>& offers)
{
    const auto names = namesOf (offers);
    return std::make_unique<Dialog> (
        "Update " + counted (offers.size()) + "?",
        "Clips play the newer bounces. Strips, clips and automation stay.\n" + listed (names),
        std::vector<Dialog::Choice> {
            { "Update", Face::primary, [&model, offers] { model.updateStems (offers); } },
            { "Cancel", Face::plain, {} } });
}

std::unique_ptr<Dialog> cleanDialog (Model& model, const studio::Cleaned& found)
{
    juce::StringArray names;
    for (const auto& name : found.files)
        names.add (utf8 (session::nameToShow (name)));
    return std::make_unique<Dialog> (
        "Move " + utf8 (studio::counted (found.files.size(), "unused file")) + ", " +
            juce::File::descriptionOfSizeInBytes (found.bytes) + "?",
        "No clip, no version and no step of undo plays them. They go to the project's folder Unused, which "
        "can "
        "be deleted at any time. The project forgets them and is saved.\n" +
            listed (names),
        std::vector<Dialog::Choice> { { "Move", Face::primary, [&model, found] { model.clean (found); } },
                                      { "Cancel", Face::plain, {} } });
}

} // namespace lacquer::ui

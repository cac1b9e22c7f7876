// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Desk.h"

#include "session/Find.h"
#include "session/Parameters.h"
#include "studio/Catalogue.h"
#include "studio/Render.h"
#include "studio/Wording.h"

#include <algorithm>

namespace lacquer::studio
{

namespace
{

std::string keyOf (Gesture gesture)
{
    return gesture == 0 ? std::string() : "gesture " + std::to_string (gesture);
}

/// True when two projects look the same on the desk: everything but values, clips and lanes.
bool sameDesk (const session::Project& a, const session::Project& b)
{
    const auto &s = *a.songs.front(), &t = *b.songs.front();
    if (a.name != b.name || a.songs.size() != b.songs.size() || ! (a.album == b.album) || s.name != t.name ||
        s.artist != t.artist)
        return false;
    const auto sameEffects = [] (const auto& x, const auto& y)
    {
        return std::equal (
            x.begin(), x.end(), y.begin(), y.end(),
            [] (const auto& e, const auto& f)
            { return e == f || (e->id == f->id && e->type == f->type && e->postConsole == f->postConsole); });
    };
    const auto sameVcas =
        std::equal (s.vcas.begin(), s.vcas.end(), t.vcas.begin(), t.vcas.end(),
                    [] (const auto& x, const auto& y)
                    {
                        return x == y || (x->id == y->id && x->name == y->name && x->colour == y->colour &&
                                          x->members == y->members);
                    });
    if (! sameVcas || ! (s.muteGroups == t.muteGroups))
        return false;
    const auto list = [] (const session::Song& song)
    {
        std::vector<const session::Strip*> all;
        session::forEachStrip (song, [&] (const session::Strip& strip) { all.push_back (&strip); });
        return all;
    };
    const auto x = list (s), y = list (t);
    return sameEffects (s.master->modules, t.master->modules) &&
           std::equal (x.begin(), x.end(), y.begin(), y.end(),
                       [&] (const auto* p, const auto* q)
                       {
                           return p == q || (p->id == q->id && p->kind == q->kind && p->name == q->name &&
                                             p->colour == q->colour && p->channels == q->channels &&
                                             p->sends == q->sends && p->output == q->output &&
                                             p->soloSafe == q->soloSafe && p->disabled == q->disabled &&
                                             sameEffects (p->inserts, q->inserts));
                       });
}

} // namespace

Desk::Desk (Studio s, Jobs& j)
    : opened (std::move (s)), work (j),
      playing (std::make_unique<Player> (opened.folder(), opened.project().sampleRate)),
      riding (*this, *playing, index, [this] { hear(); })
{
    for (const auto& note : opened.notes())
        tell (Notice::Kind::look, project().name, note);
    changed();
}

Desk::~Desk()
{
    work.drop();
}

void Desk::tell (Notice::Kind kind, std::string title, std::string text)
{
    notices.push_back ({ kind, std::move (title), std::move (text) });
}

void Desk::changed()
{
    const auto& now = shared();
    const auto& next = song();
    riding.edited();
    if (shown == nullptr || ! sameDesk (*shown, *now))
        ++structureCount;
    if (shown == nullptr || ! Rig::sameStructure (*shown->songs.front(), next))
    {
        songLength = lengthOf (*now, next);
        tempoMap = TempoMap (now->sampleRate, next.tempi, next.metres);
    }
    if (auto heard = riding.songToHear(); heard != audible)
    {
        audible = std::move (heard);
        note();
    }
    ++revisionCount;
    shown = now;
    outlines.follow();
    if (auto followed = playing->follow (now, audible); ! followed)
        tell (Notice::Kind::error, "This cannot be played", followed.problem().sentence());
    playing->setLoop (next.loopStart, next.loopEnd, next.looping);
    // Nobody listens to a strip that is gone.
    auto heard = monitoring;
    std::erase_if (heard.listened, [this] (Id id) { return ! index.has (id); });
    if (heard != monitoring)
        (void)setMonitor (heard); // only a new reference can be refused
    for (const auto& p : playing->takeProblems())
        tell (Notice::Kind::error, "Missing audio", p.sentence());
}

void Desk::note()
{
    index.index (audible, audible->modulators.empty() ? Parameters::Modulations {}
                                                      : playing->rig().modulations (*audible));
}

void Desk::hear()
{
    auto heard = riding.songToHear();
    if (heard == audible)
        return;
    audible = std::move (heard);
    note();
    ++revisionCount;
    if (auto followed = playing->follow (shared(), audible); ! followed)
        tell (Notice::Kind::error, "This cannot be played", followed.problem().sentence());
}

Outcome Desk::take (session::Edit made, Gesture gesture)
{
    if (auto taken = opened.take (std::move (made), keyOf (gesture)); ! taken)
        return taken.problem();
    changed();
    return {};
}

bool Desk::edit (session::Edit made, Gesture gesture)
{
    const auto taken = take (std::move (made), gesture);
    if (! taken)
        tell (Notice::Kind::look, "That is not possible", taken.problem().sentence());
    else if (std::pair now (gesture, opened.remarks()); gesture == 0 || now != toldRemarks)
    {
        // What stays the same all through a gesture is told once.
        for (const auto& remark : now.second)
            tell (Notice::Kind::note, opened.undoLabel(), remark);
        toldRemarks = std::move (now);
    }
    return taken.ok();
}

void Desk::takeQuietly (session::Edit made)
{
    if (opened.takeQuietly (std::move (made)))
        changed();
}

void Desk::undo()
{
    opened.undo();
    changed();
}

void Desk::redo()
{
    opened.redo();
    changed();
}

Outcome Desk::save()
{
    auto saved = opened.save();
    ++revisionCount;
    return saved;
}

void Desk::handOver (Studio& copy)
{
    stop();
    copy.carryOn (opened);
    abandon();
}

void Desk::abandon()
{
    stop();
    opened.abandon();
}

void Desk::clean (const Cleaned& found)
{
    // What is on its way to the Audio folder is not known to the project yet.
    if (busy())
        return tell (Notice::Kind::look, "Nothing was cleaned",
                     "Other work is going on. Clean when it has ended.");
    const auto cleaned = cleanUnused (opened, found);
    changed();
    if (! cleaned)
        tell (Notice::Kind::error, "Not all was cleaned", cleaned.problem().sentence());
    else
        tell (Notice::Kind::passed, "The Audio folder is clean",
              counted (cleaned->files.size(), "file") + " moved to the project's folder Unused.");
}

void Desk::set (Id id, std::string_view param, double number, Gesture gesture)
{
    const auto* p = index.find (id, param);
    if (p == nullptr)
        return;
    number = std::clamp (number, static_cast<double> (p->min), static_cast<double> (p->max));
    if (riding.set (id, *p, number, std::chrono::steady_clock::now()))
        return;
    if (index.hasLane (id, param) && std::exchange (toldAutomation, gesture) != gesture)
        tell (
            Notice::Kind::note, std::string (p->name) + " follows its automation",
            "To ride it, choose Touch in the track's header and play. To set it by hand, choose Off or clear "
            "its automation.");
    auto made = session::withValue (project(), id, std::string (param), valueOfNumber (*p, number));
    if (made && param != session::effectSwitch) // which says what is switched off or on
        made->label = settingOf (project(), id, *p);
    // Solo is a way of listening, not an edit of the mix: it is saved but not a step of undo.
    if (param == "fader.solo")
        takeQuietly (std::move (made));
    else if (auto taken = take (std::move (made), gesture); ! taken)
        tell (Notice::Kind::look, std::string (p->name), taken.problem().sentence());
}

void Desk::touch (Id id, std::string_view param)
{
    riding.touch (id, param, std::chrono::steady_clock::now());
}

void Desk::letGo (Id id, std::string_view param)
{
    riding.letGo (id, param);
}

void Desk::play (int countIn)
{
    riding.start();
    playing->play (countIn);
}

void Desk::stop()
{
    riding.follow (std::chrono::steady_clock::now());
    playing->stop();
    riding.end();
}

void Desk::locate (Frames position)
{
    riding.follow (std::chrono::steady_clock::now());
    riding.jump (position);
    playing->locate (position);
}

Outcome Desk::setMonitor (const MonitorState& wanted)
{
    auto& section = playing->monitor();
    section.setLevel (wanted.level);
    section.setDim (wanted.dim);
    section.setMute (wanted.mute);
    section.setMono (wanted.mono);
    section.setSwap (wanted.swap);
    section.setReferenceLevel (wanted.referenceLevel);
    const auto before = std::exchange (monitoring, wanted);
    Outcome outcome;
    if (wanted.referenceFile != before.referenceFile)
        outcome = playing->setReference (wanted.referenceFile);
    if (! outcome)
        monitoring.referenceFile = before.referenceFile;
    monitoring.reference = monitoring.reference && ! monitoring.referenceFile.empty();
    section.hearReference (monitoring.reference);
    if (wanted.listened != before.listened || wanted.beforeFader != before.beforeFader)
        if (const auto listens = playing->listen (wanted.listened, wanted.beforeFader); ! listens)
            outcome = listens;
    ++revisionCount;
    return outcome;
}

void Desk::listenToBand (const std::vector<Id>& strips, double low, double high)
{
    if (auto heard = playing->listenToBand (strips, { static_cast<float> (low), static_cast<float> (high) });
        ! heard)
        tell (Notice::Kind::look, "Listening", heard.problem().sentence());
}

void Desk::poll()
{
    riding.follow (std::chrono::steady_clock::now());
    work.poll();
    // The journal writes on a thread of its own; its trouble is told once.
    if (const auto trouble = opened.trouble(); trouble && trouble->sentence() != toldTrouble)
    {
        toldTrouble = trouble->sentence();
        tell (Notice::Kind::error, "Edits are not being kept safe", toldTrouble);
    }
}

std::optional<Notice> Desk::takeNotice()
{
    if (notices.empty())
        return std::nullopt;
    auto first = std::move (notices.front());
    notices.erase (notices.begin());
    return first;
}

} // namespace lacquer::studio

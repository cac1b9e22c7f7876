// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Player.h"

#include "engine/Arena.h"
#include "engine/Plan.h"
#include "files/PcmFile.h"
#include "studio/Render.h"
#include "studio/Sources.h"

namespace lacquer::studio
{

Player::Player (std::filesystem::path folder, double sampleRate)
    : reader (std::make_shared<files::Reader> (sampleRate)),
      monitorSection (std::make_shared<Monitor> (sampleRate)),
      click (std::make_shared<Metronome> (sampleRate)),
      parts (sampleRate,
             liveSources (folder, reader,
                          { [this] (const Problem& p) { problems.push_back (p); },
                            [this] (const std::shared_ptr<files::Stream>& s)
                            {
                                std::erase_if (streams, [] (const auto& known) { return known.expired(); });
                                s->setLoop (loopStart, loopEnd);
                                streams.push_back (s);
                                newStreams = true;
                            },
                            [this] { return nextPosition(); } }),
             recordings (folder, [this] (const Problem& p) { problems.push_back (p); })),
      engine (sampleRate, threadsHere())
{
    liveEnd.monitor = monitorSection;
    parts.listenThrough (liveEnd);
}

Player::~Player() = default;

Outcome Player::follow (const session::ProjectPtr& from, const session::SongPtr& next)
{
    engine.collect();
    if (song == nullptr || song->tempi != next->tempi || song->metres != next->metres)
        click->follow (TempoMap (from->sampleRate, next->tempi, next->metres));
    if (! newEnd && song != nullptr && Rig::sameStructure (*song, *next))
    {
        parts.control (*next);
        if (parts.latencies() == latencies)
        {
            song = next;
            return {};
        }
    }
    newStreams = false;
    // A plan that nobody has heard yet is passed over: the new one crosses from what is heard.
    auto unheard = engine.takeBack();
    const auto& heard = unheard != nullptr ? earlier : now;
    auto plan = [&]() -> Result<std::unique_ptr<engine::Plan>>
    {
        auto wiring = parts.wire (*from, *next, heard.number);
        if (! wiring)
            return wiring.problem();
        Metronome::attach (wiring->graph, click);
        const auto [old, fresh] = Rig::together (heard, *wiring);
        auto made = engine::follow (old, fresh, wiring->graph, engine.plan(),
                                    std::make_shared<TempoMap> (from->sampleRate, next->tempi, next->metres),
                                    engine.sampleRate());
        if (made)
        {
            earlier = heard;
            now = *std::move (wiring);
        }
        return made;
    }();
    if (! plan)
    {
        if (unheard != nullptr)
            engine.use (std::move (unheard));
        return plan.problem();
    }
    // What joins while the song plays should have its sound at hand. A disk that needs longer is heard as a
    // gap in what is new, and counted; nobody waits for it here longer than an eye does.
    if (newStreams && engine.state().playing)
        reader->awaitStart (std::chrono::milliseconds (50));
    engine.use (*std::move (plan));
    latencies = parts.latencies();
    newEnd = false;
    shuffled = song != nullptr;
    project = from;
    song = next;
    return {};
}

Outcome Player::rewired()
{
    parts.listenThrough (liveEnd);
    newEnd = true;
    return song != nullptr ? follow (project, song) : Outcome {};
}

Outcome Player::listen (std::vector<Id> strips, bool beforeFader)
{
    soloed = strips;
    soloedBeforeFader = beforeFader;
    monitorSection->setListenBand ({});
    monitorSection->hearListened (! strips.empty());
    liveEnd.listened = std::move (strips);
    liveEnd.beforeFader = beforeFader;
    return rewired();
}

Outcome Player::listenToBand (std::vector<Id> strips, ListenBand band)
{
    if (strips.empty())
    {
        if (! soloed.empty())
            return listen (soloed, soloedBeforeFader);
        // What was listened to stays connected while it goes out.
        monitorSection->hearListened (false);
        return {};
    }
    monitorSection->setListenBand (band);
    monitorSection->hearListened (true);
    if (liveEnd.listened == strips && ! liveEnd.beforeFader)
        return {};
    liveEnd.listened = std::move (strips);
    liveEnd.beforeFader = false;
    return rewired();
}

Outcome Player::setReference (const std::filesystem::path& path)
{
    liveEnd.reference = nullptr;
    if (! path.empty())
    {
        auto file = files::PcmFile::opened (path);
        if (! file)
            return file.problem();
        if (file->rate() != engine.sampleRate())
            return Problem { "The reference has another sample rate than the project.", path.string(),
                             "Import it into the project first." };
        const int channels = std::min (file->channels(), 2);
        files::ClipSource whole;
        whole.length = file->frames();
        whole.media = std::make_shared<const files::PcmFile> (*std::move (file));
        liveEnd.reference = reader->stream ({ whole }, channels, nextPosition());
    }
    return rewired();
}

void Player::play (int countIn)
{
    if (shuffled && ! engine.state().playing)
    {
        parts.clearBanks();
        auto wiring = parts.wire (*project, *song, now.number);
        if (wiring)
        {
            Metronome::attach (wiring->graph, click);
            auto plan =
                engine::compile (wiring->graph, nullptr,
                                 std::make_shared<TempoMap> (project->sampleRate, song->tempi, song->metres));
            if (plan)
            {
                engine.use (*std::move (plan));
                now = *std::move (wiring);
                latencies = parts.latencies();
                shuffled = false;
            }
        }
    }
    click->countIn (Metronome::noCountIn);
    if (const auto from = engine.state(); countIn > 0 && song != nullptr && ! from.playing)
    {
        const TempoMap map (project->sampleRate, song->tempi, song->metres);
        click->countIn (from.position);
        engine.locate (Metronome::startOfCountIn (map, from.position, countIn));
    }
    engine.play();
}

Frames Player::nextPosition()
{
    const auto heard = engine.state();
    if (! heard.playing)
        return heard.position;
    const Frames next = heard.position + latency();
    return loopStart >= 0 && heard.position < loopEnd && next >= loopEnd ? loopStart + (next - loopEnd)
                                                                         : next;
}

void Player::setLoop (Frames begin, Frames end, bool on)
{
    const bool works = on && end - begin >= engine::quantum;
    engine.setLoop (begin, end, works);
    // The streams keep the loop's start at hand, so that the jump finds its sound.
    loopStart = works ? begin : -1;
    loopEnd = works ? end : -1;
    for (const auto& known : streams)
        if (const auto stream = known.lock())
            stream->setLoop (loopStart, loopEnd);
}

void Player::deviceStarted()
{
    engine::keepMemory();
    driver = std::make_unique<engine::Driver> (engine, engine::Driver::Kind::device);
}

void Player::deviceStopped()
{
    driver.reset();
    // What was on its way to the loudspeaker is lost: the next device goes on from what was heard last.
    if (const auto last = engine.state(); last.playing)
        engine.locate (last.position);
}

} // namespace lacquer::studio

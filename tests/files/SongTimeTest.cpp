// SPDX-License-Identifier: GPL-3.0-or-later
#include "Scratch.h"
#include "files/Import.h"

using namespace lacquer;
using namespace lacquer::files;

namespace
{

// Chunks are put together by Python's struct module; the layout is EBU Tech 3285, section 2.3.
const char* const maker = R"(
import struct, sys
def chunk(name, data): return name + struct.pack('<I', len(data)) + data + b'\0' * (len(data) & 1)
def bext(ref): return b'\0' * 338 + struct.pack('<Q', ref) + struct.pack('<H', 1) + b'\0' * 254
def acid(bpm, flags=0): return struct.pack('<IHHfIHHf', flags, 60, 0, 0.0, 8, 4, 4, bpm)
fmt = struct.pack('<HHIIHH', 1, 1, 48000, 96000, 2, 16)
sound = struct.pack('<100h', *range(100))
def wav(name, before, after, riff=b'RIFF', data=chunk(b'data', sound)):
    body = b'WAVE' + before + chunk(b'fmt ', fmt) + data + after
    open(name, 'wb').write(riff + struct.pack('<I', len(body)) + body)
wav('bext.wav', chunk(b'bext', bext(172800000)), b'')
wav('large.wav', chunk(b'bext', bext(2**32 + 5)), b'')
wav('behind.wav', b'', chunk(b'LIST', b'abc') + chunk(b'bext', bext(77)) + chunk(b'acid', acid(93.5)))
wav('shot.wav', b'', chunk(b'acid', acid(93.5, 1)))
xml = b'<?xml version="1.0"?><BWFXML><SPEED><TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>1</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI><TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO> 9 </TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO><TIMESTAMP_SAMPLE_RATE>96000</TIMESTAMP_SAMPLE_RATE></SPEED></BWFXML>'
wav('ixml.wav', b'', chunk(b'iXML', xml))
wav('Loop_128bpm.wav', b'', b'')
wav('lies.wav', chunk(b'bext', bext(2**63)), chunk(b'acid', acid(float('nan'))))
wav('short.wav', chunk(b'bext', b'\0' * 100), chunk(b'acid', b'\0' * 8))
ds64 = struct.pack('<QQQI', 0, len(sound), 100, 0)
body = b'WAVE' + chunk(b'ds64', ds64) + chunk(b'fmt ', fmt) + b'data' + struct.pack('<I', 0xFFFFFFFF) + sound + chunk(b'bext', bext(1234))
open('rf64.wav', 'wb').write(b'RF64' + struct.pack('<I', 0xFFFFFFFF) + body)
open('cut.wav', 'wb').write(open('behind.wav', 'rb').read()[:150])
)";

} // namespace

TEST_CASE ("time references and tempi are read from bext, iXML and acid chunks, wherever they lie")
{
    const Scratch scratch;
    std::ofstream (scratch / "make.py") << maker;
    scratch.run ("/usr/bin/python3 make.py");
    const auto at = [&] (const char* name) { return songTimeOf (scratch / name); };
    CHECK (at ("bext.wav").reference == Frames { 172800000 }); // one hour at 48 kHz
    CHECK (at ("bext.wav").rate == 48000);
    CHECK_FALSE (at ("bext.wav").tempo);
    CHECK (at ("large.wav").reference == (Frames { 1 } << 32) + 5);
    CHECK (at ("behind.wav").reference == Frames { 77 });
    CHECK (at ("behind.wav").tempo == 93.5);
    CHECK (at ("behind.wav").tempoFrom == "its acid chunk");
    CHECK_FALSE (at ("shot.wav").tempo); // a one-shot has none
    CHECK (at ("ixml.wav").reference == (Frames { 1 } << 32) + 9);
    CHECK (at ("ixml.wav").rate == 96000);
    CHECK (at ("rf64.wav").reference == Frames { 1234 });
    CHECK (at ("Loop_128bpm.wav").tempo == 128.0);
    for (const auto* name : { "lies.wav", "short.wav", "make.py", "nothing.wav" })
    {
        INFO (name);
        CHECK_FALSE (at (name).reference);
        CHECK_FALSE (at (name).tempo);
    }
    (void)at ("cut.wav"); // does not crash; what it says is not asked

    ImportOptions options;
    options.folder = scratch / "Audio";
    const auto imported = files::imported (scratch / "behind.wav", options);
    REQUIRE (imported);
    CHECK (imported->time.reference == Frames { 77 });
}

TEST_CASE ("the tempo in a name is a number beside bpm and nothing else")
{
    CHECK (tempoInName ("Kick_120bpm") == 120.0);
    CHECK (tempoInName ("120 BPM Kick") == 120.0);
    CHECK (tempoInName ("Kick 93.5bpm take 2") == 93.5);
    CHECK (tempoInName ("Song-bpm-98-Bass") == 98.0);
    CHECK (tempoInName ("BPM174") == 174.0);
    CHECK (tempoInName ("01_140_BPM_Lead") == 140.0);
    for (const auto* none : { "Kick", "Kick 120", "bpm", "5000bpm", "3bpm", "808 bass", "bpmx120", "" })
    {
        INFO (none);
        CHECK_FALSE (tempoInName (none));
    }
}

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <juce_gui_basics/juce_gui_basics.h>

namespace lacquer::ui
{

/// The icon set. Paths on a 16 px square, never bitmaps.
enum class Icon
{
    play,
    stop,
    rec,
    pause,
    rtz,
    loop,
    metro,
    click,
    punch,
    undo,
    redo,
    gear,
    menu,
    plus,
    minus,
    cross,
    check,
    chev,
    chevR,
    chevL,
    chevU,
    warn,
    info,
    err,
    folder,
    file,
    search,
    lock,
    power,
    ear,
    phone,
    laptop,
    buds,
    car,
    club,
    mono,
    studio,
    grip,
    pointer,
    range,
    split,
    fade,
    pencil,
    zoom,
    magnet,
    link,
    eye,
    swap,
    bell,
    hp,
    ls,
    hs,
    disc,
    stems,
    wave,
    out,
    flag,
    kebab,
    clock,
    snow,
    cpu,
};

/// Draws an icon centred in area, as large as fits. [message thread]
void drawIcon (juce::Graphics&, Icon, juce::Rectangle<float> area, juce::Colour);

} // namespace lacquer::ui

// SPDX-License-Identifier: GPL-3.0-or-later
// The design tokens. Colours are ARGB, sizes are em pixels.
#pragma once
#include <cstdint>

namespace lacquer::tokens
{
inline constexpr std::uint32_t well = 0xff0a0908;    // graphs, meters, timeline
inline constexpr std::uint32_t ground = 0xff121010;  // window
inline constexpr std::uint32_t panel = 0xff1a1715;   // panels, strips
inline constexpr std::uint32_t raised = 0xff24201d;  // cards, menus, selected rows
inline constexpr std::uint32_t control = 0xff322c28; // control faces
inline constexpr std::uint32_t hover = 0xff3f3833;   // control faces under the pointer
inline constexpr std::uint32_t line = 0xff2e2925;    // hairlines
inline constexpr std::uint32_t edge = 0xff4a433c;    // decorative outlines
inline constexpr std::uint32_t field = 0xff81776a;   // outline that is the only cue
inline constexpr std::uint32_t text = 0xfff5efe4;    // text, playhead, reference, focus ring
inline constexpr std::uint32_t text2 = 0xffc2b8a9;   // second voice
inline constexpr std::uint32_t text3 = 0xffa0968a;   // labels and scales
inline constexpr std::uint32_t off = 0xff6a6258;     // disabled
inline constexpr std::uint32_t gold = 0xffeac473;    // you chose it
inline constexpr std::uint32_t goldDim = 0xff6b5526;
inline constexpr std::uint32_t ink = 0xff171006;   // text on colour fills
inline constexpr std::uint32_t seiji = 0xff6ccbb0; // signal is here, passed
inline constexpr std::uint32_t seijiDim = 0xff23493f;
inline constexpr std::uint32_t ruri = 0xff63a3f7; // taken away
inline constexpr std::uint32_t ruriDim = 0xff22426b;
inline constexpr std::uint32_t fuji = 0xffcfbbfa; // moves by itself
inline constexpr std::uint32_t fujiDim = 0xff463968;
inline constexpr std::uint32_t amber = 0xffff9c3c; // look here
inline constexpr std::uint32_t amberDim = 0xff5e3610;
inline constexpr std::uint32_t shu = 0xffff5f49; // over, record, fail
inline constexpr std::uint32_t shuDim = 0xff74231a;

// Track pigments: identity only, never a meter or a state.
inline constexpr std::uint32_t trackColours[] = { 0xffe2808c, 0xffde8f63, 0xffc7a076, 0xffbdb860,
                                                  0xff92bb70, 0xff7fa58e, 0xff62b5c1, 0xff80aad0,
                                                  0xff929de2, 0xffba8ad8, 0xffd584b8, 0xffa69f95 };
inline constexpr const char* trackColourNames[] = { "beni",  "kaki", "kuri", "kihada", "wakaba", "matsu",
                                                    "asagi", "sora", "ai",   "sumire", "botan",  "nezu" };

// Type: em size, line height.
inline constexpr float microSize = 10.0f, microLine = 12.0f;
inline constexpr float labelSize = 11.0f, labelLine = 14.0f;
inline constexpr float bodySize = 12.0f, bodyLine = 16.0f;
inline constexpr float valueSize = 13.0f, valueLine = 16.0f;
inline constexpr float titleSize = 15.0f, titleLine = 20.0f;
inline constexpr float readoutSize = 20.0f, readoutLine = 24.0f;
inline constexpr float displaySize = 34.0f, displayLine = 38.0f;
inline constexpr float heroSize = 28.0f, heroLine = 34.0f;

inline constexpr int space[] = { 2, 4, 8, 12, 16, 24, 32, 48 };
inline constexpr float radiusMark = 1.0f, radiusControl = 3.0f, radiusClip = 3.0f, radiusCard = 5.0f,
                       radiusDialog = 8.0f;

} // namespace lacquer::tokens

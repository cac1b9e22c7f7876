// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>

namespace lacquer::session
{

/// The beginning of a sentence: The track "Bass". [any thread]
inline std::string capital (std::string text)
{
    if (! text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char> (text[0] - 'a' + 'A');
    return text;
}

} // namespace lacquer::session

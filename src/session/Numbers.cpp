// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Numbers.h"

#include "session/Reading.h"

namespace lacquer::session
{

using namespace reading;

Result<double> numberFrom (std::string_view name, std::string_view text)
{
    auto t = trimmed (text);
    double scale = 1;
    for (const auto& [unit, factor] : { std::pair { std::string_view ("LUFS"), 1.0 },
                                        { "dBTP", 1.0 },
                                        { "dBFS", 1.0 },
                                        { "dB", 1.0 },
                                        { "ms", 1e-3 },
                                        { "s", 1.0 } })
        if (t.ends_with (unit))
        {
            t.remove_suffix (unit.size());
            scale = factor;
            break;
        }
    t = trimmed (t);
    if (t.size() > 1 && t[0] == '+' && t[1] != '-')
        t.remove_prefix (1);
    const auto v = numberIn<double> (t);
    if (! v)
        return badArgument (name, text, "a number");
    return *v * scale;
}

} // namespace lacquer::session

// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/Migrations.h"

#include "session/Json.h"

#include <array>
#include <string_view>

namespace lacquer::session
{

namespace
{

using json::Document;
using json::Member;
using json::Node;

/// A copy of a value in which every object went through `change`. Its recursion is bounded by the depth limit
/// of the parser.
template <typename Change>
Node rebuilt (Document& d, const Node& n, const Change& change)
{
    if (n.kind == Node::Kind::array)
    {
        std::vector<Node> items;
        items.reserve (n.count);
        for (const auto& item : n.array())
            items.push_back (rebuilt (d, item, change));
        return d.arrayNode (std::move (items));
    }
    if (n.kind != Node::Kind::object)
        return n;
    std::vector<Member> members;
    members.reserve (n.count);
    for (const auto& m : n.object())
        members.push_back ({ m.key, rebuilt (d, m.value, change) });
    change (members);
    return d.objectNode (std::move (members));
}

/// Version 0 was the format of the sketches before the first release: it called a strip's parameters
/// "parameters" and the ready rate "rate".
Node fromVersion0 (Document& d, const Node& root)
{
    return rebuilt (d, root,
                    [] (std::vector<Member>& members)
                    {
                        for (auto& m : members)
                            if (m.key == "parameters")
                                m.key = "values";
                            else if (m.key == "rate")
                                m.key = "sample_rate";
                    });
}

using Step = Node (*) (Document&, const Node&);

/// steps[n] turns version n into n + 1. An entry is never changed or removed once released.
constexpr std::array<Step, formatVersion> steps { fromVersion0 };

} // namespace

Outcome migrate (Document& d, int version)
{
    for (; version < formatVersion; ++version)
        d.setRoot (steps[static_cast<std::size_t> (version)](d, d.root()));
    return {};
}

} // namespace lacquer::session

// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/Catalogue.h"

#include "engine/EffectNode.h"
#include "master/Catalogue.h"
#include "mix/Catalogue.h"
#include "mix/StripParams.h"

#include <cmath>
#include <map>

namespace lacquer::studio
{

const std::vector<const engine::EffectType*>& effects()
{
    static const auto all = []
    {
        std::vector<const engine::EffectType*> list;
        for (const auto* catalogue : { &mix::catalogue(), &master::catalogue() })
            for (const auto& type : *catalogue)
                list.push_back (&type);
        return list;
    }();
    return all;
}

const engine::EffectType* effectOf (std::string_view id)
{
    for (const auto* type : effects())
        if (type->id == id)
            return type;
    return nullptr;
}

std::span<const Param> tableOf (const engine::EffectType& type)
{
    static const auto tables = []
    {
        std::map<std::string_view, std::vector<Param>> all;
        for (const auto* one : effects())
            all.emplace (one->id, engine::EffectNode::tableOf (*one));
        return all;
    }();
    const auto found = tables.find (type.id);
    return found != tables.end() ? std::span<const Param> (found->second) : type.params;
}

std::span<const Param> stripTable()
{
    static const auto table = specs<mix::StripParams>();
    return table;
}

int indexOf (std::span<const Param> table, std::string_view id)
{
    for (std::size_t n = 0; n < table.size(); ++n)
        if (table[n].id == id)
            return static_cast<int> (n);
    return -1;
}

float numberOf (const Param& p, const session::Value& value)
{
    if (const auto* text = std::get_if<std::string> (&value))
    {
        const auto number = lacquer::valueOf (p, *text);
        return number ? static_cast<float> (*number) : p.initial;
    }
    const auto number = static_cast<float> (std::get<double> (value));
    return std::isfinite (number) && number >= p.min && number <= p.max ? number : p.initial;
}

std::vector<float> numbersOf (std::span<const Param> table, const session::Values& values)
{
    std::vector<float> numbers;
    numbers.reserve (table.size());
    for (const auto& p : table)
    {
        const auto found = values.find (std::string (p.id));
        numbers.push_back (found == values.end() ? p.initial : numberOf (p, found->second));
    }
    return numbers;
}

session::Value valueOfNumber (const Param& p, double number)
{
    if (p.isChoice())
        return std::string (choiceText (p, static_cast<int> (std::lround (number))));
    return number;
}

} // namespace lacquer::studio

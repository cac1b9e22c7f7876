// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure/Roles.h"

#include <bit>
#include <cstddef>

namespace lacquer::measure
{

double weightOf (Role role) noexcept
{
    switch (role)
    {
        case Role::lfe: return 0;
        case Role::leftSurround:
        case Role::rightSurround: return 1.41;
        case Role::left:
        case Role::right:
        case Role::centre:
        case Role::other: break;
    }
    return 1;
}

std::vector<Role> rolesOf (std::uint32_t mask, int channels)
{
    if (std::popcount (mask) != channels)
    {
        constexpr std::uint32_t usual[] = { 0, 0x4, 0x3, 0x7, 0x33, 0x37, 0x3f, 0x70f, 0x63f };
        mask = channels >= 0 && channels <= 8 ? usual[channels] : 0;
    }

    std::vector<Role> roles;
    const bool sides = (mask & 0x600) != 0;
    for (int bit = 0; bit < 32; ++bit)
        if (mask >> bit & 1)
            switch (bit)
            {
                case 0: roles.push_back (Role::left); break;
                case 1: roles.push_back (Role::right); break;
                case 2: roles.push_back (Role::centre); break;
                case 3: roles.push_back (Role::lfe); break;
                case 4: roles.push_back (sides ? Role::other : Role::leftSurround); break;
                case 5: roles.push_back (sides ? Role::other : Role::rightSurround); break;
                case 9: roles.push_back (Role::leftSurround); break;
                case 10: roles.push_back (Role::rightSurround); break;
                default: roles.push_back (Role::other);
            }
    roles.resize (static_cast<size_t> (channels), Role::other);
    return roles;
}

} // namespace lacquer::measure

// SPDX-License-Identifier: GPL-3.0-or-later
#include "studio/UserFolder.h"

#include "core/SafeFile.h"
#include "session/Json.h"
#include "session/JsonText.h"

#include <cerrno>
#include <cstdlib>
#include <sys/stat.h>

namespace lacquer::studio
{

namespace fs = std::filesystem;

namespace
{

constexpr std::size_t mostBytes = 256u << 20;

} // namespace

fs::path userFolder (std::string_view kind)
{
    const char* config = std::getenv ("XDG_CONFIG_HOME");
    const char* home = std::getenv ("HOME");
    // A relative XDG_CONFIG_HOME is to be ignored (XDG base directory specification).
    const auto base = config != nullptr && *config == '/'
                          ? fs::path (config)
                          : fs::path (home != nullptr ? home : ".") / ".config";
    return base / "lacquer" / kind;
}

Outcome makeUserFolder (const fs::path& folder, std::string_view what)
{
    std::error_code error;
    for (const auto& f : { folder.parent_path(), folder })
    {
        fs::create_directories (f.parent_path(), error);
        if (::mkdir (f.c_str(), 0700) != 0 && errno != EEXIST)
            return Problem { "The folder for " + std::string (what) + " could not be made because " +
                                 reasonOf (errno) + ".",
                             f.string() };
    }
    return {};
}

session::Extras withRemarks (std::string_view object, const Remarks& remarks)
{
    session::json::Document document;
    std::vector<session::json::Member> members;
    for (const auto& [key, text] : remarks)
        members.push_back ({ key, document.textNode (text) });
    std::vector<session::json::Member> all { { object, document.objectNode (std::move (members)) } };
    session::Extras out;
    session::json::write (out, document.objectNode (std::move (all)), 0);
    return out;
}

Remarks remarksIn (const session::Extras& extras, std::string_view object)
{
    Remarks remarks;
    const auto document = session::json::Document::parsed (extras);
    if (! document || document->root().kind != session::json::Node::Kind::object)
        return remarks;
    const auto* own = document->root().find (object);
    if (own == nullptr || own->kind != session::json::Node::Kind::object)
        return remarks;
    for (const auto& m : own->object())
        if (m.value.kind == session::json::Node::Kind::text && m.value.count <= session::limit::notesBytes)
            remarks.emplace (m.key, m.value.text());
    return remarks;
}

Result<session::Project> storedProjectFrom (std::string_view text, std::string_view subject)
{
    auto project = session::parsed (text);
    if (project)
        return project;
    constexpr std::string_view usual = "The project ";
    auto what = project.problem().what;
    if (what.starts_with (usual))
        what = std::string (subject) + " " + what.substr (usual.size());
    return Problem { what };
}

Result<session::Project> storedProject (const fs::path& file, std::string_view subject)
{
    const auto text = readWhole (file.string(), mostBytes);
    if (! text)
        return text.problem();
    auto project = storedProjectFrom (*text, subject);
    if (! project)
        return Problem { project.problem().what, file.string() };
    return project;
}

} // namespace lacquer::studio

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace lacquer::tests
{

/// A folder of its own that is gone afterwards.
struct Folder
{
    std::filesystem::path path;
    explicit Folder (const std::string& name)
    {
        auto pattern = (std::filesystem::temp_directory_path() / ("lacquer-" + name + "-XXXXXX")).string();
        REQUIRE (::mkdtemp (pattern.data()) != nullptr);
        path = pattern;
    }
    ~Folder()
    {
        std::error_code error;
        std::filesystem::remove_all (path, error);
    }
    Folder (const Folder&) = delete;
    Folder& operator= (const Folder&) = delete;
    std::filesystem::path operator/ (const std::string& name) const { return path / name; }
};

/// A folder of its own for what the program keeps for its user: presets and templates.
struct ConfigHome : Folder
{
    std::string before;
    ConfigHome() : Folder ("config")
    {
        if (const char* old = std::getenv ("XDG_CONFIG_HOME"))
            before = old;
        ::setenv ("XDG_CONFIG_HOME", path.c_str(), 1);
    }
    ~ConfigHome()
    {
        if (before.empty())
            ::unsetenv ("XDG_CONFIG_HOME");
        else
            ::setenv ("XDG_CONFIG_HOME", before.c_str(), 1);
    }
};

} // namespace lacquer::tests

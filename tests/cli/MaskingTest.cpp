// SPDX-License-Identifier: GPL-3.0-or-later
// Masking by the command line.
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

namespace fs = std::filesystem;

TEST_CASE ("masking lists what hides what, mends it, and lets a pair alone")
{
    auto folder = (fs::temp_directory_path() / "lacquer-cli-masking-XXXXXX").string();
    REQUIRE (::mkdtemp (folder.data()) != nullptr);
    const auto run = [&] (const std::string& command)
    {
        std::pair<int, std::string> answer;
        FILE* pipe = ::popen (("cd '" + folder + "' && " + command + " </dev/null").c_str(), "r");
        for (int c; (c = std::fgetc (pipe)) != EOF;)
            answer.second += static_cast<char> (c);
        const int status = ::pclose (pipe);
        answer.first = WIFEXITED (status) ? WEXITSTATUS (status) : -1;
        return answer;
    };
    const auto lacquer = [&] (const std::string& arguments)
    { return run ("'" LACQUER_PROGRAM "' " + arguments + " 2>/dev/null"); };

    // Pink noise twice; the pad's is 10 dB the louder one in every band.
    for (const auto* noise : { "a=0.1:seed=1' 'Lead Vox.wav'", "a=0.316:seed=2' Pad.wav" })
        REQUIRE (
            run (std::string ("ffmpeg -v error -f lavfi -i 'anoisesrc=d=5:c=pink:r=48000:") + noise).first ==
            0);
    REQUIRE (lacquer ("new Song --no-balance --stems 'Lead Vox.wav' Pad.wav").first == 0);

    const auto list = nlohmann::json::parse (lacquer ("masking Song --json").second);
    CHECK (list.at ("tracks").at (0).at ("priority") == "lead");
    REQUIRE_FALSE (list.at ("conflicts").empty());
    const auto& first = list.at ("conflicts").at (0);
    CHECK (first.at ("lead") == "track:Lead Vox");
    CHECK (first.at ("masker") == "track:Pad");
    CHECK (first.at ("share").get<double>() > 0.9);
    CHECK (first.at ("excess_db").get<double>() == Approx (10).margin (1)); // as the noises were made
    CHECK (first.at ("ranges").at (0).at ("end").get<double>() == Approx (5).margin (0.1));

    const auto mended = nlohmann::json::parse (lacquer ("masking Song --mend 1 --json").second);
    CHECK (mended.at ("rise_db").get<double>() >= 2);
    const auto shown = nlohmann::json::parse (lacquer ("show Song --json").second);
    const auto& tracks = shown.at ("songs").at (0).at ("tracks");
    CHECK (tracks.at (1).at ("inserts").at (0).at ("sidechain") == "track:Lead Vox");
    CHECK (tracks.at (0).at ("priority_guessed") == true);

    REQUIRE (lacquer ("edit Song set-priority track:Pad lead").first == 0);
    REQUIRE (lacquer ("edit Song ignore-masking 'track:Lead Vox' track:Pad").first == 0);
    const auto after = nlohmann::json::parse (lacquer ("show Song --json").second);
    CHECK (after.at ("songs").at (0).at ("tracks").at (1).at ("priority") == "lead");
    CHECK (after.at ("songs").at (0).at ("masking_ignored").at (0).at ("masker") == "track:Pad");

    CHECK (lacquer ("masking Song --mend 99").first == 3);
    CHECK (lacquer ("masking Song --mend 1 --ignore 1").first == 2);
    fs::remove_all (folder);
}

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <stdexcept>
#include <string>
#include <vector>

namespace lacquer::tests
{

/// What a program for the system's Python prints, as numbers; NumPy is np, SciPy's signal is signal, and x
/// holds the numbers handed over.
inline std::vector<double> scipy (const std::string& program, const std::vector<double>& x = {})
{
    auto folder = (std::filesystem::temp_directory_path() / "scipy-XXXXXX").string();
    if (mkdtemp (folder.data()) == nullptr)
        throw std::runtime_error ("no temporary folder");
    const auto at = [&] (const char* name) { return folder + "/" + name; };
    {
        std::ofstream in (at ("in")), text (at ("program.py"));
        in << std::setprecision (17);
        for (double v : x)
            in << v << '\n';
        text << "import sys, numpy as np\nfrom scipy import signal\nx = np.loadtxt (sys.argv[1], ndmin=1) if "
             << x.size() << " else []\n"
             << program << '\n';
    }
    const auto command =
        "/usr/bin/python3 " + at ("program.py") + " " + at ("in") + " > " + at ("out"); // where SciPy is
    const int code = std::system (command.c_str());
    std::vector<double> out;
    std::ifstream result (at ("out"));
    for (double v; result >> v;)
        out.push_back (v);
    std::filesystem::remove_all (folder);
    if (code != 0)
        throw std::runtime_error ("the oracle failed");
    return out;
}

} // namespace lacquer::tests

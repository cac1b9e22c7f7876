// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Progress.h"
#include "core/Result.h"
#include "deliver/Tags.h"
#include "dsp/Dither.h"
#include "files/Writer.h"
#include "measure/Meter.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lacquer::deliver
{

/// A kind of release file. One line in the table of formats() is a new one.
struct Format
{
    std::string_view id;        ///< "wav24", as on the command line
    std::string_view name;      ///< "WAV, 24 bit"
    std::string_view extension; ///< ".wav"
    files::Encoding encoding;
};

/// All kinds of release files, in menu order. DDP is not among them: it is made of an album, not of a song.
const std::vector<Format>& formats();
const Format* formatOf (std::string_view id);

/// The outcome of one check on a delivered file, as shown and as in report.json.
struct Check
{
    enum class Verdict
    {
        pass,
        note, ///< something to know, nothing wrong
        fail
    };
    std::string name;
    Verdict verdict = Verdict::pass;
    std::string measured, limit;
};

/// What was delivered, and what was found when it was read back from the disk.
struct FileReport
{
    std::filesystem::path path;
    std::vector<Check> checks;
    measure::Reading reading; ///< of the file as read back

    Check::Verdict verdict() const; ///< the worst of the checks
};

/// What a file must hold to pass.
struct Limits
{
    std::optional<double> loudness; ///< LUFS, within 0.1
    std::optional<double> ceiling;  ///< dBTP
    std::optional<Frames> frames;   ///< at the file's rate
};

struct ReleaseOptions
{
    double sourceRate = 48000;
    double rate = 48000; ///< of the file
    int channels = 2;
    dsp::DitherKind dither = dsp::DitherKind::tpdf; ///< on the way to 16 or 24 bit
    std::uint64_t seed = 1;
    Tags tags {};
    Limits limits {};
};

/// One release file on its way to disk: rate conversion, dither, encoding, tags, reading back, checks, name.
/// It appears under its final name only when it has been read back; when anything fails, or it is destroyed
/// before finish(), nothing is left.
class ReleaseFile
{
public:
    /// [control] Replaces a file of that name only at finish().
    static Result<std::unique_ptr<ReleaseFile>> opened (const std::filesystem::path&, const Format&,
                                                        const ReleaseOptions&);
    ~ReleaseFile();

    /// Appends sound at the source rate, full scale 1.0. [control]
    Outcome write (const float* const* channels, int frames);

    /// Completes, reads back, measures, checks and names the file. Once. A failed check does not keep the
    /// file from its name: the report says so; a file that cannot be read back, or reads back as something
    /// else than what was written, is removed. [control]
    Result<FileReport> finish();

private:
    struct State;
    explicit ReleaseFile (std::unique_ptr<State>);
    std::unique_ptr<State> state;
};

/// Reads any delivered sound file and measures it; adds the checks of limits. [control]
Result<FileReport> readBack (const std::filesystem::path&, const Limits&, const Progress& = {});

} // namespace lacquer::deliver

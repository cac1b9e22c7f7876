// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lacquer::io
{

/// Who fills the device's buffers.
struct Callback
{
    virtual ~Callback() = default;
    /// Fills `frames` of `channels` channels at the rate given to Device. Always two channels, 1 to
    /// Device::maximumBlock frames, of any number that the device or the conversion of rates asks for.
    /// [audio]
    virtual void render (float* const* out, int channels, int frames) noexcept = 0;
    /// Before the first render(). rate: of the device; block: what it will usually ask for. [control]
    virtual void started (double rate, int block) { static_cast<void> (rate), static_cast<void> (block); }
    /// No render() comes until the next started(). Called once, also when the device was lost. [control]
    virtual void stopped() {}
};

struct Setup
{
    std::string type; ///< "ALSA" or "JACK"
    std::string name; ///< empty: the type's default device
    double rate = 0;  ///< 0, or what the device does not offer: the nearest it has
    int block = 256;
    int pair =
        0; ///< of the device's outputs, from 0: outputs 2 n and 2 n + 1; the first where it has not so many
};

struct Status
{
    bool open = false;
    bool lost = false; ///< was open and stopped answering, with nobody asking it to; is waited for
    std::string text;  ///< for the status line: what is open, or what happened
    double rate = 0;
    int block = 0;
    double latency = 0;  ///< seconds from render() to the loudspeaker, as the device tells it
    double load = 0;     ///< share of the buffer's time spent in render(), average of about 1 s
    double peakLoad = 0; ///< the worst share of the last seconds
    int dropouts = 0;    ///< since open()
    int pairs = 1;       ///< of outputs that there are
};

/// What happened to the device with nobody asking for it.
struct Event
{
    enum class Kind
    {
        lost,     ///< stopped answering; it is opened again when it is back
        returned, ///< is open again, perhaps at another rate or block size
        changed   ///< goes on with another block size
    };
    Kind kind;
    std::string text; ///< one sentence for the user
};

/// The way out to the loudspeaker: one ALSA or JACK output, at its own rate and block size. [control] where
/// not said otherwise; needs JUCE's message loop.
class Device
{
public:
    static constexpr int maximumBlock = 1024;

    /// sourceRate: the rate of what the Callback renders. The Callback must outlive the Device.
    Device (Callback&, double sourceRate);
    ~Device();

    static std::vector<std::string> types() { return { "ALSA", "JACK" }; }
    /// Asks the system each time. JACK is probed only here and in open().
    std::vector<std::string> names (const std::string& type);

    /// Closes what is open and opens this. A Problem says why not; then nothing is open.
    Outcome open (const Setup&);
    void close();
    /// The rate of what is rendered changed; the device is opened again when it was open.
    Outcome setSourceRate (double);

    Setup setup() const; ///< as opened, with the names and numbers that the device really has
    Status status() const;
    /// The watchdog: call it about ten times a second. Notices a device whose callbacks stopped, closes it
    /// and tells the Callback; looks once a second whether it is back, and opens it then; notices a block
    /// size that was changed from outside.
    void poll();
    /// The next thing that poll() noticed.
    std::optional<Event> takeEvent();

private:
    struct Driver;
    std::unique_ptr<Driver> driver;
};

} // namespace lacquer::io

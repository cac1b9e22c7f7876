// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/FixedString.h"
#include "dsp/EqDesign.h"
#include "dsp/Finite.h"
#include "dsp/Svf.h"
#include "engine/Effect.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace lacquer::master
{

/// Eight bands in double precision, matched to their analog prototypes (dsp/EqDesign.h). Works on mid and
/// side throughout: a stereo band is the same filter on both. Flat, it is the identity, bit for bit.
struct MasterEq
{
    static constexpr std::string_view id = "master-eq", name = "Master EQ",
                                      help = "Shapes the spectrum of the master in eight bands.";

    enum class Type
    {
        bell,
        lowShelf,
        highShelf,
        lowCut,
        highCut
    };

    template <typename T, FixedString n, Type initialType, int hertz>
    struct Band
    {
        T on = onOff<T> (joined<"band", n, ".on">, joined<"Band ", n>, false, "Turns the band on.");
        T type = oneOf<T> (joined<"band", n, ".type">, joined<"Band ", n, " type">,
                           "Bell|Low shelf|High shelf|Low cut|High cut", static_cast<float> (initialType),
                           "Shape of the band.");
        T frequency = inHertz<T> (joined<"band", n, ".frequency">, joined<"Band ", n, " frequency">,
                                  { 10, 22000 }, static_cast<float> (hertz), "Centre or corner of the band.");
        T gain = inDecibels<T> (joined<"band", n, ".gain">, joined<"Band ", n, " gain">, { -18, 18 }, 0,
                                "Boost or cut of a bell or shelf.");
        T q = asNumber<T> (joined<"band", n, ".q">, joined<"Band ", n, " Q">, { 0.1f, 18 }, 0.71f,
                           Taper::logarithmic, "How narrow a bell or how steep a shelf is.");
        T slope = oneOf<T> (joined<"band", n, ".slope">, joined<"Band ", n, " slope">,
                            "12 dB/oct|24 dB/oct|48 dB/oct", 1, "Steepness of a low or high cut.");
        T channel = oneOf<T> (joined<"band", n, ".channel">, joined<"Band ", n, " channel">,
                              "Stereo|Mid|Side", 0, "Part of the stereo sound that the band works on.");
    };

    template <typename T>
    struct Params
    {
        Band<T, "1", Type::lowCut, 30> band1;
        Band<T, "2", Type::lowShelf, 100> band2;
        Band<T, "3", Type::bell, 250> band3;
        Band<T, "4", Type::bell, 800> band4;
        Band<T, "5", Type::bell, 2500> band5;
        Band<T, "6", Type::bell, 6000> band6;
        Band<T, "7", Type::highShelf, 10000> band7;
        Band<T, "8", Type::highCut, 19000> band8;
    };

    void prepare (const engine::Format& f)
    {
        rate = f.sampleRate;
        reset();
    }

    void reset() noexcept
    {
        bands = {};
        fresh = true;
    }

    void process (const engine::Block& io, const Params<float>& p) noexcept
    {
        const auto wanted = std::bit_cast<std::array<Values, 8>> (p);
        for (std::size_t b = 0; b < bands.size(); ++b)
            if (fresh || wanted[b] != bands[b].now)
                bands[b].design (wanted[b], rate, fresh ? 0 : io.frames);
        fresh = false;

        double part[2][engine::quantum];
        const std::size_t parts = io.channels.size();
        for (int n = 0; n < io.frames; ++n)
        {
            const double l = dsp::finite (io.channels[0][n]);
            const double r = parts == 2 ? static_cast<double> (dsp::finite (io.channels[1][n])) : l;
            part[0][n] = (l + r) / 2;
            part[1][n] = (l - r) / 2;
        }
        for (auto& b : bands)
            for (std::size_t c = 0; c < parts; ++c)
                b.process (c, part[c], io.frames);
        for (int n = 0; n < io.frames; ++n)
        {
            if (parts == 1)
            {
                io.channels[0][n] = static_cast<float> (part[0][n]);
                continue;
            }
            io.channels[0][n] = static_cast<float> (part[0][n] + part[1][n]);
            io.channels[1][n] = static_cast<float> (part[0][n] - part[1][n]);
        }
    }

    /// The fall of every band's poles by 120 dB, one after the other.
    Frames tail (const Params<float>& p) const noexcept
    {
        double seconds = 0;
        for (const auto& v : std::bit_cast<std::array<Values, 8>> (p))
            if (isOn (v.on))
            {
                // A boost narrows the poles by the root of its gain, a cut widens them; the slower of the
                // two roots of s^2 + s/q + 1 decays at 1/(2q) or, overdamped, at about q (in units of w0).
                const bool isCut = v.type > 2.5f;
                const double root = isCut ? 1 : std::pow (10.0, std::abs (v.gain) / 40.0);
                const double q = isCut ? 2.6 : v.q; // 2.56: the sharpest section of a 48 dB cut
                const double rate1 = std::min (1 / (2 * q * root), q / root / 2);
                seconds += 13.8 / (2 * std::numbers::pi * v.frequency * rate1) * (isCut ? 2 : 1);
            }
        return framesIn (Seconds { seconds }, rate);
    }

private:
    struct Values // the members of Band<float, ...>
    {
        float on, type, frequency, gain, q, slope, channel;
        bool operator== (const Values&) const = default;
    };

    struct Filters
    {
        Values now {};
        std::array<std::array<dsp::Svf<double>, 4>, 2> section {}; // of mid and side
        std::array<std::array<bool, 4>, 2> used {};
        std::array<std::array<int, 4>, 2> leaving {}; // frames until a section is the identity

        /// frames: over which the filters move; 0 to jump.
        void design (const Values& v, double sampleRate, int frames) noexcept
        {
            now = v;
            dsp::CutFilter cascade;
            if (isOn (v.on))
            {
                const auto type = static_cast<Type> (std::lround (v.type));
                const int cutSections = 1 << std::clamp (static_cast<int> (std::lround (v.slope)), 0, 2);
                switch (type)
                {
                    case Type::bell: one (cascade, dsp::EqShape::bell, v, sampleRate); break;
                    case Type::lowShelf: one (cascade, dsp::EqShape::lowShelf, v, sampleRate); break;
                    case Type::highShelf: one (cascade, dsp::EqShape::highShelf, v, sampleRate); break;
                    case Type::lowCut:
                        cascade =
                            dsp::cutFilter (dsp::EqShape::highPass, v.frequency, cutSections, sampleRate);
                        break;
                    case Type::highCut:
                        cascade =
                            dsp::cutFilter (dsp::EqShape::lowPass, v.frequency, cutSections, sampleRate);
                        break;
                }
            }
            const auto channel = static_cast<std::size_t> (std::lround (v.channel)); // stereo, mid, side
            for (std::size_t c = 0; c < 2; ++c)
                for (std::size_t s = 0; s < 4; ++s)
                {
                    const bool active =
                        static_cast<int> (s) < cascade.count && (channel == 0 || channel == c + 1);
                    if (! active && ! used[c][s])
                        continue;
                    const auto target = active ? dsp::svfOf (cascade.section[s]) : dsp::SvfCoefficients {};
                    if (frames == 0)
                        section[c][s].set (target);
                    else
                        section[c][s].rampTo (target, frames);
                    leaving[c][s] = active ? 0 : frames;
                    used[c][s] = true;
                }
        }

        static void one (dsp::CutFilter& cascade, dsp::EqShape shape, const Values& v, double sampleRate)
        {
            cascade.section[0] = dsp::eqSection (shape, v.frequency, v.q, v.gain, sampleRate);
            cascade.count = 1;
        }

        void process (std::size_t c, double* x, int frames) noexcept
        {
            for (std::size_t s = 0; s < 4; ++s)
            {
                if (! used[c][s])
                    continue;
                auto& filter = section[c][s];
                for (int n = 0; n < frames; ++n)
                    x[n] = filter (x[n]);
                if (leaving[c][s] > 0)
                {
                    // The identity now: forget the state, so that it starts from rest when it comes back.
                    filter.reset();
                    used[c][s] = false;
                    leaving[c][s] = 0;
                }
            }
        }
    };

    std::array<Filters, 8> bands;
    double rate = 48000;
    bool fresh = true;
};

LACQUER_EFFECT (MasterEq)

} // namespace lacquer::master

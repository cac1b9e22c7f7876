// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

namespace lacquer::files
{

/// Owns a file descriptor.
class Descriptor
{
public:
    Descriptor() = default;
    explicit Descriptor (int number) : fd (number) {}
    Descriptor (Descriptor&& other) noexcept : fd (std::exchange (other.fd, -1)) {}
    Descriptor& operator= (Descriptor&& other) noexcept
    {
        std::swap (fd, other.fd);
        return *this;
    }
    Descriptor (const Descriptor&) = delete;
    Descriptor& operator= (const Descriptor&) = delete;
    ~Descriptor() { close(); }

    int number() const noexcept { return fd; }
    bool isOpen() const noexcept { return fd >= 0; }
    void close() noexcept;

private:
    int fd = -1;
};

/// Why a file operation failed, in words for a musician: "The disk is full." [any thread]
std::string reason (int errnoValue);

/// How a path is shown: its last part, with bytes that are no UTF-8 or no text replaced by '?'.
std::string shownName (const std::filesystem::path&);

/// Opens a regular file for reading; never waits: a FIFO, device or folder is refused at once. [any thread]
Result<Descriptor> openedForReading (const std::filesystem::path&);

/// Bytes in an open file; -1 when unknown.
std::int64_t sizeOf (const Descriptor&);

/// Reads up to size bytes at offset, over interruptions and short reads; returns how many. [any thread]
std::size_t readAt (const Descriptor&, std::int64_t offset, void* out, std::size_t size) noexcept;

} // namespace lacquer::files

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace procwall {

// System calls on files, each wrapped once: errno kept, EINTR retried, close-on-exec. Paths may be
// relative to `directory_fd` (AT_FDCWD for the working directory).

Result<UniqueFd> OpenAt(int directory_fd, const char* path, int flags);

// The whole file, at most `limit` bytes; a longer file is kTooLarge unless cut is asked for.
enum class OnLarge : unsigned char { kRefuse, kCut };
Result<std::string> ReadFileAt(int directory_fd, const char* path, std::size_t limit,
                               OnLarge on_large = OnLarge::kRefuse);

// The target of a symbolic link, at most 4,096 bytes (PATH_MAX), as the kernel gives it.
Result<std::string> ReadLinkAt(int directory_fd, const char* path);

// Replaces `path` whole: temporary file in the same directory, fsync, rename. Keeps mode and owner
// of the file that was there, else uses `mode`.
Status WriteFileAtomically(const std::string& path, const std::string& content, unsigned mode);

}  // namespace procwall

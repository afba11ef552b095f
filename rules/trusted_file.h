// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "base/unique_fd.h"

namespace procwall {

// Why `reader` must not take orders from that file or directory: root obeys none that everybody can
// change. nullopt: it may.
std::optional<std::string> WhyNotTrusted(const struct stat& status, uid_t reader);

// Opens a regular file of at most `limit` bytes for reading; never blocks. nullopt: there is no
// such file. The error is a sentence for people: a link to nowhere or in a circle, a pipe, too
// large, not to be trusted.
tl::expected<std::optional<UniqueFd>, std::string> OpenTrustedFile(int directory_fd,
                                                                   const std::string& name,
                                                                   std::size_t limit, uid_t reader);

// The whole of such a file; the limit holds also if it grows meanwhile.
tl::expected<std::optional<std::string>, std::string> ReadTrustedFile(int directory_fd,
                                                                      const std::string& name,
                                                                      std::size_t limit,
                                                                      uid_t reader);

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "rules/list.h"
#include "rules/rule_error.h"

namespace procwall {

inline constexpr std::size_t kMaxListFileBytes = std::size_t{64} << 20;
inline constexpr std::size_t kMaxListBytes = std::size_t{256} << 20;  // of all files together
inline constexpr std::size_t kMaxListPatterns = 10000;
inline constexpr std::size_t kMaxNamedBadLines = 10;

// What was found in a directory of list files.
struct ListReport {
  std::size_t files = 0;
  std::size_t entries = 0;
  std::size_t bad_lines = 0;         // passed over
  std::vector<RuleError> named{};    // the first of them, with file and line
  std::vector<RuleError> missing{};  // files, or the directory, that could not be read

  friend bool operator==(const ListReport&, const ListReport&) = default;
};

struct ReadList {
  std::shared_ptr<const List> list;  // of all that could be read; never null
  ListReport report;
};

// Reads the list files of a directory, in lexical order: those with a dot in their names, but not
// in front. Folders are passed over. `reader` is who reads: see WhyNotTrusted().
ReadList ReadListDirectory(const std::string& directory, ListKind kind, uid_t reader);

}  // namespace procwall

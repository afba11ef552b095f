// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "ui/terminal.h"

namespace procwall {

// Programs that are known to listen, one path a line in a file that people may edit; lines that
// begin with # are for them. At most kMaxPrograms: more are not learnt.
class SeenPrograms {
 public:
  static constexpr std::size_t kMaxPrograms = 4096;
  static constexpr std::size_t kMaxFileBytes = std::size_t{4} << 20;

  // What is in a file's text. Total: whatever is no path is a program that nobody runs.
  static SeenPrograms Parse(std::string_view text);
  std::string Text() const;

  bool Contains(const std::string& path) const { return paths_.contains(path); }
  bool Add(const std::string& path);  // false: it is there already, or there is no room
  std::size_t Count() const { return paths_.size(); }

 private:
  std::set<std::string> paths_;
};

// Where the list is: of root /var/lib/procwall/seen-listeners; of others below XDG_STATE_HOME, or
// ~/.local/state. Empty: there is no place for it.
std::string SeenProgramsPath(const EnvironmentLookup& environment, bool is_root);

// A list that was never saved is empty, with `exists` false. An error says which file and why.
struct LoadedSeenPrograms {
  SeenPrograms programs;
  bool exists = false;
};
tl::expected<LoadedSeenPrograms, std::string> LoadSeenPrograms(const std::string& path);
// Makes the directory, too.
tl::expected<void, std::string> SaveSeenPrograms(const SeenPrograms& programs,
                                                 const std::string& path);

}  // namespace procwall

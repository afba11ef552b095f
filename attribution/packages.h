// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attribution/process.h"
#include "base/result.h"

namespace procwall {

// Which package a file came with, as dpkg's lists of files say (/var/lib/dpkg/info/*.list). What is
// kept of them is a number for each path, 4 MiB for half a million; a list is asked again before
// its word is taken. Reads files: not for the packet thread. Thread rule: one thread only.
class Packages {
 public:
  static constexpr const char* kDpkgLists = "/var/lib/dpkg/info";
  static constexpr std::size_t kMaxLists = 32768;
  static constexpr std::size_t kMaxListBytes = std::size_t{32} << 20;

  explicit Packages(std::string directory = kDpkgLists) : directory_(std::move(directory)) {}

  // The package of the program's file, "curl"; empty: of none. nullopt: not known, as there is no
  // dpkg here, or as the path is not one of this host (see RulePath).
  std::optional<std::string> Of(const Process& process);

 private:
  struct List {
    std::int64_t modified = 0;
    std::uint64_t size = 0;
    std::vector<std::uint64_t> paths{};  // their hashes, sorted
  };
  Status ReadWhatChanged();
  Status ReadList(int directory_fd, const std::string& name, List& list);
  std::optional<std::string> Find(std::string_view path) const;

  std::string directory_;
  std::int64_t modified_ = -1;         // of the directory, when it was read
  std::map<std::string, List> lists_;  // by the names of their files
};

}  // namespace procwall

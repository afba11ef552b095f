// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "procwall/v1/procwall.pb.h"
#include "ui/log_options.h"
#include "ui/terminal.h"

namespace procwall {

// Entries of the journal, counted by program, destination or rule. Thread rule: one thread.
class LogSum {
 public:
  explicit LogSum(LogOptions::Sum by) : by_(by) {}

  void Add(const v1::JournalEntry& entry);

  // A table, those with most decisions first.
  std::string Text(const Terminal& terminal) const;
  // One object a line, likewise.
  std::string JsonLines() const;

 private:
  struct Count {
    std::uint64_t allowed = 0;
    std::uint64_t denied = 0;  // and rejected
    std::uint64_t flows = 0;   // that have ended
    std::uint64_t sent = 0;    // bytes of those
    std::uint64_t received = 0;
    google::protobuf::Timestamp first{};
    google::protobuf::Timestamp last{};

    std::uint64_t Decisions() const { return allowed + denied; }
  };
  using Named = std::pair<std::string, Count>;

  std::string NameOf(const v1::JournalEntry& entry) const;
  std::vector<Named> Sorted() const;
  const char* Title() const;

  const LogOptions::Sum by_;
  std::map<std::string, Count> counts_;
};

}  // namespace procwall

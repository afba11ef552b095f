// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <functional>
#include <string>

#include "procwall/v1/procwall.pb.h"
#include "record/sqlite_file.h"

namespace procwall {

// Reads a journal's file, beside the daemon that writes it or without one. Thread rule: one thread
// at a time.
class JournalReader {
 public:
  // A page ends here, too.
  static constexpr std::size_t kMostPageBytes = std::size_t{8} << 20;

  // kDamaged, or another error with its reason, for people.
  static SqlResult<JournalReader> Open(const std::string& path);

  // A question that makes no sense is kOther. `stop` is asked now and then: kStopped.
  SqlResult<v1::ReadJournalResponse> Read(const v1::ReadJournalRequest& request,
                                          std::function<bool()> stop = {});

 private:
  explicit JournalReader(SqliteFile file) : file_(std::move(file)) {}

  SqliteFile file_;
};

}  // namespace procwall

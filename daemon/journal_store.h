// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "record/journal_row.h"
#include "record/sqlite_file.h"

namespace procwall {

// The journal's file as its one writer has it. Every change is whole or not there: write-ahead log,
// so that a killed writer leaves a whole file. Thread rule: one thread.
class JournalStore {
 public:
  // So many entries are deleted at once: some ten milliseconds.
  static constexpr std::int64_t kSlice = 1024;

  // The file must exist: see PlaceJournal().
  static SqlResult<JournalStore> Open(const std::string& path);

  // All or, with an error, none of them.
  SqlStatus Append(const std::vector<JournalRow>& rows);

  // Delete one slice of what is oldest, if the file holds more than that, or of what is from before
  // that time (nanoseconds since 1970). True: there may be more to delete.
  SqlResult<bool> TrimToBytes(std::uint64_t most);
  SqlResult<bool> TrimToTime(std::int64_t oldest);

  // Merges the write-ahead log into the file, so that the log takes no room.
  SqlStatus Merge();

  struct Size {
    std::uint64_t entries = 0;
    std::uint64_t bytes = 0;  // of the file
    std::int64_t oldest = 0;  // nanoseconds since 1970; 0: there is none
  };
  SqlResult<Size> Measure();

 private:
  struct Statements {
    SqlStatement entry;
    SqlStatement body;
    SqlStatement other;
    SqlStatement flow;
  };
  JournalStore(SqliteFile file, Statements statements)
      : file_(std::move(file)), statements_(std::move(statements)) {}

  SqlStatus Insert(const JournalRow& row);
  // `which` selects ids.
  SqlResult<bool> DeleteSlice(const std::string& which);
  template <typename Change>
  SqlStatus InTransaction(const Change& change);

  SqliteFile file_;
  Statements statements_;
  std::uint64_t entries_ = 0;
};

}  // namespace procwall

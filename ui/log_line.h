// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "procwall/v1/procwall.pb.h"
#include "ui/table.h"
#include "ui/terminal.h"

namespace procwall {

// Entries of the journal as lines for people, with their date. On a terminal of less than
// kFullWidth columns without the year; to a file or a pipe nothing is cut.
class LogLines {
 public:
  static constexpr std::size_t kFullWidth = 110;

  explicit LogLines(const Terminal& terminal);

  std::string Titles() const;
  // With its newline.
  std::string Render(const v1::JournalEntry& entry, std::chrono::seconds utc_offset) const;

 private:
  Cells CellsOf(const v1::Event& event) const;
  Cells CellsOf(const v1::Flow& flow) const;

  Terminal terminal_;
  bool is_compact_;
  Layout layout_;
};

// An entry on one line of JSON: what `procwall watch --json` tells of a decision, or the flow,
// after "id" and "kind": "decision", "flow-ended".
std::string LogJson(const v1::JournalEntry& entry);

// "512 B", "1.5 KiB", "3.0 GiB".
std::string SizeText(std::uint64_t bytes);

// "2026-11-20 14:03:22", at this offset from UTC.
std::string DateText(const google::protobuf::Timestamp& time, std::chrono::seconds utc_offset);

}  // namespace procwall

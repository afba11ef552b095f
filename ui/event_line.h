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

enum class ShowEvidence : std::uint8_t { kIfRoom, kAlways };

// Its number, by which `procwall explain` finds it: in a column of its own, or below, if something
// is shown there.
enum class ShowNumber : std::uint8_t { kWithEvidence, kAlways };

// Decisions as lines for people. Three layouts: for a terminal of kFullWidth columns or more, all
// columns (and from kEvidenceWidth on the evidence as the last one); for a narrower terminal no
// latency, and of the confidence only a mark; for a file or a pipe all columns, nothing cut, times
// in full.
class EventLines {
 public:
  static constexpr std::size_t kFullWidth = 110;
  static constexpr std::size_t kEvidenceWidth = 190;

  EventLines(const Terminal& terminal, ShowEvidence evidence,
             ShowNumber number = ShowNumber::kWithEvidence);

  std::string Titles() const;
  // The line, and with ShowEvidence::kAlways the lines below it; every one ends with a newline.
  std::string Render(const v1::Event& event, std::chrono::seconds utc_offset) const;
  // "3 decisions missed: ..." as a line.
  std::string RenderMissed(std::uint64_t missed) const;

 private:
  enum class Kind : std::uint8_t { kFile, kCompact, kFull, kFullWithEvidence };

  StyledText TimeCell(const v1::Event& event, std::chrono::seconds utc_offset) const;
  std::string RenderDetails(const v1::Event& event) const;
  static Kind KindFor(const Terminal& terminal, ShowEvidence evidence);

  Terminal terminal_;
  ShowEvidence evidence_;
  ShowNumber number_;
  Kind kind_;
  Layout layout_;
};

}  // namespace procwall

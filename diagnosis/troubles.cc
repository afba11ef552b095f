// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "diagnosis/troubles.h"

#include <cstdint>

#include <fmt/format.h>

#include "diagnosis/count_text.h"

namespace procwall {
namespace {

// A few lost notes since the start are normal: two threads that use one socket at the same time
// cost one now and then, and a decision that misses one is looked up instead. They are a trouble
// when there are more than a hundred, and more than one for each thousand decisions.
bool AreMany(std::uint64_t lost_notes, std::uint64_t decided) {
  return lost_notes > 100 && lost_notes > decided / 1000;
}

}  // namespace

std::vector<std::string> Troubles(const v1::StatusResponse& status) {
  std::vector<std::string> troubles;
  const v1::Counters& counters = status.counters();
  const auto add = [&](std::uint64_t count, const char* one, const char* many,
                       const char* meaning) {
    if (count > 0) troubles.push_back(Counted(count, one, many) + meaning);
  };
  add(counters.lost_queue_full(), "packet", "packets",
      " dropped: the kernel's queue was full (too many at once)");
  add(counters.lost_buffer_full(), "packet", "packets",
      " dropped: the receive buffer was full (too many at once)");
  add(counters.undecodable(), "queue message", "queue messages",
      " made no sense; the packets were dropped");
  add(status.firewall_repairs(), "time", "times",
      " our firewall rules were removed by somebody else, and put back");
  for (const std::string& note : status.firewall_notes()) troubles.push_back(note);
  const v1::Witness& witness = status.witness();
  const std::uint64_t decided = counters.allowed() + counters.denied() + counters.rejected();
  const std::uint64_t lost_notes = witness.lost_events() + witness.lost_sockets();
  add(AreMany(lost_notes, decided) ? lost_notes : 0, "note", "notes",
      " of the kernel witness lost: too much happened at once");
  add(status.journal().lost(), "entry", "entries",
      " of the journal lost: too much at once, or the disk is full");
  add(status.refused_rule_files(), "rule file is", "rule files are",
      " refused: `procwall rules list` says why");
  // A few are normal: sockets close, processes exit. One in twenty is not.
  constexpr std::uint64_t kFew = 10;
  if (counters.unknown() > kFew && counters.unknown() * 20 > decided) {
    troubles.push_back(
        fmt::format("{} of the decisions know no program: `procwall watch -e` says why",
                    ShareText(counters.unknown(), decided)));
  }
  if (status.mode() == "observe") {
    troubles.emplace_back("observing: nothing is blocked, whatever the rules say");
  }
  return troubles;
}

}  // namespace procwall

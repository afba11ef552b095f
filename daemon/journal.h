// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "base/bounded_queue.h"
#include "base/clock.h"
#include "base/guarded.h"
#include "daemon/event_follower.h"
#include "daemon/journal_settings.h"
#include "daemon/journal_store.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

// Keeps what was decided, and what flows had moved when they ended, in a file that outlives the
// daemon: docs/JOURNAL.md. One thread, "journal", follows the event log and writes; whatever
// happens to the file, nobody waits for it. What cannot be written is counted as lost. A damaged
// file is set aside and a new one begun; where none can be made, none is kept, and it is tried
// again each minute. Thread rule: Append() and State() from any thread.
class Journal {
 public:
  static constexpr std::size_t kMostFlowEnds = 8192;  // that wait to be written
  static constexpr std::size_t kStorm = 256;          // decisions at one look
  static constexpr std::chrono::milliseconds kInterval{500};
  static constexpr std::chrono::minutes kUpkeep{1};

  // The log and the clock must outlive it. The error is for people.
  static tl::expected<std::unique_ptr<Journal>, std::string> Start(EventLog& log,
                                                                   const Clock& clock,
                                                                   const JournalSettings& settings);

  // A flow has ended. Never waits: what is too much is counted as lost.
  void Append(v1::FlowNote ended);

  v1::Journal State() const;

 private:
  Journal(const Clock& clock, JournalSettings settings);

  void Handle(const EventFollower::Batch& batch);
  // False: there is none.
  bool HasStore();
  void Write(const std::vector<JournalRow>& rows);
  void Trim(bool also_by_age);
  // Of what went wrong; the store is closed where it is of no more use.
  void React(const SqlError& error);
  void Refuse(const std::string& why);
  bool IsReplaced() const;
  void Tell();

  const Clock& clock_;
  const JournalSettings settings_;
  BoundedQueue<v1::FlowNote> ended_{kMostFlowEnds};
  std::atomic<std::uint64_t> refused_{0};  // by ended_
  Guarded<v1::Journal> state_;

  // The thread's own.
  std::optional<JournalStore> store_{};
  std::string real_path_;
  std::uint64_t inode_ = 0;
  std::uint64_t lost_ = 0;
  std::string why_not_;
  BootTime next_attempt_{};
  BootTime next_upkeep_{};
  BootTime next_complaint_{};

  std::unique_ptr<EventFollower> follower_;  // last: its thread uses all of the above
};

}  // namespace procwall

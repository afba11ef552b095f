// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "base/clock.h"
#include "base/worker.h"
#include "daemon/journal_source.h"

namespace procwall {

// Answers what is asked about the journal, on a thread of its own, "archive": one question at a
// time, each with a file of its own beside the writer's, for at most kPatience. At most
// kMaxQuestions wait.
class JournalArchive final : public JournalSource {
 public:
  static constexpr std::size_t kMaxQuestions = 16;
  static constexpr std::chrono::seconds kPatience{4};  // clients wait for five

  // `state` tells where the journal is now, or why there is none; from any thread. It and the clock
  // must outlive this.
  using State = std::function<v1::Journal()>;
  static tl::expected<std::unique_ptr<JournalArchive>, std::string> Start(State state,
                                                                          const Clock& clock);

  void Read(JournalQuestion question) override;

 private:
  JournalArchive(State state, const Clock& clock, Wakeup asked);
  JournalAnswer Answer(const JournalQuestion& question) const;

  const State state_;
  const Clock& clock_;
  Worker<JournalQuestion> worker_;  // last: it uses all of the above
};

}  // namespace procwall

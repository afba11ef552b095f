// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "daemon/question_desk.h"

namespace procwall {

// Somebody who is asked and remembers it as texts: "ask 1 192.0.2.1:443", "change 1 packets 2",
// "settled 1 answered by b", "claimed 1 by b".
class FakeAsker final : public Asker {
 public:
  static constexpr std::chrono::seconds kPatience{30};  // not reached

  explicit FakeAsker(std::string name) : name_(std::move(name)) {}

  std::string Name() const override { return name_; }
  void Ask(const QuestionPtr& question) override {
    Hear(fmt::format("ask {} {}", question->id, question->connection.Destination()));
  }
  void Changed(const QuestionPtr& question) override {
    Hear(fmt::format("change {} packets {} flows {}{}", question->id, question->packets,
                     question->flows, question->host.empty() ? "" : " host " + question->host));
  }
  void Claimed(QuestionId id, const std::string& by) override {
    Hear(fmt::format("claimed {} by {}", id, by));
  }
  void Settled(QuestionId id, const Settlement& settlement) override {
    Hear(fmt::format("settled {} {}{}{}", id, SettledHowName(settlement.how),
                     settlement.by.empty() ? "" : " by " + settlement.by,
                     settlement.note.empty() ? "" : ": " + settlement.note));
  }

  // All that was heard, as soon as there are so many.
  std::vector<std::string> Heard(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kPatience, [&] { return heard_.size() >= count; });
    return heard_;
  }

 private:
  void Hear(std::string text) {
    const std::lock_guard lock(mutex_);
    heard_.push_back(std::move(text));
    changed_.notify_all();
  }

  const std::string name_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> heard_;
};

}  // namespace procwall

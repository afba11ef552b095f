// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/bounded_queue.h"
#include "base/wakeup.h"
#include "daemon/question_desk.h"

namespace procwall {

// What others want done on the link's thread. Shared with them, for they may come when the link has
// gone; then nobody does it. Thread rule: Post() from any thread, TakeAll() on the link's.
class LinkMailbox {
 public:
  static constexpr std::size_t kMostWaiting = 4 * QuestionDesk::kMaxOpen;

  explicit LinkMailbox(std::shared_ptr<const Wakeup> wakeup) : wakeup_(std::move(wakeup)) {}

  // Full: it is forgotten.
  void Post(std::function<void()> wish) {
    if (waiting_.TryPush(std::move(wish)) == BoundedQueue<std::function<void()>>::Pushed::kFirst) {
      wakeup_->Wake();
    }
  }
  std::deque<std::function<void()>> TakeAll() { return waiting_.TakeAll(); }

 private:
  const std::shared_ptr<const Wakeup> wakeup_;
  BoundedQueue<std::function<void()>> waiting_{kMostWaiting};
};

// Puts questions to a GUI: hands what it is told to the link's thread, never blocks.
class OpensnitchAsker final : public Asker {
 public:
  // Called on the link's thread.
  struct Reactions {
    std::function<void(const QuestionPtr&)> ask;
    std::function<void(QuestionId)> settled;
  };
  OpensnitchAsker(std::shared_ptr<LinkMailbox> mailbox, Reactions reactions)
      : mailbox_(std::move(mailbox)), reactions_(std::move(reactions)) {}

  std::string Name() const override { return "OpenSnitch GUI"; }
  void Ask(const QuestionPtr& question) override;
  void Settled(QuestionId id, const Settlement& settlement) override;

 private:
  const std::shared_ptr<LinkMailbox> mailbox_;
  const Reactions reactions_;
};

}  // namespace procwall

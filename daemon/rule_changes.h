// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <tl/expected.hpp>

#include "base/bounded_queue.h"
#include "base/wakeup.h"
#include "rules/rule.h"

namespace procwall {

// Why a rule is not changed.
struct RuleRefusal {
  enum class Kind : std::uint8_t {
    kInvalid,     // it cannot be used
    kNotFound,    // there is no rule of that name
    kExists,      // there is one of that name already
    kUnexpected,  // the directory's own tests do not allow it
    kFailed,      // it could not be done
  };
  Kind kind = Kind::kFailed;
  std::string what;  // for people

  friend bool operator==(const RuleRefusal&, const RuleRefusal&) = default;
};

// A change of one rule that somebody wants while the daemon runs.
struct RuleChange {
  enum class Kind : std::uint8_t {
    kAdd,     // under a name that is free: "-2" and so on are appended
    kPut,     // takes the place of the rule of that name, if there is one
    kPutNew,  // only under a name that is free
    kRemove,  // only `rule.name` counts; so also for the next two
    kEnable,
    kDisable,
  };
  // What it became. `note`, for people: what did not go as wanted, although it is done; else empty.
  struct Done {
    std::shared_ptr<const Rule> rule{};  // as it is in force; null: removed
    std::string note{};
  };
  using Outcome = tl::expected<Done, RuleRefusal>;

  Kind kind = Kind::kAdd;
  // Of duration "always": saved as a file of the rule directory. Else it is kept in memory; a file
  // of the same name is removed. "once" is refused: it decides nothing that comes later.
  Rule rule{};
  // Called once, on the main thread, when the rules in force are the new ones: must not block. May
  // be empty.
  std::function<void(const Outcome&)> done{};
};

inline const char* RuleChangeName(RuleChange::Kind kind) {
  switch (kind) {
    case RuleChange::Kind::kAdd:
      return "add";
    case RuleChange::Kind::kPut:
      return "put";
    case RuleChange::Kind::kPutNew:
      return "put new";
    case RuleChange::Kind::kRemove:
      return "remove";
    case RuleChange::Kind::kEnable:
      return "enable";
    case RuleChange::Kind::kDisable:
      return "disable";
  }
  return "unknown";
}

// Rule changes on their way to the main thread, which owns the rules. Never blocks. Thread rule:
// TryAsk() from any thread; the rest is the main thread's.
class RuleChanges {
 public:
  static constexpr std::size_t kMaxWaiting = 4096;

  explicit RuleChanges(Wakeup asked) : asked_(std::move(asked)) {}

  // False: too many wait; `change` is as it was.
  [[nodiscard]] bool TryAsk(RuleChange&& change) {
    const auto pushed = waiting_.TryPush(std::move(change));
    if (pushed == BoundedQueue<RuleChange>::Pushed::kFirst) asked_.Wake();
    return pushed != BoundedQueue<RuleChange>::Pushed::kFull;
  }

  int UnsafeFd() const { return asked_.UnsafeFd(); }  // readable when changes wait
  std::size_t Waiting() const { return waiting_.Size(); }
  std::deque<RuleChange> TakeAll() {
    asked_.Clear();
    return waiting_.TakeAll();
  }

 private:
  const Wakeup asked_;
  BoundedQueue<RuleChange> waiting_{kMaxWaiting};
};

}  // namespace procwall

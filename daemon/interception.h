// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "base/guarded.h"
#include "base/wakeup.h"
#include "daemon/firewall_table.h"

namespace procwall {

// Our rules in the kernel's packet filter, switched on and off at people's wish while the daemon
// runs. Off: packets pass without being looked at. Thread rule: Ask() and IsOn() from any thread;
// the rest on the main thread.
class Interception {
 public:
  using Outcome = tl::expected<void, std::string>;
  using Install = std::function<tl::expected<std::unique_ptr<FirewallTable>, std::string>()>;

  // What becomes of rules that stand when it is destroyed without having been switched off: when
  // the daemon fails.
  enum class AtFailure : std::uint8_t { kOpen, kClosed };

  // `asked` comes from Wakeup::Create().
  Interception(Wakeup asked, Install install, AtFailure at_failure = AtFailure::kOpen)
      : asked_(std::move(asked)), install_(std::move(install)), at_failure_(at_failure) {}
  Interception(const Interception&) = delete;
  Interception& operator=(const Interception&) = delete;
  ~Interception();

  Outcome Switch(bool on);
  bool IsOn() const { return is_on_.load(); }
  // REQUIRES: it is on.
  FirewallKind Kind() const { return table_->Kind(); }
  // Null: it is off.
  FirewallTable* Table() { return table_.get(); }

  // `done` is called on the main thread, and must not block. False: too many ask.
  bool Ask(bool on, std::function<void(const Outcome&)> done);
  int UnsafeFd() const { return asked_.UnsafeFd(); }  // readable when somebody asks
  void DoAsked();

 private:
  static constexpr std::size_t kMostWaiting = 16;
  struct Wish {
    bool on = true;
    std::function<void(const Outcome&)> done;
  };

  const Wakeup asked_;
  const Install install_;
  const AtFailure at_failure_;
  Guarded<std::vector<Wish>> wishes_;
  std::unique_ptr<FirewallTable> table_;
  std::atomic<bool> is_on_{false};
};

}  // namespace procwall

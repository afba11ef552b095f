// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "daemon/opensnitch_message.h"
#include "daemon/status_source.h"

namespace procwall {

// What has become wrong, for people who only see OpenSnitch's GUI: rule files that are refused, our
// firewall rules that somebody else removed, packets and notes of the kernel that were lost. Each
// kind is told once, and again when it got worse, at most every kLeastTimeBetween. Thread rule: one
// thread only. The references must outlive it.
class OpensnitchAlerts {
 public:
  static constexpr std::chrono::seconds kLeastTimeBetween{60};
  static constexpr std::chrono::seconds kLookEvery{2};

  OpensnitchAlerts(const StatusSource& status, const Clock& clock)
      : status_(status), clock_(clock) {}

  // What is to be told now. Asks the daemon's status no more often than kLookEvery.
  std::vector<GuiAlert> Look();

 private:
  struct Kind {
    std::uint64_t told = 0;  // how much of it
    std::optional<BootTime> last{};
  };
  // How much of it is new and may be told; 0: nothing.
  std::uint64_t News(Kind& kind, std::uint64_t now) const;
  std::string RefusedText(std::uint64_t count) const;

  const StatusSource& status_;
  const Clock& clock_;
  std::optional<BootTime> looked_{};
  Kind refused_{};
  Kind repairs_{};
  Kind packets_{};
  Kind notes_{};
};

}  // namespace procwall

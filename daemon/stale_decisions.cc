// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/stale_decisions.h"

#include <chrono>
#include <utility>

namespace procwall {

bool StaleDecisions::Check(const std::shared_ptr<const RuleSet>& rules,
                           const std::string& profile) {
  const BootTime now = clock_.Now();
  const auto minute =
      std::chrono::duration_cast<std::chrono::minutes>(clock_.WallNow().time_since_epoch());
  const bool is_another_minute = std::exchange(minute_, minute) != minute;
  const bool is_another_profile = std::exchange(profile_, profile) != profile;
  const auto before = std::exchange(rules_, rules);
  if (before == nullptr) return false;
  if (before != rules || (is_another_profile && rules->Needs().profile)) {
    once_more_ = now + kOnceMore;
    return true;
  }
  if (once_more_ && now >= *once_more_) {
    once_more_.reset();
    return true;
  }
  return is_another_minute && rules->Needs().now;
}

}  // namespace procwall

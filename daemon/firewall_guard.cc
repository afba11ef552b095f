// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_guard.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/printable.h"

namespace procwall {
namespace {

constexpr std::chrono::seconds kQuietTime{60};  // without a repair: the next is a new affair
constexpr int kAtOnce = 5;       // repairs of an affair: two families, rules and chains apart
constexpr int kMostRead = 1024;  // news at a time; what is left makes the next call

}  // namespace

bool FirewallGuard::HasNews(const FirewallTable& table) {
  if (table.UnsafeNewsFd() < 0) return false;
  std::array<char, 16384> news;  // what they say does not matter
  bool any = false;
  for (int i = 0; i < kMostRead; ++i) {
    const ssize_t size =
        ::recv(table.UnsafeNewsFd(), news.data(), news.size(), MSG_DONTWAIT | MSG_TRUNC);
    const bool lost_some = size < 0 && errno == ENOBUFS;
    if (size < 0 && !lost_some) break;
    any = true;
  }
  return any;
}

void FirewallGuard::Check(FirewallTable& table) {
  const BootTime now = clock_.Now();
  has_news_ = HasNews(table) || has_news_;
  const BootTime last_look = next_look_ - kLookEvery;
  const bool is_due = now >= next_look_ || (has_news_ && now - last_look >= kAtMostEvery);
  if (!is_due) return;
  has_news_ = false;
  next_look_ = now + kLookEvery;
  TakeCareOf(table);
}

void FirewallGuard::TakeCareOf(FirewallTable& table) {
  const auto missing = table.Missing();
  if (!missing) {
    if (std::exchange(is_blind_, true)) return;
    spdlog::warn("event=firewall_unwatched reason=\"{}\"", Printable(missing.error()));
    return Note("whether the firewall rules stand cannot be looked at: " + missing.error());
  }
  if (std::exchange(is_blind_, false)) Note("");
  if (missing->empty()) return;
  if (clock_.Now() < next_try_) return;
  if (const auto back = table.PutBack(); !back) {
    spdlog::error("event=firewall_gone missing=\"{}\" reason=\"{}\"", Printable(*missing),
                  Printable(back.error()));
    next_try_ = clock_.Now() + std::exchange(retry_, std::min(2 * retry_, kLongestRetry));
    return Note(
        fmt::format("somebody removed our firewall rules ({}), and they cannot be put "
                    "back: {}",
                    *missing, back.error()));
  }
  // Somebody who removes them again and again (another daemon of ours, say) is not fought.
  if (clock_.Now() >= next_try_ + kQuietTime) {
    in_a_row_ = 0;
    retry_ = std::chrono::seconds(1);
  }
  const bool is_contested = ++in_a_row_ >= kAtOnce;
  if (is_contested) retry_ = std::min(2 * retry_, kLongestRetry);
  next_try_ = clock_.Now() + (is_contested ? retry_ : std::chrono::seconds(0));
  repairs_.Add();
  spdlog::warn("event=firewall_repaired missing=\"{}\"", Printable(*missing));
  Note(fmt::format("somebody removed our firewall rules, and they were put back (last: {})",
                   *missing));
}

// Empty: nothing is to be known.
void FirewallGuard::Note(std::string note) {
  std::vector<std::string> notes;
  if (!note.empty()) notes.push_back(Printable(note));
  notes_.Set("rules", std::move(notes));
}

}  // namespace procwall

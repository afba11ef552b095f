// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/send_bound.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <utility>

#include "base/file.h"

namespace procwall {
namespace {

std::chrono::nanoseconds ProcessorTime() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace

std::optional<std::chrono::nanoseconds> ParseRunDelay(std::string_view schedstat) {
  const std::size_t blank = schedstat.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  std::int64_t nanoseconds = 0;
  const char* const end = schedstat.data() + schedstat.size();
  const auto parsed = std::from_chars(schedstat.data() + blank + 1, end, nanoseconds);
  if (parsed.ec != std::errc() || nanoseconds < 0) return std::nullopt;
  return std::chrono::nanoseconds(nanoseconds);
}

// What this thread has run and has waited for a processor so far.
std::optional<std::chrono::nanoseconds> SendBound::TimeNotAsleep() {
  if (!was_opened_) {
    was_opened_ = true;
    auto opened = OpenAt(AT_FDCWD, "/proc/thread-self/schedstat", O_RDONLY);
    if (opened) schedstat_ = *std::move(opened);
  }
  if (!schedstat_.IsOpen()) return std::nullopt;
  std::array<char, 96> text{};
  const ssize_t size = ::pread(schedstat_.UnsafeFd(), text.data(), text.size(), 0);
  const auto delay =
      ParseRunDelay({text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))});
  if (!delay) return std::nullopt;
  return *delay + ProcessorTime();
}

void SendBound::BeforeSleep(BootTime looked) {
  earliest_ = looked;
  not_asleep_ = TimeNotAsleep();
}

void SendBound::AfterSleep() {
  const auto before = std::exchange(not_asleep_, std::nullopt);
  if (!before) return;
  const BootTime now = clock_.Now();
  const auto after = TimeNotAsleep();
  if (after) earliest_ = std::max(earliest_, now - (*after - *before) - kSlack);
}

}  // namespace procwall

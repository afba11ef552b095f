// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <thread>

#include <tl/expected.hpp>

#include "base/bounded_queue.h"
#include "base/unique_fd.h"
#include "base/wakeup.h"
#include "net/dns_message.h"

namespace procwall {

// What systemd-resolved answers the programs of this host, also those that ask it over D-Bus or
// varlink, where no packet shows who asked for what. A thread of its own, "resolved", listens on
// resolved's socket; where there is none it looks again every kRetryTime, and so it does when
// resolved goes away, or says more than kMaxMessageBytes at once. At most kMaxWaiting answers wait
// to be taken; what is beyond is dropped: names are a help, not a promise. Thread rule: TakeAll()
// from any thread; destroy where it was made.
class ResolvedMonitor {
 public:
  static constexpr const char* kSocket = "/run/systemd/resolve/io.systemd.Resolve.Monitor";
  static constexpr std::size_t kMaxMessageBytes = std::size_t{256} << 10;
  static constexpr std::size_t kMaxWaiting = 256;
  static constexpr std::chrono::milliseconds kRetryTime{30'000};

  // `heard`, which must outlive it, is woken when answers wait.
  static tl::expected<std::unique_ptr<ResolvedMonitor>, std::string> Start(
      const Waker& heard, std::string socket = kSocket,
      std::chrono::milliseconds retry_time = kRetryTime);
  ~ResolvedMonitor();
  ResolvedMonitor(const ResolvedMonitor&) = delete;
  ResolvedMonitor& operator=(const ResolvedMonitor&) = delete;

  bool HasAnswers() const { return answers_.Size() != 0; }
  std::deque<DnsMessage> TakeAll() { return answers_.TakeAll(); }

 private:
  ResolvedMonitor(const Waker& heard, std::string socket, std::chrono::milliseconds retry_time,
                  Wakeup stop);

  void Run();
  void Listen(const UniqueFd& connection);
  bool Wait(int fd, short events, std::chrono::milliseconds time);
  void Hear(std::string_view message);

  const Waker& heard_;
  const std::string socket_;
  const std::chrono::milliseconds retry_time_;
  const Wakeup stop_;
  BoundedQueue<DnsMessage> answers_{kMaxWaiting};
  std::atomic<bool> stopping_{false};
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/unique_fd.h"
#include "daemon/event_sink.h"
#include "daemon/sink_target.h"

namespace procwall {

// Events over TCP, each with its length before it (RFC 6587, octet counting). What the other side
// does not take waits, at most kMostWaiting bytes; more is lost. A connection that breaks is made
// again, each five seconds at most, and goes on with the first event that was not begun: the one
// that was is lost, and so is what the kernel had taken and not delivered, which nobody tells.
class StreamSink final : public EventSink {
 public:
  using Format = std::function<std::string(const v1::Event&)>;
  static constexpr std::size_t kMostWaiting = std::size_t{256} << 10;
  static constexpr std::chrono::seconds kRetry{5};

  // The clock must outlive it.
  StreamSink(SinkTarget target, const Clock& clock, Format format);

  bool Write(const v1::Event& event) override;
  void Flush() override;
  std::uint64_t TakeLost() override { return std::exchange(lost_, 0); }
  std::string Trouble() const override { return trouble_; }

 private:
  void Break(const std::string& why);
  void DropFirst();
  ssize_t SendSome();

  const SinkTarget target_;
  const Clock& clock_;
  const Format format_;
  UniqueFd socket_{};
  BootTime next_attempt_{};
  std::deque<std::string> waiting_{};  // events, each with its length before it
  std::size_t waiting_bytes_ = 0;
  std::size_t begun_ = 0;  // bytes of the first that have been sent
  std::uint64_t lost_ = 0;
  std::string trouble_{};
};

}  // namespace procwall

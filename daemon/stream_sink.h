// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "base/clock.h"
#include "base/unique_fd.h"
#include "daemon/event_sink.h"
#include "daemon/sink_target.h"

namespace procwall {

// Events over TCP, each with its length before it (RFC 6587, octet counting). What the other side
// does not take waits, at most kMostWaiting bytes; more is lost. Of a connection that breaks, what
// was under way is lost, and it is made again, each five seconds at most.
class StreamSink final : public EventSink {
 public:
  using Format = std::function<std::string(const v1::Event&)>;
  static constexpr std::size_t kMostWaiting = std::size_t{256} << 10;
  static constexpr std::chrono::seconds kRetry{5};

  // The clock must outlive it.
  StreamSink(SinkTarget target, const Clock& clock, Format format);

  bool Write(const v1::Event& event) override;
  void Flush() override;
  std::string Trouble() const override { return trouble_; }

 private:
  void Break(const std::string& why);

  const SinkTarget target_;
  const Clock& clock_;
  const Format format_;
  UniqueFd socket_{};
  BootTime next_attempt_{};
  std::string waiting_{};
  std::string trouble_{};
};

}  // namespace procwall

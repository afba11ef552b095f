// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/clock.h"
#include "base/unique_fd.h"
#include "daemon/event_sink.h"
#include "daemon/sink_target.h"

namespace procwall {

// One datagram an event, to a unix socket or by UDP. What the other side has no room for now is
// lost; a socket that has gone is looked for again, each second.
class DatagramSink final : public EventSink {
 public:
  using Format = std::function<std::string(const v1::Event&)>;
  static constexpr std::chrono::seconds kRetry{1};

  // The clock must outlive it.
  DatagramSink(SinkTarget target, const Clock& clock, Format format);

  bool Write(const v1::Event& event) override;
  std::string Trouble() const override { return trouble_; }

 private:
  bool IsConnected();

  const SinkTarget target_;
  const Clock& clock_;
  const Format format_;
  UniqueFd socket_{};
  BootTime next_attempt_{};
  std::string trouble_{};
};

}  // namespace procwall

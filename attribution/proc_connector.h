// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "attribution/connector_message.h"
#include "attribution/process_event_source.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace procwall {

// The news of processes from the proc connector (netlink, <linux/cn_proc.h>): who forks, executes
// another program, becomes another user, ends. It needs no BPF, but CAP_NET_ADMIN, and exists in
// the initial network, pid and user namespaces only; what was executed is not told. The kernel
// numbers the news of each processor, so that a gap is noticed and told of as a loss. Thread rule:
// one thread at a time.
class ProcConnector final : public ProcessEventSource {
 public:
  static constexpr int kReceiveBytes = 2 << 20;

  // kUnsupported: there is none here. `clock` must outlive it and be the kernel's.
  static Result<std::unique_ptr<ProcConnector>> Start(const Clock& clock);
  // Over a socket of one's own that listens already: a test is the kernel at its other end.
  ProcConnector(UniqueFd socket, const Clock& clock) : socket_(std::move(socket)), clock_(clock) {}

  int UnsafeEventFd() const override { return socket_.UnsafeFd(); }
  void DrainEvents(const std::function<void(ProcessEvent event)>& take) override;

 private:
  Status Listen();
  void Take(const ConnectorMessage& message, std::chrono::nanoseconds suspended,
            const std::function<void(ProcessEvent event)>& take);

  UniqueFd socket_;
  const Clock& clock_;
  std::unordered_map<std::uint32_t, std::uint32_t> next_;  // number, by processor
};

}  // namespace procwall

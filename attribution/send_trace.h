// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "attribution/process.h"
#include "attribution/tcp_transition.h"
#include "attribution/traced_process.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/connection.h"

namespace procwall {

// A process that asked for the route of a packet's addresses and ports.
struct RouteAsker {
  Pid pid = 0;                // 0: of another pid namespace
  BootTime first{};           // of the times it did
  bool named_source = false;  // once at least with a source address

  friend bool operator==(const RouteAsker&, const RouteAsker&) = default;
};

// What processes did lately that sends packets, in all network namespaces of this machine; each
// process once. nullopt: what is remembered does not reach back to `since`, or nobody tells. Thread
// rule: any thread but the packet thread.
class SendTrace {
 public:
  SendTrace() = default;
  SendTrace(const SendTrace&) = delete;
  SendTrace& operator=(const SendTrace&) = delete;
  virtual ~SendTrace() = default;

  // See RouteLookup.
  virtual std::optional<std::vector<RouteAsker>> RouteAskers(const Connection& connection,
                                                             BootTime since) = 0;
  // By TCP over IPv6, of these addresses and ports: connected, and closed before anybody answered,
  // both at `since` or later.
  virtual std::optional<std::vector<GivenUpConnect>> GivenUpConnects(const Connection& connection,
                                                                     BootTime since) = 0;
  // By UDP and UDP-Lite; told when the system call that sent it is about to return.
  virtual std::optional<std::vector<TracedProcess>> DatagramSenders(BootTime since) = 0;
};

// The kernel's own records of that, without BPF: tracepoints, see FlightRecorder. They need
// CAP_PERFMON (or CAP_SYS_ADMIN), tracefs mounted at its usual place, and a kernel that tells ports
// (5.1), datagrams (6.3), and states of TCP (4.16; all by its sources). Each lookup and each
// datagram on this machine costs its program a record of about a hundred bytes, and so does each
// connection of TCP over IPv6. Rings: kRouteBytes, kDatagramBytes and kConnectBytes for each
// processor.
class KernelSendTrace final : public SendTrace {
 public:
  static constexpr std::size_t kRouteBytes = std::size_t{128} << 10U;
  static constexpr std::size_t kDatagramBytes = std::size_t{64} << 10U;
  static constexpr std::size_t kConnectBytes = std::size_t{32} << 10U;

  // kPermission, kNotFound, kUnsupported: routes are not told; without the others it goes on.
  // `clock` must outlive it and be the kernel's.
  static Result<std::unique_ptr<KernelSendTrace>> Start(const Clock& clock);
  ~KernelSendTrace() override;

  std::optional<std::vector<RouteAsker>> RouteAskers(const Connection& connection,
                                                     BootTime since) override;
  std::optional<std::vector<GivenUpConnect>> GivenUpConnects(const Connection& connection,
                                                             BootTime since) override;
  std::optional<std::vector<TracedProcess>> DatagramSenders(BootTime since) override;
  bool TellsDatagrams() const;

 private:
  struct State;
  explicit KernelSendTrace(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace procwall

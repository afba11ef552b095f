// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>

#include "attribution/process.h"
#include "base/clock.h"
#include "net/connection.h"

namespace procwall {

// A process at the moment it was seen to do something with a socket.
struct Actor {
  ProgramOfProcess program;
  Uid uid = 0;  // effective, as the initial user namespace counts
  std::uint64_t cgroup_id = 0;

  // A thread of the kernel's own: it has no executable.
  bool IsKernelThread() const { return !program.executable.IsKnown(); }
  friend bool operator==(const Actor&, const Actor&) = default;
};

// At what it was seen.
enum class WitnessHook : std::uint8_t {
  kNone,
  kScan,     // it held the socket when the witness began; what it did before is not known
  kCreate,   // socket(2)
  kConnect,  // connect(2)
  kSend,     // a datagram with an address
  kPacket,   // the packet itself, on its way out
};
const char* WitnessHookName(WitnessHook hook);  // "connect", ...

// What the kernel saw of a socket.
struct SocketUse {
  std::uint64_t cookie = 0;               // 0: not known
  std::optional<Actor> creator;           // who called socket(2)
  std::optional<Actor> user;              // who used it last
  WitnessHook hook = WitnessHook::kNone;  // at which `user` was seen
  BootTime used_at{};                     // of a flow: when it was last sent; else not known
  bool shared_at_scan = false;  // processes of several programs held it when the witness began

  friend bool operator==(const SocketUse&, const SocketUse&) = default;
};

// Who sent the packets of a flow.
struct FlowUse {
  SocketUse socket;
  std::optional<Actor> previous;  // the same flow came from somebody else up to seconds ago: a
                                  // packet that waited may be that one's
  bool more_previous = false;     // and from others before
  bool from_kernel = false;       // by no program's socket
  bool by_raw_socket = false;     // whatever protocol the packet says

  friend bool operator==(const FlowUse&, const FlowUse&) = default;
};

// What the kernel saw when it happened: exact, and it outlives socket and process. Thread rule:
// both from any thread; a microsecond each, nothing that waits.
class SocketWitness {
 public:
  SocketWitness() = default;
  SocketWitness(const SocketWitness&) = delete;
  SocketWitness& operator=(const SocketWitness&) = delete;
  virtual ~SocketWitness() = default;

  // The sender of this packet: it was seen to send it, or to connect the TCP socket that does.
  // nullopt: it was not seen, or cannot be on this kernel.
  virtual std::optional<FlowUse> FlowOf(const Connection& connection) const = 0;
  // Who sent the same flow last, by a call with an address: an answer for a datagram that has no
  // socket any more.
  virtual std::optional<FlowUse> GhostOf(const Connection& connection) const = 0;
  // By SO_COOKIE, while the socket lives.
  virtual std::optional<SocketUse> SocketOf(std::uint64_t cookie) const = 0;
};

// Where the witness does not run.
class BlindWitness final : public SocketWitness {
 public:
  std::optional<FlowUse> FlowOf(const Connection& /*connection*/) const override {
    return std::nullopt;
  }
  std::optional<FlowUse> GhostOf(const Connection& /*connection*/) const override {
    return std::nullopt;
  }
  std::optional<SocketUse> SocketOf(std::uint64_t /*cookie*/) const override {
    return std::nullopt;
  }
};

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "attribution/process_event_source.h"
#include "attribution/socket_witness.h"
#include "base/clock.h"
#include "base/result.h"

namespace procwall {

// One program of the witness that is needed: what it sees, and whether it runs on this kernel.
struct WitnessPart {
  const char* name = "";     // "tcp-connect"
  const char* purpose = "";  // what is seen by it, for people
  bool runs = false;
  std::string why_not;  // the kernel's reason; empty when it runs
};

// What the kernel's half could not keep, since its start.
struct WitnessLosses {
  std::uint64_t events = 0;   // of processes: the ring was full
  std::uint64_t sockets = 0;  // two programs used one at once
};

// How full a table of the kernel's half is. What is displaced is forgotten: the oldest go first.
struct WitnessTable {
  std::uint32_t most = 0;       // entries it has room for
  std::uint32_t held = 0;       // entries now
  std::uint64_t displaced = 0;  // since its start
};

// Whose flows are noted: only those that this network namespace sends, or also those that others
// send, which it may forward. Those cost every datagram of every container.
enum class WitnessScope : std::uint8_t { kOwnNamespace, kAllNamespaces };

// The witness's kernel half (the programs of witness/), loaded and attached: each of them on its
// own, so that what this kernel does not know costs only what it would have seen. It watches the
// cgroup v2 tree where it is mounted (mounts nothing), every process of the machine, and the
// packets of the network namespace it is started in. Detached when this object dies, however the
// daemon ends. Memory: 13 MB in the kernel, allocated at the start (witness/layout.h bounds it).
// Thread rule: the SocketWitness part from any thread, events from one, the rest from where it was
// started.
class KernelWitness final : public SocketWitness, public ProcessEventSource {
 public:
  // What stands in the way of all of it: not built in, no BTF in this kernel, no permission.
  // `clock` must outlive it.
  static tl::expected<std::unique_ptr<KernelWitness>, std::string> Start(const Clock& clock,
                                                                         WitnessScope scope);
  ~KernelWitness() override;

  const std::vector<WitnessPart>& Parts() const;
  WitnessLosses Losses() const;
  WitnessTable Sockets() const;
  WitnessTable Flows() const;

  // Reads the sockets that existed before, once: some ten milliseconds per 100,000 descriptors.
  Status ScanSockets();

  std::optional<FlowUse> FlowOf(const Connection& connection) const override;
  std::optional<FlowUse> GhostOf(const Connection& connection) const override;
  std::optional<SocketUse> SocketOf(std::uint64_t cookie) const override;

  // Forks and exits do not make it readable before many wait, or another program is executed.
  int UnsafeEventFd() const override;
  void DrainEvents(const std::function<void(ProcessEvent event)>& take) override;

  // How long a TCP connection may repeat its first packet; a ghost is believed as long as a
  // datagram may wait for its verdict.
  static constexpr std::chrono::seconds kConnectTime{180};
  static constexpr std::chrono::seconds kGhostTime{10};

 private:
  struct Loaded;
  KernelWitness(const Clock& clock, std::unique_ptr<Loaded> loaded);

  [[maybe_unused]] const Clock& clock_;  // unused where the build has no witness
  std::unique_ptr<Loaded> loaded_;
};

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "attribution/kernel_witness.h"
#include "attribution/witnessed_flows.h"
#include "base/result.h"

namespace procwall {

// The compiled programs of witness/, in the kernel and attached. Thread rule: one thread only,
// UnsafeMapFd() and PacketsAreWatched() from any.
class WitnessObject {
 public:
  // What it has to be told: the network namespace whose packets are watched, by its cookie, and the
  // pid namespace in which processes are numbered, by its inode (0: the initial one).
  struct Surroundings {
    std::uint64_t netns_cookie = 0;
    std::uint32_t pid_namespace = 0;
    WitnessScope scope = WitnessScope::kOwnNamespace;
    FlowSecret flow_secret{};
  };
  // Tries all programs at once, and each on its own if the kernel refuses that. Fails when there is
  // nothing to attach, with the reason.
  static tl::expected<WitnessObject, std::string> Load(const Surroundings& surroundings);

  WitnessObject();
  WitnessObject(WitnessObject&&) noexcept;
  WitnessObject& operator=(WitnessObject&&) noexcept;
  ~WitnessObject();

  const std::vector<WitnessPart>& Parts() const;
  bool PacketsAreWatched() const;
  // Lives as long as this object; -1: there is no such map.
  int UnsafeMapFd(const char* name) const;
  // Runs the program that looks at every descriptor, once.
  Status RunScan();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace procwall

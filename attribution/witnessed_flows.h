// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "attribution/witness/layout.h"
#include "base/result.h"

namespace procwall {

// The secret that tells where a flow is remembered (witness/flow_hash.h): another one for each
// start.
struct FlowSecret {
  std::array<std::uint64_t, 2> words{};

  static FlowSecret Draw();
};

// Looks up a flow in the table that the witness's kernel half writes to meanwhile. A look costs no
// system call. nullopt: it is not there, or was being written at each of three looks. `sets`: all
// kFlowSets of them. Any thread.
std::optional<witness::WitnessedFlow> FindFlow(std::span<const witness::FlowSet> sets,
                                               const FlowSecret& secret,
                                               const witness::FlowName& name);

// That table as it lies in the kernel's memory, which is mapped while this object lives. It counts
// as this process's own, 4 MB. Move-only. Thread rule: Sets() from any thread.
class MappedFlows {
 public:
  // The error is the kernel's: "map the witness's flows".
  static Result<MappedFlows> Open(int map_fd);
  MappedFlows() = default;
  MappedFlows(MappedFlows&& other) noexcept;
  MappedFlows& operator=(MappedFlows&& other) noexcept;
  ~MappedFlows();

  std::span<const witness::FlowSet> Sets() const { return sets_; }

 private:
  explicit MappedFlows(std::span<const witness::FlowSet> sets) : sets_(sets) {}

  std::span<const witness::FlowSet> sets_;
};

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <unordered_map>

#include "attribution/procfs.h"
#include "attribution/program_source.h"
#include "base/guarded.h"

namespace procwall {

// Programs as /proc describes them, remembered by process.
class Programs final : public ProgramSource {
 public:
  static constexpr std::size_t kMaxProcesses = 16384;

  explicit Programs(Procfs procfs) : procfs_(std::move(procfs)) {}

  ProcessPtr Find(const ProgramOfProcess& wanted) const override;
  ProcessPtr Resolve(const ProgramOfProcess& wanted) override;

 private:
  struct Known {
    ProgramOfProcess program;
    ProcessPtr process;
  };
  using ById = std::unordered_map<ProcessId, Known>;

  const Procfs procfs_;
  mutable Guarded<ById> known_;
};

}  // namespace procwall

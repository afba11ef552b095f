// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/guarded.h"
#include "daemon/program_facts.h"

namespace procwall {

// What was found out, for the packets that come next: kMaxPrograms programs, interfaces by their
// numbers, and the network profile in force. Of a program it is known for as long as its
// description lives, which ends with the next exec. Thread rule: all methods from any thread; the
// lock is held for a lookup or two.
class KnownFacts {
 public:
  static constexpr std::size_t kMaxPrograms = 4096;
  static constexpr std::size_t kMaxInterfaces = 1024;

  // All that the question asks; nullopt: something of it is not known.
  std::optional<PacketsFacts> Find(const FactsNeeded& needs, const FactsQuestion& question) const;

  void Learn(const ProcessPtr& process, ProgramFactsPtr facts);
  void LearnInterface(std::uint32_t index, const std::string& name);
  void ForgetInterfaces();
  void SetProfile(std::string profile);
  std::string Profile() const;

 private:
  struct OfProgram {
    std::weak_ptr<const Process> process;  // dead: its address may be another's
    ProgramFactsPtr facts;
  };
  struct Known {
    std::unordered_map<const Process*, OfProgram> programs;
    std::unordered_map<std::uint32_t, std::string> interfaces;
    std::string profile;
  };
  mutable Guarded<Known> known_;
};

}  // namespace procwall

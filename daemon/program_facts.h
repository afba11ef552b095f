// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "attribution/environment.h"
#include "attribution/hashes.h"
#include "attribution/process.h"
#include "net/connection.h"
#include "rules/facts_needed.h"

namespace procwall {

// What rules ask of a program that its description does not have.
struct ProgramFacts {
  FactsNeeded asked{};                       // what was looked for; the rest is not there
  HashesPtr hashes{};                        // null: not known
  std::optional<std::string> package{};      // empty: of none; nullopt: not known
  std::optional<Environment> environment{};  // nullopt: not known

  friend bool operator==(const ProgramFacts&, const ProgramFacts&) = default;
};
using ProgramFactsPtr = std::shared_ptr<const ProgramFacts>;

// What was found out for one packet. Null and empty: not known.
struct PacketsFacts {
  std::vector<ProgramFactsPtr> programs{};  // of the processes that were asked for, in their order
  std::string in_interface{};
  std::string out_interface{};
  std::string profile{};
  bool are_late = false;  // something could not be found out in time, and may be known later

  friend bool operator==(const PacketsFacts&, const PacketsFacts&) = default;
};

// What has to be found out for one packet.
struct FactsQuestion {
  std::size_t lane = 0;  // see Lane: which packet thread asks
  std::uint64_t ticket = 0;
  FactsNeeded needs{};
  std::uint32_t in_interface = 0;
  std::uint32_t out_interface = 0;
  std::vector<ProcessPtr> processes{};
};
struct FactsAnswer {
  std::uint64_t ticket = 0;
  PacketsFacts facts{};
};

// Whether any of it has to be looked for at all.
bool AsksPrograms(const FactsNeeded& needs);
bool AsksBeyondDescription(const FactsNeeded& needs);
HashKinds HashesNeeded(const FactsNeeded& needs);
// Whether facts that were looked for by `asked` answer those of `needs`.
bool Covers(const FactsNeeded& asked, const FactsNeeded& needs);

}  // namespace procwall

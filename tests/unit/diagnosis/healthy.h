// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>

#include "diagnosis/diagnosis.h"
#include "tests/support/message_text.h"

namespace procwall {

inline Tier TierOf(const char* name, Tier::State state) {
  return {name, "a purpose", state, state == Tier::State::kRuns ? "" : "it is not there"};
}
inline Tier Running(const char* name) { return TierOf(name, Tier::State::kRuns); }
inline Tier Missing(const char* name) { return TierOf(name, Tier::State::kMissing); }

inline Diagnosis Healthy() {
  Diagnosis diagnosis;
  diagnosis.daemon = FromText<v1::StatusResponse>(R"(version: "0.1.0" pid: 812)");
  diagnosis.tiers = {Running("packet queue"), Running("witness packets")};
  return diagnosis;
}

inline PacketSocketWithOwners TcpdumpsSocket() {
  Process process;
  process.id = {44, 1};
  process.path = "/usr/bin/tcpdump";
  return {.socket = {.inode = 4711, .protocol = 3, .ifindex = 2, .uid = 4294967},
          .owners = {std::make_shared<const Process>(process)},
          .all_owners_known = true};
}

}  // namespace procwall

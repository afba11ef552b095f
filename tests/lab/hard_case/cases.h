// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <span>
#include <string_view>

#include "tests/lab/hard_case/case_run.h"

namespace procwall {

// One way to use the network: its name on the command line, and what the program then does.
struct CasePart {
  std::string_view name;
  int (*run)(const CaseRun& run);
};

// By family, each in a file of its name. Parts that a second program plays are among them.
std::span<const CasePart> EndingCases();      // what becomes of the program after it sent
std::span<const CasePart> HandoverCases();    // the socket comes from another program
std::span<const CasePart> BecomingCases();    // the process turns into another program or user
std::span<const CasePart> SharedPortCases();  // two programs, one port
std::span<const CasePart> CallCases();        // unusual ways to send

}  // namespace procwall

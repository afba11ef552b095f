// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <vector>

namespace procwall {

// One thing the daemon needs of the kernel or of its privileges.
struct Requirement {
  std::string name;  // "CAP_NET_ADMIN"
  bool met = false;
  bool essential = false;  // without it the daemon cannot do its work
  std::string advice;      // what is missing without it and what to do
};

// Looks at this process and this kernel, without changing either.
std::vector<Requirement> CheckRequirements();

// For people, one line each; `essential_missing` tells whether the daemon can run at all.
struct RequirementsReport {
  std::string text;
  bool essential_missing = false;
};
RequirementsReport Describe(const std::vector<Requirement>& requirements);

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace procwall {

// Variables of a process's environment: those that were asked for, and of which name they are.
// Evidence, not identity: a process can change them, and whoever starts it chooses them.
struct Environment {
  std::vector<std::string> variables{};  // "NAME=value", in their order
  bool is_whole =
      true;  // false: it is longer than was read, what is not here may be set all the same

  friend bool operator==(const Environment&, const Environment&) = default;
};

// From the text of /proc/PID/environ: each "NAME=value" ends with a NUL. Of several of one name the
// first, as getenv(3) finds it. A total function over whatever bytes are there.
Environment PickVariables(std::string_view text, const std::set<std::string>& names, bool is_whole);

}  // namespace procwall

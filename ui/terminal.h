// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

namespace procwall {

enum class Colours : std::uint8_t { kOff, kOn };
enum class ColourChoice : std::uint8_t { kAuto, kAlways, kNever };

// Where the output goes. Not a terminal: no colours, and lines as long as they need to be.
struct Terminal {
  bool is_tty = false;
  std::size_t width = 0;  // columns; 0: unlimited
  Colours colours = Colours::kOff;
  bool is_dumb = false;  // its cursor cannot be moved: TERM says so

  friend bool operator==(const Terminal&, const Terminal&) = default;
};

// Looks up a variable of the environment; null when it is not set.
using EnvironmentLookup = std::function<const char*(const char* name)>;

// What file descriptor `fd` is. Colours by default only on a terminal whose TERM is set and not
// "dumb", and not if NO_COLOR (https://no-color.org) is set and not empty.
Terminal DetectTerminal(int fd, ColourChoice choice, const EnvironmentLookup& environment);

// The streams a command writes to.
struct Console {
  std::ostream& out;
  std::ostream& err;
  Terminal terminal;  // of `out`
};

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <string_view>

namespace procwall {
namespace {

constexpr std::size_t kUsualWidth = 80;

std::size_t WidthOf(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsualWidth;
  return size.ws_col;
}

bool IsDumb(const EnvironmentLookup& environment) {
  const char* const term = environment("TERM");
  return term != nullptr && std::string_view(term) == "dumb";
}

bool WantsColours(const EnvironmentLookup& environment) {
  const char* term = environment("TERM");
  const char* no_color = environment("NO_COLOR");
  const bool refused = no_color != nullptr && *no_color != '\0';
  return term != nullptr && *term != '\0' && !IsDumb(environment) && !refused;
}

}  // namespace

Terminal DetectTerminal(int fd, ColourChoice choice, const EnvironmentLookup& environment) {
  Terminal terminal;
  terminal.is_tty = ::isatty(fd) == 1;
  if (terminal.is_tty) terminal.width = WidthOf(fd);
  terminal.is_dumb = terminal.is_tty && IsDumb(environment);
  const bool coloured =
      choice == ColourChoice::kAlways ||
      (choice == ColourChoice::kAuto && terminal.is_tty && WantsColours(environment));
  terminal.colours = coloured ? Colours::kOn : Colours::kOff;
  return terminal;
}

}  // namespace procwall

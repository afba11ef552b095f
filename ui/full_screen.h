// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <vector>

#include <termios.h>

#include "ui/ask_screen.h"
#include "ui/styled_text.h"
#include "ui/terminal.h"

namespace procwall {

// The bytes that put these lines on a screen, from its upper left corner, and nothing else on it.
// Only what every terminal since the VT100 knows; without colours, only positions and erasing.
std::string ScreenBytes(const std::vector<StyledText>& lines, Colours colours);

// A terminal taken over: its own screen, every key at once and not echoed. Gives it back when it
// dies. Thread rule: one thread only.
class FullScreen {
 public:
  FullScreen(int in_fd, int out_fd, Colours colours);
  ~FullScreen();
  FullScreen(const FullScreen&) = delete;
  FullScreen& operator=(const FullScreen&) = delete;

  ScreenSize Size() const;
  // Writes only when something has changed since the last time.
  void Show(const std::vector<StyledText>& lines);
  std::string ReadKeys() const;  // what has been typed; empty: nothing, or no more will come

 private:
  void Write(std::string_view bytes) const;

  int in_fd_;
  int out_fd_;
  Colours colours_;
  termios before_{};
  bool is_raw_ = false;
  std::string shown_;
  ScreenSize shown_size_{0, 0};
};

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ui/ask_screen.h"
#include "ui/styled_text.h"
#include "ui/top_dialogue.h"
#include "ui/user_names.h"

namespace procwall {

// What stands above the rows.
struct TopHead {
  bool observes = false;
  std::string default_action{};
  bool counts_bytes = false;  // columns of bytes make sense
  std::string note{};         // why something is not shown; empty: nothing to be said
  std::string problem{};      // the daemon is not there any more
  std::uint64_t missed = 0;   // decisions, so far
};

// The lines of a screen, at most as many as fit and none wider than it is, and what keys need to
// know of it. Pure.
struct TopPicture {
  std::vector<StyledText> lines{};
  TopDialogue::Extent extent{};
};
TopPicture TopScreen(const TopDialogue& dialogue, const TopHead& head, ScreenSize size, TopTime now,
                     std::chrono::seconds utc_offset, UserNames& users);

// All rows of it, for a file or a pipe: `width` columns, as many lines as there are.
std::vector<StyledText> TopPage(const TopDialogue& dialogue, const TopHead& head, std::size_t width,
                                TopTime now);

}  // namespace procwall

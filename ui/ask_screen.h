// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "ui/ask_dialogue.h"
#include "ui/styled_text.h"
#include "ui/user_names.h"

namespace procwall {

struct ScreenSize {
  std::size_t width = 80;
  std::size_t height = 24;

  friend bool operator==(const ScreenSize&, const ScreenSize&) = default;
};

// The dialogue as lines of a screen: at most as many as fit, none wider than it is. What matters
// most comes first when there is little room: the keys, the question, the list. `now` is for the
// time that is left. Pure.
std::vector<StyledText> AskScreen(const AskDialogue& dialogue, ScreenSize size,
                                  std::chrono::system_clock::time_point now, UserNames& users);

}  // namespace procwall

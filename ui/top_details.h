// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "ui/styled_text.h"
#include "ui/top_dialogue.h"
#include "ui/user_names.h"

namespace procwall {

// The texts that `procwall top` shows instead of its rows, as lines of at most `width` columns.
// Pure.

// A row's flows, and its newest decision with the evidence.
std::vector<StyledText> DetailLines(const TopDialogue& dialogue, std::size_t width,
                                    std::chrono::seconds utc_offset, UserNames& users);
// The rule that Enter would save.
std::vector<StyledText> RuleLines(const TopDialogue& dialogue, std::size_t width);
// What Enter would cut.
std::vector<StyledText> CutLines(const TopDialogue& dialogue);
std::vector<StyledText> TopHelpLines();

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/pattern.h"

namespace procwall {

inline constexpr std::size_t kShortestRequiredText = 3;  // shorter ones are in too many texts

// Texts, all lower-case ASCII, of which the folded form of every text that matches contains at
// least one; empty: nothing is known. Looking for these first spares most patterns the automaton:
// ten thousand automata do not fit into a cache. The pattern must compile.
std::vector<std::string> RequiredTexts(std::string_view pattern, LetterCase letter_case);

}  // namespace procwall

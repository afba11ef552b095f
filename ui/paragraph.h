// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ui/styled_text.h"
#include "ui/terminal.h"

namespace procwall {

// Text that is read, not scanned: a label at the left, the words beside it in lines that fit the
// terminal and are never longer than kReadableWidth. A word that is too long is not cut.
inline constexpr std::size_t kReadableWidth = 100;
inline constexpr std::size_t kLabelWidth = 11;

// Every line ends with a newline. An empty label continues what stands above.
std::string RenderParagraph(std::string_view label, std::string_view text, Style style,
                            const Terminal& terminal);

}  // namespace procwall

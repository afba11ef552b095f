// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string_view>

#include "ui/styled_text.h"

namespace procwall {

// A program's path: the directory dim, the name bright, for the eye looks for the name.
void AppendPath(std::string_view path, StyledText& text);

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <string_view>

namespace procwall {

// The regular expression of a shell pattern that matches whole paths: `*` is any characters but a
// slash, `**` with slashes, `?` one character but a slash, `[a-z]` and `[!a-z]` one of a set; a
// backslash takes the next character as it is. Everything else stands for itself.
std::string RegexpOfGlob(std::string_view glob);

}  // namespace procwall

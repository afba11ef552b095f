// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <string_view>

namespace procwall {

// Text from strangers (paths, arguments, names) made safe to show: valid UTF-8 without control
// characters. Everything else (C0, DEL, C1, invalid UTF-8, bidirectional overrides, line
// separators) becomes \xHH byte by byte, and a backslash becomes \\, so that the original can be
// read back.
std::string Printable(std::string_view text);

// The same for text that should be Printable() already, but comes from elsewhere: backslashes stay
// as they are, so that Printable() text passes unchanged. Ambiguous for any other text.
std::string TerminalSafe(std::string_view text);

}  // namespace procwall

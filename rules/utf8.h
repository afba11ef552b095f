// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <string_view>

namespace procwall {

// RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF.
bool IsUtf8(std::string_view text);

// Every byte that is not part of valid UTF-8 becomes U+FFFD, as Go's regular expressions read such
// texts. Without this, "." would not match such a byte and a file name could step around a rule.
std::string ReplaceInvalidUtf8(std::string_view text);

}  // namespace procwall

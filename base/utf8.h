// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace procwall {

// One character of a UTF-8 text (RFC 3629: no overlong forms, no surrogates, nothing past
// U+10FFFF).
struct CodePoint {
  std::uint32_t value = 0;
  std::size_t length = 0;  // bytes; 0: the bytes are not valid UTF-8

  friend constexpr bool operator==(const CodePoint&, const CodePoint&) = default;
};

// The character that `text` begins with. REQUIRES: `text` is not empty.
CodePoint FirstCodePoint(std::string_view text);

}  // namespace procwall

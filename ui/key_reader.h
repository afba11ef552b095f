// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace procwall {

// A key that somebody pressed.
struct Key {
  enum class Kind : std::uint8_t {
    kCharacter,
    kUp,
    kDown,
    kLeft,
    kRight,
    kPageUp,
    kPageDown,
    kHome,
    kEnd,
    kEnter,
    kTab,
    kBackspace,
    kEscape,
    kInterrupt
  };
  Kind kind = Kind::kCharacter;
  char character = '\0';  // of kCharacter: printable ASCII

  friend bool operator==(const Key&, const Key&) = default;
};

// Makes keys of the bytes a terminal sends. Sequences it does not know, and characters beyond
// ASCII, are no keys. A sequence may come in pieces; an Escape that nothing follows is one when
// Flush() says so.
class KeyReader {
 public:
  std::vector<Key> Read(std::string_view bytes);
  // Nothing came for a moment: what is left is no beginning of a sequence.
  std::vector<Key> Flush();
  bool IsInSequence() const { return !pending_.empty(); }

 private:
  std::string pending_;  // a sequence that may go on; begins with Escape
};

}  // namespace procwall

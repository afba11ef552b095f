// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace procwall {

// A regular expression that is a text in disguise, as most in rules are: ^/usr/bin/curl$, or
// ^(|.*\.)example\.org$, which OpenSnitch's GUI writes for a domain. Comparing texts needs no
// automaton, which takes kilobytes and is in no cache when its turn comes.
struct PlainPattern {
  enum class Begin : std::uint8_t {
    kAnywhere,
    kStart,
    kLabel,        // at the start, or behind a dot
    kLabelOfLine,  // likewise, and no line ends before it: a dot of a pattern is no line's end
  };
  Begin begin = Begin::kAnywhere;
  bool to_end = false;  // the text ends with it
  std::string text{};   // not empty; printable ASCII, as it is written in the pattern

  // It matches this text and nothing else.
  bool IsWhole() const { return begin == Begin::kStart && to_end; }
  // Whether `seen` matches. To ignore case, fold both (rules/text.h).
  bool Matches(std::string_view seen) const;

  friend bool operator==(const PlainPattern&, const PlainPattern&) = default;
};

// nullopt: it is more than that, or nothing RE2 would take.
std::optional<PlainPattern> ParsePlainPattern(std::string_view pattern);

}  // namespace procwall

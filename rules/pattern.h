// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "rules/plain_pattern.h"
#include "rules/text.h"

namespace re2 {
class RE2;
}  // namespace re2

namespace procwall {

enum class LetterCase : unsigned char { kMatters, kIgnored };

// A compiled regular expression of RE2's syntax (which is also Go's): no look-around, no
// back-references, time linear in the text. Memory is bounded: 1 MiB for a short pattern, and grows
// with its length; a pattern that needs more is refused. Case is ignored by flag, as if written
// (?i), so \S stays \S. Thread rule: const methods from any thread.
class Pattern {
 public:
  // The error is RE2's own message: what is wrong, and where in the pattern.
  static tl::expected<Pattern, std::string> Compile(std::string_view text, LetterCase letter_case);
  // Matches exactly `text`, which holds no special characters.
  static tl::expected<Pattern, std::string> Literal(std::string_view text, LetterCase letter_case);
  // A pattern that matches `text` and nothing else.
  static std::string Quoted(std::string_view text);

  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  // Some part of the text matches. Bytes that are not UTF-8 count as U+FFFD.
  bool Matches(const Text& text) const;
  // All of it does. REQUIRES: it was made by Literal().
  bool MatchesWhole(std::string_view text) const;

  // Folded texts of which the folded form of every text that matches contains at least one; empty:
  // nothing is known.
  const std::vector<std::string>& Required() const { return required_; }

 private:
  Pattern(std::unique_ptr<re2::RE2> compiled, std::vector<std::string> required);
  Pattern(PlainPattern plain, LetterCase letter_case);

  std::optional<PlainPattern> plain_;  // of it the text is folded, if case is ignored
  LetterCase letter_case_ = LetterCase::kMatters;
  std::unique_ptr<re2::RE2> compiled_;  // null: it is a plain one
  std::vector<std::string> required_;
};

}  // namespace procwall

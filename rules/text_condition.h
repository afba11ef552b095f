// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "rules/index_key.h"
#include "rules/pattern.h"
#include "rules/text.h"

namespace procwall {

// What a text must be. Each has a keyed way to be found, but for patterns that say too little.
// Thread rule: const methods from any thread.
class TextCondition {
 public:
  // Exactly this text; the error is RE2's, for texts of other alphabets whose case is ignored.
  static tl::expected<TextCondition, std::string> Equal(std::string_view text,
                                                        LetterCase letter_case);
  // A path below that directory, which may end in a slash: "/opt/x" has "/opt/x/y", not "/opt/xy".
  static tl::expected<TextCondition, std::string> Below(std::string_view directory,
                                                        LetterCase letter_case);
  // That name or one below it, on a label's border: "x.org" has "a.x.org", not "ax.org"; "*.x.org"
  // only what is below. Case is ignored.
  static TextCondition InDomain(std::string_view domain);
  static TextCondition Like(Pattern pattern);

  bool Holds(const Text& text) const;

  // Adds what this can be found by among the keys of `fact`, if anything.
  void AddKeys(std::uint8_t fact, std::vector<KeyAlternatives>& ways) const;

 private:
  struct IsText {
    std::string text;  // folded, if case is ignored
    LetterCase letter_case;
  };
  struct IsBelow {
    std::string directory;  // without a slash at its end; folded, if case is ignored
    LetterCase letter_case;
  };
  struct IsInDomain {
    std::string domain;  // folded, without a dot at its end
    bool only_below;
  };
  struct IsLike {
    Pattern pattern;
  };
  struct IsLikeText {  // a text of another alphabet, case ignored
    Pattern pattern;
    std::string folded;
  };
  using Test = std::variant<IsText, IsBelow, IsInDomain, IsLike, IsLikeText>;
  explicit TextCondition(Test test) : test_(std::move(test)) {}

  static bool Holds(const IsText& test, const Text& text);
  static bool Holds(const IsBelow& test, const Text& text);
  static bool Holds(const IsInDomain& test, const Text& text);
  static bool Holds(const IsLike& test, const Text& text);
  static bool Holds(const IsLikeText& test, const Text& text);

  Test test_;
};

}  // namespace procwall

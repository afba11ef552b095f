// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/pattern.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <re2/re2.h>

#include "rules/required_texts.h"
#include "rules/utf8.h"

namespace procwall {
namespace {

// RE2 takes a sixty-fourth of this as the number of instructions it may use; a character of a
// pattern needs one or two.
std::int64_t MemoryFor(std::string_view pattern) {
  constexpr std::int64_t kLeast = std::int64_t{1} << 20;
  return kLeast + 128 * static_cast<std::int64_t>(pattern.size());
}

enum class Meaning : unsigned char { kPattern, kLiteral };

tl::expected<std::unique_ptr<re2::RE2>, std::string> CompileRe2(std::string_view text,
                                                                LetterCase letter_case,
                                                                Meaning meaning) {
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_max_mem(MemoryFor(text));
  options.set_case_sensitive(letter_case == LetterCase::kMatters);
  options.set_literal(meaning == Meaning::kLiteral);
  auto compiled = std::make_unique<re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
  if (!compiled->ok()) return tl::unexpected(compiled->error());
  return compiled;
}

bool Match(const re2::RE2& pattern, std::string_view text, re2::RE2::Anchor anchor) {
  if (!IsUtf8(text)) return Match(pattern, ReplaceInvalidUtf8(text), anchor);
  return pattern.Match(re2::StringPiece(text.data(), text.size()), 0, text.size(), anchor, nullptr,
                       0);
}

}  // namespace

Pattern::Pattern(std::unique_ptr<re2::RE2> compiled, std::vector<std::string> required)
    : compiled_(std::move(compiled)), required_(std::move(required)) {}
Pattern::Pattern(PlainPattern plain, LetterCase letter_case)
    : plain_(std::move(plain)), letter_case_(letter_case) {
  const std::string folded = Folded(plain_->text);
  if (letter_case == LetterCase::kIgnored) plain_->text = folded;
  if (folded.size() >= kShortestRequiredText) required_.push_back(folded);
}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

tl::expected<Pattern, std::string> Pattern::Compile(std::string_view text, LetterCase letter_case) {
  if (auto plain = ParsePlainPattern(text)) return Pattern(*std::move(plain), letter_case);
  auto compiled = CompileRe2(text, letter_case, Meaning::kPattern);
  if (!compiled) return tl::unexpected(compiled.error());
  return Pattern(*std::move(compiled), RequiredTexts(text, letter_case));
}

tl::expected<Pattern, std::string> Pattern::Literal(std::string_view text, LetterCase letter_case) {
  auto compiled = CompileRe2(text, letter_case, Meaning::kLiteral);
  if (!compiled) return tl::unexpected(compiled.error());
  return Pattern(*std::move(compiled), {});
}

std::string Pattern::Quoted(std::string_view text) {
  return re2::RE2::QuoteMeta(re2::StringPiece(text.data(), text.size()));
}

bool Pattern::Matches(const Text& text) const {
  if (plain_) {
    return plain_->Matches(letter_case_ == LetterCase::kMatters ? text.View() : text.Folded());
  }
  if (!required_.empty()) {
    const std::string_view folded = text.Folded();
    const bool hopeless =
        std::none_of(required_.begin(), required_.end(), [&](const std::string& required) {
          return folded.find(required) != std::string_view::npos;
        });
    if (hopeless) return false;
  }
  return Match(*compiled_, text.View(), re2::RE2::UNANCHORED);
}

bool Pattern::MatchesWhole(std::string_view text) const {
  return Match(*compiled_, text, re2::RE2::ANCHOR_BOTH);
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/text_condition.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace procwall {
namespace {

// The longest grams first: they are in the fewest texts.
constexpr std::array<std::size_t, 3> kGramLengths{8, 5, 3};

constexpr std::size_t kMostGrams = 128;

// The grams of a folded text, if it is long only the first; none if it is too short.
std::vector<IndexKey> GramsOf(std::uint8_t fact, std::string_view text) {
  std::vector<IndexKey> keys;
  const auto* const length = std::find_if(kGramLengths.begin(), kGramLengths.end(),
                                          [&](std::size_t n) { return n <= text.size(); });
  if (length == kGramLengths.end()) return keys;
  const KeySource source{fact, KeyShape::kGram, static_cast<std::uint8_t>(*length)};
  const std::uint64_t seed = SeedOf(source);
  const std::size_t last = std::min(text.size() - *length, kMostGrams - 1);
  for (std::size_t at = 0; at <= last; ++at) {
    keys.push_back({source, HashOfShort(seed, text.data() + at, *length)});
  }
  return keys;
}

IndexKey TextKey(std::uint8_t fact, std::string_view folded) {
  const KeySource source{fact, KeyShape::kText, 0};
  return {source, HashOfText(source, folded)};
}

std::string InCase(std::string_view text, LetterCase letter_case) {
  return letter_case == LetterCase::kMatters ? std::string(text) : Folded(text);
}

std::string_view Seen(const Text& text, LetterCase letter_case) {
  return letter_case == LetterCase::kMatters ? text.View() : text.Folded();
}

std::string_view WithoutEnd(std::string_view text, char end) {
  while (text.ends_with(end)) text.remove_suffix(1);
  return text;
}

}  // namespace

tl::expected<TextCondition, std::string> TextCondition::Equal(std::string_view text,
                                                              LetterCase letter_case) {
  if (letter_case == LetterCase::kMatters || IsAscii(text)) {
    return TextCondition(IsText{InCase(text, letter_case), letter_case});
  }
  auto pattern = Pattern::Literal(text, letter_case);
  if (!pattern) return tl::unexpected(pattern.error());
  return TextCondition(IsLikeText{*std::move(pattern), Folded(text)});
}

tl::expected<TextCondition, std::string> TextCondition::Below(std::string_view directory,
                                                              LetterCase letter_case) {
  directory = WithoutEnd(directory, '/');
  if (letter_case == LetterCase::kMatters || IsAscii(directory)) {
    return TextCondition(IsBelow{InCase(directory, letter_case), letter_case});
  }
  return Pattern::Compile("^" + Pattern::Quoted(directory) + "/", letter_case).map(&Like);
}

TextCondition TextCondition::InDomain(std::string_view domain) {
  const bool only_below = domain.starts_with("*.");
  if (only_below) domain.remove_prefix(2);
  return TextCondition(IsInDomain{Folded(WithoutEnd(domain, '.')), only_below});
}

TextCondition TextCondition::Like(Pattern pattern) {
  return TextCondition(IsLike{std::move(pattern)});
}

bool TextCondition::Holds(const IsText& test, const Text& text) {
  return Seen(text, test.letter_case) == test.text;
}

bool TextCondition::Holds(const IsBelow& test, const Text& text) {
  const std::string_view path = Seen(text, test.letter_case);
  const std::size_t size = test.directory.size();
  return path.size() > size && path[size] == '/' && path.starts_with(test.directory);
}

bool TextCondition::Holds(const IsInDomain& test, const Text& text) {
  const std::string_view name = WithoutEnd(text.Folded(), '.');
  if (!name.ends_with(test.domain)) return false;
  const std::size_t below = name.size() - test.domain.size();
  return below == 0 ? !test.only_below : name[below - 1] == '.';
}

bool TextCondition::Holds(const IsLike& test, const Text& text) {
  return test.pattern.Matches(text);
}

bool TextCondition::Holds(const IsLikeText& test, const Text& text) {
  return test.pattern.MatchesWhole(text.View());
}

bool TextCondition::Holds(const Text& text) const {
  return std::visit([&](const auto& test) { return Holds(test, text); }, test_);
}

void TextCondition::AddKeys(std::uint8_t fact, std::vector<KeyAlternatives>& ways) const {
  if (const auto* const text = std::get_if<IsText>(&test_)) {
    ways.push_back({{TextKey(fact, Folded(text->text))}});
  } else if (const auto* const like_text = std::get_if<IsLikeText>(&test_)) {
    ways.push_back({{TextKey(fact, like_text->folded)}});
  } else if (const auto* const below = std::get_if<IsBelow>(&test_)) {
    ways.push_back({{DirectoryKey(fact, Folded(below->directory))}});
  } else if (const auto* const domain = std::get_if<IsInDomain>(&test_)) {
    ways.push_back({{DomainKey(fact, domain->domain)}});
  } else if (const auto* const like = std::get_if<IsLike>(&test_)) {
    KeyAlternatives way;
    for (const std::string& required : like->pattern.Required()) {
      way.push_back(GramsOf(fact, required));
      if (way.back().empty()) return;
    }
    if (!way.empty()) ways.push_back(std::move(way));
  }
}

}  // namespace procwall

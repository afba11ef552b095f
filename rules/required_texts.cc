// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/required_texts.h"

#include <algorithm>
#include <cstddef>

#include <re2/filtered_re2.h>

#include "rules/text.h"

namespace procwall {
namespace {

constexpr std::size_t kMostTexts = 8;  // with more, the automaton is the better search

// The longest part that is ASCII: other letters may stand there in their other case.
std::string LongestAscii(std::string_view text) {
  std::string_view longest;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    while (end < text.size() && (text[end] & 0x80) == 0) ++end;
    if (end - begin > longest.size()) longest = text.substr(begin, end - begin);
    begin = end + 1;
  }
  return std::string(longest);
}

// Could a text match that contains all those atoms, given by their indices, and no others?
bool MightMatch(const re2::FilteredRE2& filter, const std::vector<int>& atoms) {
  std::vector<int> potentials;
  filter.AllPotentials(atoms, &potentials);
  return !potentials.empty();
}

}  // namespace

std::vector<std::string> RequiredTexts(std::string_view pattern, LetterCase letter_case) {
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_case_sensitive(letter_case == LetterCase::kMatters);
  re2::FilteredRE2 filter(kShortestRequiredText);
  int id = 0;
  const auto added = filter.Add(re2::StringPiece(pattern.data(), pattern.size()), options, &id);
  if (added != re2::RE2::NoError) return {};
  std::vector<std::string> atoms;
  filter.Compile(&atoms);
  if (atoms.empty() || atoms.size() > kMostTexts || MightMatch(filter, {})) return {};
  std::vector<std::string> texts(atoms.size());
  std::transform(atoms.begin(), atoms.end(), texts.begin(), LongestAscii);

  // The longest that no match can be without; if there is none, one of all of them.
  const std::string* longest = nullptr;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::vector<int> others;
    for (std::size_t j = 0; j < texts.size(); ++j) {
      if (j != i) others.push_back(static_cast<int>(j));
    }
    const bool longer = longest == nullptr || texts[i].size() > longest->size();
    if (longer && !MightMatch(filter, others)) longest = &texts[i];
  }
  if (longest != nullptr) texts = std::vector{*longest};
  const bool all_usable = std::all_of(texts.begin(), texts.end(), [](const std::string& text) {
    return text.size() >= kShortestRequiredText;
  });
  return all_usable ? texts : std::vector<std::string>{};
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/required_texts.h"

#include <algorithm>
#include <cstddef>

#include <re2/filtered_re2.h>

#include "rules/text.h"

namespace procwall {
namespace {

constexpr int kShortest = 3;           // shorter ones are in too many texts
constexpr std::size_t kMostTexts = 8;  // with more, the automaton is the better search

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
  re2::FilteredRE2 filter(kShortest);
  int id = 0;
  const auto added = filter.Add(re2::StringPiece(pattern.data(), pattern.size()), options, &id);
  if (added != re2::RE2::NoError) return {};
  std::vector<std::string> atoms;
  filter.Compile(&atoms);
  const bool usable = !atoms.empty() && atoms.size() <= kMostTexts &&
                      std::all_of(atoms.begin(), atoms.end(), IsAscii) && !MightMatch(filter, {});
  if (!usable) return {};

  // The longest that no match can be without; if there is none, one of all of them.
  const std::string* longest = nullptr;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    std::vector<int> others;
    for (std::size_t j = 0; j < atoms.size(); ++j) {
      if (j != i) others.push_back(static_cast<int>(j));
    }
    const bool longer = longest == nullptr || atoms[i].size() > longest->size();
    if (longer && !MightMatch(filter, others)) longest = &atoms[i];
  }
  return longest == nullptr ? atoms : std::vector{*longest};
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rules/address_condition.h"
#include "rules/facts.h"
#include "rules/index_key.h"
#include "rules/number_condition.h"

namespace procwall {

// Calls `visit(hash)` for every key that a text has from that source.
template <typename Visit>
void ForEachKeyOfText(const Text& text, const KeySource& source, const Visit& visit) {
  const std::string_view folded = text.Folded();
  switch (source.shape) {
    case KeyShape::kText:
      visit(HashOfText(source, folded));
      break;
    case KeyShape::kGram: {
      const std::uint64_t seed = SeedOf(source);
      for (std::size_t at = 0; at + source.length <= folded.size(); ++at) {
        visit(HashOfShort(seed, folded.data() + at, source.length));
      }
      break;
    }
    case KeyShape::kDirectory: {
      RunningHash hash(source);
      for (const char c : folded) {
        if (c == '/') visit(hash.Value());
        hash.Add(c);
      }
      break;
    }
    case KeyShape::kDomain: {
      RunningHash hash(source);
      std::string_view name = folded;
      while (name.ends_with('.')) name.remove_suffix(1);
      for (std::size_t at = name.size(); at-- > 0;) {
        if (name[at] == '.') visit(hash.Value());
        hash.Add(name[at]);
      }
      visit(hash.Value());
      break;
    }
    default:
      break;
  }
}

// The same for a subject: every key that it has from that source.
template <typename Visit>
void ForEachKey(const Facts& facts, const KeySource& source, const Visit& visit) {
  const auto address = [&]() -> const IpAddress& {
    return facts.Address(static_cast<AddressFact>(source.fact));
  };
  switch (source.shape) {
    case KeyShape::kNumber:
      visit(NumberKey(source, facts.Number(static_cast<NumberFact>(source.fact))).hash);
      break;
    case KeyShape::kPrefix4:
      if (address().IsV4()) visit(PrefixKey(source, address()).hash);
      break;
    case KeyShape::kPrefix6:
      if (!address().IsV4()) visit(PrefixKey(source, address()).hash);
      break;
    default:
      if (const auto fact = static_cast<TextFact>(source.fact); fact == TextFact::kAncestorPath) {
        for (const Text& path : facts.AncestorPaths()) ForEachKeyOfText(path, source, visit);
      } else if (const Text* const text = facts.Find(fact)) {
        ForEachKeyOfText(*text, source, visit);
      }
  }
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/decision.h"

#include <algorithm>

namespace procwall {
namespace {

// Deny and reject are equally strict: neither lets the packet through.
int Strictness(const Decision& decision) {
  if (!decision.IsDecided()) return 1;
  return decision.IsAllowed() ? 0 : 2;
}

}  // namespace

Decision Strictest(std::span<const Decision> decisions) {
  const auto strictest = std::max_element(
      decisions.begin(), decisions.end(),
      [](const Decision& a, const Decision& b) { return Strictness(a) < Strictness(b); });
  return strictest == decisions.end() ? Decision{} : *strictest;
}

}  // namespace procwall

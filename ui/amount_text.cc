// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/amount_text.h"

#include <array>

#include <fmt/format.h>

namespace procwall {

std::string AmountText(double amount) {
  constexpr std::array kUnits = {"", "k", "M", "G", "T", "P", "E"};
  if (!(amount > 0)) return "0";
  if (amount < 0.1) return "<0.1";
  std::size_t unit = 0;
  while (amount >= 999.5 && unit + 1 < kUnits.size()) {
    amount /= 1000;
    ++unit;
  }
  const bool is_whole = unit == 0 && amount == static_cast<double>(static_cast<int>(amount));
  if (amount < 9.95 && !is_whole) return fmt::format("{:.1f}{}", amount, kUnits.at(unit));
  return fmt::format("{:.0f}{}", amount, kUnits.at(unit));
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "diagnosis/count_text.h"

#include <fmt/format.h>

namespace procwall {

std::string Grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

std::string Counted(std::uint64_t number, const char* one, const char* many) {
  return fmt::format("{} {}", Grouped(number), number == 1 ? one : many);
}

std::string ShareText(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0 || part == 0) return "";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  return percent < 0.1 ? "< 0.1 %" : fmt::format("{:.1f} %", percent);
}

}  // namespace procwall

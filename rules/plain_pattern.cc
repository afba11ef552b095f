// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/plain_pattern.h"

#include <array>
#include <cstddef>
#include <utility>

namespace procwall {
namespace {

using Begin = PlainPattern::Begin;

Begin TakeBegin(std::string_view& pattern) {
  // The longer first: each is tried as it stands.
  constexpr std::array<std::pair<std::string_view, Begin>, 8> kBegins = {{
      {R"(^(|.*\.))", Begin::kLabelOfLine},
      {R"(^(.*\.|))", Begin::kLabelOfLine},
      {R"(^(.*\.)?)", Begin::kLabelOfLine},
      {R"(^(?:|.*\.))", Begin::kLabelOfLine},
      {R"(^(?:.*\.)?)", Begin::kLabelOfLine},
      {R"((^|\.))", Begin::kLabel},
      {R"((?:^|\.))", Begin::kLabel},
      {"^", Begin::kStart},
  }};
  for (const auto& [text, begin] : kBegins) {
    if (!pattern.starts_with(text)) continue;
    pattern.remove_prefix(text.size());
    return begin;
  }
  return Begin::kAnywhere;
}

bool IsPrintable(char c) { return c >= ' ' && c <= '~'; }
bool IsSpecial(char c) {
  return std::string_view(R"(\.+*?()|[]{}^$)").find(c) != std::string::npos;
}
bool IsWordCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

}  // namespace

std::optional<PlainPattern> ParsePlainPattern(std::string_view pattern) {
  PlainPattern plain;
  plain.begin = TakeBegin(pattern);
  while (!pattern.empty()) {
    char c = pattern.front();
    pattern.remove_prefix(1);
    if (c == '$' && pattern.empty()) {
      plain.to_end = true;
      break;
    }
    if (c == '\\') {
      // Before a letter or a digit it would begin a class, a border or a number.
      if (pattern.empty() || IsWordCharacter(pattern.front())) return std::nullopt;
      c = pattern.front();
      pattern.remove_prefix(1);
    } else if (IsSpecial(c)) {
      return std::nullopt;
    }
    if (!IsPrintable(c)) return std::nullopt;
    plain.text += c;
  }
  if (plain.text.empty()) return std::nullopt;
  return plain;
}

bool PlainPattern::Matches(std::string_view seen) const {
  if (to_end && !seen.ends_with(text)) return false;
  if (begin == Begin::kAnywhere) return to_end || seen.find(text) != std::string_view::npos;
  if (begin == Begin::kStart) return to_end ? seen.size() == text.size() : seen.starts_with(text);
  for (std::size_t at = to_end ? seen.size() - text.size() : seen.find(text);
       at != std::string_view::npos;
       at = to_end ? std::string_view::npos : seen.find(text, at + 1)) {
    const bool is_label = at == 0 || seen[at - 1] == '.';
    const bool is_one_line =
        begin == Begin::kLabel || seen.substr(0, at).find('\n') == std::string_view::npos;
    if (is_label && is_one_line) return true;
  }
  return false;
}

}  // namespace procwall

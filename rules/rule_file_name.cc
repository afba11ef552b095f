// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_file_name.h"

#include <fmt/format.h>

#include "rules/utf8.h"

namespace procwall {
namespace {

// Room below NAME_MAX (255) for a number, ".json", and the ending of a temporary file.
constexpr std::size_t kMostBytes = 200;

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80; }

bool CannotBeInAFileName(char c) {
  return c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

bool IsRuleFileName(std::string_view name) {
  return name.ends_with(".json") && !name.starts_with('.');
}

std::string RuleFileName(std::string_view rule_name, std::size_t attempt) {
  std::string stem = ReplaceInvalidUtf8(rule_name);
  for (char& c : stem) {
    if (CannotBeInAFileName(c)) c = '_';
  }
  if (stem.size() > kMostBytes) {
    std::size_t end = kMostBytes;
    while (IsContinuation(stem[end])) --end;
    stem.resize(end);
  }
  if (stem.empty()) stem.push_back('_');
  if (stem.front() == '.' || stem.front() == '-') stem.front() = '_';
  return attempt <= 1 ? fmt::format("{}.json", stem) : fmt::format("{}-{}.json", stem, attempt);
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/mark_uses_xtables.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"

namespace procwall {
namespace {

using UseKind = MarkUse::Kind;
using Words = std::vector<std::string_view>;

constexpr std::uint32_t kEveryBit = 0xffffffff;

Words SplitWords(std::string_view line) {
  Words words;
  while (!line.empty()) {
    const std::size_t begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos) break;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

// "0x10", "16".
std::optional<std::uint32_t> ParseBits(std::string_view text) {
  const bool is_hex = text.starts_with("0x");
  if (is_hex) text.remove_prefix(2);
  std::uint32_t number = 0;
  constexpr int kHex = 16;
  constexpr int kDecimal = 10;
  const auto parsed =
      std::from_chars(text.data(), text.data() + text.size(), number, is_hex ? kHex : kDecimal);
  const bool all = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  return all ? std::optional(number) : std::nullopt;
}

// "VALUE/MASK" or "VALUE"; what cannot be read may be anything.
struct Masked {
  std::uint32_t value = kEveryBit;
  std::uint32_t mask = kEveryBit;
};
Masked ParseMasked(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto value = ParseBits(text.substr(0, slash));
  const auto mask = slash == std::string_view::npos ? std::optional(kEveryBit)
                                                    : ParseBits(text.substr(slash + 1));
  return {value.value_or(kEveryBit), mask.value_or(kEveryBit)};
}

bool Has(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

// What follows the option; empty: it is not there.
std::string_view ValueOf(const Words& words, std::string_view option) {
  const auto found = std::ranges::find(words, option);
  return found == words.end() || found + 1 == words.end() ? std::string_view() : *(found + 1);
}

bool FollowsOption(const Words& words, std::string_view option, std::string_view value) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == option && words[i + 1] == value) return true;
  }
  return false;
}

// Of a rule whose target is CONNMARK.
MarkUse TargetUse(const Words& words) {
  const std::string_view ct_mask = ValueOf(words, "--ctmask");
  const std::uint32_t bits = ct_mask.empty() ? kEveryBit : ParseMasked(ct_mask).value;
  if (Has(words, "--restore-mark")) return {UseKind::kCopies, bits, {}};
  if (Has(words, "--save-mark")) return {UseKind::kSets, bits, {}};
  for (const char* const option : {"--set-xmark", "--set-mark", "--or-mark", "--xor-mark"}) {
    const std::string_view value = ValueOf(words, option);
    if (value.empty()) continue;
    const Masked masked = ParseMasked(value);
    const bool only_value = option[2] != 's';  // or, xor
    return {UseKind::kSets, only_value ? masked.value : masked.mask | masked.value, {}};
  }
  if (const std::string_view value = ValueOf(words, "--and-mark"); !value.empty()) {
    return {UseKind::kSets, ~ParseMasked(value).value, {}};
  }
  return {UseKind::kSets, kEveryBit, {}};
}

void AddUsesOfRule(const Words& words, const std::string& where, std::vector<MarkUse>& uses) {
  const auto add = [&](MarkUse use) {
    use.where = where;
    uses.push_back(std::move(use));
  };
  if (FollowsOption(words, "-m", "connmark")) {
    add({UseKind::kReads, ParseMasked(ValueOf(words, "--mark")).mask, {}});
  }
  if (FollowsOption(words, "-j", "CONNMARK")) add(TargetUse(words));
}

}  // namespace

std::vector<MarkUse> MarkUsesOfXtables(std::string_view program, std::string_view saved) {
  std::vector<MarkUse> uses;
  std::string_view table;
  while (!saved.empty()) {
    const std::size_t end = std::min(saved.find('\n'), saved.size());
    const std::string_view line = saved.substr(0, end);
    saved.remove_prefix(std::min(end + 1, saved.size()));
    if (line.starts_with('*')) table = line.substr(1);
    const Words words = SplitWords(line);
    if (words.size() < 2 || words[0] != "-A" || words[1].starts_with("PROCWALL-")) continue;
    AddUsesOfRule(words, Printable(fmt::format("{} {} {}", program, table, words[1])), uses);
  }
  return uses;
}

}  // namespace procwall

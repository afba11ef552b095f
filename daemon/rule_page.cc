// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/rule_page.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace procwall {
namespace {

// The last rule of a page: where it was, and its name, for two can have one name, and a place alone
// is another rule's after a change.
struct LastRule {
  int place = 0;
  std::string_view name;
};

std::optional<LastRule> ParseRulePlace(std::string_view token) {
  LastRule last;
  const char* const end = token.data() + token.size();
  const auto number = std::from_chars(token.data(), end, last.place);
  if (number.ec != std::errc() || last.place < 0 || number.ptr == end || *number.ptr != ' ') {
    return std::nullopt;
  }
  last.name = token.substr(static_cast<std::size_t>(number.ptr - token.data()) + 1);
  return last;
}

std::optional<int> FindPlace(const LastRule& last, const v1::ListRulesResponse& all) {
  if (last.place < all.rules_size() && all.rules(last.place).name() == last.name) return last.place;
  const auto found = std::ranges::find_if(
      all.rules(), [&](const v1::Rule& rule) { return rule.name() == last.name; });
  if (found == all.rules().end()) return std::nullopt;
  return static_cast<int>(found - all.rules().begin());
}

}  // namespace

tl::expected<v1::ListRulesResponse, NoRulePage> PageOfRules(v1::ListRulesResponse all,
                                                            std::size_t size,
                                                            const std::string& token) {
  int first = 0;
  if (!token.empty()) {
    const auto last = ParseRulePlace(token);
    if (!last) return tl::unexpected(NoRulePage::kNoToken);
    const auto place = FindPlace(*last, all);
    if (!place) return tl::unexpected(NoRulePage::kGone);
    first = *place + 1;
    all.clear_refused();
  }
  const int end = size < static_cast<std::size_t>(all.rules_size() - first)
                      ? first + static_cast<int>(size)
                      : all.rules_size();
  if (end < all.rules_size()) {
    all.set_next_page_token(fmt::format("{} {}", end - 1, all.rules(end - 1).name()));
  }
  all.mutable_rules()->DeleteSubrange(end, all.rules_size() - end);
  all.mutable_rules()->DeleteSubrange(0, first);
  return all;
}

}  // namespace procwall

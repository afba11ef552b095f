// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/mark_uses_nft.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/printable.h"

namespace procwall {
namespace {

using SortedJson = nlohmann::json;
using UseKind = MarkUse::Kind;

constexpr std::uint32_t kAllBits = 0xffffffff;
constexpr int kMaxDepth = 16;

bool IsKey(const SortedJson& expression, const char* kind) {
  const auto found = expression.find(kind);
  return found != expression.end() && found->is_object() &&
         found->value("key", SortedJson()) == "mark";
}

std::uint32_t BitsIn(const SortedJson& json) {
  return json.is_number_unsigned() ? json.get<std::uint32_t>() : kAllBits;
}

// Which bits of the flow's mark an expression is made of; nullopt: none.
std::optional<std::uint32_t> FlowBits(const SortedJson& expression, int depth = 0) {
  if (!expression.is_object() || depth > kMaxDepth) return std::nullopt;
  if (IsKey(expression, "ct")) return kAllBits;
  for (const char* const operation : {"&", "|", "^", ">>", "<<"}) {
    const auto found = expression.find(operation);
    if (found == expression.end() || !found->is_array() || found->empty()) continue;
    std::optional<std::uint32_t> bits;
    std::uint32_t mask = kAllBits;
    for (const SortedJson& part : *found) {
      const auto of_part = FlowBits(part, depth + 1);
      if (of_part) bits = bits.value_or(0) | *of_part;
      if (!of_part && *operation == '&') mask &= BitsIn(part);
    }
    return bits ? std::optional(*bits & mask) : std::nullopt;
  }
  return std::nullopt;
}

// Which bits of a flow's mark are changed when it is set to this: "ct mark and M or V" keeps those
// of M that V does not have.
std::uint32_t ChangedBits(const SortedJson& value, int depth = 0) {
  if (!value.is_object() || depth > kMaxDepth) return kAllBits;
  if (IsKey(value, "ct")) return 0;
  for (const char* const operation : {"|", "^", "&"}) {
    const auto found = value.find(operation);
    if (found == value.end() || !found->is_array() || found->size() != 2) continue;
    const SortedJson& number = (*found)[1];
    if (!number.is_number_unsigned()) return kAllBits;
    const std::uint32_t own = *operation == '&' ? ~BitsIn(number) : BitsIn(number);
    return ChangedBits((*found)[0], depth + 1) | own;
  }
  return kAllBits;
}

void AddUsesOfExpression(const SortedJson& expression, const std::string& where,
                         std::vector<MarkUse>& uses) {
  if (!expression.is_object()) return;
  if (const auto match = expression.find("match"); match != expression.end()) {
    if (!match->is_object()) return;
    const auto bits = FlowBits(match->value("left", SortedJson()));
    if (bits) uses.push_back({UseKind::kReads, *bits, where});
  }
  if (const auto mangle = expression.find("mangle"); mangle != expression.end()) {
    if (!mangle->is_object()) return;
    const SortedJson key = mangle->value("key", SortedJson::object());
    const SortedJson value = mangle->value("value", SortedJson());
    if (!key.is_object()) return;
    if (IsKey(key, "ct")) uses.push_back({UseKind::kSets, ChangedBits(value), where});
    const auto copied = FlowBits(value);
    if (IsKey(key, "meta") && copied) uses.push_back({UseKind::kCopies, *copied, where});
  }
}

std::string TextOf(const SortedJson& rule, const char* key) {
  const auto found = rule.find(key);
  return found != rule.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<MarkUse> ReadNft(const SortedJson& root) {
  std::vector<MarkUse> uses;
  const auto list = root.is_object() ? root.find("nftables") : root.end();
  if (!root.is_object() || list == root.end() || !list->is_array()) return uses;
  for (const SortedJson& entry : *list) {
    const auto rule = entry.is_object() ? entry.find("rule") : entry.end();
    if (!entry.is_object() || rule == entry.end() || !rule->is_object()) continue;
    const std::string table = TextOf(*rule, "table");
    const auto expressions = rule->find("expr");
    if (table == "procwall" || expressions == rule->end() || !expressions->is_array()) continue;
    const std::string where =
        fmt::format("nft {} {} {}", TextOf(*rule, "family"), table, TextOf(*rule, "chain"));
    for (const SortedJson& expression : *expressions) AddUsesOfExpression(expression, where, uses);
  }
  return uses;
}

}  // namespace

std::vector<MarkUse> MarkUsesOfNft(std::string_view json) {
  // What it complains about comes before.
  json.remove_prefix(std::min(json.find('{'), json.size()));
  const SortedJson root = SortedJson::parse(json, nullptr, /*allow_exceptions=*/false);
  std::vector<MarkUse> uses = ReadNft(root);
  for (MarkUse& use : uses) use.where = Printable(use.where);
  return uses;
}

}  // namespace procwall

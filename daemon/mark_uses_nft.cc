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

using Json = nlohmann::json;
using Kind = MarkUse::Kind;

constexpr std::uint32_t kAllBits = 0xffffffff;
constexpr int kMaxDepth = 16;

bool IsKey(const Json& expression, const char* kind) {
  const auto found = expression.find(kind);
  return found != expression.end() && found->is_object() && found->value("key", Json()) == "mark";
}

std::uint32_t NumberOf(const Json& json) {
  return json.is_number_unsigned() ? json.get<std::uint32_t>() : kAllBits;
}

// Which bits of the flow's mark an expression is made of; nullopt: none.
std::optional<std::uint32_t> FlowBits(const Json& expression, int depth = 0) {
  if (!expression.is_object() || depth > kMaxDepth) return std::nullopt;
  if (IsKey(expression, "ct")) return kAllBits;
  for (const char* const operation : {"&", "|", "^", ">>", "<<"}) {
    const auto found = expression.find(operation);
    if (found == expression.end() || !found->is_array() || found->empty()) continue;
    std::optional<std::uint32_t> bits;
    std::uint32_t mask = kAllBits;
    for (const Json& part : *found) {
      const auto of_part = FlowBits(part, depth + 1);
      if (of_part) bits = bits.value_or(0) | *of_part;
      if (!of_part && *operation == '&') mask &= NumberOf(part);
    }
    return bits ? std::optional(*bits & mask) : std::nullopt;
  }
  return std::nullopt;
}

// Which bits of a flow's mark are changed when it is set to this: "ct mark and M or V" keeps those
// of M that V does not have.
std::uint32_t ChangedBits(const Json& value, int depth = 0) {
  if (!value.is_object() || depth > kMaxDepth) return kAllBits;
  if (IsKey(value, "ct")) return 0;
  for (const char* const operation : {"|", "^", "&"}) {
    const auto found = value.find(operation);
    if (found == value.end() || !found->is_array() || found->size() != 2) continue;
    const Json& number = (*found)[1];
    if (!number.is_number_unsigned()) return kAllBits;
    const std::uint32_t own = *operation == '&' ? ~NumberOf(number) : NumberOf(number);
    return ChangedBits((*found)[0], depth + 1) | own;
  }
  return kAllBits;
}

void AddUsesOfExpression(const Json& expression, const std::string& where,
                         std::vector<MarkUse>& uses) {
  if (!expression.is_object()) return;
  if (const auto match = expression.find("match"); match != expression.end()) {
    if (!match->is_object()) return;
    const auto bits = FlowBits(match->value("left", Json()));
    if (bits) uses.push_back({Kind::kReads, *bits, where});
  }
  if (const auto mangle = expression.find("mangle"); mangle != expression.end()) {
    if (!mangle->is_object()) return;
    const Json key = mangle->value("key", Json::object());
    const Json value = mangle->value("value", Json());
    if (!key.is_object()) return;
    if (IsKey(key, "ct")) uses.push_back({Kind::kSets, ChangedBits(value), where});
    const auto copied = FlowBits(value);
    if (IsKey(key, "meta") && copied) uses.push_back({Kind::kCopies, *copied, where});
  }
}

std::string TextOf(const Json& rule, const char* key) {
  const auto found = rule.find(key);
  return found != rule.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<MarkUse> ReadNft(const Json& root) {
  std::vector<MarkUse> uses;
  const auto list = root.is_object() ? root.find("nftables") : root.end();
  if (!root.is_object() || list == root.end() || !list->is_array()) return uses;
  for (const Json& entry : *list) {
    const auto rule = entry.is_object() ? entry.find("rule") : entry.end();
    if (!entry.is_object() || rule == entry.end() || !rule->is_object()) continue;
    const std::string table = TextOf(*rule, "table");
    const auto expressions = rule->find("expr");
    if (table == "procwall" || expressions == rule->end() || !expressions->is_array()) continue;
    const std::string where =
        fmt::format("nft {} {} {}", TextOf(*rule, "family"), table, TextOf(*rule, "chain"));
    for (const Json& expression : *expressions) AddUsesOfExpression(expression, where, uses);
  }
  return uses;
}

}  // namespace

std::vector<MarkUse> MarkUsesOfNft(std::string_view json) {
  // What it complains about comes before.
  json.remove_prefix(std::min(json.find('{'), json.size()));
  const Json root = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  std::vector<MarkUse> uses = ReadNft(root);
  for (MarkUse& use : uses) use.where = Printable(use.where);
  return uses;
}

}  // namespace procwall

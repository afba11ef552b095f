// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/system_firewall_file.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

#include "base/printable.h"
#include "rules/placed_json.h"

namespace procwall {
namespace {

using JsonKind = PlacedJson::Kind;

// Reads the members of one object; remembers the first that is of a wrong kind.
class Reader {
 public:
  explicit Reader(const PlacedJson& object) : object_(object) {}

  // A text, or a number as a text.
  std::string Text(const char* key) {
    const PlacedJson* const found = object_.Find(key);
    if (found == nullptr) return {};
    if (found->Is(JsonKind::kText) || found->Is(JsonKind::kNumber)) return found->text;
    Refuse(*found, fmt::format("\"{}\" must be a text", key));
    return {};
  }
  bool Truth(const char* key, bool otherwise) {
    const PlacedJson* const found = object_.Find(key);
    if (found == nullptr) return otherwise;
    if (!found->Is(JsonKind::kTruth)) {
      Refuse(*found, fmt::format("\"{}\" must be true or false", key));
    }
    return found->truth;
  }
  const std::vector<PlacedJson>& List(const char* key) {
    static const std::vector<PlacedJson> none;
    const PlacedJson* const found = object_.Find(key);
    if (found == nullptr) return none;
    if (!found->Is(JsonKind::kList)) Refuse(*found, fmt::format("\"{}\" must be a list", key));
    return found->items;
  }
  void Refuse(const PlacedJson& where, std::string reason) {
    if (!error_) error_ = RuleError{"", where.line, 0, std::move(reason)};
  }
  const std::optional<RuleError>& error() const { return error_; }

 private:
  const PlacedJson& object_;
  std::optional<RuleError> error_;
};

std::uint64_t PositionOf(const std::string& text) {
  std::uint64_t position = 0;
  std::from_chars(text.data(), text.data() + text.size(), position);
  return position;
}

struct PlacedRule {
  std::uint64_t position = 0;
  SystemRule rule;
};

class FileReader {
 public:
  explicit FileReader(std::string_view file_name) : file_name_(file_name) {}

  tl::expected<SystemFirewall, RuleError> Read(const PlacedJson& root) {
    if (!root.Is(JsonKind::kObject)) return Whole(root, "must be a JSON object");
    Reader reader(root);
    const bool enabled = reader.Truth("Enabled", true);
    const auto& entries = reader.List("SystemRules");
    if (reader.error()) return Whole(root, reader.error()->reason, reader.error()->line);
    if (!enabled) return SystemFirewall{};
    for (const PlacedJson& entry : entries) ReadEntry(entry);
    return Choose();
  }

 private:
  tl::unexpected<RuleError> Whole(const PlacedJson& where, std::string reason, int line = 0) const {
    return tl::unexpected(
        RuleError{file_name_, line == 0 ? where.line : line, 0, std::move(reason)});
  }
  void Refuse(int line, std::string reason) {
    if (refused_.size() < kMaxSystemRules) {
      refused_.push_back({file_name_, line, 0, Printable(reason)});
    }
  }

  void ReadEntry(const PlacedJson& entry) {
    if (!entry.Is(JsonKind::kObject)) return Refuse(entry.line, "must be an object");
    Reader reader(entry);
    for (const PlacedJson& chain : reader.List("Chains")) ReadChain(chain);
    if (reader.error()) Refuse(reader.error()->line, reader.error()->reason);
    if (const PlacedJson* const rule = entry.Find("Rule")) ReadIptablesRule(*rule);
  }

  void ReadChain(const PlacedJson& json) {
    if (!json.Is(JsonKind::kObject)) return Refuse(json.line, "a chain must be an object");
    Reader reader(json);
    SystemChain chain;
    chain.line = json.line;
    const auto take = [](std::string& value, std::string text) {
      if (!text.empty()) value = std::move(text);
    };
    take(chain.family, reader.Text("Family"));
    take(chain.type, reader.Text("Type"));
    take(chain.hook, reader.Text("Hook"));
    take(chain.priority, reader.Text("Priority"));
    take(chain.policy, reader.Text("Policy"));
    std::vector<PlacedRule> rules;
    for (const PlacedJson& rule : reader.List("Rules")) {
      if (auto read = ReadRule(rule)) rules.push_back(*std::move(read));
    }
    if (reader.error()) return Refuse(reader.error()->line, reader.error()->reason);
    std::ranges::stable_sort(rules, {}, &PlacedRule::position);
    for (PlacedRule& rule : rules) chain.rules.push_back(std::move(rule.rule));
    if (chain.rules.empty() && chain.policy == "accept") return;  // it says nothing
    if (chain.hook.empty()) return Refuse(chain.line, "the chain has no \"Hook\"");
    nft_chains_.push_back(std::move(chain));
  }

  // nullopt: it is switched off, or refused.
  std::optional<PlacedRule> ReadRule(const PlacedJson& json) {
    if (!json.Is(JsonKind::kObject)) {
      Refuse(json.line, "a rule must be an object");
      return std::nullopt;
    }
    Reader reader(json);
    PlacedRule placed;
    SystemRule& rule = placed.rule;
    rule.line = json.line;
    const bool enabled = reader.Truth("Enabled", true);
    placed.position = PositionOf(reader.Text("Position"));
    rule.description = reader.Text("Description");
    rule.parameters = reader.Text("Parameters");
    rule.target = reader.Text("Target");
    rule.target_parameters = reader.Text("TargetParameters");
    for (const PlacedJson& expression : reader.List("Expressions")) {
      if (auto statement = ReadStatement(expression, reader)) {
        rule.expressions.push_back(*std::move(statement));
      }
    }
    if (reader.error()) {
      Refuse(reader.error()->line, reader.error()->reason);
      return std::nullopt;
    }
    if (!enabled) return std::nullopt;
    if (++count_ > kMaxSystemRules) {
      if (count_ == kMaxSystemRules + 1) {
        Refuse(rule.line, fmt::format("is past the {} rules that are read", kMaxSystemRules));
      }
      return std::nullopt;
    }
    return placed;
  }

  static std::optional<SystemStatement> ReadStatement(const PlacedJson& json, Reader& rule) {
    const PlacedJson* const inner = json.Find("Statement");
    if (!json.Is(JsonKind::kObject) || (inner != nullptr && !inner->Is(JsonKind::kObject))) {
      rule.Refuse(json, "an expression must be an object with a \"Statement\"");
      return std::nullopt;
    }
    if (inner == nullptr) return std::nullopt;
    Reader reader(*inner);
    SystemStatement statement;
    statement.name = reader.Text("Name");
    statement.op = reader.Text("Op");
    for (const PlacedJson& value : reader.List("Values")) {
      Reader pair(value);
      std::string key = pair.Text("Key");
      statement.values.emplace_back(std::move(key), pair.Text("Value"));
      if (pair.error()) rule.Refuse(value, pair.error()->reason);
    }
    if (reader.error()) rule.Refuse(json, reader.error()->reason);
    if (statement.name.empty()) return std::nullopt;  // GUIs write such for rules without any
    return statement;
  }

  void ReadIptablesRule(const PlacedJson& json) {
    auto read = ReadRule(json);
    if (!read) return;
    Reader reader(json);
    const std::string table = reader.Text("Table");
    const std::string hook = reader.Text("Chain");
    if (table.empty() || hook.empty()) {
      return Refuse(json.line, "needs a \"Table\" and a \"Chain\"");
    }
    auto chain = std::ranges::find_if(iptables_chains_, [&](const SystemChain& known) {
      return known.type == table && known.hook == hook;
    });
    if (chain == iptables_chains_.end()) {
      SystemChain added;
      added.line = json.line;
      added.type = table;
      added.hook = hook;
      chain = iptables_chains_.insert(iptables_chains_.end(), std::move(added));
    }
    chain->rules.push_back(std::move(read->rule));
  }

  SystemFirewall Choose() {
    SystemFirewall firewall;
    const bool has_nft = !nft_chains_.empty();
    firewall.form = has_nft ? SystemFirewall::Form::kNftables : SystemFirewall::Form::kIptables;
    if (has_nft) {
      for (const SystemChain& chain : iptables_chains_) {
        for (const SystemRule& rule : chain.rules) {
          Refuse(rule.line,
                 "is of the iptables form, and the file has chains of the nftables "
                 "form: those are used");
        }
      }
    }
    firewall.chains = std::move(has_nft ? nft_chains_ : iptables_chains_);
    firewall.refused = std::move(refused_);
    return firewall;
  }

  const std::string file_name_;
  std::vector<SystemChain> nft_chains_;
  std::vector<SystemChain> iptables_chains_;
  std::vector<RuleError> refused_;
  std::size_t count_ = 0;
};

}  // namespace

tl::expected<SystemFirewall, RuleError> ParseSystemFirewall(std::string_view text,
                                                            std::string_view file_name) {
  if (text.size() > kMaxSystemFirewallBytes) {
    return tl::unexpected(RuleError{std::string(file_name), 0, 0, "is larger than 1 MiB"});
  }
  const auto root = ParsePlacedJson(text, file_name);
  if (!root) return tl::unexpected(root.error());
  return FileReader(file_name).Read(*root);
}

}  // namespace procwall

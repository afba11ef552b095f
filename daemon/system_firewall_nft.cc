// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/system_firewall_nft.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"

namespace procwall {
namespace {

using TranslatedText = Translated<std::string>;

tl::unexpected<std::string> NotKnown(std::string_view what, std::string_view name) {
  return tl::unexpected(fmt::format("{} \"{}\" is not supported", what, Printable(name)));
}

// "22", "{ 22, 80 }".
TranslatedText ValueText(const std::string& value, std::string_view what) {
  const auto words = ScriptWords(value, what);
  if (!words) return tl::unexpected(words.error());
  if (words->size() == 1) return words->front();
  return fmt::format("{{ {} }}", fmt::join(*words, ", "));
}

TranslatedText OperatorText(const std::string& op) {
  if (op.empty() || op == "==") return std::string();
  for (const char* const known : {"!=", "<", ">", "<=", ">="}) {
    if (op == known) return op + " ";
  }
  return NotKnown("operator", op);
}

// "tcp dport != { 22, 80 } tcp sport 1-1023", for every key that nft knows.
TranslatedText FieldsText(const SystemStatement& statement,
                          const std::set<std::string_view>& keys) {
  const TranslatedText op = OperatorText(statement.op);
  if (!op) return op;
  std::string text;
  for (const auto& [key, value] : statement.values) {
    if (!keys.contains(key)) return NotKnown("condition", statement.name + " " + key);
    const TranslatedText values = ValueText(value, statement.name + " " + key);
    if (!values) return values;
    text += fmt::format("{}{} {} {}{}", text.empty() ? "" : " ", statement.name, key, *op, *values);
  }
  return text;
}

TranslatedText InterfaceText(const SystemStatement& statement) {
  const TranslatedText op = OperatorText(statement.op);
  if (!op) return op;
  const TranslatedText name = QuotedWord(OnlyValue(statement), statement.name);
  return name ? TranslatedText(fmt::format("{} {}{}", statement.name, *op, *name)) : name;
}

// ct and meta: conditions, or with a key "set", what is set.
TranslatedText KeysText(const SystemStatement& statement, const std::set<std::string_view>& keys) {
  const bool sets = ValueOf(statement, "set") != nullptr;
  SystemStatement rest = statement;
  std::erase_if(rest.values, [](const auto& pair) { return pair.first == "set"; });
  if (!sets) return FieldsText(rest, keys);
  if (rest.values.size() != 1 || !keys.contains(rest.values.front().first)) {
    return NotKnown("statement", statement.name + " set");
  }
  const auto& [key, value] = rest.values.front();
  if (!IsScriptWord(value)) return NotKnown("value", value);
  return fmt::format("{} {} set {}", statement.name, key, value);
}

TranslatedText LogText(const SystemStatement& statement) {
  std::string text = "log";
  for (const auto& [key, value] : statement.values) {
    if (key == "prefix") {
      const TranslatedText quoted = QuotedWord(value, "the log prefix");
      if (!quoted) return quoted;
      text += " prefix " + *quoted;
    } else if ((key == "level" || key == "flags") && IsScriptWord(value)) {
      text += fmt::format(" {} {}", key, value);
    } else {
      return NotKnown("log", key);
    }
  }
  return text;
}

TranslatedText LimitText(const SystemStatement& statement) {
  std::map<std::string, std::string> values(statement.values.begin(), statement.values.end());
  for (const auto& [key, value] : values) {
    if (key != "over" && !IsScriptWord(value)) return NotKnown("limit", key + " " + value);
  }
  const std::string& unit = values["rate-units"];
  const bool counts_bytes = !unit.empty() && unit != "packets";
  std::string text = fmt::format("limit rate {}{}{}/{}", values.contains("over") ? "over " : "",
                                 values["units"], counts_bytes ? " " + unit : "",
                                 values["time-units"].empty() ? "second" : values["time-units"]);
  if (!values["burst"].empty()) {
    text += fmt::format(" burst {} {}", values["burst"], counts_bytes ? unit : "packets");
  }
  return text;
}

TranslatedText QuotaText(const SystemStatement& statement) {
  std::string text = "quota";
  for (const auto& [key, value] : statement.values) {
    if (key == "over" || key == "until") {
      text.insert(std::string_view("quota").size(), " " + key);
    } else if (IsScriptWord(key) && IsScriptWord(value)) {
      text += fmt::format(" {} {}", value, key);
    } else {
      return NotKnown("quota", key);
    }
  }
  return text;
}

TranslatedText StatementText(const SystemStatement& statement) {
  static const std::set<std::string_view> ip_keys = {
      "saddr", "daddr", "protocol", "nexthdr", "ttl", "dscp", "hoplimit", "length", "version"};
  static const std::set<std::string_view> port_keys = {"sport", "dport", "flags"};
  static const std::set<std::string_view> icmp_keys = {"type", "code"};
  static const std::set<std::string_view> ether_keys = {"saddr", "daddr", "type"};
  static const std::set<std::string_view> ct_keys = {"state", "mark", "direction", "status"};
  static const std::set<std::string_view> meta_keys = {"mark",    "priority", "skuid",  "skgid",
                                                       "l4proto", "protocol", "nftrace"};
  const std::string& name = statement.name;
  if (name == "ip" || name == "ip6") return FieldsText(statement, ip_keys);
  for (const char* const known : {"tcp", "udp", "udplite", "sctp", "dccp"}) {
    if (name != known) continue;
    if (statement.values.empty()) return "meta l4proto " + name;
    return FieldsText(statement, port_keys);
  }
  if (name == "icmp" || name == "icmpv6" || name == "icmpx") {
    return statement.values.empty() && name != "icmpx"
               ? TranslatedText(
                     fmt::format("meta l4proto {}", name == "icmp" ? "icmp" : "ipv6-icmp"))
               : FieldsText(statement, icmp_keys);
  }
  if (name == "ether") return FieldsText(statement, ether_keys);
  if (name == "iifname" || name == "oifname") return InterfaceText(statement);
  if (name == "ct") return KeysText(statement, ct_keys);
  if (name == "meta") return KeysText(statement, meta_keys);
  if (name == "protocol")
    return ValueText(OnlyValue(statement), "protocol").map([](const std::string& value) {
      return "meta l4proto " + value;
    });
  if (name == "log") return LogText(statement);
  if (name == "limit") return LimitText(statement);
  if (name == "quota") return QuotaText(statement);
  if (name == "counter") return std::string("counter");
  if (name == "notrack") return std::string("notrack");
  return NotKnown("expression", name);
}

// " with icmp type host-prohibited": words only.
TranslatedText WithWords(std::string text, const std::string& words) {
  for (const std::string& word : SplitAtBlanks(words)) {
    if (!IsScriptWord(word)) return NotKnown("parameter", word);
    text += " " + word;
  }
  return text;
}

TranslatedText TargetText(const SystemRule& rule, const std::string& queue) {
  const std::string target = InLowerCase(rule.target);
  const std::string& parameters = rule.target_parameters;
  if (target.empty() || target == "accept" || target == "drop" || target == "return") return target;
  if (target == "reject") return WithWords(target, parameters);
  if (target == "queue" || target == "nfqueue") return queue;  // its number is ours to choose
  if (target == "redirect" || target == "masquerade") return WithWords(target, parameters);
  if (target == "snat" || target == "dnat" || target == "tproxy") {
    const bool is_v6 = std::ranges::count(parameters, ':') > 1;
    return WithWords(fmt::format("{} {}", target, is_v6 ? "ip6" : "ip"), parameters);
  }
  return NotKnown("target", rule.target);
}

struct Place {
  const char* type;
  const char* priority;
};
// By the type of a chain and its hook.
const Place* PlaceOf(const SystemChain& chain) {
  static const std::map<std::string_view, Place> places = {
      {"filter", {"filter", "filter"}}, {"mangle", {"filter", "mangle"}},
      {"raw", {"filter", "raw"}},       {"security", {"filter", "security"}},
      {"natdest", {"nat", "dstnat"}},   {"natsource", {"nat", "srcnat"}}};
  static const Place route{"route", "mangle"};
  if (chain.type == "mangle" && chain.hook == "output") return &route;
  const auto found = places.find(chain.type);
  return found == places.end() ? nullptr : &found->second;
}

bool IsHook(std::string_view hook) {
  constexpr std::string_view kHooks[] = {"prerouting", "input", "forward", "output", "postrouting"};
  return std::ranges::find(kHooks, hook) != std::end(kHooks);
}

TranslatedText FamilyText(const SystemChain& chain) {
  if (chain.family == "inet") return std::string();
  if (chain.family == "ip") return std::string("meta nfproto ipv4 ");
  if (chain.family == "ip6") return std::string("meta nfproto ipv6 ");
  return NotKnown("family", chain.family);
}

// The first line of a base chain.
TranslatedText HeadText(const SystemChain& chain) {
  const Place* const place = PlaceOf(chain);
  if (place == nullptr || !IsHook(chain.hook)) {
    return NotKnown("a chain of", chain.type + " " + chain.hook);
  }
  if (!chain.priority.empty() && !IsScriptWord(chain.priority) &&
      !IsScriptWord(std::string_view(chain.priority).substr(1))) {
    return NotKnown("priority", chain.priority);
  }
  if (chain.policy != "accept" && chain.policy != "drop") return NotKnown("policy", chain.policy);
  return fmt::format("type {} hook {} priority {}; policy {};", place->type, chain.hook,
                     chain.priority.empty() ? place->priority : chain.priority, chain.policy);
}

}  // namespace

Translated<std::string> NftRuleText(const SystemRule& rule, SystemFirewall::Form form,
                                    const std::string& queue) {
  std::vector<SystemStatement> statements = rule.expressions;
  if (form == SystemFirewall::Form::kIptables) {
    auto translated = StatementsOfParameters(rule.parameters);
    if (!translated) return tl::unexpected(translated.error());
    statements = *std::move(translated);
  }
  std::string text;
  for (const SystemStatement& statement : statements) {
    const TranslatedText one = StatementText(statement);
    if (!one) return one;
    text += (text.empty() ? "" : " ") + *one;
  }
  const TranslatedText target = TargetText(rule, queue);
  if (!target) return target;
  if (!target->empty()) text += (text.empty() ? "" : " ") + *target;
  if (text.empty()) return tl::unexpected<std::string>("the rule says nothing");
  return text;
}

NftSystem SystemForNft(const SystemFirewall& system, const std::set<std::string>& our_hooks,
                       const std::string& queue, const std::set<int>& without) {
  NftSystem made;
  for (SystemChain chain : system.chains) {
    chain.hook = InLowerCase(chain.hook);
    chain.type = InLowerCase(chain.type);
    chain.policy = InLowerCase(chain.policy);
    const TranslatedText head = HeadText(chain);
    const TranslatedText family = FamilyText(chain);
    if (!head || !family) {
      made.refused.push_back({"", chain.line, 0, head ? family.error() : head.error()});
      continue;
    }
    const bool is_joined = chain.type == "mangle" && our_hooks.contains(chain.hook);
    if (is_joined && chain.policy != "accept") {
      made.refused.push_back({"", chain.line, 0,
                              "a policy other than accept is not supported where packets are "
                              "queued: its rules are used, and then packets are judged"});
    }
    NftSystemChain added{
        .name = fmt::format("system_{}_{}_{}", chain.type, chain.hook, made.chains.size()),
        .hook = chain.hook,
        .head = is_joined ? std::string() : *head,
        .rules = {}};
    for (const SystemRule& rule : chain.rules) {
      if (without.contains(rule.line)) continue;
      const TranslatedText text = NftRuleText(rule, system.form, queue);
      if (text) {
        added.rules.push_back(
            fmt::format("{}{} comment \"{}\"", *family, *text, SystemComment(rule.line)));
      } else {
        made.refused.push_back({"", rule.line, 0, text.error()});
      }
    }
    made.chains.push_back(std::move(added));
  }
  return made;
}

}  // namespace procwall

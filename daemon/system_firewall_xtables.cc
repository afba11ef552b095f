// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/system_firewall_xtables.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"

namespace procwall {
namespace {

using Lines = Translated<std::vector<std::string>>;

constexpr std::size_t kMostLines = 64;  // that one rule may become

tl::unexpected<std::string> NotPossible(std::string_view what) {
  return tl::unexpected(fmt::format("iptables cannot do \"{}\" (nft could)", Printable(what)));
}

std::string Upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// A rule of the nftables form on its way to lines of iptables.
class Translator {
 public:
  explicit Translator(IpFamily family) : is_v4_(family == IpFamily::kV4) {}

  bool IsForOther() const { return is_for_other_; }
  std::string Why() const { return why_; }
  const std::vector<std::string>& Lines() const { return lines_; }
  const std::string& Log() const { return log_; }

  bool Add(const SystemStatement& statement) {
    const std::string& name = statement.name;
    if (!statement.op.empty() && statement.op != "==" && statement.op != "!=") {
      return Refuse(statement.op);
    }
    not_ = statement.op == "!=" ? "! " : "";
    if (name == "counter") return true;
    if (name == "log") return AddLog(statement);
    if (name == "limit") return AddLimit(statement);
    if (name == "quota") return AddQuota(statement);
    if (name == "iifname") return AddInterface("-i", statement);
    if (name == "oifname") return AddInterface("-o", statement);
    if (name == "icmp" || name == "icmpv6" || name == "icmpx") return AddIcmp(statement);
    if (statement.values.empty()) return AddProtocol(name);
    return std::ranges::all_of(statement.values, [&](const auto& pair) {
      return AddField(name, pair.first, pair.second);
    });
  }

 private:
  bool Refuse(std::string what) {
    if (why_.empty()) why_ = std::move(what);
    return false;
  }
  bool OnlyFor(bool is_v4) {
    if (is_v4 != is_v4_) is_for_other_ = true;
    return true;
  }
  void Append(const std::string& condition) {
    for (std::string& line : lines_) line += condition + " ";
  }
  // One of these: a line each.
  bool AppendEach(const std::vector<std::string>& conditions) {
    if (lines_.size() * conditions.size() > kMostLines) return Refuse("a list so long");
    if (conditions.size() > 1 && !not_.empty()) return Refuse("none of several");
    std::vector<std::string> lines;
    for (const std::string& line : lines_) {
      for (const std::string& condition : conditions) lines.push_back(line + condition + " ");
    }
    lines_ = std::move(lines);
    return true;
  }

  bool AddProtocol(const std::string& name) {
    constexpr std::string_view kKnown[] = {"tcp",  "udp",  "udplite",   "sctp",
                                           "dccp", "icmp", "ipv6-icmp", "icmpv6",
                                           "gre",  "esp",  "ah",        "igmp"};
    if (std::ranges::find(kKnown, name) == std::end(kKnown)) return Refuse(name);
    const std::string condition = fmt::format("{}-p {}", not_, name);
    if (protocol_ == condition) return true;  // said before
    if (!protocol_.empty()) return Refuse("two protocols");
    protocol_ = condition;
    if (name == "icmp") (void)OnlyFor(true);
    if (name == "ipv6-icmp" || name == "icmpv6") (void)OnlyFor(false);
    Append(condition);
    return true;
  }

  bool AddIcmp(const SystemStatement& statement) {
    if (statement.name != "icmpx") (void)OnlyFor(statement.name == "icmp");
    const std::string not_wanted = std::exchange(not_, "");
    if (!AddProtocol(is_v4_ ? "icmp" : "ipv6-icmp")) return is_for_other_;
    not_ = not_wanted;
    const std::string* const types = ValueOf(statement, "type");
    if (types == nullptr) return statement.values.empty() || Refuse("ICMP without a type");
    const auto words = ScriptWords(*types, "the ICMP type");
    if (!words) return Refuse(*types);
    std::vector<std::string> conditions;
    for (const std::string& word : *words) {
      conditions.push_back(
          fmt::format("{}--{} {}", not_, is_v4_ ? "icmp-type" : "icmpv6-type", word));
    }
    return AppendEach(conditions);
  }

  bool AddInterface(const char* option, const SystemStatement& statement) {
    std::string name = OnlyValue(statement);
    if (!IsScriptWord(name)) return Refuse(statement.name);
    if (name.ends_with('*')) name.back() = '+';
    Append(fmt::format("{}{} {}", not_, option, name));
    return true;
  }

  bool AddField(const std::string& name, const std::string& key, const std::string& value) {
    const auto words = ScriptWords(value, name + " " + key);
    if (!words) return Refuse(value);
    if (name == "ip" || name == "ip6") {
      (void)OnlyFor(name == "ip");
      if (key == "saddr") return AddAddresses("-s", "--src-range", *words);
      if (key == "daddr") return AddAddresses("-d", "--dst-range", *words);
      if (key == "protocol" && words->size() == 1) return AddProtocol(words->front());
    }
    if (name == "tcp" || name == "udp" || name == "udplite" || name == "sctp" || name == "dccp") {
      return AddPorts(name, key, *words);
    }
    if (words->size() == 1 && AddMeta(name, key, words->front())) return true;
    if (name == "ct" && key == "state") {
      Append(fmt::format("-m conntrack {}--ctstate {}", not_,
                         Upper(fmt::format("{}", fmt::join(*words, ",")))));
      return true;
    }
    return Refuse(name + " " + key);
  }

  bool AddMeta(const std::string& name, const std::string& key, const std::string& value) {
    if ((name == "meta" && key == "l4proto") || name == "protocol") return AddProtocol(value);
    if (name == "meta" && key == "mark") return AppendOne("-m mark {}--mark {}", value);
    if (name == "meta" && key == "skuid") return AppendOne("-m owner {}--uid-owner {}", value);
    if (name == "meta" && key == "skgid") return AppendOne("-m owner {}--gid-owner {}", value);
    if (name == "ct" && key == "mark") return AppendOne("-m connmark {}--mark {}", value);
    return false;
  }
  bool AppendOne(const char* form, const std::string& value) {
    Append(fmt::format(fmt::runtime(form), not_, value));
    return true;
  }

  bool AddAddresses(const char* option, const char* range_option,
                    const std::vector<std::string>& words) {
    std::vector<std::string> conditions;
    for (const std::string& word : words) {
      const bool is_range = word.find('-') != std::string::npos;
      conditions.push_back(is_range ? fmt::format("-m iprange {}{} {}", not_, range_option, word)
                                    : fmt::format("{}{} {}", not_, option, word));
    }
    return AppendEach(conditions);
  }

  bool AddPorts(const std::string& protocol, const std::string& key,
                const std::vector<std::string>& words) {
    constexpr std::size_t kMostPorts = 15;  // of multiport; a range counts as two
    const std::string not_wanted = std::exchange(not_, "");
    if (!AddProtocol(protocol)) return false;
    if (key != "sport" && key != "dport") return Refuse(protocol + " " + key);
    std::size_t count = 0;
    std::string list;
    for (std::string word : words) {
      count += word.find('-') == std::string::npos ? 1 : 2;
      std::ranges::replace(word, '-', ':');
      list += (list.empty() ? "" : ",") + word;
    }
    if (count > kMostPorts) return Refuse("more than 15 ports");
    Append(fmt::format("-m multiport {}--{}s {}", not_wanted, key, list));
    return true;
  }

  bool AddLimit(const SystemStatement& statement) {
    std::string units, time = "second", burst;
    for (const auto& [key, value] : statement.values) {
      if (!IsScriptWord(value) || (key == "rate-units" && value != "packets")) {
        return Refuse("limit " + key);
      }
      if (key == "units") units = value;
      if (key == "time-units") time = value;
      if (key == "burst") burst = value;
      if (key == "over") return Refuse("limit over");
    }
    Append(fmt::format("-m limit --limit {}/{}{}", units, time,
                       burst.empty() ? "" : " --limit-burst " + burst));
    return true;
  }

  bool AddQuota(const SystemStatement& statement) {
    for (const auto& [key, value] : statement.values) {
      if (key == "bytes" && IsScriptWord(value)) {
        Append(fmt::format("-m quota --quota {}", value));
        return true;
      }
    }
    return Refuse("quota");
  }

  bool AddLog(const SystemStatement& statement) {
    log_ = "-j LOG";
    for (const auto& [key, value] : statement.values) {
      const auto prefix = QuotedWord(value.substr(0, 29), "the log prefix");
      if (key != "prefix" || !prefix) return Refuse("log " + key);
      log_ += " --log-prefix " + *prefix;
    }
    return true;
  }

  const bool is_v4_;
  bool is_for_other_ = false;
  std::string not_;
  std::string protocol_;
  std::string log_;
  std::string why_;
  std::vector<std::string> lines_ = {""};
};

// Words of a rule of the iptables form: nothing that leaves the rule.
Lines ParametersOf(const SystemRule& rule, IpFamily family) {
  std::string line;
  for (const std::string& word : SplitAtBlanks(rule.parameters)) {
    const bool is_option = word == "!" || (word.starts_with('-') && IsScriptWord(word.substr(1))) ||
                           (word.starts_with("--") && IsScriptWord(word.substr(2)));
    if (!is_option) {
      const auto words = ScriptWords(word, "iptables");
      if (!words) return tl::unexpected(words.error());
    }
    for (const char* const forbidden :
         {"-j", "--jump", "-g", "--goto", "-A", "-I", "-D", "-F", "-t"}) {
      if (word == forbidden) return tl::unexpected(fmt::format("\"{}\" in \"Parameters\"", word));
    }
    line += word + " ";
  }
  const bool is_v6_only =
      line.find("icmpv6") != std::string::npos || line.find("ipv6-icmp") != std::string::npos;
  const bool is_v4_only = !is_v6_only && line.find("-p icmp ") != std::string::npos;
  const bool is_v4 = family == IpFamily::kV4;
  if ((is_v6_only && is_v4) || (is_v4_only && !is_v4)) return std::vector<std::string>();
  return std::vector<std::string>{line};
}

Translated<std::string> TargetText(const SystemRule& rule, const std::string& table,
                                   const std::string& queue) {
  const std::string target = Upper(rule.target);
  if (target.empty()) return std::string();
  if (target == "QUEUE" || target == "NFQUEUE") return queue;
  if (target == "REJECT" && table != "filter") {
    return tl::unexpected<std::string>("iptables rejects in the table filter alone");
  }
  if (target != "ACCEPT" && target != "DROP" && target != "RETURN" && target != "REJECT") {
    return NotPossible(rule.target);
  }
  std::string text = "-j " + target;
  for (const std::string& word : SplitAtBlanks(rule.target_parameters)) {
    if (!IsScriptWord(word) && !(word.starts_with("--") && IsScriptWord(word.substr(2)))) {
      return NotPossible(word);
    }
    text += " " + word;
  }
  return text;
}

bool HasHook(const std::string& table, const std::string& hook) {
  if (table == "filter") return hook == "INPUT" || hook == "FORWARD" || hook == "OUTPUT";
  constexpr std::string_view kHooks[] = {"PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"};
  return table == "mangle" && std::ranges::find(kHooks, hook) != std::end(kHooks);
}

bool IsForFamily(const std::string& name, IpFamily family) {
  return name == "inet" || name == (family == IpFamily::kV4 ? "ip" : "ip6");
}

// Why there is no such chain; empty: there is.
std::string WhyNoChain(const SystemChain& chain, const std::string& table,
                       const std::string& hook) {
  if (!HasHook(table, hook)) {
    return fmt::format("a chain of \"{} {}\" is not supported with iptables: filter and mangle are",
                       Printable(chain.type), Printable(chain.hook));
  }
  const bool known_family = chain.family == "inet" || chain.family == "ip" || chain.family == "ip6";
  return known_family ? std::string()
                      : fmt::format("family \"{}\" is not supported", Printable(chain.family));
}

}  // namespace

Translated<std::vector<std::string>> XtablesRuleTexts(const SystemRule& rule,
                                                      SystemFirewall::Form form,
                                                      const std::string& table, IpFamily family,
                                                      const std::string& queue) {
  const auto target = TargetText(rule, table, queue);
  if (!target) return tl::unexpected(target.error());
  if (form == SystemFirewall::Form::kIptables) {
    Lines lines = ParametersOf(rule, family);
    if (!lines) return lines;
    for (std::string& line : *lines) line += *target;
    return lines;
  }
  Translator translator(family);
  for (const SystemStatement& statement : rule.expressions) {
    if (!translator.Add(statement) && !translator.IsForOther())
      return NotPossible(translator.Why());
  }
  std::vector<std::string> texts;
  if (translator.IsForOther()) return texts;
  for (const std::string& line : translator.Lines()) {
    if (!translator.Log().empty()) texts.push_back(line + translator.Log());
    if (!target->empty()) texts.push_back(line + *target);
  }
  return texts;
}

XtablesSystem SystemForXtables(const SystemFirewall& system, IpFamily family,
                               const std::string& queue, const std::set<int>& without) {
  XtablesSystem made;
  for (const SystemChain& chain : system.chains) {
    const std::string table = InLowerCase(chain.type);
    const std::string hook = Upper(chain.hook);
    const std::string policy = InLowerCase(chain.policy);
    if (const std::string why = WhyNoChain(chain, table, hook); !why.empty()) {
      made.refused.push_back({"", chain.line, 0, why});
      continue;
    }
    if (!IsForFamily(chain.family, family)) continue;
    auto added = std::ranges::find_if(made.chains, [&](const XtablesSystemChain& known) {
      return known.table == table && known.hook == hook;
    });
    if (added == made.chains.end()) {
      added = made.chains.insert(made.chains.end(), {table, hook, {}});
    }
    for (const SystemRule& rule : chain.rules) {
      if (without.contains(rule.line)) continue;
      const auto texts = XtablesRuleTexts(rule, system.form, table, family, queue);
      if (!texts) {
        made.refused.push_back({"", rule.line, 0, texts.error()});
        continue;
      }
      for (const std::string& text : *texts) {
        added->rules.push_back(
            fmt::format("-m comment --comment {} {}", SystemComment(rule.line), text));
      }
    }
    if (policy == "accept") continue;
    if (policy == "drop" && table == "filter") {
      added->rules.push_back(
          fmt::format("-m comment --comment {} -j DROP", SystemComment(chain.line)));
    } else {
      made.refused.push_back({"", chain.line, 0,
                              fmt::format("policy \"{}\" of {} is not supported with iptables: its "
                                          "rules are used",
                                          Printable(chain.policy), Printable(chain.type))});
    }
  }
  return made;
}

}  // namespace procwall

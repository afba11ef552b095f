// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/system_firewall_words.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"

namespace procwall {
namespace {

constexpr std::string_view kCommentBegin = "system-fw.json:";
constexpr std::size_t kLongestText = 64;

bool IsWordCharacter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x80 && (std::isalnum(byte) != 0 ||
                         std::string_view("._:/-+*[]").find(c) != std::string_view::npos);
}

// What comes after an option of iptables, and what it is as a condition.
struct Option {
  const char* statement;  // null: the protocol's name
  const char* key;
};
const std::map<std::string_view, Option>& KnownOptions() {
  static const std::map<std::string_view, Option> options = {
      {"-s", {"ip", "saddr"}},
      {"--source", {"ip", "saddr"}},
      {"-d", {"ip", "daddr"}},
      {"--destination", {"ip", "daddr"}},
      {"-i", {"iifname", ""}},
      {"--in-interface", {"iifname", ""}},
      {"-o", {"oifname", ""}},
      {"--out-interface", {"oifname", ""}},
      {"--sport", {nullptr, "sport"}},
      {"--source-port", {nullptr, "sport"}},
      {"--dport", {nullptr, "dport"}},
      {"--destination-port", {nullptr, "dport"}},
      {"--sports", {nullptr, "sport"}},
      {"--dports", {nullptr, "dport"}},
      {"--icmp-type", {"icmp", "type"}},
      {"--icmpv6-type", {"icmpv6", "type"}},
      {"--state", {"ct", "state"}},
      {"--ctstate", {"ct", "state"}},
      {"--uid-owner", {"meta", "skuid"}},
      {"--gid-owner", {"meta", "skgid"}}};
  return options;
}

}  // namespace

bool IsScriptWord(std::string_view text) {
  return !text.empty() && text.size() <= kLongestText && text.front() != '-' &&
         std::ranges::all_of(text, IsWordCharacter);
}

std::string InLowerCase(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

Translated<std::vector<std::string>> ScriptWords(std::string_view list, std::string_view what) {
  std::vector<std::string> words;
  for (;;) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view word = list.substr(0, comma);
    while (word.starts_with(' ')) word.remove_prefix(1);
    while (word.ends_with(' ')) word.remove_suffix(1);
    if (!IsScriptWord(word)) {
      return tl::unexpected(fmt::format("\"{}\" is no value for {}", Printable(word), what));
    }
    words.emplace_back(word);
    if (comma == list.size()) return words;
    list.remove_prefix(comma + 1);
  }
}

Translated<std::string> QuotedWord(std::string_view text, std::string_view what) {
  const bool is_plain = std::ranges::all_of(text, [](char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '\'' && c != '$';
  });
  if (text.empty() || text.size() > kLongestText || !is_plain) {
    return tl::unexpected(fmt::format("\"{}\" is no text for {}", Printable(text), what));
  }
  return fmt::format("\"{}\"", text);
}

std::vector<std::string> SplitAtBlanks(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

const std::string* ValueOf(const SystemStatement& statement, std::string_view key) {
  for (const auto& [name, value] : statement.values) {
    if (name == key) return &value;
  }
  return nullptr;
}

std::string OnlyValue(const SystemStatement& statement) {
  if (statement.values.empty()) return {};
  const auto& [key, value] = statement.values.front();
  return value.empty() ? key : value;
}

Translated<std::vector<SystemStatement>> StatementsOfParameters(const std::string& parameters) {
  std::vector<SystemStatement> statements;
  std::string protocol;
  std::string op;
  const std::vector<std::string> words = SplitAtBlanks(parameters);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "!") {
      op = "!=";
      continue;
    }
    if (i + 1 >= words.size()) return tl::unexpected(fmt::format("\"{}\" has no value", words[i]));
    const std::string& value = words[++i];
    const std::string& option = words[i - 1];
    if (option == "-m" || option == "--match") continue;  // what it can is said by its options
    if (option == "-p" || option == "--protocol") {
      protocol = InLowerCase(value);
      statements.push_back({"meta", std::exchange(op, ""), {{"l4proto", protocol}}});
      continue;
    }
    const auto known = KnownOptions().find(option);
    if (known == KnownOptions().end() || (known->second.statement == nullptr && protocol.empty())) {
      return tl::unexpected(
          fmt::format("\"{}\" of iptables is not known to the translation for nft", option));
    }
    std::string translated = value;
    if (known->second.statement == nullptr) std::ranges::replace(translated, ':', '-');
    if (std::string_view(known->second.key) == "state") translated = InLowerCase(translated);
    const bool is_v6 = translated.find(':') != std::string::npos;
    std::string name = known->second.statement == nullptr ? protocol : known->second.statement;
    if (name == "ip" && is_v6) name = "ip6";
    statements.push_back(
        {std::move(name), std::exchange(op, ""), {{known->second.key, std::move(translated)}}});
  }
  return statements;
}

std::string SystemComment(int line) { return fmt::format("{}{}", kCommentBegin, line); }

int LineOfSystemComment(std::string_view script_line) {
  const std::size_t found = script_line.rfind(kCommentBegin);
  if (found == std::string_view::npos) return 0;
  int line = 0;
  std::from_chars(script_line.data() + found + kCommentBegin.size(),
                  script_line.data() + script_line.size(), line);
  return line;
}

}  // namespace procwall

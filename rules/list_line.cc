// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/list_line.h"

#include <algorithm>
#include <cstddef>

namespace procwall {
namespace {

tl::unexpected<std::string_view> Bad(std::string_view literal) { return tl::unexpected(literal); }

constexpr std::string_view kLineBlanks = " \t\r\v\f";

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kLineBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kLineBlanks) - begin + 1);
}

bool IsBlank(char c) { return kLineBlanks.find(c) != std::string_view::npos; }

// The line up to a comment that one of `marks` begins.
std::string_view WithoutComment(std::string_view line, std::string_view marks) {
  for (std::size_t at = line.find_first_of(marks); at != std::string_view::npos;
       at = line.find_first_of(marks, at + 1)) {
    if (at == 0 || IsBlank(line[at - 1])) return line.substr(0, at);
  }
  return line;
}

// Takes the first word off the text; empty: there is none.
std::string_view TakeWord(std::string_view& text) {
  text = Trimmed(text);
  const std::string_view word = text.substr(0, text.find_first_of(kLineBlanks));
  text.remove_prefix(word.size());
  return word;
}

bool IsLabelCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

bool IsDomainName(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.empty() || name.size() > 253) return false;
  std::size_t label = 0;
  for (const char c : name) {
    if (c == '.' ? label == 0 : !IsLabelCharacter(c)) return false;
    label = c == '.' ? 0 : label + 1;
    if (label > 63) return false;
  }
  return label != 0;
}

// "*.example.org" or ".example.org" without what stands before the name.
std::string_view NameIn(std::string_view entry) {
  if (entry.starts_with("*.")) return entry.substr(2);
  return entry.starts_with('.') ? entry.substr(1) : entry;
}

// Names of this host, and of groups of hosts, that every hosts file has.
bool IsLocalName(std::string_view name) {
  constexpr std::array<std::string_view, 11> kNames{
      "localhost",     "localhost.localdomain", "local",        "broadcasthost",
      "ip6-localhost", "ip6-loopback",          "ip6-localnet", "ip6-mcastprefix",
      "ip6-allnodes",  "ip6-allrouters",        "ip6-allhosts"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end() ||
         IpAddress::Parse(name).has_value();
}

std::optional<std::uint8_t> DigitOf(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
  return std::nullopt;
}

// "fe80::1%lo0" has a zone, which hosts files on other systems use.
std::optional<IpAddress> AddressIn(std::string_view word) {
  return IpAddress::Parse(word.substr(0, word.find('%')));
}

LineResult<void> ReadHostsLine(const IpAddress& address, std::string_view rest,
                               std::vector<std::string_view>& names) {
  std::string_view word = TakeWord(rest);
  if (word.empty()) return Bad("an address without a name");
  for (; !word.empty(); word = TakeWord(rest)) {
    if (IsLocalName(word)) continue;
    if (!IsDomainName(word)) return Bad("not a domain name");
    names.push_back(word);
  }
  const bool nowhere = address.IsUnspecified() || address.IsLoopback();
  if (!names.empty() && !nowhere) {
    return Bad("the address is none of 0.0.0.0, 127.0.0.1, :: and ::1");
  }
  return {};
}

}  // namespace

LineResult<void> ReadDomainLine(std::string_view line, std::vector<std::string_view>& names) {
  names.clear();
  std::string_view rest = WithoutComment(line, "#");
  const std::string_view word = TakeWord(rest);
  if (word.empty()) return {};
  if (const auto address = AddressIn(word)) {
    auto read = ReadHostsLine(*address, rest, names);
    if (!read) names.clear();
    return read;
  }
  if (!Trimmed(rest).empty()) return Bad("more than one name");
  if (!IsDomainName(NameIn(word))) return Bad("not a domain name");
  names.push_back(word);
  return {};
}

LineResult<std::optional<Prefix>> ReadNetworkLine(std::string_view line) {
  std::string_view rest = WithoutComment(line, "#;");
  const std::string_view word = TakeWord(rest);
  if (word.empty()) return std::nullopt;
  const auto network = Prefix::Parse(word);
  if (!network || !Trimmed(rest).empty()) {
    return Bad("neither an address nor a network like 192.0.2.0/24");
  }
  return network;
}

LineResult<std::optional<Md5>> ReadDigestLine(std::string_view line) {
  std::string_view rest = WithoutComment(line, "#");
  const std::string_view word = TakeWord(rest);
  if (word.empty()) return std::nullopt;
  Md5 digest{};
  if (word.size() != 2 * digest.size()) return Bad("not a hash of 32 digits");
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const auto high = DigitOf(word[2 * i]);
    const auto low = DigitOf(word[2 * i + 1]);
    if (!high || !low) return Bad("not a hash of 32 digits");
    digest[i] = static_cast<std::uint8_t>(*high << 4 | *low);
  }
  return digest;
}

std::string_view ReadPatternLine(std::string_view line) {
  return line.starts_with('#') ? std::string_view() : Trimmed(line);
}

}  // namespace procwall

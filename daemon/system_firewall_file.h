// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "rules/rule_error.h"

namespace procwall {

// One condition or statement of a rule: {"tcp", "", {{"dport", "22,80"}}}.
struct SystemStatement {
  std::string name{};
  std::string op{};  // "", "==", "!=", "<", ...
  std::vector<std::pair<std::string, std::string>> values{};

  friend bool operator==(const SystemStatement&, const SystemStatement&) = default;
};

// A rule of OpenSnitch's system-fw.json, of either form.
struct SystemRule {
  int line = 0;  // where it begins in its file
  std::string description{};
  std::string parameters{};                    // of iptables, as on its command line
  std::vector<SystemStatement> expressions{};  // of nftables
  std::string target{};                        // "accept", "DROP", ...
  std::string target_parameters{};

  friend bool operator==(const SystemRule&, const SystemRule&) = default;
};

// Rules that packets meet at one place.
struct SystemChain {
  int line = 0;
  std::string family = "inet";  // of the nftables form
  std::string type = "filter";  // "filter", "mangle", ...; the table, in the iptables form
  std::string hook{};           // "output", ...
  std::string priority{};       // empty: what suits type and hook
  std::string policy = "accept";
  std::vector<SystemRule> rules{};  // those that are switched on, in the order of their positions

  friend bool operator==(const SystemChain&, const SystemChain&) = default;
};

// What the file says. One form is used: chains of nftables where there are any with rules or a
// policy, else the rules of iptables (OpenSnitch 1.5 knows no others).
struct SystemFirewall {
  enum class Form : unsigned char { kIptables, kNftables };
  Form form = Form::kIptables;
  std::vector<SystemChain> chains{};  // empty: nothing is to be installed
  std::vector<RuleError> refused{};   // what of it cannot be used; the rest is

  friend bool operator==(const SystemFirewall&, const SystemFirewall&) = default;
};

inline constexpr std::size_t kMaxSystemFirewallBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxSystemRules = 4096;

// Reads the file with Go's habits (keys in any case, null anywhere). Total. The error: it is not
// JSON, or not of this form; file, line and reason.
tl::expected<SystemFirewall, RuleError> ParseSystemFirewall(std::string_view text,
                                                            std::string_view file_name);

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_view.h"

#include <algorithm>
#include <utility>

namespace procwall {
namespace {

// The first name in it that begins with `prefix`; empty: none. Names end with a zero byte.
std::string NameWithPrefix(const std::string& expressions, std::string_view prefix) {
  const std::size_t begin = expressions.find(prefix);
  if (begin == std::string::npos) return "";
  const std::size_t end = expressions.find('\0', begin);
  return end == std::string::npos ? "" : expressions.substr(begin, end - begin);
}

bool AllStand(const std::vector<std::string>& now, const std::vector<std::string>& installed) {
  return std::ranges::all_of(installed, [&](const std::string& rule) {
    return std::ranges::find(now, rule) != now.end();
  });
}

}  // namespace

FirewallView ViewOf(const std::vector<XtablesChain>& chains, std::string_view prefix) {
  FirewallView view;
  for (const XtablesChain& chain : chains) {
    const bool is_ours = chain.name.starts_with(prefix);
    for (const XtablesRule& rule : chain.rules) {
      if (is_ours) {
        view.chains[chain.name].push_back(rule.content);
      } else if (rule.leads_to.starts_with(prefix)) {
        view.led_to.insert(rule.leads_to);
      }
    }
    if (is_ours && !chain.rules.empty()) view.chains[chain.name].pop_back();  // the chain's end
  }
  return view;
}

FirewallView ViewOf(const std::vector<NftRule>& rules, std::string_view prefix) {
  FirewallView view;
  for (const NftRule& rule : rules) {
    if (rule.chain.starts_with(prefix)) {
      view.chains[rule.chain].push_back(std::to_string(rule.handle));
    } else if (std::string chain = NameWithPrefix(rule.expressions, prefix); !chain.empty()) {
      view.led_to.insert(std::move(chain));
    }
  }
  return view;
}

std::string MissingIn(const FirewallView& now, const FirewallView& installed) {
  std::string missing;
  const auto add = [&](const char* what, const std::string& chain) {
    missing += (missing.empty() ? "" : ", ") + std::string(what) + chain;
  };
  for (const auto& [chain, rules] : installed.chains) {
    const auto stands = now.chains.find(chain);
    if (stands == now.chains.end() || !AllStand(stands->second, rules)) {
      add("the rules of ", chain);
    }
  }
  for (const std::string& chain : installed.led_to) {
    if (!now.led_to.contains(chain)) add("the jump to ", chain);
  }
  return missing;
}

}  // namespace procwall

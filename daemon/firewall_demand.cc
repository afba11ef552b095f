// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_demand.h"

#include <sstream>
#include <vector>

#include "daemon/system_firewall_words.h"

namespace procwall {
namespace {

constexpr const char* kNeverStands = "";  // no rule's content

}  // namespace

std::map<std::string, FirewallDemand> DemandsOfXtables(const std::string& script,
                                                       std::string_view prefix) {
  std::map<std::string, FirewallDemand> demands;
  FirewallDemand* demand = nullptr;
  std::istringstream lines(script);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('*')) demand = &demands[line.substr(1)];
    const std::vector<std::string> words = SplitAtBlanks(line);
    if (demand == nullptr || words.size() < 3 || (words[0] != "-A" && words[0] != "-I")) continue;
    if (words[1].starts_with(prefix)) {
      ++demand->chains[words[1]];
    } else if (words.back().starts_with(prefix)) {
      demand->led_to.insert(words.back());
    }
  }
  return demands;
}

FirewallDemand DemandOfNft(const std::string& script) {
  FirewallDemand demand;
  std::string chain;
  std::istringstream lines(script);
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> words = SplitAtBlanks(line);
    if (words.empty()) continue;
    if (words[0] == "chain" && words.size() > 1) {
      chain = words[1];
    } else if (words[0] == "}") {
      chain.clear();
    } else if (!chain.empty() && words[0] != "type") {  // a base chain's head
      ++demand.chains[chain];
    }
  }
  return demand;
}

FirewallView Installed(const FirewallView& seen, const FirewallDemand& demand) {
  FirewallView installed{.chains = {}, .led_to = demand.led_to};
  for (const auto& [chain, rules] : demand.chains) {
    const auto stands = seen.chains.find(chain);
    std::vector<std::string>& of_chain = installed.chains[chain];
    if (stands != seen.chains.end()) of_chain = stands->second;
    if (of_chain.size() < rules) of_chain.emplace_back(kNeverStands);
  }
  return installed;
}

}  // namespace procwall

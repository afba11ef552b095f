// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/situation.h"

#include <algorithm>
#include <array>
#include <utility>

namespace procwall {

Subject Situation::AsSentBy(const Process* process) const {
  Subject subject;
  subject.connection = &connection;
  subject.process = process;
  subject.host = host;
  subject.sni = sni;
  subject.creator = creator ? &*creator : nullptr;
  subject.confidence = confidence;
  subject.now = now;
  return subject;
}

std::optional<IpProtocol> ParseProtocolName(std::string_view name) {
  for (unsigned number = 0; number < 256; ++number) {
    const auto protocol = static_cast<IpProtocol>(number);
    for (const IpFamily family : {IpFamily::kV4, IpFamily::kV6}) {
      if (name == ProtocolName(protocol, family)) return protocol;
    }
  }
  return std::nullopt;
}

Decision Decide(const RuleSet& rules, const Situation& situation) {
  if (situation.processes.empty()) return rules.Decide(situation.AsSentBy(nullptr));
  std::vector<Decision> decisions;
  decisions.reserve(situation.processes.size());
  for (const Process& process : situation.processes) {
    decisions.push_back(rules.Decide(situation.AsSentBy(&process)));
  }
  return Strictest(decisions);
}

std::vector<std::string> UntoldOperands(const FactsNeeded& needs, const Situation& situation) {
  const auto& processes = situation.processes;
  const auto untold = [&](const auto& is_missing) {
    return std::any_of(processes.begin(), processes.end(), is_missing);
  };
  const std::array<std::pair<bool, const char*>, 14> rows{{
      {needs.args && untold([](const Process& p) { return p.args.empty(); }), "process.command"},
      {needs.ancestors && untold([](const Process& p) { return p.ancestors.empty(); }),
       "process.parent.path"},
      {needs.script && untold([](const Process& p) { return p.script.empty(); }), "process.script"},
      {needs.container, "process.container"},
      {needs.unit, "process.unit"},
      {needs.md5, "process.hash.md5"},
      {needs.sha1, "process.hash.sha1"},
      {needs.sha256, "process.hash.sha256"},
      {needs.package, "process.package"},
      {needs.creator && !situation.creator, "process.creator.path"},
      {needs.interfaces, "iface.in, iface.out"},
      {needs.profile, "network.profile"},
      {needs.sni && situation.sni.empty(), "dest.sni"},
      {needs.now && situation.now == WallTime{}, "time"},
  }};
  std::vector<std::string> operands;
  for (const auto& [is_untold, name] : rows) {
    if (is_untold) operands.emplace_back(name);
  }
  for (const std::string& name : needs.environment) operands.push_back("process.env." + name);
  return operands;
}

}  // namespace procwall

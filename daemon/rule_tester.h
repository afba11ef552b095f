// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include <tl/expected.hpp>

#include "attribution/attribution.h"
#include "base/clock.h"
#include "daemon/event_log.h"
#include "daemon/explain_source.h"
#include "daemon/fact_gatherer.h"
#include "daemon/shared_rules.h"
#include "net/connection.h"
#include "procwall/v1/procwall.pb.h"
#include "rules/network_aliases.h"
#include "rules/rule.h"

namespace procwall {

// A packet that need not exist, and who may have sent it.
struct SupposedPacket {
  Connection connection{};
  Attribution attribution{};
  std::string host{};
  std::string sni{};
};
// As far as the event tells: what is missing is not known, its protocol is "tcp". The refusal says
// what cannot be understood.
tl::expected<SupposedPacket, ExplainRefusal> SupposedBy(const v1::Event& event);

// What the rules in force say of a packet that is only supposed, or was decided before. Thread
// rule: from any thread but the packet thread: it may wait for facts. The references must outlive
// it.
class RuleTester {
 public:
  struct Parts {
    const EventLog& events;
    const SharedRules& rules;
    FactGatherer* facts = nullptr;  // null: there are none
    const Clock& clock;
    RuleAction default_action = RuleAction::kDeny;
    NetworkAliases aliases{};  // of rules that are not in force
  };
  explicit RuleTester(const Parts& parts) : parts_(parts) {}

  tl::expected<v1::TestRulesResponse, ExplainRefusal> Test(
      const v1::TestRulesRequest& request) const;
  tl::expected<v1::ReplayRulesResponse, ExplainRefusal> Replay(
      const v1::ReplayRulesRequest& request) const;

 private:
  v1::TestRulesResponse TestWith(const SupposedPacket& packet, const PacketsFacts& facts) const;
  // Of programs that live: what rules ask beyond their description.
  PacketsFacts FactsOf(const SupposedPacket& packet) const;

  const Parts parts_;
};

}  // namespace procwall

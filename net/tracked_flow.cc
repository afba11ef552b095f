// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/tracked_flow.h"

#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_sctp.h>
#include <linux/netfilter/nf_conntrack_tcp.h>

#include <array>
#include <span>
#include <utility>

namespace procwall {
namespace {

constexpr std::array<const char*, 10> kTcpStates = {
    "NONE",       "SYN_SENT", "SYN_RECV",  "ESTABLISHED", "FIN_WAIT",
    "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE",       "SYN_SENT2"};
constexpr std::array<const char*, 10> kSctpStates = {
    "NONE",          "CLOSED",        "COOKIE_WAIT",       "COOKIE_ECHOED",  "ESTABLISHED",
    "SHUTDOWN_SENT", "SHUTDOWN_RECD", "SHUTDOWN_ACK_SENT", "HEARTBEAT_SENT", "HEARTBEAT_ACKED"};
// enum ct_dccp_states, which no uapi header has.
constexpr std::array<const char*, 10> kDccpStates = {"NONE",   "REQUEST",  "RESPOND", "PARTOPEN",
                                                     "OPEN",   "CLOSEREQ", "CLOSING", "TIMEWAIT",
                                                     "IGNORE", "INVALID"};

std::span<const char* const> StatesOf(IpProtocol protocol) {
  switch (protocol) {
    case IpProtocol::kTcp:
      return kTcpStates;
    case IpProtocol::kSctp:
      return kSctpStates;
    case IpProtocol::kDccp:
      return kDccpStates;
    default:
      return {};
  }
}

constexpr std::array<std::pair<std::uint32_t, const char*>, 6> kStatusNames = {{
    {IPS_EXPECTED, "expected"},
    {IPS_ASSURED, "assured"},
    {IPS_FIXED_TIMEOUT, "fixed-timeout"},
    {IPS_HELPER, "helper"},
    {IPS_OFFLOAD, "offload"},
    {IPS_HW_OFFLOAD, "hardware-offload"},
}};

}  // namespace

const char* FlowNatName(FlowNat nat) {
  switch (nat) {
    case FlowNat::kNone:
      return "";
    case FlowNat::kSource:
      return "source";
    case FlowNat::kDestination:
      return "destination";
    case FlowNat::kBoth:
      return "both";
  }
  return "unknown";
}

bool TrackedFlow::HasReply() const { return (status & IPS_SEEN_REPLY) != 0; }

FlowNat TrackedFlow::Nat() const {
  const bool source = (status & IPS_SRC_NAT) != 0;
  const bool destination = (status & IPS_DST_NAT) != 0;
  if (source) return destination ? FlowNat::kBoth : FlowNat::kSource;
  return destination ? FlowNat::kDestination : FlowNat::kNone;
}

std::string FlowStateName(const TrackedFlow& flow) {
  const auto states = StatesOf(flow.protocol);
  if (flow.state && *flow.state < states.size()) return states[*flow.state];
  return flow.HasReply() ? "REPLIED" : "UNREPLIED";
}

bool IsClosing(const TrackedFlow& flow) {
  if (flow.protocol != IpProtocol::kTcp || !flow.state) return false;
  return *flow.state >= TCP_CONNTRACK_FIN_WAIT && *flow.state <= TCP_CONNTRACK_CLOSE;
}

std::vector<const char*> FlowStatusNames(const TrackedFlow& flow) {
  std::vector<const char*> names;
  for (const auto& [bit, name] : kStatusNames) {
    if ((flow.status & bit) != 0) names.push_back(name);
  }
  return names;
}

void Update(TrackedFlow& known, const TrackedFlow& told) {
  const TrackedFlow before = std::exchange(known, told);
  if (told.status == 0) known.status = before.status;
  if (!told.state) known.state = before.state;
  if (!told.mark) known.mark = before.mark;
  if (!told.timeout_seconds) known.timeout_seconds = before.timeout_seconds;
  if (!told.sent) known.sent = before.sent;
  if (!told.received) known.received = before.received;
  if (!told.started) known.started = before.started;
}

}  // namespace procwall

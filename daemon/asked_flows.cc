// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/asked_flows.h"

#include <linux/netlink.h>

#include "net/flow_mark.h"

namespace procwall {

Result<AskedFlows> AskedFlows::Open() {
  return AskedFlows(PROCWALL_TRY(NetlinkSocket::Open(NETLINK_NETFILTER)));
}

bool AskedFlows::HasBegun(const Connection& incoming) {
  Connection question = incoming;
  question.direction = Direction::kOutgoing;  // conntrack names a flow by who began it
  auto request = EncodeFlowQuestion(question);
  if (request.empty()) return false;
  return socket_->Request(request, [](Bytes /*flow*/) -> Status { return {}; }).has_value();
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_marks.h"

#include <linux/netlink.h>

#include <utility>

#include "net/flow_message.h"

namespace procwall {
namespace {

constexpr int kDumpTries = 4;  // a table that changes meanwhile
constexpr std::size_t kMostDatagramBytes = std::size_t{16} << 10;
constexpr std::size_t kMaxFlows = std::size_t{1} << 21;

bool IsTcp(Bytes message) {
  const auto news = DecodeFlowNews(message);
  return news && news->flow.protocol == IpProtocol::kTcp;
}

Status Ignore(Bytes /*message*/) { return {}; }

}  // namespace

Result<FlowMarks> FlowMarks::Open(FlowMark mark) {
  if (mark == 0) return FlowMarks();
  return FlowMarks(PROCWALL_TRY(NetlinkSocket::Open(NETLINK_NETFILTER)), mark);
}

void FlowMarks::Note(const Connection& connection) {
  if (socket_ && connection.protocol != IpProtocol::kTcp) Add(EncodeMarkFlow(connection, mark_));
}

void FlowMarks::NoteFirstData(const Connection& connection, MarkChange change) {
  if (socket_) Add(EncodeMarkFlow(connection, mark_, change));
}

void FlowMarks::Add(const std::vector<std::byte>& request) {
  if (noted_.empty() || noted_.back().size() + request.size() > kMostDatagramBytes) {
    noted_.emplace_back();
  }
  noted_.back().insert(noted_.back().end(), request.begin(), request.end());
}

void FlowMarks::Apply() {
  // A flow that has no entry of that name (translated, untracked, or ended already) stays as it is.
  for (const auto& datagram : noted_) {
    if (!datagram.empty()) (void)socket_->Tell(datagram);
  }
  noted_.clear();
}

Result<std::size_t> FlowMarks::Clear(Which which) {
  if (!socket_) return std::size_t{0};
  std::vector<std::vector<std::byte>> requests;
  Status dumped;
  for (int i = 0; i < kDumpTries; ++i) {
    requests.clear();
    auto dump = EncodeMarkedFlowsDump(mark_);
    dumped = socket_->Request(dump, [&](Bytes flow) -> Status {
      if (which == Which::kJudged && IsTcp(flow)) return {};
      if (requests.size() >= kMaxFlows) return Error{Errc::kTooLarge, 0, "dump marked flows"};
      requests.push_back(PROCWALL_TRY(EncodeUnmarkFlow(flow, mark_)));
      return {};
    });
    if (dumped || dumped.error().code != Errc::kBusy) break;
  }
  if (!dumped && dumped.error().code != Errc::kBusy) return dumped.error();
  for (auto& request : requests) (void)socket_->Request(request, &Ignore);  // it may have ended
  return requests.size();
}

}  // namespace procwall

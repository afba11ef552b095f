// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/verdict_templates.h"

#include <arpa/inet.h>

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>

#include <cstring>

namespace procwall {
namespace {

// The first attribute has it.
constexpr std::size_t kIdOffset =
    NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(nfgenmsg)) + NLA_HDRLEN + offsetof(nfqnl_msg_verdict_hdr, id);

}  // namespace

VerdictTemplates::VerdictTemplates(const QueueOptions& queue) {
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    messages_[i] = EncodeVerdict(queue, 0, static_cast<Verdict>(i));
  }
}

void VerdictTemplates::Append(std::uint32_t packet_id, Verdict verdict,
                              std::vector<std::byte>& messages) const {
  const std::vector<std::byte>& message = messages_[static_cast<std::size_t>(verdict)];
  const std::size_t begin = messages.size();
  messages.insert(messages.end(), message.begin(), message.end());
  const std::uint32_t id = htonl(packet_id);
  std::memcpy(&messages[begin + kIdOffset], &id, sizeof(id));
}

}  // namespace procwall

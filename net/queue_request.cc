// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/queue_request.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <libmnl/libmnl.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netfilter/nfnetlink_queue.h>

#include <array>
#include <span>

namespace procwall {
namespace {

// Room for one message under construction; the largest of ours has 60 bytes.
struct Draft {
  // Zeros: libmnl 1.0.4 leaves the padding behind an attribute as it was.
  alignas(nlmsghdr) std::array<char, 128> buffer{};

  nlmsghdr* Begin(int type, std::uint16_t queue_number) {
    return nfq_nlmsg_put(buffer.data(), type, queue_number);
  }
  std::span<const std::byte> Finished(const nlmsghdr* header) const {
    return std::as_bytes(std::span(buffer)).first(header->nlmsg_len);
  }
};

std::vector<std::byte> Copy(std::span<const std::byte> bytes) {
  return {bytes.begin(), bytes.end()};
}

}  // namespace

std::vector<std::byte> EncodeQueueProbe() {
  Draft draft;
  nlmsghdr* header = draft.Begin(NFQNL_MSG_CONFIG, 0);
  header->nlmsg_flags |= NLM_F_ACK;
  // Obsolete since 3.8 and without effect, but the permission is checked.
  nfq_nlmsg_cfg_put_cmd(header, AF_INET, NFQNL_CFG_CMD_PF_BIND);
  return Copy(draft.Finished(header));
}

std::vector<std::byte> EncodeQueueBind(const QueueOptions& options) {
  constexpr std::uint32_t kFlags = NFQA_CFG_F_GSO | NFQA_CFG_F_UID_GID;
  // Flags in the mask that are not in kFlags are cleared.
  constexpr std::uint32_t kMask = kFlags | NFQA_CFG_F_FAIL_OPEN;
  Draft draft;
  nlmsghdr* header = draft.Begin(NFQNL_MSG_CONFIG, options.number);
  header->nlmsg_flags |= NLM_F_ACK;
  nfq_nlmsg_cfg_put_cmd(header, AF_UNSPEC, NFQNL_CFG_CMD_BIND);
  nfq_nlmsg_cfg_put_qmaxlen(header, options.max_length);
  mnl_attr_put_u32(header, NFQA_CFG_FLAGS, htonl(kFlags));
  mnl_attr_put_u32(header, NFQA_CFG_MASK, htonl(kMask));
  return Copy(draft.Finished(header));
}

std::vector<std::byte> EncodeCopyMode(const QueueOptions& options) {
  Draft draft;
  nlmsghdr* header = draft.Begin(NFQNL_MSG_CONFIG, options.number);
  nfq_nlmsg_cfg_put_params(header, NFQNL_COPY_PACKET, static_cast<int>(options.copy_range));
  return Copy(draft.Finished(header));
}

std::vector<std::byte> EncodeVerdict(const QueueOptions& queue, std::uint32_t packet_id,
                                     Verdict verdict) {
  Draft draft;
  nlmsghdr* header = draft.Begin(NFQNL_MSG_VERDICT, queue.number);
  nfq_nlmsg_verdict_put(header, static_cast<int>(packet_id),
                        verdict == Verdict::kDrop ? NF_DROP : NF_ACCEPT);
  const bool marks = verdict == Verdict::kAcceptAndMark || verdict == Verdict::kAcceptAndUnmark;
  if (marks && queue.flow_mark != 0) {
    nlattr* const flow = mnl_attr_nest_start(header, NFQA_CT);
    mnl_attr_put_u32(header, CTA_MARK,
                     htonl(verdict == Verdict::kAcceptAndMark ? queue.flow_mark : 0));
    mnl_attr_put_u32(header, CTA_MARK_MASK, htonl(queue.flow_mark));
    mnl_attr_nest_end(header, flow);
  }
  return Copy(draft.Finished(header));
}

}  // namespace procwall

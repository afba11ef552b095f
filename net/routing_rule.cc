// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/routing_rule.h"

#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include <array>
#include <optional>
#include <span>

#include "net/netlink.h"
#include "net/netlink_message.h"

namespace procwall {
namespace {

constexpr const char* kReadingRoutingRule = "read routing rule";
constexpr std::size_t kMaxRoutingRules = 65536;
constexpr std::uint32_t kAllBits = 0xffffffff;

}  // namespace

std::vector<std::byte> EncodeRoutingRulesDump() {
  alignas(nlmsghdr) std::array<char, 64> buffer{};
  nlmsghdr* const header = mnl_nlmsg_put_header(buffer.data());
  header->nlmsg_type = RTM_GETRULE;
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  mnl_nlmsg_put_extra_header(header, sizeof(fib_rule_hdr));  // AF_UNSPEC: all families
  const auto bytes = std::as_bytes(std::span(buffer)).first(header->nlmsg_len);
  return {bytes.begin(), bytes.end()};
}

Result<RoutingRule> DecodeRoutingRule(Bytes message) {
  ByteReader datagram(message);
  const NetlinkMessage whole = PROCWALL_TRY(ReadNetlinkMessage(datagram));
  if (whole.type != RTM_NEWRULE) return Error{Errc::kMalformed, 0, kReadingRoutingRule};
  ByteReader reader(whole.body);
  PROCWALL_TRY_STATUS(reader.Skip(sizeof(fib_rule_hdr), kReadingRoutingRule));
  RoutingRule rule;
  std::optional<std::uint32_t> mask;
  while (reader.Remaining() > 0) {
    const NetlinkAttribute attribute = PROCWALL_TRY(ReadNetlinkAttribute(reader));
    ByteReader value(attribute.payload);
    if (attribute.type == FRA_PRIORITY) {
      rule.priority = PROCWALL_TRY(value.Read<std::uint32_t>(kReadingRoutingRule));
    } else if (attribute.type == FRA_FWMARK) {
      rule.mark = PROCWALL_TRY(value.Read<std::uint32_t>(kReadingRoutingRule));
    } else if (attribute.type == FRA_FWMASK) {
      mask = PROCWALL_TRY(value.Read<std::uint32_t>(kReadingRoutingRule));
    }
  }
  // The kernel leaves the mask out of rules without a mark.
  rule.mask = mask.value_or(rule.mark == 0 ? 0 : kAllBits);
  return rule;
}

Result<std::vector<RoutingRule>> ReadRulesByMark() {
  NetlinkSocket socket = PROCWALL_TRY(NetlinkSocket::Open(NETLINK_ROUTE));
  std::vector<RoutingRule> rules;
  auto request = EncodeRoutingRulesDump();
  PROCWALL_TRY_STATUS(socket.Request(request, [&](Bytes message) -> Status {
    if (rules.size() >= kMaxRoutingRules) return Error{Errc::kTooLarge, 0, "read routing rules"};
    const RoutingRule rule = PROCWALL_TRY(DecodeRoutingRule(message));
    if (rule.mask != 0) rules.push_back(rule);
    return {};
  }));
  return rules;
}

}  // namespace procwall

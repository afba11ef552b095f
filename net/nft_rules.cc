// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/nft_rules.h"

#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <array>
#include <span>
#include <string_view>

#include "net/netlink_message.h"

namespace procwall {
namespace {

constexpr const char* kReadingNftRule = "read nftables rule";
constexpr std::size_t kMaxNftRules = 65536;
constexpr int kListTries = 4;  // of a table that changes meanwhile

std::string CharactersOf(Bytes bytes) {
  std::string text(bytes.size(), '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) text[i] = static_cast<char>(bytes[i]);
  return text;
}

std::string NameBefore0(Bytes bytes) {
  std::string name = CharactersOf(bytes);
  return name.substr(0, name.find('\0'));
}

}  // namespace

const std::uint32_t kNftNews = std::uint32_t{1} << (NFNLGRP_NFTABLES - 1);

std::vector<std::byte> EncodeNftRulesDump(NftFamily family, const std::string& table) {
  alignas(nlmsghdr) std::array<char, 512> buffer{};
  nlmsghdr* const header = mnl_nlmsg_put_header(buffer.data());
  header->nlmsg_type = static_cast<std::uint16_t>((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETRULE);
  header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  auto* const family_header =
      static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(header, sizeof(nfgenmsg)));
  family_header->nfgen_family = static_cast<std::uint8_t>(family);
  family_header->version = NFNETLINK_V0;
  const std::string name = table.substr(0, NFT_TABLE_MAXNAMELEN - 1);
  mnl_attr_put_strz(header, NFTA_RULE_TABLE, name.c_str());
  const auto bytes = std::as_bytes(std::span(buffer)).first(header->nlmsg_len);
  return {bytes.begin(), bytes.end()};
}

Result<NftRule> DecodeNftRule(Bytes message) {
  ByteReader datagram(message);
  const NetlinkMessage whole = PROCWALL_TRY(ReadNetlinkMessage(datagram));
  constexpr std::uint16_t kNewRule = (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_NEWRULE;
  if (whole.type != kNewRule) return Error{Errc::kMalformed, 0, kReadingNftRule};
  ByteReader reader(whole.body);
  PROCWALL_TRY_STATUS(reader.Skip(sizeof(nfgenmsg), kReadingNftRule));
  NftRule rule;
  while (reader.Remaining() > 0) {
    const NetlinkAttribute attribute = PROCWALL_TRY(ReadNetlinkAttribute(reader));
    if (attribute.type == NFTA_RULE_TABLE) rule.table = NameBefore0(attribute.payload);
    if (attribute.type == NFTA_RULE_CHAIN) rule.chain = NameBefore0(attribute.payload);
    if (attribute.type == NFTA_RULE_EXPRESSIONS) rule.expressions = CharactersOf(attribute.payload);
    if (attribute.type == NFTA_RULE_HANDLE) {
      ByteReader number(attribute.payload);
      rule.handle = PROCWALL_TRY(number.Read<BigEndian<std::uint64_t>>(kReadingNftRule)).host();
    }
  }
  if (rule.table.empty() || rule.chain.empty()) return Error{Errc::kMalformed, 0, kReadingNftRule};
  return rule;
}

Result<std::vector<NftRule>> ReadNftRules(NetlinkSocket& socket, NftFamily family,
                                          const std::string& table) {
  std::vector<NftRule> rules;
  Status dumped;
  for (int i = 0; i < kListTries; ++i) {
    rules.clear();
    auto request = EncodeNftRulesDump(family, table);
    dumped = socket.Request(request, [&](Bytes message) -> Status {
      if (rules.size() >= kMaxNftRules) return Error{Errc::kTooLarge, 0, "read nftables rules"};
      NftRule rule = PROCWALL_TRY(DecodeNftRule(message));
      if (rule.table == table) rules.push_back(std::move(rule));
      return {};
    });
    if (dumped || dumped.error().code != Errc::kBusy) break;
  }
  if (!dumped) return dumped.error();
  return rules;
}

}  // namespace procwall

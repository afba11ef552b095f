// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "net/netlink.h"

namespace procwall {

// The families of nftables' tables, NFPROTO_* of <linux/netfilter.h>.
enum class NftFamily : std::uint8_t { kInet = 1, kIpv4 = 2, kIpv6 = 10 };

// A rule of nftables: iptables-nft's are such, too.
struct NftRule {
  std::string table;
  std::string chain;
  std::uint64_t handle = 0;  // never used twice within a table; a replaced rule gets another
  std::string expressions;   // as they lie in the message: a name that it jumps to is in there

  friend bool operator==(const NftRule&, const NftRule&) = default;
};

// The bit of <linux/netfilter/nfnetlink.h> NFNLGRP_NFTABLES for OpenNetlinkNews(NETLINK_NETFILTER):
// somebody changed tables.
extern const std::uint32_t kNftNews;

// The question for all rules of a table.
std::vector<std::byte> EncodeNftRulesDump(NftFamily family, const std::string& table);
// One message of the answer. Total.
Result<NftRule> DecodeNftRule(Bytes message);

// The rules of a table, in the order of their chains; none if there is no such table. Some 20 us
// for a small table. At most 65,536 (kTooLarge). `socket` is one of NETLINK_NETFILTER.
Result<std::vector<NftRule>> ReadNftRules(NetlinkSocket& socket, NftFamily family,
                                          const std::string& table);

}  // namespace procwall

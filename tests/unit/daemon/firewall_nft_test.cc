// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_nft.h"

#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(NftScript, ReplacesOurTableInOneTransaction) {
  EXPECT_EQ(NftScript({.queue_number = 3, .bypass = true}),
            "add table inet procwall\n"
            "delete table inet procwall\n"
            "table inet procwall {\n"
            "  chain output {\n"
            "    type route hook output priority mangle; policy accept;\n"
            "    tcp flags & (fin | syn | rst | ack) == syn queue num 3 bypass\n"
            "    meta l4proto != tcp ct state new,related,invalid queue num 3 bypass\n"
            "    udp dport 53 queue num 3 bypass\n"
            "  }\n"
            "  chain input {\n"
            "    type filter hook input priority mangle; policy accept;\n"
            "    udp sport 53 ct state established queue num 3 bypass\n"
            "    tcp sport 53 ct state established queue num 3 bypass\n"
            "  }\n"
            "}\n");
}

TEST(NftScript, WithoutBypassPacketsWaitForTheDaemon) {
  EXPECT_EQ(NftScript({.queue_number = 0, .bypass = false}).find("bypass"), std::string::npos);
}

TEST(NftScript, LeavesMarkedFlowsAlone) {
  EXPECT_NE(NftScript({.flow_mark = 0x20000000})
                .find("    ct mark & 0x20000000 == 0x20000000 return\n    meta l4proto != tcp"),
            std::string::npos);
}

TEST(NftScript, FeedsTheFirstDataOfTcpFlowsThatAreMarkedForIt) {
  const std::string script =
      NftScript({.queue_number = 3, .flow_mark = 0x20000000, .looks_into_tls = true});
  EXPECT_NE(script.find("    tcp flags & (fin | syn | rst | psh) == psh ct mark & 0x20000000 == "
                        "0x20000000 ct state established ct direction original queue num 3 "
                        "bypass\n"),
            std::string::npos);
  EXPECT_EQ(NftScript({.flow_mark = 0x20000000}).find("direction"), std::string::npos);
}

TEST(NftScript, MarksFlowsAtTheEndOfTheirWayOut) {
  EXPECT_NE(NftScript({.flow_mark = 0x20000000})
                .find("    type filter hook postrouting priority mangle; policy accept;\n"
                      "    udp dport 53 return\n"
                      "    meta l4proto != tcp ct state new ct mark set ct mark | 0x20000000\n"),
            std::string::npos);
  EXPECT_EQ(NftScript({.flow_mark = 0}).find("postrouting"), std::string::npos);
}

TEST(NftScript, FeedsForwardedFlowsOnWish) {
  const std::string script = NftScript({.queue_number = 3, .bypass = true, .forwarded = true});
  EXPECT_NE(script.find("    type filter hook forward priority mangle; policy accept;\n"
                        "    tcp flags & (fin | syn | rst | ack) == syn queue num 3 bypass\n"),
            std::string::npos);
}

TEST(NftScript, BalancesSeveralQueues) {
  EXPECT_NE(NftScript({.queue_number = 3, .queues = 4}).find("queue num 3-6 bypass\n"),
            std::string::npos);
}

TEST(NftScript, FeedsIncomingFlowsOnWishButNotThoseOfThisHost) {
  EXPECT_NE(NftScript({.queue_number = 3, .incoming = true})
                .find("    tcp sport 53 ct state established queue num 3 bypass\n"
                      "    iifname \"lo\" return\n"
                      "    tcp flags & (fin | syn | rst | ack) == syn queue num 3 bypass\n"
                      "    meta l4proto != tcp ct state new,invalid queue num 3 bypass\n"),
            std::string::npos);
}

TEST(NftScript, LeavesLoopbackAloneOnWish) {
  EXPECT_NE(NftScript({.loopback = false}).find("    oifname \"lo\" return\n    tcp flags"),
            std::string::npos);
}

TEST(NftScript, JumpsToSystemRulesBeforeItQueues) {
  const NftSystem system{.chains = {{"system_mangle_output_0", "output", "", {"icmp accept"}},
                                    {"system_filter_input_1",
                                     "input",
                                     "type filter hook input priority filter; policy drop;",
                                     {}}},
                         .refused = {}};
  const std::string script = NftScript({}, system);
  EXPECT_NE(script.find("  chain system_mangle_output_0 {\n    icmp accept\n  }\n"),
            std::string::npos);
  EXPECT_NE(script.find("    jump system_mangle_output_0\n    tcp flags"), std::string::npos);
  EXPECT_NE(script.find("  chain system_filter_input_1 {\n    type filter hook input priority "
                        "filter; policy drop;\n  }\n"),
            std::string::npos);
  EXPECT_EQ(script.find("jump system_filter_input_1"), std::string::npos);
}

}  // namespace
}  // namespace procwall

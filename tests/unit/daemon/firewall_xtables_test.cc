// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_xtables.h"

#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(XtablesScript, FeedsTheQueueFromChainsOfOurOwn) {
  EXPECT_EQ(XtablesScript({.queue_number = 3, .bypass = true}),
            "*mangle\n"
            ":PROCWALL-OUTPUT - [0:0]\n"
            ":PROCWALL-INPUT - [0:0]\n"
            "-A PROCWALL-OUTPUT -p tcp --tcp-flags FIN,SYN,RST,ACK SYN -j NFQUEUE --queue-num 3 "
            "--queue-bypass\n"
            "-A PROCWALL-OUTPUT ! -p tcp -m conntrack --ctstate NEW,RELATED,INVALID -j NFQUEUE "
            "--queue-num 3 --queue-bypass\n"
            "-A PROCWALL-OUTPUT -p udp --dport 53 -j NFQUEUE --queue-num 3 --queue-bypass\n"
            "-A PROCWALL-INPUT -p udp --sport 53 -m conntrack --ctstate ESTABLISHED -j NFQUEUE "
            "--queue-num 3 --queue-bypass\n"
            "-A PROCWALL-INPUT -p tcp --sport 53 -m conntrack --ctstate ESTABLISHED -j NFQUEUE "
            "--queue-num 3 --queue-bypass\n"
            "-A OUTPUT -j PROCWALL-OUTPUT\n"
            "-A INPUT -j PROCWALL-INPUT\n"
            "COMMIT\n");
}

TEST(XtablesScript, WithoutBypassPacketsWaitForTheDaemon) {
  EXPECT_EQ(XtablesScript({.queue_number = 0, .bypass = false}).find("bypass"), std::string::npos);
}

TEST(XtablesScript, TakesAPredecessorsChainsOver) {
  const XtablesStanding standing{.led_to = {{"mangle", "PROCWALL-OUTPUT"},
                                            {"mangle", "PROCWALL-INPUT"},
                                            {"mangle", "PROCWALL-FORWARD"}}};
  const std::string script = XtablesScript({}, {}, standing);
  EXPECT_EQ(script.find("-A OUTPUT -j"), std::string::npos) << script;
  EXPECT_TRUE(
      script.ends_with("-D FORWARD -j PROCWALL-FORWARD\n"
                       "-F PROCWALL-FORWARD\n"
                       "-X PROCWALL-FORWARD\n"
                       "COMMIT\n"))
      << script;
}

TEST(XtablesScript, LeavesMarkedFlowsAlone) {
  const std::string script = XtablesScript({.forwarded = true, .flow_mark = 0x20000000});
  for (const char* hook : {"OUTPUT", "FORWARD"}) {
    const std::string chain = std::string("-A PROCWALL-") + hook;
    EXPECT_NE(script.find(chain + " -m connmark --mark 0x20000000/0x20000000 -j RETURN\n" + chain +
                          " ! -p tcp"),
              std::string::npos)
        << script;
  }
}

TEST(XtablesScript, FeedsTheFirstDataOfTcpFlowsThatAreMarkedForIt) {
  const FirewallRules rules{.queue_number = 3, .forwarded = true, .flow_mark = 0x20000000};
  EXPECT_EQ(XtablesScript(rules).find("ctdir"), std::string::npos);
  FirewallRules looking = rules;
  looking.looks_into_tls = true;
  for (const char* hook : {"OUTPUT", "FORWARD"}) {
    EXPECT_NE(XtablesScript(looking).find(
                  std::string("-A PROCWALL-") + hook +
                  " -p tcp -m connmark --mark 0x20000000/0x20000000 -m conntrack --ctstate "
                  "ESTABLISHED --ctdir ORIGINAL -m tcp --tcp-flags FIN,SYN,RST,PSH PSH -j NFQUEUE "
                  "--queue-num 3 --queue-bypass\n"),
              std::string::npos)
        << hook;
  }
  looking.flow_mark = 0;
  EXPECT_EQ(XtablesScript(looking).find("ctdir"), std::string::npos);
}

TEST(XtablesScript, MarksFlowsAtTheEndOfTheirWayOut) {
  const std::string script = XtablesScript({.flow_mark = 0x20000000});
  EXPECT_NE(script.find("-A PROCWALL-POSTROUTING -p udp --dport 53 -j RETURN\n"
                        "-A PROCWALL-POSTROUTING ! -p tcp -m conntrack --ctstate NEW -j CONNMARK "
                        "--set-xmark 0x20000000/0x20000000\n"
                        "-A POSTROUTING -j PROCWALL-POSTROUTING\nCOMMIT\n"),
            std::string::npos)
      << script;
  EXPECT_EQ(XtablesScript({.flow_mark = 0}).find("POSTROUTING"), std::string::npos);
}

TEST(XtablesScript, FeedsForwardedFlowsOnWish) {
  const std::string script = XtablesScript({.queue_number = 3, .bypass = true, .forwarded = true});
  EXPECT_NE(script.find("-A FORWARD -j PROCWALL-FORWARD\nCOMMIT\n"), std::string::npos);
  EXPECT_NE(script.find("-A PROCWALL-FORWARD -p tcp --tcp-flags FIN,SYN,RST,ACK SYN -j NFQUEUE "
                        "--queue-num 3 --queue-bypass\n"),
            std::string::npos);
}

TEST(XtablesScript, BalancesSeveralQueues) {
  EXPECT_NE(XtablesScript({.queue_number = 3, .queues = 4})
                .find("-j NFQUEUE --queue-balance 3:6 --queue-bypass\n"),
            std::string::npos);
}

TEST(XtablesScript, FeedsIncomingFlowsOnWishButNotThoseOfThisHost) {
  EXPECT_NE(XtablesScript({.queue_number = 3, .bypass = false, .incoming = true})
                .find("-A PROCWALL-INPUT -i lo -j RETURN\n"
                      "-A PROCWALL-INPUT -p tcp --tcp-flags FIN,SYN,RST,ACK SYN -j NFQUEUE "
                      "--queue-num 3\n"
                      "-A PROCWALL-INPUT ! -p tcp -m conntrack --ctstate NEW,INVALID -j NFQUEUE "
                      "--queue-num 3\n"),
            std::string::npos);
}

TEST(XtablesScript, LeavesLoopbackAloneOnWish) {
  EXPECT_NE(XtablesScript({.loopback = false})
                .find("-A PROCWALL-OUTPUT -o lo -j RETURN\n-A PROCWALL-OUTPUT -p tcp"),
            std::string::npos);
}

TEST(XtablesScript, AddsNoJumpThatIsThere) {
  const std::string script =
      XtablesScript({}, {}, {.led_to = {{"mangle", "PROCWALL-OUTPUT"}}, .system_chains = {}});
  EXPECT_EQ(script.find("-A OUTPUT -j"), std::string::npos);
  EXPECT_NE(script.find("-A INPUT -j PROCWALL-INPUT\n"), std::string::npos);
}

TEST(XtablesScript, SystemRulesComeBeforeAllOthers) {
  const XtablesSystem system{
      .chains = {{"mangle", "OUTPUT", {"-p icmp -j ACCEPT"}}, {"filter", "INPUT", {"-j DROP"}}},
      .refused = {}};
  const std::string script = XtablesScript({}, system);
  EXPECT_NE(script.find(":PROCWALL-SYS-OUTPUT - [0:0]\n"
                        "-A PROCWALL-SYS-OUTPUT -p icmp -j ACCEPT\n"
                        "-I OUTPUT 1 -j PROCWALL-SYS-OUTPUT\n"),
            std::string::npos)
      << script;
  EXPECT_NE(script.find("*filter\n:PROCWALL-SYS-INPUT - [0:0]\n-A PROCWALL-SYS-INPUT -j DROP\n"
                        "-I INPUT 1 -j PROCWALL-SYS-INPUT\nCOMMIT\n"),
            std::string::npos)
      << script;
}

TEST(XtablesScript, EmptiesSystemChainsThatAreNotWantedAnyMore) {
  EXPECT_NE(
      XtablesScript({}, {}, {.led_to = {}, .system_chains = {{"filter", "PROCWALL-SYS-INPUT"}}})
          .find("*filter\n:PROCWALL-SYS-INPUT - [0:0]\nCOMMIT\n"),
      std::string::npos);
}

}  // namespace
}  // namespace procwall

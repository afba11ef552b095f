// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Rules on addresses, ports, protocols and interfaces: what they match, and what comes close.
#include <gtest/gtest.h>

#include "tests/unit/rules/golden_rule.h"

namespace procwall {
namespace {

void ToRouter(Scene& s) { s.connection.remote.address = Ip("192.168.1.1"); }
void OverIpv6(Scene& s) {
  s.connection.local.address = Ip("2001:db8::7");
  s.connection.remote.address = Ip("2001:db8:1::9");
}
// The other side began: it is the source now.
void ComesIn(Scene& s) { s.connection.direction = Direction::kIncoming; }
constexpr CloseMiss kComesIn{"the other way round", ComesIn};

std::vector<GoldenRule> DestinationGoldens() {
  constexpr CloseMiss kNext{"the next address",
                            [](Scene& s) { s.connection.remote.address = Ip("203.0.113.10"); }};
  return {
      {R"({"type": "simple", "operand": "dest.ip", "data": "203.0.113.9"})",
       AsItIs,
       {kNext,
        kComesIn,
        {"its IPv6 look-alike",
         [](Scene& s) {
           OverIpv6(s);
           s.connection.remote.address = Ip("::203.0.113.9");
         }}}},
      {R"({"type": "simple", "operand": "dest.ip", "sensitive": true, "data": "2001:DB8:1::0009"})",
       OverIpv6,
       {{"the next address", [](Scene& s) { s.connection.remote.address = Ip("2001:db8:1::a"); }}}},
      // What OpenSnitch's GUI makes of "to 203.0.113.*".
      {R"({"type": "regexp", "operand": "dest.ip", "data": "^203\\.0\\.113\\..*"})",
       AsItIs,
       {{"the network beside it",
         [](Scene& s) { s.connection.remote.address = Ip("203.0.114.9"); }}}},
      {R"({"type": "network", "operand": "dest.network", "data": "203.0.113.200/24"})",
       AsItIs,
       {{"the next network", [](Scene& s) { s.connection.remote.address = Ip("203.0.114.0"); }},
        kComesIn,
        {"IPv6", OverIpv6}}},
      {R"({"type": "network", "operand": "dest.network", "data": "2001:db8:1::/48"})",
       OverIpv6,
       {{"the next network", [](Scene& s) { s.connection.remote.address = Ip("2001:db8:2::"); }}}},
      {R"({"type": "network", "operand": "dest.network", "data": "LAN"})",
       ToRouter,
       {{"the world", [](Scene& s) { s.connection.remote.address = Ip("192.169.1.1"); }}}},
      {R"({"type": "network", "operand": "dest.network", "data": "MULTICAST"})",
       [](Scene& s) { s.connection.remote.address = Ip("ff02::fb"); },
       {{"link-local", [](Scene& s) { s.connection.remote.address = Ip("fe80::fb"); }}}},
      {R"({"type": "network", "operand": "dest.ip", "data": "203.0.113.8/31"})", AsItIs, {kNext}},
  };
}

std::vector<GoldenRule> SourceGoldens() {
  return {
      {R"({"type": "simple", "operand": "source.ip", "data": "192.0.2.7"})",
       AsItIs,
       {{"another address of this host",
         [](Scene& s) { s.connection.local.address = Ip("192.0.2.8"); }},
        kComesIn}},
      {R"({"type": "regexp", "operand": "source.ip", "data": "^192\\.0\\.2\\."})",
       AsItIs,
       {{"longer numbers", [](Scene& s) { s.connection.local.address = Ip("192.0.20.7"); }}}},
      {R"({"type": "network", "operand": "source.network", "data": "203.0.113.0/24"})",
       ComesIn,
       {{"sent there", [](Scene& s) { s.connection.direction = Direction::kOutgoing; }}}},
      {R"({"type": "network", "operand": "source.ip", "data": "LAN"})",
       [](Scene& s) { s.connection.local.address = Ip("10.0.0.1"); },
       {{"the world", [](Scene& s) { s.connection.local.address = Ip("11.0.0.1"); }}}},
  };
}

std::vector<GoldenRule> PortGoldens() {
  constexpr CloseMiss kNext{"the next port", [](Scene& s) { s.connection.remote.port = 444; }};
  constexpr CloseMiss kNextSource{"the next port",
                                  [](Scene& s) { s.connection.local.port = 40001; }};
  return {
      {R"({"type": "simple", "operand": "dest.port", "sensitive": false, "data": "443"})",
       AsItIs,
       {kNext, {"the one before", [](Scene& s) { s.connection.remote.port = 442; }}, kComesIn}},
      {R"({"type": "simple", "operand": "dest.port", "data": "0443"})", AsItIs, {kNext}},
      {R"({"type": "regexp", "operand": "dest.port", "data": "^(53|80|443)$"})",
       AsItIs,
       {kNext, {"more digits", [](Scene& s) { s.connection.remote.port = 4433; }}}},
      {R"({"type": "range", "operand": "dest.port", "data": "400-443"})",
       AsItIs,
       {kNext, {"below it", [](Scene& s) { s.connection.remote.port = 399; }}}},
      {R"({"type": "range", "operand": "dest.port", "data": "443 - 443"})",
       AsItIs,
       {kNext, {"the one before", [](Scene& s) { s.connection.remote.port = 442; }}}},
      {R"({"type": "simple", "operand": "source.port", "data": "40000"})",
       AsItIs,
       {kNextSource,
        {"its destination",
         [](Scene& s) { std::swap(s.connection.local.port, s.connection.remote.port); }}}},
      {R"({"type": "range", "operand": "source.port", "data": "32768-40000"})",
       AsItIs,
       {kNextSource, {"below it", [](Scene& s) { s.connection.local.port = 32767; }}}},
      {R"({"type": "simple", "operand": "dest.port", "data": "0"})",
       [](Scene& s) {
         s.connection.protocol = IpProtocol::kIcmp;
         s.connection.local.port = s.connection.remote.port = 0;
       },
       {{"a port", [](Scene& s) { s.connection.remote.port = 1; }}}},
  };
}

std::vector<GoldenRule> WayGoldens() {
  constexpr CloseMiss kUdp{"UDP", [](Scene& s) { s.connection.protocol = IpProtocol::kUdp; }};
  return {
      {R"({"type": "simple", "operand": "protocol", "data": "TCP"})",
       AsItIs,
       {kUdp, {"IPv6", OverIpv6}}},
      {R"({"type": "simple", "operand": "protocol", "sensitive": true, "data": "tcp6"})",
       OverIpv6,
       {kUdp, {"IPv4", [](Scene& s) { s.connection = ToExample(); }}}},
      {R"({"type": "regexp", "operand": "protocol", "data": "^udp"})",
       [](Scene& s) {
         OverIpv6(s);
         s.connection.protocol = IpProtocol::kUdp;
       },
       {{"TCP", [](Scene& s) { s.connection.protocol = IpProtocol::kTcp; }}}},
      {R"({"type": "simple", "operand": "protocol", "data": "icmp6"})",
       [](Scene& s) {
         OverIpv6(s);
         s.connection.protocol = IpProtocol::kIcmpV6;
       },
       {{"SCTP", [](Scene& s) { s.connection.protocol = IpProtocol::kSctp; }}}},
      {R"({"type": "simple", "operand": "direction", "data": "incoming"})",
       ComesIn,
       {{"outgoing", [](Scene& s) { s.connection.direction = Direction::kOutgoing; }},
        {"forwarded", [](Scene& s) { s.connection.direction = Direction::kForwarded; }}}},
      {R"({"type": "simple", "operand": "iface.out", "sensitive": true, "data": "eth0"})",
       AsItIs,
       {{"the next interface", [](Scene& s) { s.out_interface = "eth1"; }},
        {"none that is known", [](Scene& s) { s.out_interface = ""; }},
        {"another letter case", [](Scene& s) { s.out_interface = "ETH0"; }},
        {"it came in there", [](Scene& s) { std::swap(s.in_interface, s.out_interface); }}}},
      {R"({"type": "glob", "operand": "iface.out", "data": "eth*"})",
       AsItIs,
       {{"another kind", [](Scene& s) { s.out_interface = "veth0"; }}}},
      {R"({"type": "simple", "operand": "iface.in", "data": "wg0"})",
       [](Scene& s) {
         s.in_interface = "wg0";
         s.out_interface = "";
       },
       {{"the next interface", [](Scene& s) { s.in_interface = "wg1"; }},
        {"it goes out there", [](Scene& s) { std::swap(s.in_interface, s.out_interface); }}}},
      // No interface is not an empty name.
      {R"({"type": "regexp", "operand": "iface.in", "data": "^(lo)?$"})",
       [](Scene& s) { s.in_interface = "lo"; },
       {{"none", [](Scene& s) { s.in_interface = ""; }}}},
  };
}

}  // namespace

std::vector<GoldenRule> NetworkGoldens() {
  std::vector<GoldenRule> all;
  for (const auto& part : {DestinationGoldens(), SourceGoldens(), PortGoldens(), WayGoldens()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

TEST(GoldenRules, OnTheNetworkDecide) { Judge(NetworkGoldens()); }

}  // namespace procwall

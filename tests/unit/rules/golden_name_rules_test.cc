// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Rules on names of destinations, and on when and where this host is.
#include <gtest/gtest.h>

#include "tests/unit/rules/golden_rule.h"

namespace procwall {
namespace {

std::vector<GoldenRule> HostGoldens() {
  return {
      {R"({"type": "simple", "operand": "dest.host", "data": "WWW.Example.net"})",
       AsItIs,
       {{"the domain above", [](Scene& s) { s.host = "example.net"; }},
        {"a name below", [](Scene& s) { s.host = "a.www.example.net"; }},
        kNameless}},
      {R"({"type": "simple", "operand": "dest.host", "sensitive": true, "data": "www.example.net"})",
       AsItIs,
       {{"another letter case", [](Scene& s) { s.host = "www.Example.net"; }}, kNameless}},
      // As OpenSnitch's GUI writes "*.example.net": 1.5.8 without an end, newer ones with it.
      {R"({"type": "regexp", "operand": "dest.host", "data": "^(|.*\\.)example\\.net"})",
       [](Scene& s) { s.host = "Example.net"; },
       {{"a name that ends so", [](Scene& s) { s.host = "myexample.net"; }}, kNameless}},
      {R"({"type": "regexp", "operand": "dest.host", "data": "^(|.*\\.)example\\.net$"})",
       AsItIs,
       {{"a name that goes on", [](Scene& s) { s.host = "www.example.network"; }},
        {"another character for the dot", [](Scene& s) { s.host = "www.example-net"; }},
        kNameless}},
      // The pattern is not lower-cased: \D stays "no digit".
      {R"({"type": "regexp", "operand": "dest.host", "data": "^WWW\\D"})",
       AsItIs,
       {{"a digit", [](Scene& s) { s.host = "www1.example.net"; }}}},
      {R"({"type": "simple", "operand": "dest.host", "data": ""})",
       Nameless,
       {{"a name", [](Scene& s) { s.host = "a"; }}}},
      {R"({"type": "regexp", "operand": "dest.host", "data": "^$"})",
       Nameless,
       {{"a name", [](Scene& s) { s.host = "a"; }}}},
      {R"({"type": "glob", "operand": "dest.host", "data": "www.*.net"})",
       AsItIs,
       {{"another name", [](Scene& s) { s.host = "ftp.example.net"; }}, kNameless}},
  };
}

std::vector<GoldenRule> DomainGoldens() {
  return {
      {R"({"type": "simple", "operand": "dest.domain", "sensitive": true, "data": "Example.NET"})",
       AsItIs,
       {{"a name that ends so", [](Scene& s) { s.host = "myexample.net"; }},
        {"the domain above", [](Scene& s) { s.host = "net"; }},
        kNameless}},
      {R"({"type": "simple", "operand": "dest.domain", "data": "example.net"})",
       [](Scene& s) { s.host = "example.net"; },
       {{"the same name below another", [](Scene& s) { s.host = "example.net.org"; }}}},
      {R"({"type": "simple", "operand": "dest.domain", "data": "*.example.net"})",
       AsItIs,
       {{"the domain itself", [](Scene& s) { s.host = "example.net"; }}, kNameless}},
      {R"({"type": "regexp", "operand": "dest.domain", "data": "^www\\."})",
       AsItIs,
       {{"in the middle", [](Scene& s) { s.host = "a.www.example.net"; }}, kNameless}},
      {R"({"type": "simple", "operand": "dest.sni", "sensitive": true, "data": "www.example.net"})",
       AsItIs,
       {{"another letter case", [](Scene& s) { s.sni = "WWW.example.net"; }},
        {"the address has that name, the packet does not say it", [](Scene& s) { s.sni = ""; }}}},
      // What the packet does not say is not an empty name.
      {R"({"type": "regexp", "operand": "dest.sni", "data": "^$|EXAMPLE"})",
       AsItIs,
       {{"it says another", [](Scene& s) { s.sni = "www.test"; }},
        {"it says none", [](Scene& s) { s.sni = ""; }}}},
  };
}

}  // namespace

std::vector<GoldenRule> NameGoldens() {
  std::vector<GoldenRule> all = HostGoldens();
  const std::vector<GoldenRule> domains = DomainGoldens();
  all.insert(all.end(), domains.begin(), domains.end());
  return all;
}

std::vector<GoldenRule> MomentGoldens() {
  constexpr CloseMiss kUntold{"nobody knows the time", [](Scene& s) { s.now = {}; }};
  return {
      {R"({"type": "simple", "operand": "true", "sensitive": false, "data": ""})", AsItIs, {}},
      {R"({"type": "regexp", "operand": "true", "data": ".*"})",
       [](Scene& s) {
         s.process.reset();
         s.host = "";
       },
       {}},
      {R"({"type": "simple", "operand": "time", "data": "Mon-Fri 08:00-18:00"})",
       [](Scene& s) { s.now = LocalTime(4, 17, 59); },
       {{"a minute later", [](Scene& s) { s.now = LocalTime(4, 18); }},
        {"a day later", [](Scene& s) { s.now = LocalTime(5, 17, 59); }},
        {"too early", [](Scene& s) { s.now = LocalTime(0, 7, 59); }},
        kUntold}},
      {R"({"type": "simple", "operand": "time", "data": "Fri 22:00-06:00; Sun"})",
       [](Scene& s) { s.now = LocalTime(5, 5, 59); },  // it began on Friday
       {{"the morning before", [](Scene& s) { s.now = LocalTime(4, 5, 59); }},
        {"a minute later", [](Scene& s) { s.now = LocalTime(5, 6); }}}},
      {R"({"type": "simple", "operand": "network.profile", "sensitive": true, "data": "home"})",
       AsItIs,
       {{"another network", [](Scene& s) { s.profile = "other"; }},
        {"another letter case", [](Scene& s) { s.profile = "Home"; }},
        {"no networks are configured", [](Scene& s) { s.profile = ""; }}}},
      {R"({"type": "regexp", "operand": "network.profile", "data": "^(other)?$"})",
       [](Scene& s) { s.profile = "other"; },
       {{"at home", [](Scene& s) { s.profile = "home"; }},
        {"no networks are configured", [](Scene& s) { s.profile = ""; }}}},
  };
}

TEST(GoldenRules, OnNamesDecide) { Judge(NameGoldens()); }

TEST(GoldenRules, OnWhenAndWhereWeAreDecide) { Judge(MomentGoldens()); }

}  // namespace procwall

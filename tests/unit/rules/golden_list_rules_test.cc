// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Rules of several conditions, and rules on lists in files: what they match, and what comes close.
#include <gtest/gtest.h>

#include "tests/unit/rules/golden_rule.h"

namespace procwall {
namespace {

constexpr CloseMiss kOtherProgram{"another program",
                                  [](Scene& s) { s.process->path = "/usr/bin/wget"; }};
void ToBadNetwork(Scene& s) { s.connection.remote.address = Ip("198.51.100.255"); }
constexpr CloseMiss kNextNetwork{
    "the next network", [](Scene& s) { s.connection.remote.address = Ip("198.51.101.0"); }};

std::vector<GoldenRule> ListOfConditionsGoldens() {
  return {
      // 1.6.6 and later.
      {R"({"operand": "list", "data": "", "type": "list", "sensitive": false, "list": [
             {"operand": "process.path", "data": "/usr/bin/curl", "type": "simple", "list": null, "sensitive": true},
             {"operand": "dest.host", "data": "^(|.*\\.)example\\.net$", "type": "regexp", "list": null},
             {"operand": "dest.network", "data": "203.0.113.0/24", "type": "network", "list": null}]})",
       AsItIs,
       {kOtherProgram,
        kUnknownProgram,
        kNameless,
        {"another network", [](Scene& s) { s.connection.remote.address = Ip("192.0.2.1"); }}}},
      // 1.5.8, from the GUI: as text as well.
      {R"({"type": "list", "operand": "list", "sensitive": false,
           "data": "[{\"type\": \"simple\", \"operand\": \"process.path\", \"data\": \"/usr/bin/curl\"}, {\"type\": \"simple\", \"operand\": \"dest.port\", \"data\": \"443\"}]",
           "list": [
             {"type": "simple", "operand": "process.path", "sensitive": false, "data": "/usr/bin/curl", "list": null},
             {"type": "simple", "operand": "dest.port", "sensitive": false, "data": "443", "list": null}]})",
       AsItIs,
       {kOtherProgram, kUnknownProgram, kNextPort}},
      // 1.5.8, saved while it was disabled: as text only.
      {R"({"type": "list", "operand": "list", "sensitive": false, "list": null,
           "data": "[{\"type\": \"simple\", \"operand\": \"process.path\", \"data\": \"/usr/bin/curl\", \"sensitive\": true}, {\"type\": \"simple\", \"operand\": \"dest.port\", \"data\": \"443\"}]"})",
       AsItIs,
       {kOtherProgram,
        kNextPort,
        {"another letter case", [](Scene& s) { s.process->path = "/usr/bin/CURL"; }}}},
      // If they differ, the list counts.
      {R"({"type": "list", "operand": "list",
           "data": "[{\"type\": \"simple\", \"operand\": \"true\", \"data\": \"\"}]",
           "list": [{"type": "simple", "operand": "dest.port", "data": "443"}]})",
       AsItIs,
       {kNextPort}},
      // Each condition has its own letter case, whatever the list's.
      {R"({"type": "list", "operand": "list", "sensitive": true, "data": "", "list": [
             {"type": "simple", "operand": "process.path", "sensitive": false, "data": "/usr/bin/CURL"},
             {"type": "simple", "operand": "process.env.LANG", "sensitive": true, "data": "C"}]})",
       AsItIs,
       {{"the variable in another case", [](Scene& s) { s.environment->variables = {"LANG=c"}; }},
        kOtherProgram}},
      {R"({"type": "list", "operand": "list", "list": [
             {"type": "simple", "operand": "user.id", "data": "1000"},
             {"type": "list", "operand": "list", "list": [
               {"type": "range", "operand": "dest.port", "data": "400-443"},
               {"type": "list", "list": [
                 {"type": "directory", "operand": "process.path", "data": "/usr/bin"}]}]}]})",
       AsItIs,
       {{"the innermost does not hold", [](Scene& s) { s.process->path = "/bin/curl"; }},
        {"the outermost does not hold", [](Scene& s) { s.connection.uid = 0; }},
        kNextPort}},
      {R"({"type": "list", "operand": "list", "list": [
             {"type": "simple", "operand": "true", "data": ""},
             {"type": "lists", "operand": "lists.ips", "data": "/etc/procwall/lists/networks"}]})",
       ToBadNetwork,
       {kNextNetwork}},
  };
}

std::vector<GoldenRule> ListInFilesGoldens() {
  return {
      {R"({"type": "lists", "operand": "lists.domains", "sensitive": false,
           "data": "/etc/procwall/lists/ads/", "list": null})",
       [](Scene& s) { s.host = "www.ADS.example"; },
       {{"a name below", [](Scene& s) { s.host = "a.ads.example"; }},
        {"a name that ends so", [](Scene& s) { s.host = "bads.example"; }},
        kNameless}},
      {R"({"type": "lists", "operand": "lists.domains", "data": "/etc/procwall/lists/ads"})",
       [](Scene& s) { s.host = "a.metrics.example"; },
       {{"only what is below", [](Scene& s) { s.host = "metrics.example"; }}}},
      // Case never matters for names.
      {R"({"type": "lists", "operand": "lists.domains", "sensitive": true,
           "data": "/etc/procwall/lists/ads"})",
       [](Scene& s) { s.host = "tracker.example"; },
       {{"a name below", [](Scene& s) { s.host = "a.tracker.example"; }}}},
      {R"({"type": "lists", "operand": "lists.domains_regexp",
           "data": "/etc/procwall/lists/patterns"})",
       [](Scene& s) { s.host = "A.TRACKER.example"; },
       {{"a name that ends so", [](Scene& s) { s.host = "mytracker.example"; }}, kNameless}},
      {R"({"type": "lists", "operand": "lists.domains_regexp", "sensitive": true,
           "data": "/etc/procwall/lists/patterns"})",
       [](Scene& s) { s.host = "ad7.example"; },
       {{"another letter case", [](Scene& s) { s.host = "AD7.example"; }},
        {"a letter more", [](Scene& s) { s.host = "bad7.example"; }}}},
      {R"({"type": "lists", "operand": "lists.ips", "data": "/etc/procwall/lists/networks"})",
       [](Scene& s) {
         s.connection.local.address = Ip("2001:db8::1");
         s.connection.remote.address = Ip("2001:db8::7");
       },
       {{"the next address", [](Scene& s) { s.connection.remote.address = Ip("2001:db8::8"); }},
        {"the source", [](Scene& s) { s.connection.direction = Direction::kIncoming; }}}},
      {R"({"type": "lists", "operand": "lists.nets", "data": "/etc/procwall/lists/networks"})",
       ToBadNetwork,
       {kNextNetwork}},
      {R"({"type": "lists", "operand": "lists.hash.md5", "data": "/etc/procwall/lists/hashes"})",
       AsItIs,
       {{"another digit", [](Scene& s) { s.hashes->md5.back() = '9'; }},
        {"no hash is known", [](Scene& s) { s.hashes.reset(); }},
        {"only others are known", [](Scene& s) { s.hashes->md5.clear(); }}}},
  };
}

}  // namespace

std::vector<GoldenRule> ListGoldens() {
  std::vector<GoldenRule> all = ListOfConditionsGoldens();
  const std::vector<GoldenRule> in_files = ListInFilesGoldens();
  all.insert(all.end(), in_files.begin(), in_files.end());
  return all;
}

TEST(GoldenRules, OfListsDecide) { Judge(ListGoldens()); }

}  // namespace procwall

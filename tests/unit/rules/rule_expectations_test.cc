// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_expectations.h"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "rules/time_window.h"
#include "tests/unit/rules/temporary_directory.h"
#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

constexpr std::string_view kText = R"([
  // curl is for the web
  {"name": "curl has the web", "program": "/usr/bin/curl", "user": 1000,
   "to": "203.0.113.9", "port": 443, "host": "example.net", "sni": "www.example.net", "expect": "allow", "rule": "curl"},
  {"to": "2001:db8::1", "port": "53", "protocol": "udp", "expect": "default"}
])";

RuleSet CurlOnly() {
  return RuleSet::Compile(
      {MakeRule("curl", RuleAction::kAllow, Is("process.path", "/usr/bin/curl"))}, nullptr);
}
std::string ErrorOfExpectations(std::string_view text) {
  const auto parsed = ParseExpectations(text, "f");
  return parsed ? "" : parsed.error().ToString();
}

TEST(ParseExpectations, ReadsSituationAndVerdict) {
  const auto expectations = ParseExpectations(kText, "f").value();
  ASSERT_EQ(expectations.size(), 2U);
  const Expectation& curl = expectations[0];
  EXPECT_EQ(curl.name, "curl has the web");
  EXPECT_EQ(curl.situation.processes.at(0).path, "/usr/bin/curl");
  EXPECT_EQ(curl.situation.connection.remote, (Endpoint{Ip("203.0.113.9"), 443}));
  EXPECT_EQ(curl.situation.connection.uid, 1000U);
  EXPECT_EQ(curl.situation.host, "example.net");
  EXPECT_EQ(curl.situation.sni, "www.example.net");
  EXPECT_EQ(curl.action, RuleAction::kAllow);
  EXPECT_EQ(expectations[1].name, "expectation 2");
  EXPECT_EQ(expectations[1].action, std::nullopt);
  EXPECT_EQ(expectations[1].situation.connection.Family(), IpFamily::kV6);
}

TEST(ParseExpectations, ReadsWhereFromAndWhen) {
  const auto expectations =
      ParseExpectations(R"([{"to": "192.0.2.7", "port": 22, "source": "203.0.113.9",
        "source-port": 4000, "direction": "incoming", "at": "Sat 22:30", "expect": "deny"}])",
                        "f")
          .value();
  const Situation& situation = expectations.at(0).situation;
  EXPECT_EQ(situation.connection.direction, Direction::kIncoming);
  EXPECT_EQ(situation.connection.local, (Endpoint{Ip("192.0.2.7"), 22}));
  EXPECT_EQ(situation.connection.remote, (Endpoint{Ip("203.0.113.9"), 4000}));
  EXPECT_EQ(LocalWeekTime(situation.now).minute, 5 * kMinutesOfDay + 22 * 60 + 30);
}

TEST(ParseExpectations, SaysWhatIsWrong) {
  EXPECT_EQ(ErrorOfExpectations("[\n  {]"), "f:2:4: this is not JSON");
  EXPECT_EQ(ErrorOfExpectations("{}"), "f: expectations are a JSON array of objects");
  EXPECT_EQ(ErrorOfExpectations("[7]"), "f: expectation 1: it is not an object");
  EXPECT_EQ(ErrorOfExpectations(R"([{"to": "192.0.2.1"}])"),
            "f: expectation 1: \"expect\" is missing");
  EXPECT_EQ(ErrorOfExpectations(R"([{"expect": "deny"}])"), "f: expectation 1: \"to\" is missing");
  EXPECT_EQ(ErrorOfExpectations(R"([{"expect": "no"}])"),
            "f: expectation 1: \"no\" is not allow, deny, reject or default");
  EXPECT_EQ(ErrorOfExpectations(R"([{"at": "22:30"}])"),
            "f: expectation 1: \"22:30\" is no time like \"Mon 22:30\"");
  EXPECT_EQ(ErrorOfExpectations(R"([{"direction": "up"}])"),
            "f: expectation 1: \"up\" is not outgoing, incoming or forwarded");
  EXPECT_EQ(ErrorOfExpectations(R"([{"to": "::1", "source": "192.0.2.1", "expect": "deny"}])"),
            "f: expectation 1: of \"source\" and \"to\" one is IPv4, the other IPv6");
  EXPECT_EQ(ErrorOfExpectations(R"([{"prgram": "x"}])"),
            "f: expectation 1: the key \"prgram\" is not known");
  EXPECT_EQ(ErrorOfExpectations(R"([{"port": 70000}])"),
            "f: expectation 1: \"70000\" is not a port");
  EXPECT_EQ(ErrorOfExpectations(R"([{"port": null}])"),
            "f: expectation 1: \"port\" must be a text or a number");
}

TEST(ParseExpectations, SurvivesATextCutAnywhere) {
  for (std::size_t size = 0; size < kText.size(); ++size) {
    EXPECT_FALSE(ParseExpectations(kText.substr(0, size), "f")) << size;
  }
}

TEST(TestRules, ComparesVerdictAndRule) {
  const auto expectations = ParseExpectations(kText, "f").value();
  const auto results = TestRules(CurlOnly(), expectations);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_TRUE(results[0].ok);
  EXPECT_TRUE(results[1].ok);
  const auto without = TestRules(RuleSet(), expectations);
  EXPECT_EQ(without[0], (ExpectationResult{"curl has the web", false, "allow by \"curl\"",
                                           "default: no rule matches"}));
}

TEST(FailedExpectations, AreNoneWithoutAFile) {
  const TemporaryDirectory directory;
  EXPECT_EQ(FailedExpectations(directory.Path(), RuleSet()), std::vector<RuleError>{});
}

TEST(FailedExpectations, NameTheOnesThatDoNotHold) {
  const TemporaryDirectory directory;
  directory.Write("rules.test", kText);
  EXPECT_EQ(FailedExpectations(directory.Path(), CurlOnly()), std::vector<RuleError>{});
  const auto failed = FailedExpectations(directory.Path(), RuleSet());
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].reason,
            "curl has the web: expected allow by \"curl\", got default: no rule matches");
}

TEST(FailedExpectations, AreOneIfEverybodyCanChangeTheFileAndRootReadsIt) {
  const TemporaryDirectory directory;
  directory.Write("rules.test", kText);
  ASSERT_EQ(::chmod(directory.Path("rules.test").c_str(), 0666), 0);
  const std::vector<RuleError> refused{
      {directory.Path("rules.test"), 0, 0,
       "everybody can change it: take the write permission from others (chmod o-w)"}};
  EXPECT_EQ(FailedExpectations(directory.Path(), CurlOnly(), 0), refused);
  EXPECT_EQ(FailedExpectations(directory.Path(), CurlOnly(), 1000), std::vector<RuleError>{});
  ASSERT_EQ(::chmod(directory.Path("rules.test").c_str(), 0644), 0);
  EXPECT_EQ(FailedExpectations(directory.Path(), CurlOnly(), 0), std::vector<RuleError>{});
}

TEST(FailedExpectations, AreOneIfTheFileIsBad) {
  const TemporaryDirectory directory;
  directory.Write("rules.test", "[");
  EXPECT_EQ(FailedExpectations(directory.Path(), CurlOnly()).size(), 1U);
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/config.h"

#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

Settings Parsed(std::string_view text) {
  const auto settings = ParseConfig(text, "config.json");
  EXPECT_TRUE(settings) << settings.error();
  return settings.value_or(Settings{});
}

std::string Refusal(std::string_view text) {
  const auto settings = ParseConfig(text, "config.json");
  EXPECT_FALSE(settings);
  return settings ? "" : settings.error();
}

TEST(ParseConfig, ReadsOpenSnitchsKeys) {
  const Settings settings = Parsed(R"({
    "Server": {"Address": "unix:///tmp/osui.sock", "LogFile": "/var/log/x.log"},
    "DefaultAction": "deny", "DefaultDuration": "once", "InterceptUnknown": false,
    "ProcMonitorMethod": "ebpf", "LogLevel": 3, "Firewall": "iptables",
    "FwOptions": {"QueueBypass": false, "QueueNum": 5}, "Rules": {"Path": "/r"},
    "Stats": {"MaxEvents": 150, "MaxStats": 25}})");
  EXPECT_EQ(settings.log_file, "/var/log/x.log");
  EXPECT_EQ(settings.default_action, RuleAction::kDeny);
  EXPECT_EQ(settings.log_level, LogLevel::kWarning);
  EXPECT_EQ(settings.queue_number, 5);
  EXPECT_FALSE(settings.queue_bypass);
  EXPECT_EQ(settings.rules_directory, "/r");
}

TEST(ParseConfig, ReadsOurOwnKeys) {
  const Settings settings =
      Parsed(R"({"Procwall": {"ApiAddress": "unix:/x", "Mode": "observe", "Firewall": "nft"}})");
  EXPECT_EQ(settings.api_address, "unix:/x");
  EXPECT_EQ(settings.mode, Mode::kObserve);
  EXPECT_EQ(settings.firewall, FirewallKind::kNft);
}

TEST(ParseConfig, TakesKeysInAnyCaseNullsAndComments) {
  const Settings settings =
      Parsed("// mine\n{\"defaultaction\": \"reject\", \"Rules\": null /* ! */}");
  EXPECT_EQ(settings.default_action, RuleAction::kReject);
  EXPECT_EQ(settings.rules_directory, "/etc/procwall/rules");
}

TEST(ParseConfig, NamesTheLineThatIsNoJson) {
  EXPECT_EQ(Refusal("{\n\"a\": 1,\n oops}").substr(0, 14), "config.json:3:");
}

TEST(ParseConfig, NamesTheKeyWithAWrongValue) {
  EXPECT_EQ(Refusal(R"({"DefaultAction": "maybe"})"),
            "config.json: DefaultAction is \"maybe\"; known are: allow, deny, reject");
  EXPECT_EQ(Refusal(R"({"FwOptions": {"QueueNum": 70000}})"),
            "config.json: FwOptions.QueueNum must be from 0 to 65535");
  EXPECT_EQ(Refusal(R"({"FwOptions": {"QueueNum": 18446744073709551615}})"),
            "config.json: FwOptions.QueueNum must be from 0 to 65535");
  EXPECT_EQ(Refusal(R"({"Rules": []})"), "config.json: Rules must be an object");
}

TEST(ParseConfig, RefusesWhatIsNoObject) {
  EXPECT_EQ(Refusal("[]"), "config.json: must be a JSON object");
  EXPECT_FALSE(ParseConfig("", "config.json"));
}

TEST(ParseConfig, SurvivesEveryCut) {
  const std::string whole =
      R"({"Server": {"LogFile": "/x"}, "LogLevel": 2, "DefaultAction": "deny"})";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(ParseConfig(std::string_view(whole).substr(0, size), "c")) << size;
  }
}

TEST(LoadSettings, ReportsANamedFileThatIsNotThere) {
  Options options;
  options.config_file = "/nonexistent/config.json";
  const auto settings = LoadSettings(options);
  ASSERT_FALSE(settings);
  EXPECT_NE(settings.error().find("/nonexistent/config.json"), std::string::npos);
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/config.h"

#include <array>
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

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

TEST(ParseConfig, ReadsWhatIsDeclaredAboutQuestions) {
  const Settings settings = Parsed(R"({
    "DefaultAction": "deny", "InterceptUnknown": false,
    "Procwall": {"QuestionTimeout": "1m30s", "UnaskedAction": "reject", "ViewGroup": "",
                 "AnswerGroup": "desk", "AdminGroup": "wheel"}})");
  EXPECT_EQ(settings.Questions().timeout, std::chrono::seconds(90));
  EXPECT_EQ(settings.Questions().default_action, RuleAction::kDeny);
  EXPECT_EQ(settings.Questions().unasked_action, RuleAction::kReject);
  EXPECT_FALSE(settings.Questions().ask_unknown);
  EXPECT_EQ(settings.view_group, "");
  EXPECT_EQ(settings.answer_group, "desk");
  EXPECT_EQ(settings.admin_group, "wheel");
}

TEST(ParseConfig, WithoutAWordTheDefaultActionIsDoneWhenNobodyIsThere) {
  const Settings settings = Parsed(R"({"DefaultAction": "reject"})");
  EXPECT_EQ(settings.Questions().unasked_action, RuleAction::kReject);
  EXPECT_TRUE(settings.Questions().ask_unknown);
}

TEST(ParseConfig, RefusesATimeoutThatIsNone) {
  for (const char* text : {"0s", "11m", "soon", "30"}) {
    EXPECT_EQ(
        Refusal(fmt::format(R"({{"Procwall": {{"QuestionTimeout": "{}"}}}})", text)),
        "config.json: Procwall.QuestionTimeout must be a duration from 1s to 600s, as \"30s\" "
        "or \"1m\"");
  }
}

TEST(ParseConfig, ReadsWhereTheGuiIsAndWhose) {
  const Settings settings = Parsed(
      R"({"Server": {"Address": "127.0.0.1:50051"},
          "Procwall": {"UiProtocol": "1.5", "UiVersion": "1.5.7", "UiUsers": ["alice", "@net"]}})");
  EXPECT_EQ(settings.ui_socket, "127.0.0.1:50051");
  EXPECT_EQ(settings.ui_protocol, UiProtocol::k15);
  EXPECT_EQ(settings.ui_version, "1.5.7");
  EXPECT_EQ(settings.ui_users, (std::vector<std::string>{"alice", "@net"}));
  EXPECT_NE(Refusal(R"({"Procwall": {"UiUsers": "alice"}})"), "");
  EXPECT_NE(Refusal(R"({"Procwall": {"UiUsers": [1]}})"), "");
  EXPECT_NE(Refusal(R"({"Procwall": {"UiProtocol": "2"}})"), "");
}

TEST(LoadSettings, ChecksTheAddressOfTheGui) {
  Options options;
  options.ui_socket = "nonsense";
  EXPECT_FALSE(LoadSettings(options));
  options.ui_socket = "unix:///x";
  EXPECT_EQ(LoadSettings(options)->ui_socket, "unix:///x");
  options.ui_socket = "none";
  EXPECT_EQ(LoadSettings(options)->ui_socket, "");
}

TEST(ParseConfig, TakesKeysInAnyCaseNullsAndComments) {
  const Settings settings =
      Parsed("// mine\n{\"defaultaction\": \"reject\", \"Rules\": null /* ! */}");
  EXPECT_EQ(settings.default_action, RuleAction::kReject);
  EXPECT_EQ(settings.rules_directory, "/etc/procwall/rules");
}

TEST(ParseConfig, ReadsOpenSnitchsLogLevelsAsTheNearestOfOurs) {
  constexpr std::array kExpected = {LogLevel::kDebug,     LogLevel::kDebug,   LogLevel::kInfo,
                                    LogLevel::kImportant, LogLevel::kWarning, LogLevel::kError,
                                    LogLevel::kError};
  int number = -1;
  for (const LogLevel expected : kExpected)
    EXPECT_EQ(Parsed(fmt::format(R"({{"LogLevel": {}}})", number++)).log_level, expected);
}

TEST(ParseConfig, RefusesTheWrongTypes) {
  EXPECT_EQ(Refusal(R"({"FwOptions": {"QueueBypass": 1}})"),
            "config.json: FwOptions.QueueBypass must be true or false");
  EXPECT_EQ(Refusal(R"({"Rules": {"Path": 1}})"), "config.json: Rules.Path must be a text");
  EXPECT_EQ(Refusal(R"({"LogLevel": 1.5})"), "config.json: LogLevel must be a whole number");
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

class LoadSettingsTest : public testing::Test {
 protected:
  // The settings of a file with this text and of these flags.
  tl::expected<Settings, std::string> Load(const std::string& text, Options options = {}) const {
    options.config_file = directory_ / "config.json";
    std::ofstream(options.config_file) << text;
    return LoadSettings(options);
  }

 private:
  TemporaryDirectory directory_;
};

TEST_F(LoadSettingsTest, TheCommandLineBeatsTheFile) {
  Options options;
  options.rules_directory = "/flag";
  options.queue_number = 7;
  options.api_address = "unix:/flag";
  options.default_action = "reject";
  options.firewall = "iptables-nft";
  options.queue_bypass = false;
  options.log_file = "/flag.log";
  options.log_level = LogLevel::kDebug;
  options.observe = true;
  options.no_live_reload = true;
  const auto settings = Load(R"({"DefaultAction": "deny", "LogLevel": 4, "Rules": {"Path": "/f"},
    "Server": {"LogFile": "/f.log"}, "FwOptions": {"QueueNum": 1, "QueueBypass": true},
    "Procwall": {"ApiAddress": "unix:/f", "Mode": "enforce", "Firewall": "nft"}})",
                             options);
  ASSERT_TRUE(settings) << settings.error();
  EXPECT_EQ(settings->rules_directory, "/flag");
  EXPECT_EQ(settings->queue_number, 7);
  EXPECT_EQ(settings->api_address, "unix:/flag");
  EXPECT_EQ(settings->default_action, RuleAction::kReject);
  EXPECT_EQ(settings->firewall, FirewallKind::kIptablesNft);
  EXPECT_FALSE(settings->queue_bypass);
  EXPECT_EQ(settings->log_file, "/flag.log");
  EXPECT_EQ(settings->log_level, LogLevel::kDebug);
  EXPECT_EQ(settings->mode, Mode::kObserve);
  EXPECT_FALSE(settings->live_reload);
}

TEST(ParseConfig, TakesOneBitAsTheFlowMark) {
  EXPECT_EQ(ParseConfig(R"({"Procwall": {"FlowMark": 4096}})", "f")->flow_mark, 4096U);
  EXPECT_EQ(ParseConfig(R"({"Procwall": {"FlowMark": 0}})", "f")->flow_mark, 0U);
  EXPECT_EQ(ParseConfig(R"({"Procwall": {"FlowMark": 3}})", "f").error(),
            "f: Procwall.FlowMark must be one bit (1, 2, 4, 8 and so on), or 0 for none");
}

TEST_F(LoadSettingsTest, WithoutFlagsTheFileDecides) {
  const auto settings = Load(R"({"DefaultAction": "deny", "Procwall": {"Mode": "observe"}})");
  ASSERT_TRUE(settings) << settings.error();
  EXPECT_EQ(settings->default_action, RuleAction::kDeny);
  EXPECT_EQ(settings->mode, Mode::kObserve);
  EXPECT_TRUE(settings->live_reload);
  EXPECT_TRUE(settings->config_file.ends_with("/config.json"));
}

TEST_F(LoadSettingsTest, RefusesAnApiAddressThatIsNoUnixPath) {
  const auto settings = Load(R"({"Procwall": {"ApiAddress": "localhost:50051"}})");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error(), "API address \"localhost:50051\": only unix:/path is supported");
}

TEST_F(LoadSettingsTest, RefusesAFileThatIsTooLarge) {
  EXPECT_FALSE(Load(std::string(kMaxConfigBytes + 1, ' ')));
}

}  // namespace
}  // namespace procwall

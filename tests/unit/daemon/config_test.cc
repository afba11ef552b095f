// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/config.h"

#include <array>
#include <chrono>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "daemon/flow_settings.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

Settings ParsedSettings(std::string_view text) {
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
  const Settings settings = ParsedSettings(R"({
    "Server": {"Address": "unix:///tmp/osui.sock", "LogFile": "/var/log/x.log"},
    "DefaultAction": "deny", "DefaultDuration": "once", "InterceptUnknown": false,
    "ProcMonitorMethod": "ebpf", "LogLevel": 3, "Firewall": "iptables",
    "FwOptions": {"QueueBypass": false, "QueueNum": 5}, "Rules": {"Path": "/r", "EnableChecksums": true},
    "Stats": {"MaxEvents": 150, "MaxStats": 25}})");
  EXPECT_EQ(settings.log_file, "/var/log/x.log");
  EXPECT_EQ(settings.default_action, RuleAction::kDeny);
  EXPECT_EQ(settings.log_level, LogLevel::kWarning);
  EXPECT_EQ(settings.queue_number, 5);
  EXPECT_FALSE(settings.queue_bypass);
  EXPECT_EQ(settings.rules_directory, "/r");
  EXPECT_TRUE(settings.tells_checksums);
  EXPECT_FALSE(ParsedSettings("{}").tells_checksums);
}

TEST(ParseConfig, ReadsOurOwnKeys) {
  const Settings settings = ParsedSettings(
      R"({"Procwall": {"ApiAddress": "unix:/x", "Mode": "observe", "Firewall": "nft"}})");
  EXPECT_EQ(settings.api_address, "unix:/x");
  EXPECT_EQ(settings.mode, Mode::kObserve);
  EXPECT_EQ(settings.firewall, FirewallKind::kNft);
}

// "value from" of what is listed under that key.
std::string Listed(const Settings& settings, const std::string& key) {
  for (const SettingInForce& setting : settings.listing) {
    if (setting.key == key) return fmt::format("{} {}", setting.value, setting.from);
  }
  return "";
}

TEST(ParseConfig, ListsWhatIsInForceAndWhereFrom) {
  const Settings settings =
      ParsedSettings(R"({"defaultaction": "deny", "FwOptions": {"QueueNum": 5},
                                       "Procwall": {"UiUsers": ["ada"], "QuestionTimeout": "90s"}})");
  EXPECT_EQ(Listed(settings, "DefaultAction"), "\"deny\" file");
  EXPECT_EQ(Listed(settings, "FwOptions.QueueNum"), "5 file");
  EXPECT_EQ(Listed(settings, "FwOptions.QueueBypass"), "true default");
  EXPECT_EQ(Listed(settings, "Procwall.UiUsers"), "[\"ada\"] file");
  EXPECT_EQ(Listed(settings, "Procwall.QuestionTimeout"), "\"90s\" file");
  EXPECT_EQ(Listed(settings, "Procwall.Mode"), "\"enforce\" default");
}

TEST(ParseConfig, LooksForNetworkAliasesBesideTheFileUnlessToldOtherwise) {
  EXPECT_EQ(ParseConfig("{}", "/etc/opensnitchd/default-config.json")->network_aliases,
            "/etc/opensnitchd/network_aliases.json");
  EXPECT_EQ(ParsedSettings(R"({"Procwall": {"NetworkAliases": "/srv/a.json"}})").network_aliases,
            "/srv/a.json");
}

TEST(ParseConfig, ReadsHowTheApiIsServedOverTcp) {
  const ApiTlsSettings tls = ParsedSettings(R"({"Procwall": {"ApiTls": {
      "Address": "127.0.0.1:5", "Certificate": "/c", "Key": "/k", "ClientCa": "/ca",
      "Roles": {"a": "view"}}}})")
                                 .api_tls;
  EXPECT_EQ(tls.address, "127.0.0.1:5");
  EXPECT_EQ(tls.certificate + tls.key + tls.client_ca, "/c/k/ca");
  EXPECT_EQ(tls.roles, (std::map<std::string, std::string>{{"a", "view"}}));
  EXPECT_EQ(Refusal(R"({"Procwall": {"ApiTls": {"Roles": ["a"]}}})"),
            "config.json: Procwall.ApiTls.Roles must be an object of texts");
}

TEST(ParseConfig, ReadsHowTheGuiIsTalkedToOverTcp) {
  const UiTlsSettings tls = ParsedSettings(R"({"Server": {"Authentication": {"Type": "tls-mutual",
      "TLSOptions": {"CACert": "/ca", "ServerCert": "/s", "ServerKey": "/sk", "ClientCert": "/c",
                     "ClientKey": "/k", "SkipVerify": true, "ClientAuthType": "x"}}}})")
                                .ui_tls;
  EXPECT_EQ(tls.authentication, UiAuthentication::kTlsMutual);
  EXPECT_EQ(tls.ca_certificate + tls.server_certificate + tls.client_certificate + tls.client_key,
            "/ca/s/c/k");
  EXPECT_TRUE(tls.skip_verify);
  EXPECT_EQ(ParsedSettings(R"({"Server": {"Authentication": {"Type": ""}}})").ui_tls.authentication,
            UiAuthentication::kSimple);
}

TEST(ParseConfig, ReadsWhatIsDeclaredAboutQuestions) {
  const Settings settings = ParsedSettings(R"({
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
  const Settings settings = ParsedSettings(R"({"DefaultAction": "reject"})");
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
  const Settings settings = ParsedSettings(
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

TEST(ParseConfig, ReadsNetworkProfiles) {
  const Settings settings = ParsedSettings(R"({"Procwall": {"NetworkProfiles": [
      {"Name": "home", "Interface": "wlan*", "Gateway": "192.168.1.1",
       "GatewayMac": "52:54:00:12:34:56"},
      {"name": "wired", "interface": "eth0"}]}})");
  ASSERT_EQ(settings.network_profiles.size(), 2U);
  EXPECT_EQ(settings.network_profiles[0],
            (NetworkProfile{"home", "wlan*", IpAddress::Parse("192.168.1.1"),
                            ParseMac("52:54:00:12:34:56")}));
  EXPECT_EQ(settings.network_profiles[1], (NetworkProfile{.name = "wired", .interface = "eth0"}));
}

TEST(ParseConfig, RefusesNetworkProfilesThatAreNone) {
  const auto refusal = [](const char* profiles) {
    return Refusal(fmt::format(R"({{"Procwall": {{"NetworkProfiles": {}}}}})", profiles));
  };
  EXPECT_EQ(refusal(R"([{"Name": "a", "Interface": "x"}, {"Name": "b", "GatewayMac": "x"}])"),
            "config.json: Procwall.NetworkProfiles[1].GatewayMac must be as \"52:54:00:12:34:56\"");
  EXPECT_EQ(refusal(R"([{"Gateway": "10.0.0.1"}])"),
            "config.json: Procwall.NetworkProfiles[0].Name is missing");
  EXPECT_NE(refusal(R"([{"Name": "a"}])"), "");
  EXPECT_NE(refusal(R"([{"Name": "a", "Gateway": "home"}])"), "");
  EXPECT_NE(refusal(R"([1])"), "");
  EXPECT_NE(refusal(R"({})"), "");
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
      ParsedSettings("// mine\n{\"defaultaction\": \"reject\", \"Rules\": null /* ! */}");
  EXPECT_EQ(settings.default_action, RuleAction::kReject);
  EXPECT_EQ(settings.rules_directory, "/etc/procwall/rules");
}

TEST(ParseConfig, ReadsOpenSnitchsLogLevelsAsTheNearestOfOurs) {
  constexpr std::array kExpected = {LogLevel::kDebug,     LogLevel::kDebug,   LogLevel::kInfo,
                                    LogLevel::kImportant, LogLevel::kWarning, LogLevel::kError,
                                    LogLevel::kError};
  int number = -1;
  for (const LogLevel expected : kExpected)
    EXPECT_EQ(ParsedSettings(fmt::format(R"({{"LogLevel": {}}})", number++)).log_level, expected);
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

TEST(ParseConfig, CountsWhatFlowsMoveOnlyWithConsent) {
  EXPECT_FALSE(ParseConfig("{}", "f")->flows.accounting);
  EXPECT_TRUE(ParseConfig(R"({"Procwall": {"FlowAccounting": true}})", "f")->flows.accounting);
  EXPECT_EQ(ParseConfig(R"({"Procwall": {"FlowAccounting": 1}})", "f").error(),
            "f: Procwall.FlowAccounting must be true or false");
}

TEST(ParseConfig, TakesTheBufferForNewsOfFlows) {
  EXPECT_EQ(ParseConfig(R"({"Procwall": {"FlowBuffer": 4096}})", "f")->flows.buffer_bytes, 4096U);
  EXPECT_EQ(ParseConfig("{}", "f")->flows.buffer_bytes, 4U << 20);
  EXPECT_EQ(ParseConfig(R"({"Procwall": {"FlowBuffer": 1}})", "f").error(),
            "f: Procwall.FlowBuffer must be from 4096 to 268435456");
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
  EXPECT_EQ(
      settings.error(),
      "API address \"localhost:50051\": only unix:/path is supported; over TCP the API is served "
      "with certificates on both sides alone (Procwall.ApiTls)");
}

TEST_F(LoadSettingsTest, RefusesAFileThatIsTooLarge) {
  EXPECT_FALSE(Load(std::string(kMaxConfigBytes + 1, ' ')));
}

TEST(ParseConfig, ReadsWhatIsKeptAndTold) {
  const Settings settings = ParsedSettings(R"({"Procwall": {
    "Journal": "/j.db", "JournalMaxBytes": 1048576, "JournalMaxAge": "7d",
    "Sinks": ["journald", "file:/x"], "Metrics": "127.0.0.1:9477"}})");
  EXPECT_EQ(settings.journal, (JournalSettings{"/j.db", 1048576, std::chrono::hours(168)}));
  ASSERT_EQ(settings.sinks.size(), 2U);
  EXPECT_EQ(settings.sinks[1].path, "/x");
  EXPECT_EQ(settings.metrics_address, "127.0.0.1:9477");
  EXPECT_EQ(ParsedSettings(R"({"Procwall": {"Journal": "off"}})").journal.path, "");
  EXPECT_EQ(ParsedSettings(R"({"Procwall": {"JournalMaxAge": "12h"}})").journal.max_age,
            std::chrono::hours(12));
  EXPECT_EQ(ParsedSettings("{}").journal, JournalSettings());
}

TEST(ParseConfig, RefusesWhatCannotBeKeptOrTold) {
  for (
      const char* own :
      {R"("Journal": "j.db")", R"("Journal": "/j/")", R"("JournalMaxBytes": 1000)",
       R"("JournalMaxAge": "1s")", R"("JournalMaxAge": "xd")", R"("JournalMaxAge": "9999999999d")",
       R"("Sinks": "journald")", R"("Sinks": ["kafka"])", R"("Metrics": "0.0.0.0:9477")",
       R"("Sinks": ["syslog","syslog","syslog","syslog","syslog","syslog","syslog","syslog","syslog"])"}) {
    EXPECT_NE(Refusal(fmt::format(R"({{"Procwall": {{{}}}}})", own)), "") << own;
  }
}

TEST(ParseConfig, ReadsWhatTheFirewallIsToDo) {
  const auto settings = ParseConfig(
      R"({"FwOptions": {"ConfigPath": "/etc/fw.json"},
          "Procwall": {"Queues": 4, "Incoming": true, "Loopback": false}})",
      "config.json");
  ASSERT_TRUE(settings) << settings.error();
  EXPECT_EQ(settings->queues, 4);
  EXPECT_TRUE(settings->incoming);
  EXPECT_FALSE(settings->loopback);
  EXPECT_EQ(settings->system_rules, "/etc/fw.json");
}

TEST(ParseConfig, ReadsHowLongPacketThreadsStayAwake) {
  using std::chrono::microseconds;
  const auto parse = [](const char* value) {
    return ParseConfig(fmt::format(R"({{"Procwall": {{"BusyPollMicroseconds": {}}}}})", value),
                       "config.json");
  };
  EXPECT_EQ(ParseConfig("{}", "config.json")->busy_poll, microseconds(150));
  EXPECT_EQ(parse("0")->busy_poll, microseconds(0));
  EXPECT_EQ(parse("1000")->busy_poll, microseconds(1000));
  for (const char* wrong : {"-1", "1001", "\"50us\"", "0.5"}) EXPECT_FALSE(parse(wrong)) << wrong;
}

TEST(ParseConfig, RefusesTooManyQueues) {
  const auto settings = ParseConfig(R"({"Procwall": {"Queues": 17}})", "config.json");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error(), "config.json: Procwall.Queues must be from 1 to 16");
}

}  // namespace
}  // namespace procwall

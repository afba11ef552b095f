// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_config.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace procwall {
namespace {

using testing::HasSubstr;

nlohmann::json Shown(std::string_view file_text) {
  return nlohmann::json::parse(GuiConfig(file_text, Settings{}));
}

nlohmann::json Changed(std::string_view file_text, std::string_view sent) {
  const auto text = ChangedConfig(file_text, Settings{}, sent);
  EXPECT_TRUE(text) << text.error();
  return nlohmann::json::parse(text.value_or("{}"));
}

std::string Refusal(std::string_view file_text, std::string_view sent) {
  const auto text = ChangedConfig(file_text, Settings{}, sent);
  return text ? "" : text.error();
}

TEST(GuiConfig, HasEveryKeyThatGuisLookAt) {
  for (const char* file_text : {"", "{}", "not JSON", "[1]", "{\"Server\": null}"}) {
    const auto config = Shown(file_text);
    for (const char* key :
         {"DefaultAction", "DefaultDuration", "ProcMonitorMethod", "InterceptUnknown", "LogLevel",
          "Firewall", "FwOptions", "Rules", "Stats", "Ebpf", "Internal", "LogUTC", "LogMicro"}) {
      EXPECT_TRUE(config.contains(key)) << key;
    }
    EXPECT_EQ(config["Server"]["Address"], "unix:///tmp/osui.sock");
    EXPECT_TRUE(config["Server"]["Authentication"].is_object());
  }
}

TEST(GuiConfig, ShowsTheFileAsItIs) {
  const auto config =
      Shown(R"({"defaultaction": "deny", "Mine": [1], /* x */ "Server": {"LogFile": "/x"}})");
  EXPECT_EQ(config["defaultaction"], "deny");
  EXPECT_FALSE(config.contains("DefaultAction"));
  EXPECT_EQ(config["Mine"], nlohmann::json::array({1}));
  EXPECT_EQ(config["Server"]["LogFile"], "/x");
}

TEST(GuiConfig, IsOneLine) { EXPECT_EQ(GuiConfig("", Settings{}).find('\n'), std::string::npos); }

TEST(ChangedConfig, TakesWhatAGuiMayChange) {
  const auto changed = Changed(R"({"DefaultAction": "allow", "Mine": 1})",
                               R"({"DefaultAction": "deny", "DefaultDuration": "5m"})");
  EXPECT_EQ(changed["DefaultAction"], "deny");
  EXPECT_EQ(changed["DefaultDuration"], "5m");
  EXPECT_EQ(changed["Mine"], 1);  // was left out
}

TEST(ChangedConfig, TakesBackWhatWasShown) {
  const char* const file_text = R"({"Procwall": {"Mode": "observe"}, "Rules": {"Path": "/r"}})";
  EXPECT_EQ(Refusal(file_text, GuiConfig(file_text, Settings{})), "");
  EXPECT_EQ(Refusal("", GuiConfig("", Settings{})), "");
}

TEST(ChangedConfig, KeepsWhatIsOurs) {
  const auto changed = Changed(R"({"Procwall": {"UiUsers": ["alice"]}})", "{}");
  EXPECT_EQ(changed["Procwall"]["UiUsers"][0], "alice");
}

TEST(ChangedConfig, RefusesFilesAddressesAndWhatIsOurs) {
  for (const char* sent :
       {R"({"Server": {"LogFile": "/etc/shadow"}})", R"({"server": {"address": "unix:///x"}})",
        R"({"Rules": {"Path": "/tmp"}})", R"({"Procwall": {"UiUsers": ["mallory"]}})",
        R"({"FwOptions": {"QueueBypass": false}})", R"({"Tasks": {"ConfigPath": "/x"}})"}) {
    EXPECT_THAT(Refusal("", sent), HasSubstr("not for a GUI to change")) << sent;
  }
}

TEST(ChangedConfig, RefusesKeysThatReadersTellApartDifferently) {
  EXPECT_THAT(Refusal("", R"({"server": {"LogFile": ""}, "Server": {"LogFile": "/etc/shadow"}})"),
              HasSubstr("twice"));
  EXPECT_THAT(Refusal("", R"({"Rules": {"EnableChecksums": true, "enablechecksums": false}})"),
              HasSubstr("twice"));
}

TEST(ChangedConfig, RefusesWhatTheDaemonCouldNotRead) {
  EXPECT_NE(Refusal("", "{"), "");
  EXPECT_NE(Refusal("", "[]"), "");
  EXPECT_NE(Refusal("", R"({"DefaultAction": "perhaps"})"), "");
  EXPECT_NE(Refusal("", R"({"LogLevel": "2"})"), "");
  EXPECT_NE(Refusal("", "{\"a\": " + std::string(100000, '[')), "");
  EXPECT_NE(Refusal("", "{\"a\": " + std::string(100, '[') + std::string(100, ']') + "}"), "");
}

}  // namespace
}  // namespace procwall

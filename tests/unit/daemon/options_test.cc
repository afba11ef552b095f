// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/options.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(ParseOptions, TakesOneDashAndTwo) {
  for (const char* flag : {"-rules-path", "--rules-path"}) {
    const auto options = ParseOptions({flag, "/tmp/rules"});
    ASSERT_TRUE(options);
    EXPECT_EQ(options->rules_directory, "/tmp/rules");
  }
}

TEST(ParseOptions, TakesAValueAfterAnEqualsSign) {
  const auto options = ParseOptions({"-queue-num=7", "-queue-bypass=false"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->queue_number, 7);
  EXPECT_EQ(options->queue_bypass, false);
}

TEST(ParseOptions, LeavesWhatIsNotGivenToTheConfiguration) {
  const auto options = ParseOptions({});
  ASSERT_TRUE(options);
  EXPECT_FALSE(options->queue_number);
  EXPECT_FALSE(options->default_action);
  EXPECT_FALSE(options->observe);
}

TEST(ParseOptions, TakesTheFlagsOfOpensnitchdsUnitFile) {
  const auto options = ParseOptions({"-rules-path", "/etc/opensnitchd/rules", "-ui-socket",
                                     "unix:///tmp/osui.sock", "-process-monitor-method", "proc",
                                     "-workers", "16", "-log-utc=false", "-debug"});
  ASSERT_TRUE(options) << options.error().text;
  EXPECT_EQ(options->rules_directory, "/etc/opensnitchd/rules");
  EXPECT_EQ(options->ui_socket, "unix:///tmp/osui.sock");
  EXPECT_EQ(options->log_level, LogLevel::kDebug);
}

TEST(ParseOptions, RefusesAnUnknownFlagByName) {
  const auto options = ParseOptions({"-rulez-path", "/tmp"});
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().exit_code, 2);
  EXPECT_NE(options.error().text.find("rulez-path"), std::string::npos) << options.error().text;
}

TEST(ParseOptions, RefusesAQueueNumberOutOfRange) {
  const auto options = ParseOptions({"-queue-num", "65536"});
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().exit_code, 2);
}

TEST(ParseOptions, RefusesAnUnknownDefaultAction) {
  ASSERT_FALSE(ParseOptions({"-default-action", "maybe"}));
}

TEST(ParseOptions, EachLevelHasItsFlag) {
  constexpr std::array<std::pair<const char*, LogLevel>, 5> kFlags = {
      {{"-debug", LogLevel::kDebug},
       {"-info", LogLevel::kInfo},
       {"-important", LogLevel::kImportant},
       {"-warning", LogLevel::kWarning},
       {"-error", LogLevel::kError}}};
  for (const auto& [flag, level] : kFlags) {
    const auto options = ParseOptions({flag});
    ASSERT_TRUE(options) << flag;
    EXPECT_EQ(options->log_level, level) << flag;
  }
}

TEST(ParseOptions, TakesTheSwitches) {
  const auto options = ParseOptions(
      {"-observe", "-no-live-reload", "-version", "-check-requirements", "-remove-firewall"});
  ASSERT_TRUE(options);
  EXPECT_TRUE(options->observe && options->no_live_reload && options->show_version &&
              options->check_requirements && options->remove_firewall);
}

TEST(ParseOptions, RefusesAFlagWithoutItsValueAndAStrayArgument) {
  EXPECT_FALSE(ParseOptions({"-rules-path"}));
  EXPECT_FALSE(ParseOptions({"stray"}));
  EXPECT_FALSE(ParseOptions({"-queue-bypass", "maybe"}));
  EXPECT_FALSE(ParseOptions({"-firewall", "pf"}));
}

TEST(ParseOptions, HelpIsNoError) {
  const auto options = ParseOptions({"-help"});
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().exit_code, 0);
  EXPECT_NE(options.error().text.find("-rules-path"), std::string::npos);
}

}  // namespace
}  // namespace procwall

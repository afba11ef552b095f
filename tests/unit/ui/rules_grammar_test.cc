// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_grammar.h"

#include <gtest/gtest.h>

#include "ui/command_line.h"

namespace procwall {
namespace {

CommandLine ParseRules(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "rules");
  return ParseCommandLine(arguments, [](const char*) -> const char* { return nullptr; });
}

template <typename Options>
Options AsRules(const CommandLine& line) {
  const auto* const command = std::get_if<RulesCommand>(&line.command);
  const Options* const options = command == nullptr ? nullptr : std::get_if<Options>(command);
  EXPECT_NE(options, nullptr);
  return options == nullptr ? Options{} : *options;
}

TEST(RulesGrammar, UnderstandsANewRule) {
  const auto options = AsRules<RulesAddOptions>(
      ParseRules({"add", "x", "--reject", "--to", "*.a.net", "--for", "15m", "--dry-run"}));
  EXPECT_EQ(options.draft.name, "x");
  EXPECT_EQ(options.draft.action, RuleAction::kReject);
  EXPECT_EQ(options.draft.to, "*.a.net");
  EXPECT_EQ(options.draft.duration, "15m");
  EXPECT_TRUE(options.dry_run);
}

TEST(RulesGrammar, UnderstandsTheOtherCommands) {
  EXPECT_TRUE(AsRules<RulesSwitchOptions>(ParseRules({"enable", "a", "b"})).enable);
  EXPECT_EQ(AsRules<RulesSwitchOptions>(ParseRules({"disable", "a", "b"})).names.size(), 2U);
  EXPECT_TRUE(AsRules<RulesRemoveOptions>(ParseRules({"remove", "-y", "a"})).yes);
  EXPECT_EQ(AsRules<RulesEditOptions>(ParseRules({"edit", "a"})).name, "a");
  EXPECT_EQ(AsRules<RulesImportOptions>(ParseRules({"import", "-"})).paths.at(0), "-");
  EXPECT_EQ(AsRules<RulesExportOptions>(ParseRules({"export", "--to", "/d"})).to, "/d");
  EXPECT_EQ(AsRules<RulesWhyOptions>(ParseRules({"why", "--event", "7"})).event, 7U);
  EXPECT_EQ(AsRules<RulesLintOptions>(ParseRules({"lint", "/d"})).directory, "/d");
  EXPECT_EQ(AsRules<RulesTestOptions>(ParseRules({"test", "/f", "--rules-path", "/d"})).file, "/f");
  EXPECT_EQ(
      AsRules<RulesReplayOptions>(ParseRules({"replay", "--default", "allow"})).default_action,
      "allow");
  EXPECT_EQ(AsRules<RulesLearnOptions>(ParseRules({"learn", "--most", "3"})).most_destinations, 3U);
}

TEST(RulesGrammar, WantsTheNamesOfRules) {
  for (const char* command : {"add", "edit", "remove", "enable", "import"}) {
    const auto line = ParseRules({command});
    const auto* const print = std::get_if<PrintCommand>(&line.command);
    ASSERT_NE(print, nullptr) << command;
    EXPECT_EQ(print->exit_code, kUsage);
  }
}

TEST(RulesGrammar, UnderstandsADescribedPacket) {
  const auto options = AsRules<RulesWhyOptions>(ParseRules(
      {"why", "--to", ":22", "--source", "192.0.2.1", "--command", "a b", "--parent", "/p",
       "--direction", "incoming", "--iface-in", "eth0", "--iface-out", "eth1", "--at", "22:30"}));
  EXPECT_EQ(options.source, "192.0.2.1");
  EXPECT_EQ(options.command, "a b");
  EXPECT_EQ(options.parent, "/p");
  EXPECT_EQ(options.direction, "incoming");
  EXPECT_EQ(options.in_interface, "eth0");
  EXPECT_EQ(options.out_interface, "eth1");
  EXPECT_EQ(options.at, "22:30");
}

TEST(RulesGrammar, DescribesNoPacketThatWasRecorded) {
  for (const auto& arguments : {std::vector<std::string>{"why", "--event", "7", "--at", "22:30"},
                                {"why", "--event", "7", "--direction", "incoming"},
                                {"why", "--to", "192.0.2.1", "--direction", "up"}}) {
    const auto line = ParseRules(arguments);
    const auto* const print = std::get_if<PrintCommand>(&line.command);
    ASSERT_NE(print, nullptr) << arguments.back();
    EXPECT_EQ(print->exit_code, kUsage);
  }
}

}  // namespace
}  // namespace procwall

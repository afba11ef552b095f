// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_command.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

std::string ErrorOf(const std::vector<std::string>& arguments, std::string_view input = "") {
  const auto ran = RunFirewallProgram(arguments, input);
  return ran ? "" : ran.error();
}

TEST(RunFirewallProgram, GivesTheProgramItsInput) {
  EXPECT_EQ(ErrorOf({"sh", "-c", "test \"$(cat)\" = rules"}, "rules"), "");
}

TEST(RunFirewallProgram, TellsTheFirstLineOfAComplaintMadePrintable) {
  EXPECT_EQ(ErrorOf({"sh", "-c", "printf 'bad\\033 rule\\nmore\\n' >&2; exit 3"}),
            "sh ended with 3: bad\\x1b rule");
}

TEST(RunFirewallProgram, TellsThatTheProgramIsNotInstalled) {
  EXPECT_EQ(ErrorOf({"/nonexistent/nft"}), "/nonexistent/nft is not installed");
}

TEST(FailedScriptLine, KnowsHowTheProgramsSayIt) {
  EXPECT_EQ(FailedScriptLine("/dev/stdin:12:3-8: Error: Could not process rule"), 12);
  EXPECT_EQ(FailedScriptLine("iptables-restore v1.8.9 (legacy): Bad argument\n"
                             "Error occurred at line: 5\nTry `iptables-restore -h'"),
            5);
  EXPECT_EQ(FailedScriptLine("iptables-restore: line 20 failed"), 20);
  EXPECT_EQ(FailedScriptLine("iptables-nft-restore is not installed"), 0);
  EXPECT_EQ(FailedScriptLine(""), 0);
}

TEST(ScriptLine, GivesThatLineAlone) {
  EXPECT_EQ(ScriptLine("a\nb\nc", 1), "a");
  EXPECT_EQ(ScriptLine("a\nb\nc", 2), "b");
  EXPECT_EQ(ScriptLine("a\nb\nc", 3), "c");
  EXPECT_EQ(ScriptLine("a\nb\n", 7), "");
  EXPECT_EQ(ScriptLine("", 1), "");
}

}  // namespace
}  // namespace procwall

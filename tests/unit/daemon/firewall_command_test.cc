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

}  // namespace
}  // namespace procwall

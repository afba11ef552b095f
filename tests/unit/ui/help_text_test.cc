// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/help_text.h"

#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(HelpText, NamesEveryCommandAndFitsEightyColumns) {
  const std::string help(HelpText());
  for (const char* command :
       {"\n  watch ", "\n  top ", "\n  connections ", "\n  status ", "\n  rules list ",
        "\n  rules check ", "\n  rules why ", "\n  rules add ", "\n  rules lint ",
        "\n  rules test ", "\n  rules replay ", "\n  rules learn ", "\n  completion ",
        "\n  version "}) {
    EXPECT_NE(help.find(command), std::string::npos) << command;
  }
  std::size_t start = 0;
  while (start < help.size()) {
    const std::size_t end = help.find('\n', start);
    EXPECT_LE(end - start, 80U) << help.substr(start, end - start);
    start = end + 1;
  }
}

TEST(ExamplesOf, ShowsExamplesOfACommand) {
  EXPECT_NE(ExamplesOf("watch").find("procwall watch --program curl"), std::string_view::npos);
  EXPECT_EQ(ExamplesOf("nothing"), "");
}

TEST(NearestCommand, ForgivesATypingError) {
  EXPECT_EQ(NearestCommand("watc"), "watch");
  EXPECT_EQ(NearestCommand("stauts"), "status");
  EXPECT_EQ(NearestCommand("rule"), "rules");
  EXPECT_EQ(NearestCommand("connection"), "connections");
}

TEST(NearestCommand, DoesNotGuessWildly) {
  EXPECT_EQ(NearestCommand("x"), "");
  EXPECT_EQ(NearestCommand("firewall"), "");
  EXPECT_EQ(NearestCommand(std::string(10'000, 'w')), "");
}

TEST(NoSuchCommandText, ShowsTheWordSafely) {
  EXPECT_EQ(NoSuchCommandText("a\x1b[2J"),
            "procwall: there is no command 'a\\x1b[2J'.\nSee `procwall --help`.\n");
}

}  // namespace
}  // namespace procwall

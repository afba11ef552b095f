// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/log_grammar.h"

#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ui/command_line.h"

namespace procwall {
namespace {

using testing::HasSubstr;

CommandLine Parsed(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "log");
  return ParseCommandLine(arguments, [](const char*) -> const char* { return nullptr; });
}
std::string Complaint(const std::vector<std::string>& arguments) {
  const CommandLine line = Parsed(arguments);
  const auto* print = std::get_if<PrintCommand>(&line.command);
  return print != nullptr && print->exit_code == kUsage ? print->text : "(none)";
}

TEST(LogGrammar, TakesEveryQuestion) {
  const CommandLine line =
      Parsed({"--since", "2h",  "--until",  "now",   "--program", "curl",   "--to",   "10.0.0.0/8",
              "--rule",  "web", "--action", "deny",  "--user",    "ada",    "--port", "443",
              "-n",      "5",   "-r",       "--sum", "rule",      "--file", "/x",     "--json"});
  const auto* options = std::get_if<LogOptions>(&line.command);
  ASSERT_NE(options, nullptr);
  EXPECT_EQ(options->since, "2h");
  EXPECT_EQ(options->until, "now");
  EXPECT_EQ(options->program, "curl");
  EXPECT_EQ(options->destination, "10.0.0.0/8");
  EXPECT_EQ(options->rule, "web");
  EXPECT_EQ(options->action, v1::ACTION_DENY);
  EXPECT_EQ(options->user, "ada");
  EXPECT_EQ(options->port, 443);
  EXPECT_EQ(options->count, 5U);
  EXPECT_EQ(options->order, LogOptions::Order::kNewestFirst);
  EXPECT_EQ(options->sum, LogOptions::Sum::kRule);
  EXPECT_EQ(options->file, "/x");
  EXPECT_EQ(options->form, OutputForm::kJson);
}

TEST(LogGrammar, AsksForAllWithoutOptions) {
  const CommandLine line = Parsed({});
  const auto* options = std::get_if<LogOptions>(&line.command);
  ASSERT_NE(options, nullptr);
  EXPECT_EQ(options->count, std::nullopt);
  EXPECT_EQ(options->sum, LogOptions::Sum::kNone);
  EXPECT_EQ(options->order, LogOptions::Order::kNewestLast);
}

TEST(LogGrammar, NamesWhatIsWrong) {
  EXPECT_THAT(Complaint({"--since", "soon"}), HasSubstr("'soon' is no time"));
  EXPECT_THAT(Complaint({"--action", "maybe"}), HasSubstr("--action"));
  EXPECT_THAT(Complaint({"--port", "99999"}), HasSubstr("--port"));
  EXPECT_THAT(Complaint({"--sum", "user"}), HasSubstr("--sum"));
  EXPECT_THAT(Complaint({"-n", "-1"}), HasSubstr("procwall log --help"));
}

}  // namespace
}  // namespace procwall

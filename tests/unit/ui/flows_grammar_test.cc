// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/flows_grammar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ui/parsed_line.h"

namespace procwall {
namespace {

using testing::HasSubstr;

std::string Refused(const std::vector<std::string>& arguments) {
  const CommandLine line = Parse(arguments);
  const auto* const print = std::get_if<PrintCommand>(&line.command);
  return print != nullptr && print->exit_code == kUsage ? print->text : "";
}

TEST(FlowsGrammar, KnowsEveryFilter) {
  const CommandLine line =
      Parse({"flows",     "--program",  "curl",   "--pid",  "3",       "--protocol",  "tcp",
             "--network", "10.0.0.0/8", "--port", "443",    "--host",  "example.org", "--rule",
             "web",       "--id",       "9",      "--json", "--watch", "--count",     "2"});
  const auto& options = std::get<FlowsOptions>(line.command);
  EXPECT_EQ(options.form, OutputForm::kJson);
  EXPECT_TRUE(options.watch);
  EXPECT_EQ(options.count, 2U);
  EXPECT_EQ(options.filter.program(), "curl");
  EXPECT_EQ(options.filter.pid(), 3);
  EXPECT_EQ(options.filter.protocol(), "tcp");
  EXPECT_EQ(options.filter.address(), "10.0.0.0/8");
  EXPECT_EQ(options.filter.port(), 443U);
  EXPECT_EQ(options.filter.host(), "example.org");
  EXPECT_EQ(options.filter.rule(), "web");
  EXPECT_EQ(options.filter.id(), 9U);
}

TEST(FlowsGrammar, TakesTheFilterOnEitherSideOfCut) {
  for (const auto& arguments : {std::vector<std::string>{"flows", "cut", "--pid", "3", "--yes"},
                                std::vector<std::string>{"flows", "--pid", "3", "cut", "-y"}}) {
    const CommandLine line = Parse(arguments);
    const auto& options = std::get<FlowsCutOptions>(line.command);
    EXPECT_EQ(options.filter.pid(), 3);
    EXPECT_TRUE(options.yes);
  }
}

TEST(FlowsGrammar, RefusesToCutEverything) {
  EXPECT_THAT(Refused({"flows", "cut", "--yes"}), HasSubstr("say which"));
}

TEST(FlowsGrammar, RefusesWhatMakesNoSense) {
  EXPECT_THAT(Refused({"flows", "--network", "10.0.0.0/40"}), HasSubstr("10.0.0.0/40"));
  EXPECT_NE(Refused({"flows", "--port", "0"}), "");
  EXPECT_NE(Refused({"flows", "--count", "3"}), "");
  EXPECT_THAT(Refused({"flows", "--watch", "cut", "--pid", "1"}), HasSubstr("does not watch"));
}

}  // namespace
}  // namespace procwall

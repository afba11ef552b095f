// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/run.h"

#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/fake_daemon.h"
#include "ui/help_text.h"

namespace procwall {
namespace {

class RunTest : public testing::Test {
 protected:
  ExitCode RunWith(const std::vector<std::string>& arguments) {
    const EnvironmentLookup empty = [](const char*) -> const char* { return nullptr; };
    return procwall::Run(arguments, {empty, out_, err_, -1});
  }

  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(RunTest, PrintsHelpOnStdoutWhenAsked) {
  EXPECT_EQ(RunWith({"--help"}), kSuccess);
  EXPECT_EQ(out_.str(), HelpText());
}

TEST_F(RunTest, PrintsWhatIsWrongOnStderr) {
  EXPECT_EQ(RunWith({"frob"}), kUsage);
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(err_.str(), "procwall: there is no command 'frob'.\nSee `procwall --help`.\n");
}

TEST_F(RunTest, PrintsTheVersion) {
  EXPECT_EQ(RunWith({"version"}), kSuccess);
  EXPECT_EQ(out_.str(), "procwall " PROCWALL_VERSION "\n");
}

TEST_F(RunTest, AsksTheDaemonAtTheAddress) {
  const TemporaryDirectory directory;
  FakeDaemon daemon(directory / "s");
  daemon.rules.set_directory("/rules");
  EXPECT_EQ(RunWith({"rules", "list", "--address", daemon.Address()}), kSuccess);
  EXPECT_EQ(out_.str(), "0 rules in force, from /rules\n");
}

TEST_F(RunTest, FailsWhenTheOutputCannotBeWritten) {
  out_.setstate(std::ios::badbit);
  EXPECT_EQ(RunWith({"version"}), kFailed);
  EXPECT_EQ(err_.str(), "procwall: the output could not be written\n");
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/process.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(ProcessCommandLine, JoinsTheArgumentsByOneBlank) {
  Process process;
  process.args = {"curl", "", "-s", "http://a b/"};
  EXPECT_EQ(process.CommandLine(), "curl  -s http://a b/");
}

TEST(ProcessCommandLine, IsEmptyWithoutArguments) { EXPECT_EQ(Process().CommandLine(), ""); }

TEST(ExecutableState, HasAName) {
  EXPECT_STREQ(ExecutableStateName(ExecutableState::kReplaced), "replaced");
  EXPECT_STREQ(ExecutableStateName(ExecutableState::kForeign), "foreign");
}

Process Curl(ExecutableState state) {
  Process process;
  process.path = "/usr/bin/curl";
  process.executable_state = state;
  process.mount_namespace = 4026532345;
  return process;
}

TEST(RulePath, IsThePathWhereItMeansThisHostsProgram) {
  using State = ExecutableState;
  for (const State state : {State::kUnknown, State::kUnverified, State::kSame, State::kDeleted,
                            State::kReplaced, State::kMemory, State::kForeign}) {
    EXPECT_EQ(RulePath(Curl(state)), "/usr/bin/curl") << ExecutableStateName(state);
  }
}

TEST(RulePath, OfANamesakeIsNoPathOfThisHost) {
  Process process = Curl(ExecutableState::kNamesake);
  EXPECT_EQ(RulePath(process), "mnt-4026532345:/usr/bin/curl");
  process.container = "web";
  EXPECT_EQ(RulePath(process), "web:/usr/bin/curl");
  process.container = "3f2a0c9d4b1e" + std::string(52, '0');
  EXPECT_EQ(RulePath(process), "3f2a0c9d4b1e:/usr/bin/curl");
}

TEST(ProcessId, OfAReusedPidIsAnother) { EXPECT_NE((ProcessId{42, 1000}), (ProcessId{42, 2000})); }

}  // namespace
}  // namespace procwall

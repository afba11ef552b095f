// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/programs.h"

#include <gtest/gtest.h>

#include "tests/support/fake_proc.h"

namespace procwall {
namespace {

TEST(Programs, FindsWhatWasResolvedBefore) {
  FakeProc proc;
  proc.Put({.pid = 7, .exe = "/bin/x", .start_time = 5});
  Programs programs(proc.Open());
  const ProgramOfProcess wanted{.id = {7, 5}, .exec_number = 1};
  EXPECT_EQ(programs.Find(wanted), nullptr);
  const ProcessPtr resolved = programs.Resolve(wanted);
  ASSERT_TRUE(resolved);
  EXPECT_EQ(programs.Find(wanted), resolved);
}

TEST(Programs, DoNotTakeAnotherProcessOfThePidForIt) {
  FakeProc proc;
  proc.Put({.pid = 7, .exe = "/bin/x", .start_time = 5});
  Programs programs(proc.Open());
  EXPECT_EQ(programs.Resolve({.id = {7, 4}, .exec_number = 1}), nullptr);
}

}  // namespace
}  // namespace procwall

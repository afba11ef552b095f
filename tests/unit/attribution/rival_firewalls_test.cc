// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/rival_firewalls.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/fake_proc.h"

namespace procwall {
namespace {

TEST(FindRivalFirewalls, KnowsOneByTheFileItRuns) {
  FakeProc proc;
  proc.Put({.pid = 7, .exe = "/usr/local/bin/opensnitchd (deleted)", .comm = "other"});
  proc.Put({.pid = 8, .exe = "/usr/bin/curl", .comm = "opensnitchd"});
  EXPECT_EQ(FindRivalFirewalls(proc.Open()).value(),
            (std::vector<RivalFirewall>{{7, "opensnitchd"}}));
}

TEST(FindRivalFirewalls, TakesItsNameWhereTheFileCannotBeSeen) {
  FakeProc proc;
  proc.Put({.pid = 7, .exe = ""});
  std::ofstream(proc.PathOf(7) / "comm") << "portmaster-core\n";
  EXPECT_EQ(FindRivalFirewalls(proc.Open()).value(),
            (std::vector<RivalFirewall>{{7, "portmaster-core"}}));
}

TEST(FindRivalFirewalls, SortsByPid) {
  FakeProc proc;
  for (const Pid pid : {30, 4, 200}) proc.Put({.pid = pid, .exe = "/usr/bin/opensnitchd"});
  EXPECT_EQ(
      FindRivalFirewalls(proc.Open()).value(),
      (std::vector<RivalFirewall>{{4, "opensnitchd"}, {30, "opensnitchd"}, {200, "opensnitchd"}}));
}

TEST(IsRivalFirewall, IsNotOneOfOurs) {
  EXPECT_TRUE(IsRivalFirewall("opensnitchd"));
  EXPECT_FALSE(IsRivalFirewall("procwalld"));
  EXPECT_FALSE(IsRivalFirewall(""));
}

}  // namespace
}  // namespace procwall

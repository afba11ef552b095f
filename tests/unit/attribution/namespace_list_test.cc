// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/namespace_list.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/errc_of.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_proc.h"

namespace procwall {
namespace {

using testing::ElementsAre;

TEST(ParseNamespaceLink, ReadsTheNumber) {
  EXPECT_EQ(ParseNamespaceLink("net:[4026531840]"), 4026531840U);
}

TEST(ParseNamespaceLink, RefusesEverythingElse) {
  for (const char* text : {"", "net:[]", "net:[4026531840", "mnt:[4026531840]", "net:[x]",
                           "net:[99999999999999999999999]", "net:[1]]"}) {
    EXPECT_EQ(ParseNamespaceLink(text), 0U) << text;
  }
}

class NamespaceListTest : public testing::Test {
 protected:
  void Put(Pid pid, std::uint64_t inode) {
    proc.Put({.pid = pid});
    proc.PutNetworkNamespace(pid, inode);
  }
  auto List(std::size_t most = 100, BootTime deadline = BootTime::max()) {
    auto list = ListNetworkNamespaces(proc.Open(), most, clock, deadline);
    if (list) {
      std::ranges::sort(*list, {}, &NetworkNamespace::inode);
      for (NetworkNamespace& one : *list) std::ranges::sort(one.pids);
    }
    return list;
  }

  FakeClock clock;
  FakeProc proc;
};

TEST_F(NamespaceListTest, NamesEachNamespaceOnce) {
  Put(10, 4001);
  Put(11, 4002);
  Put(12, 4001);
  proc.Put({.pid = 13});  // it tells nothing
  EXPECT_THAT(List().value(),
              ElementsAre(NetworkNamespace{4001, {10, 12}}, NetworkNamespace{4002, {11}}));
}

TEST_F(NamespaceListTest, KeepsAFewOfManyProcesses) {
  for (Pid pid = 10; pid < 30; ++pid) Put(pid, 4001);
  EXPECT_EQ(List().value().front().pids.size(), NetworkNamespace::kMaxWitnesses);
}

TEST_F(NamespaceListTest, RefusesTooMany) {
  for (Pid pid = 10; pid < 14; ++pid) Put(pid, static_cast<std::uint64_t>(pid));
  EXPECT_TRUE(List(4));
  EXPECT_EQ(ErrcOf(List(3)), Errc::kTooLarge);
}

TEST_F(NamespaceListTest, EndsAtItsDeadline) {
  for (Pid pid = 10; pid < 100; ++pid) Put(pid, 4001);
  EXPECT_EQ(ErrcOf(List(100, BootTime())), Errc::kTimedOut);
}

}  // namespace
}  // namespace procwall

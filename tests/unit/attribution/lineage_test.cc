// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/lineage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

TEST(Lineage, NamesTheYoungestFirst) {
  const auto init = Lineage::Make({1, "/sbin/init"}, nullptr);
  const auto shell = Lineage::Make({50, "/bin/bash"}, init);
  EXPECT_THAT(shell->Ancestors(),
              ElementsAre(Ancestor{50, "/bin/bash"}, Ancestor{1, "/sbin/init"}));
}

TEST(Lineage, IsMadeOfWhatProcTells) {
  const SharedList<Ancestor> told = {{50, "/bin/bash"}, {1, "/sbin/init"}};
  EXPECT_EQ(Lineage::FromAncestors(told)->Ancestors(), told);
  EXPECT_EQ(Lineage::FromAncestors({}), nullptr);
}

TEST(Lineage, GivesBrothersTheSameMemory) {
  const auto shell = Lineage::Make({50, "/bin/bash"}, nullptr);
  EXPECT_TRUE(shell->Ancestors().SharesMemoryWith(shell->Ancestors()));
}

TEST(Lineage, LearnsABetterPath) {
  const auto shell = Lineage::Make({50, "/bin/bash"}, nullptr);
  const SharedList<Ancestor> before = shell->Ancestors();
  shell->SetPath("mnt-7:/bin/bash");
  EXPECT_EQ(before.front().path, "/bin/bash");
  EXPECT_EQ(shell->Ancestors().front().path, "mnt-7:/bin/bash");
}

TEST(Lineage, OfAnEndlessChainOfForksHasAnEnd) {
  LineagePtr lineage;
  for (Pid pid = 1; pid <= 100000; ++pid) lineage = Lineage::Make({pid, "/bin/x"}, lineage);
  EXPECT_THAT(lineage->Ancestors(), SizeIs(kMaxAncestors));
  EXPECT_EQ(lineage->Ancestors().front().pid, 100000);
  EXPECT_EQ(lineage->Ancestors().back().pid, 100000 - static_cast<Pid>(kMaxAncestors) + 1);
}

}  // namespace
}  // namespace procwall

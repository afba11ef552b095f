// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/child_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(ChildIndex, KnowsTheChildrenOfEach) {
  ChildIndex index;
  index.Add(1, 10);
  index.Add(1, 11);
  index.Add(2, 20);
  EXPECT_THAT(index.Of(1), UnorderedElementsAre(10, 11));
  EXPECT_THAT(index.Of(2), ElementsAre(20));
  EXPECT_THAT(index.Of(3), IsEmpty());
}

TEST(ChildIndex, CountsAChildOnce) {
  ChildIndex index;
  index.Add(1, 10);
  index.Add(1, 10);
  EXPECT_EQ(index.Size(), 1U);
}

TEST(ChildIndex, ForgetsAChild) {
  ChildIndex index;
  index.Add(1, 10);
  index.Add(1, 11);
  index.Remove(1, 10);
  index.Remove(1, 12);
  index.Remove(2, 11);
  EXPECT_THAT(index.Of(1), ElementsAre(11));
  EXPECT_EQ(index.Size(), 1U);
}

TEST(ChildIndex, ForgetsAParent) {
  ChildIndex index;
  index.Add(1, 10);
  index.Add(1, 11);
  index.Add(2, 20);
  index.RemoveParent(1);
  EXPECT_THAT(index.Of(1), IsEmpty());
  EXPECT_EQ(index.Size(), 1U);
}

TEST(ChildIndex, IsEmptyWhenCleared) {
  ChildIndex index;
  index.Add(1, 10);
  index.Clear();
  EXPECT_EQ(index.Size(), 0U);
  EXPECT_THAT(index.Of(1), IsEmpty());
}

TEST(ChildIndex, KnowsNoChildOfNobody) {
  ChildIndex index;
  index.Add(0, 10);
  index.Add(-1, 10);
  index.Add(10, 0);
  EXPECT_EQ(index.Size(), 0U);
}

}  // namespace
}  // namespace procwall

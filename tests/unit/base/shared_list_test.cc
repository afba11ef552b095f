// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/shared_list.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SharedList, ReadsAsAVector) {
  const SharedList<std::string> list = {"a", "b"};
  EXPECT_THAT(list, ElementsAre("a", "b"));
  EXPECT_EQ(list.size(), 2U);
  EXPECT_EQ(list.front(), "a");
  EXPECT_EQ(list[1], "b");
  EXPECT_EQ(list.back(), "b");
}

TEST(SharedList, IsEmptyWithoutItems) {
  EXPECT_THAT(SharedList<int>(), IsEmpty());
  EXPECT_THAT(SharedList<int>(std::vector<int>()), IsEmpty());
  EXPECT_EQ(SharedList<int>(), SharedList<int>(std::vector<int>()));
}

TEST(SharedList, OfACopyIsTheSameMemory) {
  const SharedList<int> list = {1, 2};
  SharedList<int> copy;
  copy = list;
  EXPECT_TRUE(copy.SharesMemoryWith(list));
  EXPECT_EQ(&copy.front(), &list.front());
}

TEST(SharedList, ComparesItems) {
  EXPECT_EQ((SharedList<int>{1, 2}), (SharedList<int>{1, 2}));
  EXPECT_NE((SharedList<int>{1, 2}), (SharedList<int>{1}));
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/key_table.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(KeyTable, FindsWhatWasAddedAndNothingElse) {
  KeyTable table(1000);
  for (std::uint64_t i = 0; i < 1000; ++i) table.Add(i * 0x9e3779b97f4a7c15U, std::uint32_t(i));
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const auto* const value = table.Find(i * 0x9e3779b97f4a7c15U);
    ASSERT_NE(value, nullptr);
    EXPECT_EQ(*value, i);
  }
  for (std::uint64_t i = 1000; i < 3000; ++i) {
    EXPECT_EQ(table.Find(i * 0x9e3779b97f4a7c15U), nullptr);
  }
}

TEST(KeyTable, HoldsKeysThatWantTheSamePlace) {
  KeyTable table(4);
  for (std::uint64_t key = 1; key <= 4; ++key) table.Add(~key, std::uint32_t(key));
  for (std::uint64_t key = 1; key <= 4; ++key) EXPECT_EQ(*table.Find(~key), key);
  EXPECT_EQ(table.Find(~std::uint64_t{5}), nullptr);
}

TEST(KeyTable, IsEmptyAtFirst) {
  EXPECT_EQ(KeyTable().Find(0), nullptr);
  EXPECT_EQ(KeyTable(0).Find(0), nullptr);
}

}  // namespace
}  // namespace procwall

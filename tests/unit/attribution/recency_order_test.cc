// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/recency_order.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using LetterOrder = RecencyOrder<char, 4>;

std::vector<char> Likeliest(const LetterOrder& order) {
  LetterOrder::Likeliest likeliest;
  std::vector<char> things;
  while (const auto position = likeliest.Next(order)) things.push_back(order.At(*position));
  return things;
}

LetterOrder Abcd() {
  LetterOrder order;
  for (const char thing : {'d', 'c', 'b', 'a'}) order.Add(thing);
  return order;
}

TEST(RecencyOrder, IsLatestFirstAtFirst) {
  EXPECT_THAT(Likeliest(Abcd()), ElementsAre('a', 'b', 'c', 'd'));
}

TEST(RecencyOrder, LearnsThatOneWorksAlone) {
  LetterOrder order = Abcd();
  for (int i = 0; i < 5; ++i) order.Use(order.Find('c').value());
  EXPECT_EQ(Likeliest(order).front(), 'c');
}

TEST(RecencyOrder, LearnsThatTheyTakeTurns) {
  LetterOrder order = Abcd();
  for (int i = 0; i < 8; ++i) {
    const char next = "dcba"[i % 4];
    if (i > 0) {
      EXPECT_EQ(Likeliest(order).front(), next) << i;
    }
    order.Use(order.Find(next).value());
  }
}

TEST(RecencyOrder, ForgetsHowItWasLongAgo) {
  LetterOrder order = Abcd();
  for (int i = 0; i < 1000; ++i) order.Use(3);
  for (int i = 0; i < 20; ++i) order.Use(0);
  EXPECT_EQ(LetterOrder::Likeliest().Next(order), 0U);
}

TEST(RecencyOrder, DropsTheLeastRecentlyUsedWhenFull) {
  LetterOrder order = Abcd();
  EXPECT_EQ(order.Add('e'), 'd');
  EXPECT_THAT(Likeliest(order), ElementsAre('e', 'a', 'b', 'c'));
}

TEST(RecencyOrder, RemovesFromTheMiddle) {
  LetterOrder order = Abcd();
  order.Remove(1);
  EXPECT_THAT(Likeliest(order), ElementsAre('a', 'c', 'd'));
  EXPECT_EQ(order.Find('b'), std::nullopt);
}

}  // namespace
}  // namespace procwall

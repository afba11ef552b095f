// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/open_questions.h"

#include <chrono>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Lane kFirst = 0;
constexpr Lane kSecond = 1;

QuestionPtr Numbered(QuestionId id, std::size_t packets = 1, const std::string& host = "",
                     std::chrono::seconds deadline = std::chrono::seconds(10)) {
  auto question = std::make_shared<Question>();
  question->id = id;
  question->host = host;
  question->packets = packets;
  question->flows = packets;
  question->deadline = WallTime(deadline);
  return question;
}

TEST(OpenQuestions, WhatTwoThreadsAskIsOne) {
  OpenQuestions open;
  EXPECT_EQ(open.Add(Numbered(1), kFirst, "curl to example.org"), 1U);
  EXPECT_EQ(open.Add(Numbered(2), kSecond, "curl to example.org"), 1U);
  EXPECT_EQ(open.Add(Numbered(3), kSecond, "curl to example.net"), 3U);
  EXPECT_EQ(open.Size(), 2U);
  EXPECT_THAT(open.LanesOf(1), ElementsAre(kFirst, kSecond));
  EXPECT_THAT(open.LanesOf(3), ElementsAre(kSecond));
}

TEST(OpenQuestions, ShowsWhatWaitsOnAllThreads) {
  OpenQuestions open;
  open.Add(Numbered(1, 2), kFirst, "k");
  open.Add(Numbered(2, 3, "", std::chrono::seconds(15)), kSecond, "k");
  EXPECT_EQ(open.Find(1)->shown->id, 1U);
  EXPECT_EQ(open.Find(1)->shown->packets, 5U);
  EXPECT_EQ(open.Find(1)->shown->flows, 5U);
  EXPECT_EQ(open.Find(1)->shown->deadline, WallTime(std::chrono::seconds(15)));
  open.Change(1, Numbered(1, 4), kFirst);
  EXPECT_EQ(open.Find(1)->shown->packets, 7U);
  EXPECT_FALSE(open.Remove(1, kFirst));
  EXPECT_EQ(open.Find(1)->shown->packets, 3U);
  EXPECT_EQ(open.Find(1)->shown->id, 1U);
}

TEST(OpenQuestions, EndWhenNoThreadHasAnythingThatWaits) {
  OpenQuestions open;
  open.Add(Numbered(1), kFirst, "k");
  open.Add(Numbered(2), kSecond, "k");
  EXPECT_FALSE(open.Remove(1, kSecond));
  EXPECT_TRUE(open.Remove(1, kFirst));
  EXPECT_EQ(open.Find(1), nullptr);
  EXPECT_FALSE(open.Remove(1, kFirst));
  EXPECT_EQ(open.Add(Numbered(4), kSecond, "k"), 4U);
}

TEST(OpenQuestions, WithoutAKeyNobodyJoins) {
  OpenQuestions open;
  EXPECT_EQ(open.Add(Numbered(1), kFirst, ""), 1U);
  EXPECT_EQ(open.Add(Numbered(2), kSecond, ""), 2U);
}

TEST(OpenQuestions, NobodyJoinsWhatHasItsVerdict) {
  OpenQuestions open;
  open.Add(Numbered(1), kFirst, "k");
  open.Find(1)->has_verdict = true;
  EXPECT_FALSE(open.CanJoin("k"));
  EXPECT_EQ(open.Add(Numbered(2), kSecond, "k"), 2U);
  // The end of the first leaves the key to the second.
  EXPECT_TRUE(open.Remove(1, kFirst));
  EXPECT_EQ(open.Add(Numbered(3), kFirst, "k"), 2U);
}

TEST(OpenQuestions, ANameMakesAnotherKey) {
  OpenQuestions open;
  open.Add(Numbered(1), kFirst, "192.0.2.1");
  EXPECT_TRUE(open.TakeKey(1, "example.org"));
  open.Change(1, Numbered(1, 1, "example.org"), kFirst);
  EXPECT_FALSE(open.CanJoin("192.0.2.1"));
  EXPECT_EQ(open.Add(Numbered(2), kSecond, "example.org"), 1U);
  EXPECT_EQ(open.Find(1)->shown->host, "example.org");
}

TEST(OpenQuestions, ANameThatAnotherQuestionHasIsNotTaken) {
  OpenQuestions open;
  open.Add(Numbered(1), kFirst, "192.0.2.1");
  open.Add(Numbered(2), kSecond, "192.0.2.2");
  EXPECT_TRUE(open.TakeKey(1, "example.org"));
  EXPECT_FALSE(open.TakeKey(2, "example.org"));
  EXPECT_TRUE(open.CanJoin("192.0.2.2"));
  EXPECT_TRUE(open.TakeKey(1, "example.org"));  // again, by its other thread
}

TEST(OpenQuestions, AThreadThatKnowsNoNameDoesNotHideIt) {
  OpenQuestions open;
  open.Add(Numbered(1), kFirst, "192.0.2.1");
  open.Add(Numbered(2), kSecond, "192.0.2.1");
  ASSERT_TRUE(open.TakeKey(1, "example.org"));
  open.Change(1, Numbered(1, 1, "example.org"), kFirst);
  open.Change(1, Numbered(1, 6), kSecond);
  EXPECT_EQ(open.Find(1)->shown->host, "example.org");
  EXPECT_EQ(open.Find(1)->shown->packets, 7U);
}

TEST(OpenQuestions, OfOneThatIsNotOpenNothingIsKept) {
  OpenQuestions open;
  open.Change(7, Numbered(7), kFirst);
  EXPECT_EQ(open.Find(7), nullptr);
  EXPECT_THAT(open.LanesOf(7), IsEmpty());
  EXPECT_TRUE(open.TakeKey(7, "k"));
  EXPECT_FALSE(open.CanJoin("k"));
  EXPECT_EQ(open.Size(), 0U);
}

}  // namespace
}  // namespace procwall

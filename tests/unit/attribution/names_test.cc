// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/names.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

using namespace std::chrono_literals;

IpAddress Address(std::string_view text) { return IpAddress::Parse(text).value(); }

// The answer to "what is `name`?": `address`, for `ttl`.
DnsMessage Answer(std::string name, std::string_view address, std::chrono::seconds ttl = 1h) {
  DnsMessage answer;
  answer.is_response = true;
  answer.questions = {name};
  answer.addresses = {{std::move(name), Address(address), ttl}};
  return answer;
}

class NamesTest : public testing::Test {
 protected:
  std::string_view NameOf(std::string_view address) { return names_.NameOf(Address(address)); }

  FakeClock clock_;
  Names names_{clock_};
};

TEST_F(NamesTest, KnowsNothingBeforeItLearns) {
  EXPECT_EQ(NameOf("192.0.2.1"), "");
  EXPECT_EQ(names_.Size(), 0U);
}

TEST_F(NamesTest, LearnsTheNameThatWasAsked) {
  names_.Learn(Answer("a.example", "192.0.2.1"));
  names_.Learn(Answer("b.example", "2001:db8::1"));
  EXPECT_EQ(NameOf("192.0.2.1"), "a.example");
  EXPECT_EQ(NameOf("2001:db8::1"), "b.example");
  EXPECT_EQ(NameOf("192.0.2.2"), "");
}

TEST_F(NamesTest, FollowsTheAliasesBackToTheQuestionInWhateverOrderTheyCome) {
  DnsMessage answer = Answer("c.example", "192.0.2.1");
  answer.questions = {"a.example"};
  answer.aliases = {{"b.example", "c.example", 1h}, {"a.example", "b.example", 1h}};
  names_.Learn(answer);
  EXPECT_EQ(NameOf("192.0.2.1"), "a.example");
}

TEST_F(NamesTest, SurvivesAliasesInACircle) {
  DnsMessage answer = Answer("b.example", "192.0.2.1");
  answer.questions = {"a.example"};
  answer.aliases = {{"a.example", "b.example", 1h}, {"b.example", "a.example", 1h}};
  names_.Learn(answer);
  EXPECT_EQ(NameOf("192.0.2.1"), "a.example");
}

TEST_F(NamesTest, DoesNotLearnARecordThatNobodyAskedFor) {
  DnsMessage answer = Answer("bank.example", "192.0.2.1");
  answer.questions = {"evil.example"};
  names_.Learn(answer);
  EXPECT_EQ(NameOf("192.0.2.1"), "");
}

TEST_F(NamesTest, DoesNotLearnFromAnAliasIntoAnothersName) {
  DnsMessage answer = Answer("bank.example", "192.0.2.1");
  answer.questions = {"evil.example"};
  answer.aliases = {{"evil.example", "bank.example", 1h}};
  names_.Learn(answer);
  EXPECT_EQ(NameOf("192.0.2.1"), "evil.example");
}

TEST_F(NamesTest, DoesNotLearnFromAQuery) {
  DnsMessage query = Answer("a.example", "192.0.2.1");
  query.is_response = false;
  names_.Learn(query);
  EXPECT_EQ(names_.Size(), 0U);
}

TEST_F(NamesTest, DoesNotLearnLoopbackOrUnspecifiedAddresses) {
  for (const char* address : {"127.0.0.1", "127.1.2.3", "::1", "0.0.0.0", "::"}) {
    names_.Learn(Answer("a.example", address));
  }
  EXPECT_EQ(names_.Size(), 0U);
}

TEST_F(NamesTest, LetsTheLatestAnswerWin) {
  names_.Learn(Answer("a.example", "192.0.2.1"));
  names_.Learn(Answer("b.example", "192.0.2.1"));
  EXPECT_EQ(NameOf("192.0.2.1"), "b.example");
  EXPECT_EQ(names_.Size(), 1U);
}

TEST_F(NamesTest, ForgetsWhenTheTtlIsOver) {
  names_.Learn(Answer("a.example", "192.0.2.1", 3600s));
  clock_.Advance(3599s);
  EXPECT_EQ(NameOf("192.0.2.1"), "a.example");
  clock_.Advance(1s);
  EXPECT_EQ(NameOf("192.0.2.1"), "");
}

TEST_F(NamesTest, KeepsAShortLivedNameForItsMinimum) {
  names_.Learn(Answer("a.example", "192.0.2.1", 0s));
  clock_.Advance(10min - 1s);
  EXPECT_EQ(NameOf("192.0.2.1"), "a.example");
  clock_.Advance(1s);
  EXPECT_EQ(NameOf("192.0.2.1"), "");
}

TEST_F(NamesTest, KeepsALongLivedNameNoLongerThanItsMaximum) {
  names_.Learn(Answer("a.example", "192.0.2.1", std::chrono::seconds(0x7fffffff)));
  clock_.Advance(24h - 1s);
  EXPECT_EQ(NameOf("192.0.2.1"), "a.example");
  clock_.Advance(1s);
  EXPECT_EQ(NameOf("192.0.2.1"), "");
}

TEST_F(NamesTest, LivesAnewAfterANewAnswer) {
  names_.Learn(Answer("a.example", "192.0.2.1"));
  clock_.Advance(2h);
  names_.Learn(Answer("a.example", "192.0.2.1"));
  EXPECT_EQ(NameOf("192.0.2.1"), "a.example");
}

IpAddress Numbered(std::size_t i) {
  return IpAddress::V4({10, static_cast<std::uint8_t>(i >> 16), static_cast<std::uint8_t>(i >> 8),
                        static_cast<std::uint8_t>(i)});
}

TEST_F(NamesTest, ForgetsTheOldestUseWhenItIsFull) {
  DnsMessage answer = Answer("a.example", "192.0.2.1");
  const auto learn = [&](std::size_t i) {
    answer.addresses[0].address = Numbered(i);
    names_.Learn(answer);
  };
  for (std::size_t i = 0; i < Names::kMaxAddresses; ++i) learn(i);
  EXPECT_EQ(names_.NameOf(Numbered(0)), "a.example");  // used: now 1 is the oldest
  learn(Names::kMaxAddresses);
  EXPECT_EQ(names_.Size(), Names::kMaxAddresses);
  EXPECT_EQ(names_.NameOf(Numbered(0)), "a.example");
  EXPECT_EQ(names_.NameOf(Numbered(1)), "");
  EXPECT_EQ(names_.NameOf(Numbered(2)), "a.example");
}

TEST_F(NamesTest, KeepsAViewValidWhileNothingIsLearnt) {
  names_.Learn(Answer("a.example", "192.0.2.1"));
  const std::string_view name = NameOf("192.0.2.1");
  clock_.Advance(2h);
  EXPECT_EQ(NameOf("192.0.2.1"), "");
  EXPECT_EQ(name, "a.example");
}

}  // namespace
}  // namespace procwall

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

IpAddress Numbered(std::size_t i) {
  return IpAddress::V4({10, static_cast<std::uint8_t>(i >> 16), static_cast<std::uint8_t>(i >> 8),
                        static_cast<std::uint8_t>(i)});
}

class NamesTest : public testing::Test {
 protected:
  std::string_view NameOf(std::string_view address, const NameAsker& asker = {}) {
    return names_.NameOf(Address(address), asker).text;
  }
  // "dns a.example"
  std::string Told(std::string_view address, const NameAsker& asker) {
    const Names::Name name = names_.NameOf(Address(address), asker);
    return std::string(NameSourceName(name.source)) + " " + std::string(name.text);
  }

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

NameAsker CurlAsking(Pid pid = 7) { return {"/usr/bin/curl", {pid, 1}}; }
NameAsker Wget() { return {"/usr/bin/wget", {8, 1}}; }

TEST_F(NamesTest, TellsEachProgramTheNameItAskedFor) {
  names_.Learn(Answer("a.example", "192.0.2.1"), CurlAsking());
  names_.Learn(Answer("b.example", "192.0.2.1"), Wget());
  EXPECT_EQ(Told("192.0.2.1", CurlAsking()), "dns a.example");
  EXPECT_EQ(Told("192.0.2.1", Wget()), "dns b.example");
}

TEST_F(NamesTest, SaysWhenItWasAnotherProgramThatAsked) {
  names_.Learn(Answer("a.example", "192.0.2.1"), CurlAsking());
  EXPECT_EQ(Told("192.0.2.1", Wget()), "dns-other-program a.example");
  EXPECT_EQ(Told("192.0.2.1", {}), "dns-other-program a.example");
  EXPECT_EQ(Told("192.0.2.2", CurlAsking()), " ");
}

TEST_F(NamesTest, NeverTakesTheUnknownForTheSameProgram) {
  names_.Learn(Answer("a.example", "192.0.2.1"));
  EXPECT_EQ(Told("192.0.2.1", {}), "dns-other-program a.example");
}

TEST_F(NamesTest, TellsAProcessOfTheSameProgramWhatTheOtherAskedFor) {
  names_.Learn(Answer("a.example", "192.0.2.1"), CurlAsking(1));
  EXPECT_EQ(Told("192.0.2.1", CurlAsking(2)), "dns a.example");
}

TEST_F(NamesTest, IsNotSureWhichOfItsNamesAnotherProcessOfTheProgramMeans) {
  names_.Learn(Answer("a.example", "192.0.2.1"), CurlAsking(1));
  names_.Learn(Answer("b.example", "192.0.2.1"), CurlAsking(2));
  EXPECT_EQ(Told("192.0.2.1", CurlAsking(1)), "dns a.example");
  EXPECT_EQ(Told("192.0.2.1", CurlAsking(2)), "dns b.example");
  EXPECT_EQ(Told("192.0.2.1", CurlAsking(3)), "dns-other-program b.example");
}

TEST_F(NamesTest, TakesSystemdResolvedBeforeAnotherProgram) {
  names_.Learn(Answer("b.example", "192.0.2.1"), {}, NameSource::kResolved);
  names_.Learn(Answer("a.example", "192.0.2.1"), CurlAsking());
  EXPECT_EQ(Told("192.0.2.1", Wget()), "resolved b.example");
  EXPECT_EQ(Told("192.0.2.1", CurlAsking()), "dns a.example");
}

TEST_F(NamesTest, KnowsOfAnAddressWithoutUsingIt) {
  EXPECT_FALSE(names_.Knows(Address("192.0.2.1")));
  names_.Learn(Answer("a.example", "192.0.2.1"), CurlAsking());
  EXPECT_TRUE(names_.Knows(Address("192.0.2.1")));
  clock_.Advance(2h);
  EXPECT_FALSE(names_.Knows(Address("192.0.2.1")));
}

TEST(AskerOf, TellsProgramsApartByPathScriptAndContainer) {
  const Process curl{.id = {7, 1}, .path = "/usr/bin/curl"};
  Process script = curl;
  script.script = "/usr/bin/x.py";
  Process boxed = curl;
  boxed.container = "0123";
  EXPECT_EQ(AskerOf(curl).process, (ProcessId{7, 1}));
  EXPECT_NE(AskerOf(curl).program, AskerOf(script).program);
  EXPECT_NE(AskerOf(curl).program, AskerOf(boxed).program);
  EXPECT_EQ(AskerOf(Process{.id = {2, 1}}).program, "");
}

TEST_F(NamesTest, LearnsSoMuchOfOneAnswerAndNoMore) {
  DnsMessage answer = Answer("a.example", "192.0.2.1");
  for (std::size_t i = 0; i < 200; ++i) {
    answer.addresses.push_back({"a.example", Numbered(i), 1h});
  }
  names_.Learn(answer);
  EXPECT_EQ(names_.Size(), Names::kMaxPerAnswer);
}

TEST_F(NamesTest, LearnsSoManyNamesOfOneAddressAndKeepsTheUsed) {
  names_.Learn(Answer("a.example", "192.0.2.1"), CurlAsking());
  EXPECT_EQ(Told("192.0.2.1", CurlAsking()), "dns a.example");
  for (int i = 0; i < 100; ++i) {
    const std::string number = std::to_string(i);
    names_.Learn(Answer(number + ".example", "192.0.2.1"), {"/bin/" + number, {100 + i, 1}});
  }
  EXPECT_EQ(names_.Size(), Names::kMaxPerAddress);
  EXPECT_EQ(Told("192.0.2.1", CurlAsking()), "dns a.example");
  EXPECT_EQ(Told("192.0.2.1", {"/bin/99", {199, 1}}), "dns 99.example");
}

// What nobody asked for, or an evil server answers: one million, and each is another address.
TEST_F(NamesTest, StaysBoundedUnderAFloodAndKeepsTheNamesInUse) {
  constexpr std::size_t kInUse = 1000;
  for (std::size_t i = 0; i < kInUse; ++i) {
    DnsMessage answer = Answer("used.example", "192.0.2.1");
    answer.addresses[0].address = Numbered(i);
    names_.Learn(answer);  // of the same asker as the flood: nobody knows who
    EXPECT_EQ(names_.NameOf(Numbered(i), {}).text, "used.example");
  }
  names_.Learn(Answer("fresh.example", "192.0.2.1"), CurlAsking());  // never used
  DnsMessage flood = Answer(std::string(200, 'x'), "192.0.2.2");
  for (std::size_t i = 0; i < 1'000'000; ++i) {
    flood.addresses[0].address = Numbered(kInUse + i);
    names_.Learn(flood);
    ASSERT_LE(names_.Size(), Names::kMaxEntries);
  }
  for (std::size_t i = 0; i < kInUse; ++i) {
    ASSERT_EQ(names_.NameOf(Numbered(i), {}).text, "used.example") << i;
  }
  EXPECT_EQ(Told("192.0.2.1", CurlAsking()), "dns fresh.example");
  EXPECT_EQ(names_.NameOf(Numbered(kInUse + 999'999), {}).text, std::string(200, 'x'));
}

TEST_F(NamesTest, AProgramThatUsesAllItAsksForPushesOutOnlyItsOwn) {
  names_.Learn(Answer("a.example", "192.0.2.1"), CurlAsking());
  for (std::size_t i = 0; i < 2 * Names::kMaxEntries; ++i) {
    DnsMessage answer = Answer("b.example", "192.0.2.2");
    answer.addresses[0].address = Numbered(i);
    names_.Learn(answer, Wget());
    ASSERT_EQ(names_.NameOf(Numbered(i), Wget()).text, "b.example") << i;
  }
  EXPECT_EQ(names_.Size(), Names::kMaxEntries);
  EXPECT_EQ(Told("192.0.2.1", CurlAsking()), "dns a.example");
  EXPECT_EQ(names_.NameOf(Numbered(0), Wget()).text, "");
}

TEST_F(NamesTest, BoundsTheBytesOfLongNames) {
  for (std::size_t i = 0; i < Names::kMaxEntries; ++i) {
    DnsMessage answer = Answer(std::string(1000, 'x'), "192.0.2.1");
    answer.addresses[0].address = Numbered(i);
    names_.Learn(answer);
  }
  EXPECT_EQ(names_.Size(), Names::kMaxNameBytes / 1000);
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

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/fact_gatherer.h"

#include <poll.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "attribution/describe.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_proc.h"
#include "tests/support/temporary_directory.h"

#if defined(__GNUC__) && !defined(__clang__)
// gcc 12 takes an empty std::set in a temporary for one that was never made.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace procwall {
namespace {

// This test is a program, too; the only one of the package "unit-test".
class FactGathererTest : public testing::Test {
 protected:
  FactGathererTest() {
    clock.Advance(std::chrono::hours(50 * 365 * 24));  // no file is new any more
    std::ofstream(lists / "unit-test.list") << ourselves->path << "\n";
    gatherer = FactGatherer::Start(clock, answered,
                                   {.procfs = Procfs::Open().value(),
                                    .package_lists = lists.Path().string(),
                                    .name_of_interface = NameOfInterface})
                   .value();
  }

  static ProcessPtr DescribeOurselves() {
    const auto handle = Procfs::Open().value().OpenProcess(::getpid()).value();
    return std::make_shared<const Process>(DescribeProcess(*handle).value().process);
  }
  static std::string NameOfInterface(std::uint32_t index) {
    return index == 99 ? "" : "eth" + std::to_string(index);
  }
  FactsAnswer AskAndAwait(FactsQuestion question) {
    EXPECT_TRUE(gatherer->Ask(std::move(question)));
    pollfd waiting{answered.UnsafeFd(), POLLIN, 0};
    EXPECT_EQ(::poll(&waiting, 1, 30'000), 1);
    answered.Clear();
    auto answers = gatherer->TakeAnswers();
    EXPECT_EQ(answers.size(), 1U);
    return answers.empty() ? FactsAnswer{} : std::move(answers.front());
  }

  FakeClock clock;
  const Wakeup answered = Wakeup::Create().value();
  TemporaryDirectory lists;
  ProcessPtr ourselves = DescribeOurselves();
  std::unique_ptr<FactGatherer> gatherer;
};

TEST_F(FactGathererTest, FindsOutOnlyWhatIsAsked) {
  const FactsAnswer answer =
      AskAndAwait({.ticket = 7, .needs = {.package = true}, .processes = {ourselves}});
  EXPECT_EQ(answer.ticket, 7U);
  ASSERT_EQ(answer.facts.programs.size(), 1U);
  EXPECT_EQ(*answer.facts.programs[0],
            (ProgramFacts{.asked = {.package = true}, .package = "unit-test"}));
}

TEST_F(FactGathererTest, ComputesTheDigestsOfTheRunningFile) {
  const FactsAnswer answer =
      AskAndAwait({.needs = {.md5 = true, .sha256 = true}, .processes = {ourselves}});
  ASSERT_EQ(answer.facts.programs.size(), 1U);
  const HashesPtr& hashes = answer.facts.programs[0]->hashes;
  ASSERT_NE(hashes, nullptr);
  EXPECT_EQ(hashes->md5.size(), 32U);
  EXPECT_EQ(hashes->sha1, "");
  EXPECT_EQ(hashes->sha256.size(), 64U);
}

TEST_F(FactGathererTest, ReadsVariablesOfTheEnvironment) {
  const FactsAnswer answer = AskAndAwait(
      {.needs = {.environment = {"PATH", "PROCWALL_NOT_SET"}}, .processes = {ourselves}});
  ASSERT_EQ(answer.facts.programs.size(), 1U);
  const auto& environment = answer.facts.programs[0]->environment;
  ASSERT_TRUE(environment);
  ASSERT_EQ(environment->variables.size(), 1U);
  EXPECT_TRUE(environment->variables[0].starts_with("PATH="));
}

TEST_F(FactGathererTest, KnowsAtOnceWhatWasFoundOutBefore) {
  const FactsNeeded needs{.md5 = true};
  EXPECT_EQ(gatherer->Find(needs, {.processes = {ourselves}}), std::nullopt);
  const FactsAnswer answer = AskAndAwait({.needs = needs, .processes = {ourselves}});
  EXPECT_EQ(gatherer->Find(needs, {.processes = {ourselves}}), answer.facts);
}

TEST_F(FactGathererTest, OfADeadProgramOnlyItsPackageIsKnown) {
  Process dead = *ourselves;
  dead.id.start_time += 1;
  const FactsAnswer answer =
      AskAndAwait({.needs = {.md5 = true, .package = true, .environment = {"PATH"}},
                   .processes = {std::make_shared<const Process>(dead)}});
  ASSERT_EQ(answer.facts.programs.size(), 1U);
  const ProgramFacts& facts = *answer.facts.programs[0];
  EXPECT_EQ(facts.hashes, nullptr);
  EXPECT_EQ(facts.environment, std::nullopt);
  EXPECT_EQ(facts.package, "unit-test");
}

TEST_F(FactGathererTest, NamesInterfaces) {
  const FactsNeeded needs{.interfaces = true};
  const PacketsFacts expected{.in_interface = "eth1", .out_interface = "eth2"};
  EXPECT_EQ(AskAndAwait({.needs = needs, .in_interface = 1, .out_interface = 2}).facts, expected);
  EXPECT_EQ(gatherer->Find(needs, {.in_interface = 1, .out_interface = 2}), expected);
}

TEST_F(FactGathererTest, AnInterfaceThatIsGoneHasNoName) {
  EXPECT_EQ(AskAndAwait({.needs = {.interfaces = true}, .out_interface = 99}).facts,
            PacketsFacts{});
}

TEST_F(FactGathererTest, OthersMayWaitForIt) {
  const PacketsFacts facts =
      gatherer->GatherNow({.needs = {.package = true}, .processes = {ourselves}});
  ASSERT_EQ(facts.programs.size(), 1U);
  EXPECT_EQ(facts.programs[0]->package, "unit-test");
}

TEST(FactGatherer, StartsOnThisHost) {
  const FakeClock clock;
  const Wakeup answered = Wakeup::Create().value();
  const auto gatherer = FactGatherer::Start(clock, answered);
  ASSERT_TRUE(gatherer) << gatherer.error();
  EXPECT_EQ((*gatherer)->GatherNow({.needs = {.interfaces = true}, .out_interface = 1}),
            (PacketsFacts{.out_interface = "lo"}));
}

}  // namespace
}  // namespace procwall

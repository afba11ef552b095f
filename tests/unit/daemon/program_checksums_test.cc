// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/program_checksums.h"

#include <unistd.h>

#include <chrono>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "attribution/describe.h"
#include "base/wakeup.h"
#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

using std::chrono::milliseconds;

struct ProgramChecksumsTest : testing::Test {
  ProgramChecksumsTest() {
    clock.Advance(std::chrono::hours(50 * 365 * 24));  // no file is new any more
  }
  static ProcessPtr DescribeOurselves() {
    const auto handle = Procfs::Open().value().OpenProcess(::getpid()).value();
    return std::make_shared<const Process>(DescribeProcess(*handle).value().process);
  }

  FakeClock clock;
  const Wakeup answered = Wakeup::Create().value();
  const ProcessPtr ourselves = DescribeOurselves();
  const std::unique_ptr<FactGatherer> facts =
      FactGatherer::Start(clock, answered,
                          {.procfs = Procfs::Open().value(), .name_of_interface = {}})
          .value();
  const SharedRules rules{std::make_shared<const RuleSet>()};
  ProgramChecksums checksums{*facts, rules};
};

TEST_F(ProgramChecksumsTest, AreTheDigestsOfTheProgramsFile) {
  const HashesPtr hashes = checksums.Of(ourselves, std::chrono::seconds(30));
  ASSERT_NE(hashes, nullptr);
  EXPECT_EQ(hashes->md5.size(), 32U);
  EXPECT_EQ(hashes->sha1.size(), 40U);
}

TEST_F(ProgramChecksumsTest, AreKnownTheNextTimeWithoutWaiting) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (checksums.Of(ourselves, milliseconds(0)) == nullptr) {
    ASSERT_LT(std::chrono::steady_clock::now(), limit);
    std::this_thread::sleep_for(milliseconds(50));  // each try is a question
  }
  EXPECT_NE(checksums.Of(ourselves, milliseconds(0)), nullptr);
}

}  // namespace
}  // namespace procwall

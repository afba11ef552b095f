// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/end_history.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

using std::chrono_literals::operator""ms;

constexpr BootTime kBegin{std::chrono::seconds(100)};

Process EndedProcess(Pid pid, const char* path, std::vector<Ancestor> ancestors) {
  Process process;
  process.id = {pid, 1};
  process.path = path;
  process.ancestors = std::move(ancestors);
  if (!process.ancestors.empty()) process.parent_pid = process.ancestors.front().pid;
  return process;
}

const Process kLender = EndedProcess(7, "/bin/lender", {{1, "/sbin/init"}});
const Process kHelper = EndedProcess(8, "/bin/helper", {{7, "/bin/lender"}, {1, "/sbin/init"}});
const Process kWorker = EndedProcess(9, "/bin/lender", {{7, "/bin/lender"}, {1, "/sbin/init"}});
const Process kStranger = EndedProcess(20, "/bin/stranger", {{1, "/sbin/init"}});

TEST(EndHistory, KnowsThatAParentEnded) {
  EndHistory history(kBegin);
  history.Note(7, &kLender, kBegin + 5ms);
  EXPECT_TRUE(history.MayKinHaveEndedSince(kHelper, Kinship::kAll, kBegin + 5ms));
  EXPECT_FALSE(history.MayKinHaveEndedSince(kHelper, Kinship::kAll, kBegin + 6ms));
}

TEST(EndHistory, AsksForDescendantsAlone) {
  EndHistory history(kBegin);
  history.Note(7, &kLender, kBegin + 5ms);
  EXPECT_FALSE(history.MayKinHaveEndedSince(kHelper, Kinship::kDescendants, kBegin));
  history.Note(8, &kHelper, kBegin + 6ms);
  EXPECT_TRUE(history.MayKinHaveEndedSince(kLender, Kinship::kDescendants, kBegin));
}

TEST(EndHistory, DoesNotMindRelativesOfTheSameProgram) {
  EndHistory history(kBegin);
  history.Note(9, &kWorker, kBegin + 5ms);
  EXPECT_FALSE(history.MayKinHaveEndedSince(kLender, Kinship::kAll, kBegin));
}

TEST(EndHistory, MindsAGrandchildIfWhoMadeItIsGoneToo) {
  const Process grandchild = EndedProcess(
      10, "/bin/grandchild", {{8, "/bin/helper"}, {7, "/bin/lender"}, {1, "/sbin/init"}});
  EndHistory history(kBegin);
  history.Note(10, &grandchild, kBegin + 5ms);
  EXPECT_FALSE(history.MayKinHaveEndedSince(kLender, Kinship::kDescendants, kBegin));
  history.Note(8, &kHelper, kBegin);
  EXPECT_TRUE(history.MayKinHaveEndedSince(kLender, Kinship::kDescendants, kBegin + 1ms));
}

TEST(EndHistory, DoesNotMindStrangersAndBrothers) {
  EndHistory history(kBegin);
  history.Note(20, &kStranger, kBegin + 5ms);
  EXPECT_FALSE(history.MayKinHaveEndedSince(kLender, Kinship::kAll, kBegin));
}

TEST(EndHistory, MindsAParentOfWhichNobodyKnowsWhatItRan) {
  EndHistory history(kBegin);
  history.Note(7, nullptr, kBegin + 5ms);
  EXPECT_TRUE(history.MayKinHaveEndedSince(kHelper, Kinship::kAll, kBegin));
}

TEST(EndHistory, DoesNotKnowWhatWasBeforeItBeganOrWasLost) {
  EndHistory history(kBegin);
  EXPECT_TRUE(history.MayKinHaveEndedSince(kLender, Kinship::kAll, kBegin - 1ms));
  history.ForgetBefore(kBegin + 10ms);
  EXPECT_TRUE(history.MayKinHaveEndedSince(kLender, Kinship::kAll, kBegin + 9ms));
  EXPECT_FALSE(history.MayKinHaveEndedSince(kLender, Kinship::kAll, kBegin + 10ms));
}

TEST(EndHistory, DoesNotKnowWhatIsTooLongAgo) {
  EndHistory history(kBegin);
  for (std::size_t i = 0; i <= EndHistory::kCapacity; ++i) history.Note(20, &kStranger, kBegin);
  EXPECT_TRUE(history.MayKinHaveEndedSince(kLender, Kinship::kAll, kBegin));
  EXPECT_FALSE(history.MayKinHaveEndedSince(kLender, Kinship::kAll, kBegin + 1ms));
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/attribution.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

RankedSocket SocketWithInode(Inode inode) {
  RankedSocket ranked{.socket = {}, .rank = SocketRank::kSameFlow};
  ranked.socket.inode = inode;
  return ranked;
}

TEST(EvidenceToString, NamesTheSocketTheHolderAndTheUid) {
  Evidence evidence;
  evidence.socket_source = SocketSource::kExact;
  evidence.holder_source = HolderSource::kIndex;
  evidence.socket = SocketWithInode(12345);
  evidence.candidates = 1;
  evidence.holders = 1;
  evidence.uid_agrees = true;
  EXPECT_EQ(evidence.ToString(), "exact socket 12345 same-flow, holder from index, uid agrees");
}

TEST(EvidenceToString, CountsCandidatesAndHolders) {
  Evidence evidence;
  evidence.socket_source = SocketSource::kDump;
  evidence.holder_source = HolderSource::kWalk;
  evidence.socket = SocketWithInode(7);
  evidence.candidates = 3;
  evidence.holders = 2;
  evidence.all_holders_known = true;
  evidence.uid_agrees = false;
  EXPECT_EQ(evidence.ToString(),
            "dump socket 7 same-flow of 3 candidates, holder from walk (2 holders), all holders "
            "known, uid differs");
}

TEST(EvidenceToString, SaysWhatWentWrong) {
  Evidence evidence;
  evidence.socket_source = SocketSource::kExact;
  evidence.note = "query socket";
  EXPECT_EQ(evidence.ToString(), "exact: no socket, query socket");
}

TEST(EvidenceToString, SaysThatNothingWasAsked) { EXPECT_EQ(Evidence().ToString(), "no lookup"); }

TEST(UnknownReason, HasANameAndASentenceForEach) {
  for (int i = 0; i <= static_cast<int>(kLastUnknownReason); ++i) {
    const auto reason = static_cast<UnknownReason>(i);
    EXPECT_NE(std::string(UnknownReasonName(reason)), "") << i;
    EXPECT_EQ(std::string(UnknownReasonSentence(reason)).back(), '.') << i;
    EXPECT_TRUE(i == 0 || std::string(UnknownReasonName(reason)) != "none") << i;
  }
}

TEST(UnknownReason, HasNoneBehindTheLast) {
  const auto behind = static_cast<UnknownReason>(static_cast<int>(kLastUnknownReason) + 1);
  EXPECT_STREQ(UnknownReasonName(behind), "none");
  EXPECT_STREQ(UnknownReasonSentence(behind), "The program is not known.");
}

TEST(Confidence, IsOrderedSurestFirst) {
  EXPECT_LT(Confidence::kCertain, Confidence::kLikely);
  EXPECT_LT(Confidence::kLikely, Confidence::kAmbiguous);
  EXPECT_LT(Confidence::kAmbiguous, Confidence::kUnknown);
  EXPECT_STREQ(ConfidenceName(Confidence::kAmbiguous), "ambiguous");
}

}  // namespace
}  // namespace procwall

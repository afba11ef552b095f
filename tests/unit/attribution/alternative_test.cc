// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/alternative.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(AlternativeReason, HasANameAndASentenceOfItsOwnForEach) {
  constexpr int kReasons = static_cast<int>(AlternativeReason::kSentBefore) + 1;
  std::set<std::string> names;
  std::set<std::string> sentences;
  for (int i = 0; i < kReasons; ++i) {
    names.insert(AlternativeReasonName(static_cast<AlternativeReason>(i)));
    sentences.insert(AlternativeReasonSentence(static_cast<AlternativeReason>(i)));
  }
  EXPECT_EQ(names.size(), kReasons);
  EXPECT_EQ(sentences.size(), kReasons);
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/operand.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(FindOperand, KnowsWhatEachOperandNeeds) {
  EXPECT_EQ(FindOperand("true").value()->needs, FactsNeeded{});
  EXPECT_EQ(FindOperand("process.path").value()->needs, FactsNeeded{.process = true});
  EXPECT_EQ(FindOperand("process.command").value()->needs,
            (FactsNeeded{.process = true, .args = true}));
  EXPECT_EQ(FindOperand("dest.host").value()->needs, FactsNeeded{.host = true});
  EXPECT_EQ(FindOperand("dest.port").value()->needs, FactsNeeded{});
}

TEST(FindOperand, SaysThatAnOperandOfAnotherVersionIsNotSupportedYet) {
  for (const char* name : {"process.parent.path", "process.hash.md5", "process.env.HOME",
                           "user.name", "iface.out", "lists.domains"}) {
    EXPECT_EQ(FindOperand(name).error(), std::string("operand ") + name + " is not supported yet");
  }
}

TEST(FindOperand, SaysThatATypingErrorIsNotKnown) {
  EXPECT_EQ(FindOperand("process.pth").error(), "operand process.pth is not known");
  EXPECT_EQ(FindOperand("Process.Path").error(), "operand Process.Path is not known");
  EXPECT_EQ(FindOperand("").error(), "the operand is missing");
}

}  // namespace
}  // namespace procwall

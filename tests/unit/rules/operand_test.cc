// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/operand.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(FindOperand, KnowsThoseOfEveryVersionOfOpenSnitch) {
  for (const char* name : {"true",
                           "process.id",
                           "process.path",
                           "process.parent.path",
                           "process.command",
                           "process.env.HOME",
                           "process.hash.md5",
                           "process.hash.sha1",
                           "user.id",
                           "user.name",
                           "source.ip",
                           "source.port",
                           "source.network",
                           "dest.ip",
                           "dest.host",
                           "dest.port",
                           "dest.network",
                           "protocol",
                           "iface.in",
                           "iface.out",
                           "lists.domains",
                           "lists.domains_regexp",
                           "lists.ips",
                           "lists.nets",
                           "lists.hash.md5"}) {
    EXPECT_TRUE(FindOperand(name).has_value()) << name;
  }
}

TEST(FindOperand, SaysThatATypingErrorIsNotKnown) {
  EXPECT_EQ(FindOperand("process.pth").error(), "operand process.pth is not known");
  EXPECT_EQ(FindOperand("Process.Path").error(), "operand Process.Path is not known");
  EXPECT_EQ(FindOperand("").error(), "the operand is missing");
}

TEST(FindOperand, WantsANameForAVariable) {
  EXPECT_EQ(FindOperand("process.env.LD_PRELOAD").value()->kind, OperandKind::kVariable);
  EXPECT_EQ(FindOperand("process.env.").error(), "operand process.env. is not known");
}

}  // namespace
}  // namespace procwall

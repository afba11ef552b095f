// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/requirements.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(DescribeRequirements, SaysWhatToDoOnlyAboutWhatIsMissing) {
  const RequirementsReport report = Describe({{"A", true, true, "never said"},
                                              {"B", false, false, "nice to have"},
                                              {"C", false, true, "run as root"}});
  EXPECT_EQ(report.text,
            "ok       A\n"
            "missing  B: nice to have\n"
            "MISSING  C: run as root\n");
  EXPECT_TRUE(report.essential_missing);
}

TEST(DescribeRequirements, WhatIsNotEssentialMayBeMissing) {
  EXPECT_FALSE(Describe({{"A", true, true, ""}, {"B", false, false, ""}}).essential_missing);
  EXPECT_FALSE(Describe({}).essential_missing);
}

TEST(CheckRequirements, NamesEachAndWhatToDo) {
  std::vector<std::string> names;
  for (const Requirement& requirement : CheckRequirements()) {
    names.push_back(requirement.name);
    EXPECT_FALSE(requirement.advice.empty()) << requirement.name;
  }
  EXPECT_THAT(names,
              testing::ElementsAre("CAP_NET_ADMIN", "NFQUEUE", "inet_diag", "CAP_SYS_PTRACE"));
}

}  // namespace
}  // namespace procwall

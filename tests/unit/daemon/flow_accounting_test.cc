// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_accounting.h"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

using Consent = FlowAccounting::Consent;
using testing::HasSubstr;
using testing::IsEmpty;

class FlowAccountingTest : public testing::Test {
 protected:
  void Set(const char* value) const { std::ofstream(path) << value << '\n'; }
  char Get() const {
    std::ifstream file(path);
    return static_cast<char>(file.get());
  }

  const TemporaryDirectory directory;
  const std::string path = directory / "nf_conntrack_acct";
};

TEST_F(FlowAccountingTest, WithoutConsentNothingIsTouchedAndThatIsSaid) {
  Set("0");
  const FlowAccounting accounting(Consent::kNo, path);
  EXPECT_FALSE(accounting.Counts());
  EXPECT_THAT(accounting.WhyNot(), HasSubstr("FlowAccounting"));
  EXPECT_EQ(Get(), '0');
}

TEST_F(FlowAccountingTest, WithConsentItIsOnUntilTheEnd) {
  Set("0");
  {
    const FlowAccounting accounting(Consent::kYes, path);
    EXPECT_TRUE(accounting.Counts());
    EXPECT_THAT(accounting.WhyNot(), IsEmpty());
    EXPECT_EQ(Get(), '1');
  }
  EXPECT_EQ(Get(), '0');
}

TEST_F(FlowAccountingTest, WhatWasOnStaysOn) {
  Set("1");
  { const FlowAccounting accounting(Consent::kYes, path); }
  EXPECT_EQ(Get(), '1');
}

TEST_F(FlowAccountingTest, SaysSoWhenItCannotBeSwitchedOn) {
  const FlowAccounting accounting(Consent::kYes, directory / "missing");
  EXPECT_FALSE(accounting.Counts());
  EXPECT_THAT(accounting.WhyNot(), HasSubstr("missing"));
}

}  // namespace
}  // namespace procwall

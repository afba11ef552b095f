// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/metrics_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::HasSubstr;

TEST(MetricsAddress, IsOfThisHost) {
  EXPECT_EQ(ParseMetricsAddress("127.0.0.1:9477")->ToString(), "127.0.0.1:9477");
  EXPECT_EQ(ParseMetricsAddress("[::1]:9477")->ToString(), "[::1]:9477");
}

TEST(MetricsAddress, OfAnotherIsRefused) {
  for (const char* text : {"0.0.0.0:9477", "192.0.2.1:9477", "[::]:9477", "10.0.0.1:80"}) {
    ASSERT_FALSE(ParseMetricsAddress(text)) << text;
    EXPECT_THAT(ParseMetricsAddress(text).error(), HasSubstr("can be reached from other hosts"));
  }
  EXPECT_THAT(ParseMetricsAddress("9477").error(), HasSubstr("is none like 127.0.0.1:9477"));
  EXPECT_THAT(ParseMetricsAddress("unix:/x").error(), HasSubstr("by TCP alone"));
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/resident_code.h"

#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(GiveBackCodeAndConstants, TheProgramGoesOn) {
  const std::string before = testing::UnitTest::GetInstance()->original_working_dir();
  EXPECT_GE(GiveBackCodeAndConstants(), 4U);  // the program's own, and the C library's
  EXPECT_EQ(testing::UnitTest::GetInstance()->original_working_dir(), before);
  EXPECT_THROW((void)std::string(before).at(before.size()), std::out_of_range);
}

}  // namespace
}  // namespace procwall

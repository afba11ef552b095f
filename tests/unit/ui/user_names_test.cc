// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/user_names.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(UserNames, KnowsRoot) { EXPECT_EQ(UserNames().NameOf(0), "root"); }

TEST(UserNames, HasNoNameForAnUnknownUser) { EXPECT_EQ(UserNames().NameOf(4294967294U), ""); }

}  // namespace
}  // namespace procwall

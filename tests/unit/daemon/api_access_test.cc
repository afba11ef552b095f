// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_access.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

const CertificateRoles kRoles = {{"desk", Role::kAnswer}, {"admin.test", Role::kAdminister}};

TEST(CallerNamed, HasTheMostThatOneOfItsNamesGives) {
  const ApiCaller caller = CallerNamed({"desk", "admin.test", "other"}, kRoles);
  EXPECT_EQ(caller.role, Role::kAdminister);
  EXPECT_EQ(caller.name, "admin.test");
}

TEST(CallerNamed, HasNoRoleWithoutAKnownName) {
  for (const auto& names : {std::vector<std::string>{}, std::vector<std::string>{""},
                            std::vector<std::string>{"DESK", "admin.test.", "admin.tes"}}) {
    EXPECT_EQ(CallerNamed(names, kRoles).role, Role::kNone);
  }
}

}  // namespace
}  // namespace procwall

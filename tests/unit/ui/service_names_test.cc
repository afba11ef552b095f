// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/service_names.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(ServiceNames, NamesWellKnownPorts) {
  ServiceNames names;
  if (names.NameOf(22, "tcp").empty()) GTEST_SKIP() << "there is no /etc/services here";
  EXPECT_EQ(names.NameOf(22, "tcp"), "ssh");
  EXPECT_EQ(names.NameOf(22, "tcp6"), "ssh");
  EXPECT_EQ(names.NameOf(53, "udp6"), "domain");
}

TEST(ServiceNames, OtherPortsHaveNone) {
  ServiceNames names;
  EXPECT_EQ(names.NameOf(0, "tcp"), "");
  EXPECT_EQ(names.NameOf(48999, "tcp"), "");
}

}  // namespace
}  // namespace procwall

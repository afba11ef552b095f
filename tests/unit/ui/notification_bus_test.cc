// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/notification_bus.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

// What a bus does with it is tested by tests/lab/notify_test.py.
TEST(NotificationBus, SaysThatThereIsNoSession) {
  ::setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/no/such/bus", 1);
  const auto bus = NotificationBus::Open();
  ::unsetenv("DBUS_SESSION_BUS_ADDRESS");
  ASSERT_FALSE(bus);
  EXPECT_THAT(bus.error(), testing::HasSubstr("there is no session bus (No such file"));
}

}  // namespace
}  // namespace procwall

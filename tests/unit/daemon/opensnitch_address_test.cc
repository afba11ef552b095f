// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_address.h"

#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

std::string Read(std::string_view text) {
  const auto address = ParseGuiAddress(text);
  return address ? address->ToString() : "refused";
}

TEST(ParseGuiAddress, TakesWhatOpenSnitchTakes) {
  EXPECT_EQ(Read("unix:///tmp/osui.sock"), "unix:/tmp/osui.sock");
  EXPECT_EQ(Read("unix:/run/x"), "unix:/run/x");
  EXPECT_EQ(Read("unix-abstract:osui"), "unix-abstract:osui");
  EXPECT_EQ(Read("unix:@osui"), "unix-abstract:osui");
  EXPECT_EQ(Read("127.0.0.1:50051"), "127.0.0.1:50051");
  EXPECT_EQ(Read("[::1]:50051"), "[::1]:50051");
}

TEST(ParseGuiAddress, RefusesEverythingElse) {
  for (const char* text : {"", "unix:", "unix:tmp/x", "unix:@", "unix-abstract:", "localhost", ":1",
                           "host:", "host:port", "host:123456"}) {
    EXPECT_EQ(Read(text), "refused") << text;
  }
  EXPECT_EQ(Read("unix:/" + std::string(200, 'x')), "refused");
  EXPECT_EQ(Read(std::string_view("unix:/a\0b", 9)), "refused");
}

}  // namespace
}  // namespace procwall

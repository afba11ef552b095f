// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/socket_entry.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(SocketStateName, IsThatOfSs) {
  EXPECT_STREQ(SocketStateName(SocketState::kEstablished), "ESTAB");
  EXPECT_STREQ(SocketStateName(SocketState::kClose), "UNCONN");
  EXPECT_STREQ(SocketStateName(SocketState::kListen), "LISTEN");
}

TEST(SocketStateName, IsAnotherForEveryState) {
  std::set<std::string> names;
  for (std::uint8_t state = 0; state <= 12; ++state) {
    names.insert(SocketStateName(static_cast<SocketState>(state)));
  }
  EXPECT_EQ(names.size(), 13U);
}

TEST(SocketEntry, IsConnectedOnceItHasARemoteEnd) {
  SocketEntry socket;
  EXPECT_FALSE(socket.IsConnected());
  socket.remote.port = 53;
  EXPECT_TRUE(socket.IsConnected());
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/socket_alerts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SocketAlertsTest : public testing::Test {
 protected:
  SocketAlertsTest() { process.id = {42, 7}; }
  SocketWithOwners Held(const SocketEntry& socket) const {
    SocketWithOwners held{.socket = socket, .owners = {}, .all_owners_known = true};
    held.owners = {std::make_shared<const Process>(process)};
    return held;
  }
  static SocketEntry Listener(const std::string& ip = "0.0.0.0") {
    SocketEntry socket;
    socket.state = SocketState::kListen;
    socket.local = {*IpAddress::Parse(ip), 8080};
    return socket;
  }
  static SocketEntry Connection() {
    SocketEntry socket = Listener("192.0.2.1");
    socket.state = SocketState::kEstablished;
    socket.remote.port = 443;
    return socket;
  }
  std::vector<std::string> Kinds(const SocketWithOwners& socket) {
    std::vector<std::string> kinds;
    for (const SocketAlert& alert : alerts.Of(socket)) kinds.push_back(alert.kind);
    return kinds;
  }

  Process process;
  SocketAlerts alerts{SeenPrograms::Parse("/usr/sbin/known\n/tmp/known\n"), {}};
};

TEST_F(SocketAlertsTest, WhatIsKnownToListenIsNoNews) {
  process.path = "/usr/sbin/known";
  EXPECT_THAT(alerts.Of(Held(Listener())), IsEmpty());
}

TEST_F(SocketAlertsTest, ANewListenerIsToldOnceForItsProgram) {
  process.path = "/usr/bin/new";
  EXPECT_THAT(alerts.Of(Held(Connection())), IsEmpty());
  EXPECT_THAT(alerts.Of(Held(Listener())),
              ElementsAre(SocketAlert{"new-listener",
                                      "/usr/bin/new (pid 42) was not seen to wait for others "
                                      "before (port 8080)"}));
  process.id = {43, 8};
  EXPECT_THAT(alerts.Of(Held(Listener())), IsEmpty());
}

TEST_F(SocketAlertsTest, WhatIsLearntIsKnown) {
  process.path = "/usr/bin/new";
  alerts.Learn(Held(Connection()));
  EXPECT_FALSE(alerts.Seen().Contains("/usr/bin/new"));
  alerts.Learn(Held(Listener()));
  EXPECT_TRUE(alerts.Seen().Contains("/usr/bin/new"));
  EXPECT_THAT(alerts.Of(Held(Listener())), IsEmpty());
}

TEST_F(SocketAlertsTest, AListenerForAnybodyFromATemporaryPlace) {
  process.path = "/tmp/known";
  EXPECT_THAT(Kinds(Held(Listener("127.0.0.1"))), IsEmpty());
  EXPECT_THAT(Kinds(Held(Listener("::"))), ElementsAre("temporary-listener"));
  EXPECT_THAT(Kinds(Held(Listener("::"))), IsEmpty());  // once for a process
  process.id = {43, 8};
  process.path = "/var/tmp/x";
  EXPECT_THAT(Kinds(Held(Listener())), ElementsAre("temporary-listener", "new-listener"));
  process.id = {44, 9};
  process.path = "/dev/shm/y";
  EXPECT_THAT(Kinds(Held(Listener())), ElementsAre("temporary-listener", "new-listener"));
}

TEST_F(SocketAlertsTest, AProgramWithoutAFile) {
  process.path = "/memfd:x";
  process.path_is_deleted = true;
  process.executable_state = ExecutableState::kMemory;
  EXPECT_THAT(Kinds(Held(Connection())), ElementsAre("memory-program"));
  process.id = {43, 8};
  EXPECT_THAT(Kinds(Held(Listener())),
              ElementsAre("temporary-listener", "memory-program", "new-listener"));
}

TEST_F(SocketAlertsTest, ADeletedProgramAndOneThatWasReplaced) {
  process.path = "/usr/bin/gone";
  process.path_is_deleted = true;
  process.executable_state = ExecutableState::kDeleted;
  EXPECT_THAT(Kinds(Held(Connection())), ElementsAre("deleted-program"));
  process.id = {43, 8};
  process.executable_state = ExecutableState::kReplaced;
  EXPECT_THAT(Kinds(Held(Connection())), ElementsAre("replaced-program"));
}

TEST_F(SocketAlertsTest, NamesTheContainerAndNothingDangerous) {
  process.path = "/app/\x1b[2J";
  process.container = "web\n";
  EXPECT_EQ(alerts.Of(Held(Listener())).at(0).text,
            "/app/\\x1b[2J (pid 42) in container web\\x0a was not seen to wait for others before "
            "(port 8080)");
}

TEST_F(SocketAlertsTest, OfNobodyThereIsNothingToSay) {
  EXPECT_THAT(alerts.Of({.socket = Listener(), .owners = {}, .all_owners_known = false}),
              IsEmpty());
}

}  // namespace
}  // namespace procwall

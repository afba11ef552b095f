// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/connections_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using What = SocketChange::What;

class ConnectionsWatchTest : public testing::Test {
 protected:
  static SocketEntry Socket(std::uint64_t cookie, SocketState state, Port port) {
    SocketEntry socket;
    socket.cookie = cookie;
    socket.inode = cookie;
    socket.state = state;
    socket.local = {*IpAddress::Parse("0.0.0.0"), port};
    if (state == SocketState::kEstablished) {
      socket.remote = {*IpAddress::Parse("192.0.2.1"), 443};
    }
    return socket;
  }
  // What has changed, as "listens 22" and so on, with the kinds of alerts.
  std::vector<std::string> Look(ConnectionsWatch& watch, const std::vector<SocketEntry>& sockets) {
    const auto owners = [this](const std::vector<SocketEntry>& begun) {
      std::vector<SocketWithOwners> held;
      for (const SocketEntry& socket : begun) {
        held.push_back({.socket = socket, .owners = {}, .all_owners_known = true});
        held.back().owners = {std::make_shared<const Process>(process)};
      }
      return held;
    };
    std::vector<std::string> texts;
    for (const SocketChange& change : watch.OnLook(sockets, owners, {}, {})) {
      std::string text = SocketChangeName(change.what);
      text += " " + std::to_string(change.row.local_port);
      for (const SocketAlert& alert : change.alerts) text += " " + alert.kind;
      texts.push_back(text);
    }
    return texts;
  }
  ConnectionsWatchTest() {
    process.id = {42, 7};
    process.path = "/usr/bin/server";
  }

  Process process;
  const SocketEntry listener = Socket(1, SocketState::kListen, 22);
  const SocketEntry another = Socket(2, SocketState::kListen, 80);
  const SocketEntry connection = Socket(3, SocketState::kEstablished, 40000);
  const SeenPrograms nothing;
};

TEST_F(ConnectionsWatchTest, TellsWhatComesAndGoes) {
  ConnectionsWatch watch({}, nothing, ConnectionsWatch::Seen::kNoList, {});
  EXPECT_THAT(Look(watch, {listener}), IsEmpty());
  EXPECT_THAT(Look(watch, {listener, another, connection}), ElementsAre("listens 80", "new 40000"));
  EXPECT_THAT(Look(watch, {listener}), ElementsAre("gone 80", "gone 40000"));
  EXPECT_THAT(Look(watch, {listener}), IsEmpty());
}

TEST_F(ConnectionsWatchTest, TellsListenersFirst) {
  ConnectionsWatch watch({}, nothing, ConnectionsWatch::Seen::kNoList, {});
  const SocketEntry listens_last = Socket(9, SocketState::kListen, 22);
  SocketEntry not_accepted = Socket(8, SocketState::kEstablished, 22);
  Look(watch, {another});  // whose program is known so
  EXPECT_THAT(Look(watch, {not_accepted, connection, listens_last}),
              ElementsAre("gone 80", "listens 22", "new 22", "new 40000"));
  EXPECT_THAT(Look(watch, {another}),
              ElementsAre("gone 22", "gone 22", "gone 40000", "listens 80"));
}

TEST_F(ConnectionsWatchTest, WithoutAListWhatListensAtFirstIsKnown) {
  ConnectionsWatch watch({}, nothing, ConnectionsWatch::Seen::kNoList, {});
  Look(watch, {listener});
  process.path = "/usr/bin/other";
  EXPECT_THAT(Look(watch, {listener, another}), ElementsAre("listens 80 new-listener"));
}

TEST_F(ConnectionsWatchTest, WithAListWhatIsThereAndNotInItAlerts) {
  ConnectionsWatch watch({}, nothing, ConnectionsWatch::Seen::kList, {});
  EXPECT_THAT(Look(watch, {listener, connection}), ElementsAre("there 22 new-listener"));
}

TEST_F(ConnectionsWatchTest, LearnsWhatListens) {
  ConnectionsWatch watch({.learn = true}, nothing, ConnectionsWatch::Seen::kList, {});
  EXPECT_THAT(Look(watch, {listener}), IsEmpty());
  process.path = "/usr/bin/other";
  EXPECT_THAT(Look(watch, {listener, another}), ElementsAre("listens 80"));
  EXPECT_EQ(watch.Learnt().Count(), 2U);
}

TEST_F(ConnectionsWatchTest, ShowsOnlyWhatIsWanted) {
  ConnectionsWatch alerts({.alerts_only = true}, nothing, ConnectionsWatch::Seen::kNoList, {});
  Look(alerts, {});
  EXPECT_THAT(Look(alerts, {connection, another}), ElementsAre("listens 80 new-listener"));
  EXPECT_THAT(Look(alerts, {}), IsEmpty());
  ConnectionsWatch listening({.listening_only = true}, nothing, ConnectionsWatch::Seen::kNoList,
                             {});
  Look(listening, {});
  EXPECT_THAT(Look(listening, {connection, another}), SizeIs(1));
}

}  // namespace
}  // namespace procwall

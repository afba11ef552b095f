// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/connection_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;

SocketEntry Bound(Port port, Inode inode) {
  SocketEntry socket;
  socket.local = {IpAddress::V4({10, 0, 0, 1}), port};
  socket.inode = inode;
  socket.cookie = inode;
  return socket;
}

std::vector<Inode> Inodes(const SocketPage& page) {
  std::vector<Inode> inodes;
  for (const SocketEntry& socket : page.sockets) inodes.push_back(socket.inode);
  return inodes;
}

TEST(PageToken, LeadsToTheSamePlace) {
  SocketPlace place;
  place.protocol = IpProtocol::kUdp;
  place.local = {IpAddress::Parse("fd00::1").value(), 53};
  place.remote = {IpAddress::V4({192, 0, 2, 1}), 40000};
  place.inode = 18446744073709551615U;
  place.cookie = 7;
  EXPECT_EQ(PageToken(place), "17 fd00::1 53 192.0.2.1 40000 18446744073709551615 7");
  EXPECT_EQ(ParsePageToken(PageToken(place)), place);
}

TEST(ParsePageToken, TakesNothingElse) {
  const std::string good = PageToken(SocketPlace{});
  for (const std::string& bad :
       {std::string(), std::string(" "), good + " ", " " + good, good + " 1",
        good.substr(0, good.size() - 2), std::string("256 0.0.0.0 0 0.0.0.0 0 0 0"),
        std::string("6 0.0.0.0 65536 0.0.0.0 0 0 0"), std::string("6 x 0 0.0.0.0 0 0 0"),
        std::string("6 0.0.0.0 0 0.0.0.0 0 -1 0"), std::string(1000, '1')}) {
    EXPECT_FALSE(ParsePageToken(bad)) << bad;
  }
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string damaged = good;
    damaged[i] = '\xff';
    EXPECT_FALSE(ParsePageToken(damaged));
  }
}

TEST(PageOf, CutsAndSaysWhereToGoOn) {
  const std::vector<SocketEntry> sockets = {Bound(3, 30), Bound(1, 10), Bound(2, 20)};
  const SocketPage first = PageOf(sockets, std::nullopt, 2);
  EXPECT_THAT(Inodes(first), ElementsAre(10, 20));
  const SocketPage second = PageOf(sockets, ParsePageToken(first.next), 2);
  EXPECT_THAT(Inodes(second), ElementsAre(30));
  EXPECT_EQ(second.next, "");
}

TEST(PageOf, GoesOnWhereItWasAlthoughThatSocketIsGone) {
  const SocketPage first = PageOf({Bound(1, 10), Bound(2, 20), Bound(3, 30)}, std::nullopt, 2);
  EXPECT_THAT(
      Inodes(PageOf({Bound(1, 11), Bound(3, 30), Bound(4, 40)}, ParsePageToken(first.next), 2)),
      ElementsAre(30, 40));
}

TEST(PageOf, TellsSocketsOfOnePortApart) {
  const SocketPage first = PageOf({Bound(1, 10), Bound(1, 11), Bound(1, 12)}, std::nullopt, 1);
  EXPECT_THAT(
      Inodes(PageOf({Bound(1, 10), Bound(1, 11), Bound(1, 12)}, ParsePageToken(first.next), 1)),
      ElementsAre(11));
}

TEST(PageOf, HasADefaultSizeAndALimit) {
  std::vector<SocketEntry> many;
  for (Inode inode = 1; inode <= kMaxPageSize + 1; ++inode) many.push_back(Bound(1, inode));
  EXPECT_EQ(PageOf(many, std::nullopt, 0).sockets.size(), kDefaultPageSize);
  EXPECT_EQ(PageOf(many, std::nullopt, 1U << 30).sockets.size(), kMaxPageSize);
}

}  // namespace
}  // namespace procwall

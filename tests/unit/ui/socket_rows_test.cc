// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/socket_rows.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

SocketRow Connected() {
  return {.protocol = "tcp",
          .state = "ESTAB",
          .local_ip = "192.0.2.10",
          .local_port = 40000,
          .peer_ip = "2001:db8::1",
          .peer_port = 443,
          .uid = 1000,
          .user = "ada",
          .inode = 99,
          .holders = {{4211, "/usr/bin/curl", {"curl", "-s"}}}};
}

SocketRow Listening() {
  return {
      .protocol = "tcp6",
      .state = "LISTEN",
      .local_ip = "::",
      .local_port = 80,
      .peer_ip = "",
      .uid = 33,
      .user = "",
      .inode = 7,
      .holders = {{812, "/usr/sbin/nginx", {}}, {813, "/usr/sbin/nginx", {}}, {9, "/bin/x", {}}}};
}

TEST(SocketsText, NamesTheProgramsOfEverySocket) {
  EXPECT_EQ(SocketsText({Listening(), Connected()}, Terminal{}),
            "PROTO  STATE   LOCAL             PEER               USER  PROGRAM\n"
            "tcp6   LISTEN  *:80              -                  33    /usr/sbin/nginx 812 813, "
            "/bin/x 9\n"
            "tcp    ESTAB   192.0.2.10:40000  [2001:db8::1]:443  ada   /usr/bin/curl 4211\n");
}

TEST(SocketsText, MarksASocketWhoseHolderIsNotKnown) {
  SocketRow row = Connected();
  row.holders.clear();
  EXPECT_TRUE(SocketsText({row}, Terminal{}).ends_with("ada   ?\n"));
  row.inode = 0;
  EXPECT_TRUE(SocketsText({row}, Terminal{}).ends_with("ada   -\n"));
}

TEST(SocketsText, FitsANarrowTerminal) {
  EXPECT_EQ(SocketsText({Connected()}, {true, 64, Colours::kOff}),
            "PROTO STATE LOCAL            PEER              USER PROGRAM\n"
            "tcp   ESTAB 192.0.2.10:40000 [2001:db8::1]:443 ada  …n/curl 4211\n");
}

TEST(SocketsText, ShowsAHostilePathEscaped) {
  SocketRow row = Connected();
  row.holders[0].path = "/tmp/\x1b[2J\n";
  const std::string text = SocketsText({row}, Terminal{});
  EXPECT_TRUE(text.ends_with("/tmp/\\x1b[2J\\x0a 4211\n")) << text;
}

TEST(SocketsJson, PrintsAnObjectASocket) {
  EXPECT_EQ(SocketsJson({Connected()}),
            R"({"protocol":"tcp","state":"ESTAB","local_ip":"192.0.2.10","local_port":40000,)"
            R"("peer_ip":"2001:db8::1","peer_port":443,"uid":1000,"user":"ada","inode":99,)"
            R"("holders":[{"pid":4211,"process_path":"/usr/bin/curl",)"
            R"("process_args":["curl","-s"]}],"all_holders_known":true})"
            "\n");
}

TEST(SortForPeople, PutsListenersFirstThenProtocolAndPort) {
  SocketRow low = Connected();
  low.local_port = 22;
  std::vector<SocketRow> rows = {Connected(), Listening(), low};
  SortForPeople(rows);
  EXPECT_EQ(rows, (std::vector<SocketRow>{Listening(), low, Connected()}));
}

}  // namespace
}  // namespace procwall

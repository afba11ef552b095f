// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/socket_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

SocketChange Sample() {
  SocketChange change;
  change.what = SocketChange::What::kListens;
  change.time.set_seconds(1709301802);
  change.time.set_nanos(184'000'000);
  change.row.protocol = "tcp";
  change.row.state = "LISTEN";
  change.row.local_ip = "0.0.0.0";
  change.row.local_port = 22;
  change.row.user = "root";
  change.row.inode = 9;
  change.row.holders = {{700, "/usr/sbin/sshd", {}}};
  change.service = "ssh";
  return change;
}

TEST(SocketChangeText, IsALineThatFits) {
  const SocketChange change = Sample();
  EXPECT_EQ(SocketChangeText(change, {}, {true, 80, Colours::kOff}),
            "14:03:22 listens tcp   *:22 ssh         -                /usr/sbin/sshd 700\n");
}

TEST(SocketChangeText, InAFileNothingIsCut) {
  SocketChange change = Sample();
  change.what = SocketChange::What::kGone;
  change.lived = std::chrono::seconds(75);
  change.containers = {"web"};
  EXPECT_EQ(SocketChangeText(change, {}, {}),
            "2024-03-01T14:03:22.184000000Z  gone     tcp    *:22 ssh                  -           "
            "                      /usr/sbin/sshd 700 in web, after 1 min 15 s\n");
}

TEST(SocketChangeText, NamesThePortThatWasCalled) {
  SocketChange change = Sample();
  change.row.local_port = 40000;
  change.row.peer_ip = "192.0.2.1";
  change.row.peer_port = 443;
  change.service = "https";
  change.service_is_local = false;
  EXPECT_THAT(SocketChangeText(change, {}, {}), testing::HasSubstr("192.0.2.1:443 https"));
}

TEST(SocketChangeText, AlertsStandBelow) {
  SocketChange change = Sample();
  change.alerts = {{"new-listener", "look at\x1b[2J it"}};
  EXPECT_THAT(SocketChangeText(change, {}, {true, 80, Colours::kOff}),
              testing::EndsWith("\n  ALERT look at\\x1b[2J it\n"));
}

TEST(SocketChangeJson, HasTheSocketAndWhatIsSaidOfIt) {
  SocketChange change = Sample();
  change.alerts = {{"new-listener", "look at it"}};
  EXPECT_EQ(SocketChangeJson(change),
            R"({"time":"2024-03-01T14:03:22.184000000Z","what":"listens","protocol":"tcp",)"
            R"("state":"LISTEN","local_ip":"0.0.0.0","local_port":22,"peer_ip":"","peer_port":0,)"
            R"("uid":0,"user":"root","inode":9,"holders":[{"pid":700,)"
            R"("process_path":"/usr/sbin/sshd","process_args":[]}],"all_holders_known":true,)"
            R"("service":"ssh","containers":[],"lived_seconds":null,)"
            R"("alerts":[{"kind":"new-listener","text":"look at it"}]})");
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/sink_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using SinkKind = SinkTarget::Kind;
using testing::HasSubstr;

TEST(SinkTarget, IsReadAsItIsWritten) {
  EXPECT_EQ(ParseSinkTarget("journald")->path, "/run/systemd/journal/socket");
  EXPECT_EQ(ParseSinkTarget("syslog")->path, "/dev/log");
  EXPECT_EQ(*ParseSinkTarget("syslog:/run/log"),
            (SinkTarget{.kind = SinkKind::kSyslog, .name = "syslog:/run/log", .path = "/run/log"}));
  EXPECT_EQ(ParseSinkTarget("journald:/x")->kind, SinkKind::kJournald);
  EXPECT_EQ(ParseSinkTarget("file:/var/log/x.jsonl")->path, "/var/log/x.jsonl");
  EXPECT_EQ(ParseSinkTarget("syslog:udp:127.0.0.1:514")->endpoint.ToString(), "127.0.0.1:514");
  EXPECT_EQ(ParseSinkTarget("syslog:tcp:[::1]:601")->kind, SinkKind::kSyslogTcp);
}

TEST(SinkTarget, SaysWhatItMayBe) {
  for (const char* text : {"", "kafka", "file:x", "syslog:udp:localhost:514", "syslog:udp:::1:514",
                           "syslog:tcp:127.0.0.1:0", "syslog:tcp:127.0.0.1:99999",
                           "syslog:tcp:[127.0.0.1]:1", "syslog:x", "journald:"}) {
    EXPECT_FALSE(ParseSinkTarget(text)) << text;
  }
  EXPECT_THAT(ParseSinkTarget("kafka").error(), HasSubstr("none of journald"));
  EXPECT_THAT(ParseSinkTarget("syslog:udp:x:1").error(), HasSubstr("no address with a port"));
}

}  // namespace
}  // namespace procwall

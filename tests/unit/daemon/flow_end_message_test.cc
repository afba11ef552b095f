// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_end_message.h"

#include <memory>

#include <gtest/gtest.h>

#include "tests/support/message_text.h"

namespace procwall {
namespace {

FlowEnd AnEnd() {
  FlowEnd end;
  end.time = WallTime(std::chrono::seconds(1'700'000'000) + std::chrono::nanoseconds(5));
  end.id = 77;
  end.state = "TIME_WAIT";
  end.source = {IpAddress::V4({10, 0, 0, 2}), 40000};
  end.destination = {IpAddress::V4({192, 0, 2, 1}), 443};
  end.reply_source = end.destination;
  end.reply_destination = end.source;
  return end;
}

TEST(FlowEndMessage, TellsAll) {
  FlowEnd end = AnEnd();
  end.sent = {.packets = 9, .bytes = 1500};
  end.received = {.packets = 0, .bytes = 0};
  end.age = std::chrono::milliseconds(2500);
  end.confidence = Confidence::kLikely;
  end.rule = "web\n";
  end.host = "example.org";
  end.sequence = 7;
  EXPECT_TRUE(Says(ToMessage(end), R"(
    time { seconds: 1700000000 nanos: 5 } what: WHAT_ENDED
    flow { id: 77 protocol: "tcp" state: "TIME_WAIT"
      original { src_ip: "10.0.0.2" src_port: 40000 dst_ip: "192.0.2.1" dst_port: 443 }
      reply { src_ip: "192.0.2.1" src_port: 443 dst_ip: "10.0.0.2" dst_port: 40000 }
      sent_packets: 9 sent_bytes: 1500 received_packets: 0 received_bytes: 0
      age { seconds: 2 nanos: 500000000 } confidence: CONFIDENCE_LIKELY
      rule: "web\\x0a" host: "example.org" sequence: 7 })"));
}

TEST(FlowEndMessage, TellsWhoseItWas) {
  FlowEnd end = AnEnd();
  Process process;
  process.id = {100, 5000};
  process.path = "/usr/bin/curl";
  end.process = std::make_shared<const Process>(process);
  EXPECT_EQ(ToMessage(end).flow().process().path(), "/usr/bin/curl");
  EXPECT_FALSE(ToMessage(AnEnd()).flow().has_process());
  EXPECT_FALSE(ToMessage(AnEnd()).flow().has_sent_bytes());
}

TEST(FlowEndMessage, KnowsTranslatedAddresses) {
  FlowEnd end = AnEnd();
  EXPECT_EQ(ToMessage(end).flow().nat(), "");
  end.reply_destination.port = 5;
  EXPECT_EQ(ToMessage(end).flow().nat(), "source");
  end.reply_source.port = 5;
  EXPECT_EQ(ToMessage(end).flow().nat(), "both");
  end.reply_destination = end.source;
  EXPECT_EQ(ToMessage(end).flow().nat(), "destination");
}

}  // namespace
}  // namespace procwall

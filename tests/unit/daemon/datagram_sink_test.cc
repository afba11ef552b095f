// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/datagram_sink.h"

#include <filesystem>
#include <optional>

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/daemon/fake_log_socket.h"

namespace procwall {
namespace {

class DatagramSinkTest : public testing::Test {
 protected:
  static v1::Event To(const std::string& host) {
    v1::Event event;
    event.set_dst_host(host);
    return event;
  }

  TemporaryDirectory directory;
  FakeClock clock;
  const std::string path = directory / "log";
  DatagramSink sink{*ParseSinkTarget("syslog:" + path), clock,
                    [](const v1::Event& event) { return event.dst_host(); }};
};

TEST_F(DatagramSinkTest, SendsEachEvent) {
  const FakeLogSocket log(path);
  EXPECT_TRUE(sink.Write(To("a")));
  EXPECT_TRUE(sink.Write(To("b")));
  EXPECT_EQ(log.Next(), "a");
  EXPECT_EQ(log.Next(), "b");
  EXPECT_EQ(sink.Trouble(), "");
}

TEST_F(DatagramSinkTest, FindsSomebodyWhoComesLater) {
  EXPECT_FALSE(sink.Write(To("lost")));
  EXPECT_NE(sink.Trouble(), "");
  const FakeLogSocket log(path);
  EXPECT_FALSE(sink.Write(To("too soon")));
  clock.Advance(DatagramSink::kRetry);
  EXPECT_TRUE(sink.Write(To("found")));
  EXPECT_EQ(log.Next(), "found");
  EXPECT_EQ(sink.Trouble(), "");
}

TEST_F(DatagramSinkTest, FindsWhoTookTheNameOver) {
  std::optional<FakeLogSocket> log(path);
  EXPECT_TRUE(sink.Write(To("a")));
  log.reset();
  std::filesystem::remove(path);
  log.emplace(path);
  EXPECT_FALSE(sink.Write(To("lost")));
  clock.Advance(DatagramSink::kRetry);
  EXPECT_TRUE(sink.Write(To("b")));
  EXPECT_EQ(log->Next(), "b");
}

TEST_F(DatagramSinkTest, NeverWaitsForWhoDoesNotRead) {
  const FakeLogSocket log(path);
  bool is_full = false;
  for (int i = 0; i < 10000 && !is_full; ++i) is_full = !sink.Write(To("x"));
  EXPECT_TRUE(is_full);
  EXPECT_EQ(log.Next(), "x");
  EXPECT_TRUE(sink.Write(To("y")));  // there is room again
}

}  // namespace
}  // namespace procwall

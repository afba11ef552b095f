// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/connector_message.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/connector_news.h"

namespace procwall {
namespace {

ConnectorMessage ParseNews(const std::string& message) {
  return ParseConnectorMessage(AsBytes(message)).value();
}

TEST(ParseConnectorMessage, ReadsAFork) {
  const ConnectorMessage message = ParseNews(ConnectorNews(kForkNews, {50, 51, 77, 77}, 3, 9));
  EXPECT_EQ(message.processor, 3U);
  EXPECT_EQ(message.number, 9U);
  ASSERT_TRUE(message.event);
  EXPECT_EQ(message.event->time, BootTime(std::chrono::nanoseconds(kNewsTime)));
  EXPECT_EQ(std::get<ProcessForked>(message.event->what).id, (ProcessId{77, 0}));
  EXPECT_EQ(std::get<ProcessForked>(message.event->what).parent, (ProcessId{51, 0}));
}

TEST(ParseConnectorMessage, ReadsAnExec) {
  const ConnectorMessage message = ParseNews(ConnectorNews(kExecNews, {78, 77}));
  ASSERT_TRUE(message.event);
  EXPECT_EQ(std::get<ProcessExecuted>(message.event->what).id, (ProcessId{77, 0}));
}

TEST(ParseConnectorMessage, ReadsTheNewEffectiveUser) {
  const ConnectorMessage message = ParseNews(ConnectorNews(kUidNews, {77, 77, 1000, 33}));
  ASSERT_TRUE(message.event);
  EXPECT_EQ(std::get<ProcessChangedUser>(message.event->what).uid, 33U);
}

TEST(ParseConnectorMessage, ReadsAnExit) {
  const ConnectorMessage message = ParseNews(ConnectorNews(kExitNews, {77, 77, 256, 17}));
  ASSERT_TRUE(message.event);
  EXPECT_EQ(std::get<ProcessExited>(message.event->what).status, 256);
}

TEST(ParseConnectorMessage, LeavesThreadsOut) {
  EXPECT_FALSE(ParseNews(ConnectorNews(kForkNews, {50, 51, 78, 77})).event);
  EXPECT_FALSE(ParseNews(ConnectorNews(kExitNews, {78, 77, 0, 17})).event);
  EXPECT_FALSE(ParseNews(ConnectorNews(kUidNews, {78, 77, 0, 0})).event);
}

TEST(ParseConnectorMessage, CountsWhatIsOfNoInterest) {
  constexpr std::uint32_t kCommNews = 0x200;
  const ConnectorMessage message = ParseNews(ConnectorNews(kCommNews, {77, 77, 0, 0, 0, 0}, 1, 4));
  EXPECT_FALSE(message.event);
  EXPECT_EQ(message.number, 4U);
}

TEST(ParseConnectorMessage, ReadsTheAnswer) {
  EXPECT_EQ(ParseNews(ConnectorNews(kAnswerNews, {1})).answer, 1);
}

TEST(ParseConnectorMessage, RefusesAnotherConnector) {
  std::string message = ConnectorNews(kExecNews, {77, 77});
  message[16] = 9;  // its index
  EXPECT_EQ(ParseConnectorMessage(AsBytes(message)).error().code, Errc::kUnsupported);
}

TEST(ParseConnectorMessage, RefusesAMessageCutAnywhere) {
  for (const std::string& whole :
       {ConnectorNews(kForkNews, {50, 51, 77, 77}), ConnectorNews(kExecNews, {77, 77}),
        ConnectorNews(kUidNews, {77, 77, 0, 0}), ConnectorNews(kExitNews, {77, 77, 0})}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const std::string cut = whole.substr(0, size);
      ASSERT_FALSE(ParseConnectorMessage(AsBytes(cut))) << size;
    }
  }
}

TEST(VisitConnectorMessages, HandsOnEachOfADatagram) {
  const std::string one = ConnectorNews(kExecNews, {77, 77});
  const std::string datagram = one + one;
  int count = 0;
  EXPECT_TRUE(VisitConnectorMessages(AsBytes(datagram), [&](Bytes message) {
    EXPECT_EQ(message.size(), one.size());
    ++count;
  }));
  EXPECT_EQ(count, 2);
}

TEST(VisitConnectorMessages, RefusesALengthThatCannotBe) {
  for (const std::uint32_t length : {0U, 15U, 10'000U}) {
    std::string datagram = ConnectorNews(kExecNews, {77, 77});
    std::memcpy(datagram.data(), &length, sizeof(length));
    EXPECT_FALSE(VisitConnectorMessages(AsBytes(datagram), [](Bytes) {})) << length;
  }
}

TEST(EncodeConnectorListen, IsAMessageToTheProcConnector) {
  const ConnectorRequest request = EncodeConnectorListen();
  EXPECT_EQ(request[0], std::byte{40});
  EXPECT_EQ(request[16], std::byte{1});  // CN_IDX_PROC
  EXPECT_EQ(request[32], std::byte{4});  // bytes that follow
  EXPECT_EQ(request[36], std::byte{1});  // PROC_CN_MCAST_LISTEN
}

}  // namespace
}  // namespace procwall

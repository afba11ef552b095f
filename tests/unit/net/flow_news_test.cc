// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/flow_news.h"

#include <sys/socket.h>

#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/flow_reply.h"

namespace procwall {
namespace {

class FlowNewsTest : public testing::Test {
 protected:
  FlowNewsTest() {
    std::array<int, 2> ends{-1, -1};
    ::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data());
    kernel_ = UniqueFd(ends[0]);
    socket_ = FlowNewsSocket(UniqueFd(ends[1]));
  }
  void Tell(const ByteVector& datagram) const {
    ::send(kernel_.UnsafeFd(), datagram.data(), datagram.size(), 0);
  }
  FlowNewsSocket::Drained Drain() {
    heard_.clear();
    return socket_.Drain([this](const FlowNews& news) { heard_.push_back(news); }).value();
  }

  UniqueFd kernel_;
  FlowNewsSocket socket_{UniqueFd()};
  std::vector<FlowNews> heard_;
};

TEST_F(FlowNewsTest, HandsOverWhatIsThereAndNeverWaits) {
  Tell(FlowReply(SampleFlow(1)).Build());
  Tell(Join({FlowReply(SampleFlow(2)).Build(),
             FlowReply(SampleFlow(1), FlowNews::What::kEnded).Build()}));
  EXPECT_EQ(Drain().told, 3U);
  EXPECT_EQ(heard_[2].what, FlowNews::What::kEnded);
  EXPECT_EQ(Drain().told, 0U);
}

TEST_F(FlowNewsTest, CountsWhatMakesNoSenseAndGoesOn) {
  ByteVector damaged = FlowReply(SampleFlow(1)).Build();
  damaged.resize(damaged.size() - 20);
  Tell(damaged);
  Tell(FlowReply(SampleFlow(2)).Build());
  const auto drained = Drain();
  EXPECT_EQ(drained.undecodable, 1U);
  EXPECT_EQ(drained.told, 1U);
}

TEST_F(FlowNewsTest, CountsWhatIsLargerThanAnyMessage) {
  Tell(ByteVector(std::size_t{16} << 10));
  EXPECT_EQ(Drain().undecodable, 1U);
}

}  // namespace
}  // namespace procwall

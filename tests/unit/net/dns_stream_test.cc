// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/dns_stream.h"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/byte_writer.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::byte> Framed(std::string_view message) {
  return ByteWriter().Put(static_cast<std::uint16_t>(message.size())).Put(message).Take();
}

class DnsStreamTest : public testing::Test {
 protected:
  void Append(std::uint32_t sequence, Bytes payload,
              DnsStream::Copied copied = DnsStream::Copied::kWhole) {
    stream_.Append(sequence, payload, copied, [this](Bytes message) {
      std::string text;
      for (const std::byte byte : message) text += static_cast<char>(byte);
      read_.push_back(text);
    });
  }

  DnsStream stream_;
  std::vector<std::string> read_;
};

TEST_F(DnsStreamTest, ReadsAMessageThatIsWhole) {
  Append(77, Framed("one"));
  EXPECT_THAT(read_, ElementsAre("one"));
}

TEST_F(DnsStreamTest, ReadsSeveralOfOneSegment) {
  auto both = Framed("one");
  const auto two = Framed("two");
  both.insert(both.end(), two.begin(), two.end());
  Append(77, both);
  EXPECT_THAT(read_, ElementsAre("one", "two"));
}

TEST_F(DnsStreamTest, PutsSegmentsTogetherWhereverTheyAreCut) {
  stream_.Begin(0xfffffffe);  // the numbers begin anew in the middle
  auto both = Framed("one");
  const auto two = Framed("two");
  both.insert(both.end(), two.begin(), two.end());
  for (std::size_t i = 0; i < both.size(); ++i) {
    Append(static_cast<std::uint32_t>(0xffffffff + i), Bytes(both).subspan(i, 1));
  }
  EXPECT_THAT(read_, ElementsAre("one", "two"));
}

TEST_F(DnsStreamTest, ReadsOnceWhatIsSentTwice) {
  const auto message = Framed("one");
  Append(77, message);
  Append(77, message);
  EXPECT_THAT(read_, ElementsAre("one"));
  const auto next = Framed("two");
  Append(77, Bytes(message));
  Append(82, next);
  EXPECT_THAT(read_, ElementsAre("one", "two"));
}

TEST_F(DnsStreamTest, TakesTheNewPartOfASegmentThatOverlaps) {
  const auto message = Framed("message");
  Append(77, Bytes(message).first(4));
  Append(79, Bytes(message).subspan(2));
  EXPECT_THAT(read_, ElementsAre("message"));
}

TEST_F(DnsStreamTest, EndsWhereASegmentIsMissing) {
  stream_.Begin(76);
  Append(78, Framed("one"));
  Append(77, Framed("two"));
  EXPECT_TRUE(stream_.HasEnded());
  EXPECT_THAT(read_, IsEmpty());
}

TEST_F(DnsStreamTest, GivesWhatThereIsOfAMessageThatWasCutWhenItWasCopied) {
  const auto message = Framed("message");
  Append(77, Bytes(message).first(5), DnsStream::Copied::kCut);
  EXPECT_THAT(read_, ElementsAre("mes"));
  EXPECT_TRUE(stream_.HasEnded());
}

TEST_F(DnsStreamTest, BeginsAnewWithANewConnection) {
  stream_.Begin(1);
  Append(9, Framed("lost"));
  stream_.Begin(100);
  Append(101, Framed("one"));
  EXPECT_THAT(read_, ElementsAre("one"));
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/tls_hello.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/quic_initial_builder.h"

namespace procwall {
namespace {

std::string Text(const Result<std::string>& name) {
  return name ? "asks for \"" + *name + "\"" : name.error().ToString();
}

TEST(ParseTlsHello, ReadsTheServerName) {
  EXPECT_EQ(Text(ParseTlsHello(TlsHello("www.example.org"))), "asks for \"www.example.org\"");
}

TEST(ParseTlsHello, MakesItLowerCaseWithoutALastDot) {
  EXPECT_EQ(Text(ParseTlsHello(TlsHello("WWW.example.ORG."))), "asks for \"www.example.org\"");
}

TEST(ParseTlsHello, EscapesWhatIsNoHostName) {
  EXPECT_EQ(Text(ParseTlsHello(TlsHello("a b\x1b\xff"))), "asks for \"a\\032b\\027\\255\"");
}

TEST(ParseTlsHello, KnowsAHelloThatAsksForNothing) {
  EXPECT_EQ(Text(ParseTlsHello(TlsHello(""))), "asks for \"\"");
}

TEST(ParseTlsHello, KnowsAHelloWithoutExtensions) {
  auto hello = TlsHello("");
  hello.resize(4 + 34 + 1 + 4 + 2);
  hello[3] = std::byte{34 + 1 + 4 + 2};
  EXPECT_EQ(Text(ParseTlsHello(hello)), "asks for \"\"");
}

TEST(ParseTlsHello, RefusesWhatIsNoHello) {
  auto hello = TlsHello("example.org");
  hello[0] = std::byte{2};  // a server's
  EXPECT_EQ(Text(ParseTlsHello(hello)), "check tls handshake type: unsupported");
}

TEST(ParseTlsHello, RefusesNamesThatAreNone) {
  EXPECT_EQ(Text(ParseTlsHello(TlsHello("."))), "check server name: malformed");
  EXPECT_EQ(Text(ParseTlsHello(TlsHello(std::string(256, 'x')))),
            "check server name size: too large");
  EXPECT_TRUE(ParseTlsHello(TlsHello(std::string(255, 'x'))).has_value());
}

TEST(ParseTlsHello, SaysOfEveryCutThatItIsTruncated) {
  const auto hello = TlsHello("example.org");
  for (std::size_t size = 0; size < hello.size(); ++size) {
    const auto name = ParseTlsHello(Bytes(hello).first(size));
    ASSERT_FALSE(name) << size;
    ASSERT_EQ(name.error().code, Errc::kTruncated) << size;
  }
}

TEST(ParseTlsHello, CallsAWholeHelloWithLyingLengthsMalformed) {
  auto hello = TlsHello("");
  const std::size_t extensions = 4 + 34 + 1 + 4 + 2;
  hello[extensions + 1] = std::byte{0xff};
  EXPECT_EQ(Text(ParseTlsHello(hello)), "read tls extension: malformed");
}

TEST(ParseTlsHello, SurvivesEveryFlippedBit) {
  const auto hello = TlsHello("example.org");
  for (std::size_t bit = 0; bit < hello.size() * 8; ++bit) {
    auto damaged = hello;
    damaged[bit / 8] ^= std::byte{1} << (bit % 8);
    const auto name = ParseTlsHello(damaged);
    ASSERT_LE(name ? name->size() : 0, 4 * kMaxServerNameSize);
  }
}

TEST(ParseTlsRecords, ReadsAHelloInOneRecordOrInMany) {
  const auto hello = TlsHello("example.org");
  for (const std::size_t most : {1000U, 60U, 2U}) {
    EXPECT_EQ(Text(ParseTlsRecords(TlsRecords(hello, most))), "asks for \"example.org\"") << most;
  }
}

TEST(ParseTlsRecords, ReadsARecordThatGoesOnBehindTheName) {
  auto records = TlsRecords(TlsHello("example.org"), 1000);
  records[4] = std::byte{0xf0};  // longer than what there is
  EXPECT_EQ(Text(ParseTlsRecords(records)), "asks for \"example.org\"");
}

TEST(ParseTlsRecords, RefusesWhatIsNoHandshake) {
  EXPECT_EQ(Text(ParseTlsRecords(AsBytes("GET / HTTP/1.1\r\n"))),
            "check tls record type: unsupported");
  EXPECT_EQ(Text(ParseTlsRecords({})), "read tls record: truncated");
  const auto empty = ByteWriter().Put(std::uint8_t{22}).Put(std::uint16_t{0x0301}).Zeros(2).Take();
  EXPECT_EQ(Text(ParseTlsRecords(empty)), "check tls record size: malformed");
}

}  // namespace
}  // namespace procwall

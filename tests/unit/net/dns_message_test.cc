// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/dns_message.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/dns_builder.h"

namespace procwall {
namespace {

// A message on one line: "response ? a.example / a.example = 192.0.2.1 for 60", or the error.
std::string ParsedMessage(Bytes bytes) {
  const Result<DnsMessage> message = ParseDnsMessage(bytes);
  if (!message) return message.error().ToString();
  EXPECT_EQ(message->id, DnsBuilder::kId);
  std::string text = message->is_response ? "response" : "query";
  for (const auto& question : message->questions) text += " ? " + question;
  for (const auto& alias : message->aliases) {
    text += fmt::format(" / {} -> {} for {}", alias.name, alias.target, alias.ttl.count());
  }
  for (const auto& address : message->addresses) {
    text += fmt::format(" / {} = {} for {}", address.name, address.address, address.ttl.count());
  }
  return text;
}
std::string ParsedMessage(DnsBuilder& builder) { return ParsedMessage(builder.Build()); }

// The tail of an A record of 192.0.2.1 that lives for 60 s, behind its name.
ByteWriter ATail() {
  return ByteWriter().Put(uint16_t{1}).Put(uint16_t{1}).Put(60U).Put(uint16_t{4}).Put(0xc0000201U);
}
ByteWriter Pointer(std::size_t target) {
  return ByteWriter().Put(static_cast<std::uint16_t>(0xc000 | target));
}
std::vector<std::byte> Joined(ByteWriter first, ByteWriter second) {
  const auto end = second.Take();
  return first.Put(end).Take();
}
constexpr std::size_t kHeaderSize = 12;  // where the first question begins

TEST(ParseDnsMessage, ReadsAQuery) {
  EXPECT_EQ(ParsedMessage(DnsBuilder().Flags(0x0100).Question("www.example.org")),
            "query ? www.example.org");
}

TEST(ParseDnsMessage, ReadsAddressesAndAliases) {
  EXPECT_EQ(ParsedMessage(DnsBuilder()
                              .Question("a.example")
                              .Cname("a.example", "b.example", 300)
                              .Answer("b.example", "192.0.2.1", 60)
                              .Answer("b.example", "2001:db8::1", 30)),
            "response ? a.example / a.example -> b.example for 300"
            " / b.example = 192.0.2.1 for 60 / b.example = 2001:db8::1 for 30");
}

TEST(ParseDnsMessage, MakesNamesLowerCase) {
  EXPECT_EQ(ParsedMessage(DnsBuilder().Question("WwW.eXample")), "response ? www.example");
}

TEST(ParseDnsMessage, EscapesWhatIsNoHostName) {
  EXPECT_EQ(ParsedMessage(DnsBuilder().Question("a b*\x1b\xff_-9.x")),
            "response ? a\\032b\\042\\027\\255_-9.x");
}

TEST(ParseDnsMessage, EscapesADotInsideALabel) {
  ByteWriter question;
  question.Put(std::uint8_t{3}).Put("a.b").Zeros(1).Put(0x00010001U);
  ByteWriter message;
  message.Put(DnsBuilder::kId).Put(0x80000001U).Zeros(6);
  EXPECT_EQ(ParsedMessage(Joined(message, question)), "response ? a\\046b");
}

TEST(ParseDnsMessage, CallsTheRootByTheEmptyName) {
  EXPECT_EQ(ParsedMessage(DnsBuilder().Question("")), "response ? ");
}

TEST(ParseDnsMessage, FollowsAPointer) {
  const auto answer = Joined(Pointer(kHeaderSize), ATail());
  EXPECT_EQ(ParsedMessage(DnsBuilder().Question("a.example").Raw(answer, 1)),
            "response ? a.example / a.example = 192.0.2.1 for 60");
}

TEST(ParseDnsMessage, FollowsAPointerBehindALabel) {
  ByteWriter name;
  name.Put(std::uint8_t{1}).Put("b");
  const auto pointed = Joined(name, Pointer(kHeaderSize + 2));
  const auto answer = Joined(ByteWriter().Put(pointed), ATail());
  EXPECT_EQ(ParsedMessage(DnsBuilder().Question("a.example").Raw(answer, 1)),
            "response ? a.example / b.example = 192.0.2.1 for 60");
}

TEST(ParseDnsMessage, RefusesAPointerToItself) {
  const std::size_t here = kHeaderSize + 3 + 4;  // behind the question "a"
  const auto answer = Joined(Pointer(here), ATail());
  EXPECT_EQ(ParsedMessage(DnsBuilder().Question("a").Raw(answer, 1)),
            "check dns pointer: malformed");
}

TEST(ParseDnsMessage, RefusesAPointerForwards) {
  const auto answer = Joined(Pointer(kHeaderSize + 3 + 4 + 2), ATail());
  EXPECT_EQ(ParsedMessage(DnsBuilder().Question("a").Raw(answer, 1)),
            "check dns pointer: malformed");
}

TEST(ParseDnsMessage, RefusesAPointerThatComesBackToItsOwnName) {
  ByteWriter name;  // "b", then again from "b" on
  name.Put(std::uint8_t{1}).Put("b");
  const auto loop = Joined(name, Pointer(kHeaderSize + 3 + 4));
  EXPECT_EQ(ParsedMessage(DnsBuilder().Question("a").Raw(loop, 1)), "check dns pointer: malformed");
}

TEST(ParseDnsMessage, BoundsTheNumberOfPointers) {
  DnsBuilder builder;
  builder.Question("a");
  std::size_t at = kHeaderSize + 3 + 4;
  ByteWriter chain;  // an unknown record whose data are pointers, each to the one before
  chain.Zeros(1).Put(std::uint16_t{99}).Put(std::uint16_t{1}).Put(60U).Put(std::uint16_t{2 * 200});
  at += chain.Size();
  for (std::size_t i = 0; i < 200; ++i) {
    const auto pointer = Pointer(i == 0 ? kHeaderSize : at - 2).Take();
    chain.Put(pointer);
    at += 2;
  }
  builder.Raw(chain.Take(), 1);
  DnsBuilder too_many = builder;
  DnsBuilder enough = builder;
  EXPECT_EQ(ParsedMessage(too_many.Raw(Joined(Pointer(at - 2), ATail()), 1)),
            "check dns pointer: malformed");
  EXPECT_EQ(ParsedMessage(enough.Raw(Joined(Pointer(at - std::size_t{2} * 80), ATail()), 1)),
            "response ? a / a = 192.0.2.1 for 60");
}

TEST(ParseDnsMessage, RefusesAnUnknownLabelType) {
  for (const std::uint8_t type : {std::uint8_t{0x40}, std::uint8_t{0x80}}) {
    const auto answer = Joined(ByteWriter().Put(type), ATail());
    EXPECT_EQ(ParsedMessage(DnsBuilder().Question("a").Raw(answer, 1)),
              "check dns label type: malformed");
  }
}

TEST(ParseDnsMessage, ReadsANameOf255BytesAndNoLonger) {
  const std::string label(63, 'x');
  const std::string most = label + "." + label + "." + label + "." + std::string(61, 'y');
  EXPECT_EQ(ParsedMessage(DnsBuilder().Question(most)), "response ? " + most);
  EXPECT_EQ(ParsedMessage(DnsBuilder().Question(most + "y")), "check dns name size: malformed");
}

TEST(ParseDnsMessage, SkipsRecordsOfOtherTypesAndClasses) {
  const std::vector<std::byte> data(4);
  EXPECT_EQ(ParsedMessage(DnsBuilder()
                              .Question("a")
                              .Record("a", 16, 60, data)
                              .Record("a", 1, 60, data, /*record_class=*/3)
                              .Answer("a", "192.0.2.1", 60)),
            "response ? a / a = 192.0.2.1 for 60");
}

TEST(ParseDnsMessage, ReadsNothingBehindTheAnswers) {
  auto message = DnsBuilder().Question("a").Answer("a", "192.0.2.1", 60).Build();
  message[8] = std::byte{0xff};  // 65,280 authorities that are not there
  EXPECT_EQ(ParsedMessage(message), "response ? a / a = 192.0.2.1 for 60");
}

TEST(ParseDnsMessage, CountsATtlWithTheHighestBitAsZero) {
  EXPECT_EQ(ParsedMessage(DnsBuilder().Question("a").Answer("a", "192.0.2.1", 0x80000000U)),
            "response ? a / a = 192.0.2.1 for 0");
  EXPECT_EQ(ParsedMessage(DnsBuilder().Question("a").Answer("a", "192.0.2.1", 0x7fffffffU)),
            "response ? a / a = 192.0.2.1 for 2147483647");
}

TEST(ParseDnsMessage, RefusesAddressesOfTheWrongSize) {
  for (const std::size_t size : {0U, 3U, 5U, 16U}) {
    EXPECT_NE(ParsedMessage(DnsBuilder().Record("a", 1, 60, std::vector<std::byte>(size)))
                  .find(": malformed"),
              std::string::npos);
  }
  EXPECT_EQ(ParsedMessage(DnsBuilder().Record("a", 28, 60, std::vector<std::byte>(4))),
            "read dns address: malformed");
}

TEST(ParseDnsMessage, RefusesAnAliasThatEndsBesideItsRecord) {
  const auto too_long = ByteWriter().Zeros(2).Take();  // the root name, and a byte
  const auto too_short = ByteWriter().Put(std::uint8_t{1}).Put("b").Take();
  EXPECT_EQ(ParsedMessage(DnsBuilder().Record("a", 5, 60, too_long)),
            "check dns record size: malformed");
  EXPECT_EQ(ParsedMessage(DnsBuilder().Record("a", 5, 60, too_short)), "read dns name: malformed");
}

constexpr std::uint16_t kHttps = 65;

// A service of priority 1, offered by `target` ("." is the owner itself).
ByteWriter Service(std::string_view target) {
  ByteWriter data;
  data.Put(std::uint16_t{1});
  if (target == ".") return std::move(data.Zeros(1));
  data.Put(static_cast<std::uint8_t>(target.size())).Put(target).Zeros(1);
  return data;
}
ByteWriter& AddHints(ByteWriter& data) {
  data.Put(std::uint16_t{1}).Put(std::uint16_t{3}).Put(std::uint8_t{2}).Put("h3");
  data.Put(std::uint16_t{4}).Put(std::uint16_t{8}).Put(0xc0000201U).Put(0xc0000202U);
  data.Put(std::uint16_t{6}).Put(std::uint16_t{16}).Put(0x20010db8U).Zeros(8).Put(1U);
  return data;
}

TEST(ParseDnsMessage, ReadsTheAddressesThatAServiceHintsAt) {
  ByteWriter data = Service(".");
  EXPECT_EQ(ParsedMessage(
                DnsBuilder().Question("a", kHttps).Record("a", kHttps, 60, AddHints(data).Take())),
            "response ? a / a = 192.0.2.1 for 60 / a = 192.0.2.2 for 60 / a = 2001:db8::1 for 60");
}

TEST(ParseDnsMessage, TakesTheTargetOfAServiceForAnAlias) {
  ByteWriter data = Service("b");
  EXPECT_EQ(
      ParsedMessage(DnsBuilder().Question("a", 64).Record("a", 64, 60, AddHints(data).Take())),
      "response ? a / a -> b for 60 / a = 192.0.2.1 for 60 / a = 192.0.2.2 for 60"
      " / a = 2001:db8::1 for 60");
  const auto alias = ByteWriter().Zeros(2).Put(std::uint8_t{1}).Put("c").Zeros(1).Take();
  EXPECT_EQ(ParsedMessage(DnsBuilder().Question("a", kHttps).Record("a", kHttps, 60, alias)),
            "response ? a / a -> c for 60");
}

TEST(ParseDnsMessage, RefusesAServiceWhoseParametersLie) {
  ByteWriter cut = Service(".");
  cut.Put(std::uint16_t{4}).Put(std::uint16_t{8}).Put(0xc0000201U);
  EXPECT_EQ(ParsedMessage(DnsBuilder().Record("a", kHttps, 60, cut.Take())),
            "read dns service value: malformed");
  ByteWriter half = Service(".");
  half.Put(std::uint16_t{4}).Put(std::uint16_t{3}).Zeros(3);
  EXPECT_EQ(ParsedMessage(DnsBuilder().Record("a", kHttps, 60, half.Take())),
            "read dns address hint: malformed");
}

TEST(ParseDnsMessage, ReadsNoMoreHintsThanItsLimit) {
  ByteWriter data = Service("b");
  data.Put(std::uint16_t{4}).Put(std::uint16_t{4 * 1000}).Zeros(4 * 1000);
  const auto message = ParseDnsMessage(
      DnsBuilder().Record("a", kHttps, 60, data.Take()).Answer("a", "::1", 1).Build());
  EXPECT_EQ(message.value().addresses.size(), kMaxDnsRecords);
  EXPECT_TRUE(message.value().aliases.empty());
}

TEST(ParseDnsMessage, RefusesWhatIsNoQuery) {
  EXPECT_EQ(ParsedMessage(DnsBuilder().Flags(0xa800).Question("a")),
            "check dns opcode: unsupported");
}

TEST(ParseDnsMessage, RefusesMoreQuestionsThanItsLimit) {
  DnsBuilder builder;
  for (std::size_t i = 0; i <= kMaxDnsRecords; ++i) builder.Question("a");
  EXPECT_EQ(ParsedMessage(builder), "count dns questions: too large");
}

TEST(ParseDnsMessage, ReadsNoMoreAnswersThanItsLimit) {
  DnsBuilder builder;
  for (std::size_t i = 0; i < 2 * kMaxDnsRecords; ++i) builder.Answer("a", "192.0.2.1", 60);
  EXPECT_EQ(ParseDnsMessage(builder.Build()).value().addresses.size(), kMaxDnsRecords);
}

TEST(ParseDnsMessage, GivesTheAnswersInFrontOfACut) {
  DnsBuilder builder;
  builder.Question("a.example").Answer("a.example", "192.0.2.1", 60);
  DnsBuilder copy = builder;
  const std::size_t first_end = copy.Build().size();
  const auto message = builder.Answer("a.example", "192.0.2.2", 60).Build();
  for (std::size_t size = 0; size < message.size(); ++size) {
    const Result<DnsMessage> parsed = ParseDnsMessage(Bytes(message).first(size));
    if (size < first_end) {
      ASSERT_FALSE(parsed) << size;
      ASSERT_EQ(parsed.error().code, Errc::kTruncated) << size;
    } else {
      ASSERT_TRUE(parsed) << size;
      ASSERT_EQ(parsed->addresses.size(), 1U) << size;
    }
  }
}

TEST(ParseDnsMessage, SurvivesEveryFlippedBit) {
  const auto message = DnsBuilder()
                           .Question("a.example")
                           .Cname("a.example", "b.example", 300)
                           .Answer("b.example", "2001:db8::1", 60)
                           .Raw(Joined(Pointer(kHeaderSize), ATail()), 1)
                           .Build();
  for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
    auto damaged = message;
    damaged[bit / 8] ^= std::byte{1} << (bit % 8);
    const Result<DnsMessage> parsed = ParseDnsMessage(damaged);
    if (!parsed) continue;
    ASSERT_LE(parsed->addresses.size() + parsed->aliases.size(), 3U);
  }
}

}  // namespace
}  // namespace procwall

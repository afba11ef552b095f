// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/list_line.h"

#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

// The names with a blank behind each, or "bad: " and why.
std::string DomainsIn(std::string_view line) {
  std::vector<std::string_view> names{"left over"};
  const auto read = ReadDomainLine(line, names);
  if (!read) return "bad: " + std::string(read.error());
  std::string text;
  for (const auto name : names) text += std::string(name) + " ";
  return text;
}

TEST(ReadDomainLine, ReadsHostsFilesWithSeveralNamesAndComments) {
  EXPECT_EQ(DomainsIn("0.0.0.0 ads.example.org"), "ads.example.org ");
  EXPECT_EQ(DomainsIn("127.0.0.1\ta.example\tb.example  # both\r"), "a.example b.example ");
  EXPECT_EQ(DomainsIn(":: a.example"), "a.example ");
  EXPECT_EQ(DomainsIn("::1 a.example"), "a.example ");
}

TEST(ReadDomainLine, PassesOverWhatHostsFilesSayOfThisHost) {
  for (const char* line : {"127.0.0.1 localhost", "127.0.0.1 localhost.localdomain local",
                           "::1 ip6-localhost", "fe80::1%lo0 localhost", "ff02::1 ip6-allnodes",
                           "0.0.0.0 0.0.0.0", "255.255.255.255 broadcasthost"}) {
    EXPECT_EQ(DomainsIn(line), "") << line;
  }
}

TEST(ReadDomainLine, ReadsPlainNamesAndNamesBelow) {
  EXPECT_EQ(DomainsIn("Example.org"), "Example.org ");
  EXPECT_EQ(DomainsIn("  _dmarc.xn--bcher-kva.example. # x"), "_dmarc.xn--bcher-kva.example. ");
  EXPECT_EQ(DomainsIn("*.example.org"), "*.example.org ");
  EXPECT_EQ(DomainsIn(".example.org"), ".example.org ");
}

TEST(ReadDomainLine, SaysNothingForEmptyLinesAndComments) {
  for (const char* line : {"", " \t\r", "#", "# 0.0.0.0 a.example", "  # x"}) {
    EXPECT_EQ(DomainsIn(line), "") << line;
  }
}

TEST(ReadDomainLine, NamesWhatIsWrong) {
  EXPECT_EQ(DomainsIn("a.example b.example"), "bad: more than one name");
  EXPECT_EQ(DomainsIn("0.0.0.0"), "bad: an address without a name");
  EXPECT_EQ(DomainsIn("192.0.2.1 nas.example"),
            "bad: the address is none of 0.0.0.0, 127.0.0.1, :: and ::1");
  for (const char* line : {"||ads.example^", "a..b", "a.*.b", "*", "*.", ".", "a/b", "b\xc3\xbc.de",
                           "*.*.example", "0.0.0.0 a.example *.b.example"}) {
    EXPECT_EQ(DomainsIn(line), "bad: not a domain name") << line;
  }
  EXPECT_EQ(DomainsIn(std::string(64, 'a') + ".example"), "bad: not a domain name");
  std::string name;
  while (name.size() < 256) name += "a.";
  EXPECT_EQ(DomainsIn(name), "bad: not a domain name");
}

std::string Network(std::string_view line) {
  const auto read = ReadNetworkLine(line);
  if (!read) return "bad";
  return *read ? (*read)->ToString() : "";
}

TEST(ReadNetworkLine, ReadsAddressesAndNetworksWithComments) {
  EXPECT_EQ(Network("192.0.2.7"), "192.0.2.7/32");
  EXPECT_EQ(Network(" 192.0.2.7/24 ; SBL1"), "192.0.2.0/24");
  EXPECT_EQ(Network("2001:db8::/32 # x\r"), "2001:db8::/32");
  for (const char* line : {"", "  ", "# x", "; x"}) EXPECT_EQ(Network(line), "") << line;
  for (const char* line : {"192.0.2.1-192.0.2.9", "192.0.2.1 192.0.2.2", "a.example", "1.2.3.4/33",
                           "1.2.3", "1.2.3.4;x"}) {
    EXPECT_EQ(Network(line), "bad") << line;
  }
}

TEST(ReadDigestLine, ReadsAHashAndPassesOverTheFileName) {
  const Md5 expected{0,    0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
                     0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
  EXPECT_EQ(*ReadDigestLine("00112233445566778899aAbBcCdDeEfF  /usr/bin/x y"), expected);
  EXPECT_EQ(*ReadDigestLine("# x"), std::nullopt);
  for (const char* line : {"0011", "/usr/bin/x", "0g112233445566778899aabbccddeeff"}) {
    EXPECT_FALSE(ReadDigestLine(line)) << line;
  }
}

TEST(ReadPatternLine, TakesTheWholeLineWithoutBlanksAroundIt) {
  EXPECT_EQ(ReadPatternLine("  ^ads\\. #1\r"), "^ads\\. #1");
  EXPECT_EQ(ReadPatternLine("# ^ads"), "");
  EXPECT_EQ(ReadPatternLine(" \r"), "");
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/journal_row.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/sample_flow.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

std::string Bytes16(std::initializer_list<int> last) {
  std::string bytes(10, '\0');
  bytes += "\xff\xff";
  for (const int byte : last) bytes += static_cast<char>(byte);
  return bytes;
}

TEST(JournalRow, HasADecisionsColumns) {
  const v1::Event event = SampleEvent();
  const JournalRow row = RowOf(event);
  EXPECT_EQ(row.kind, JournalKind::kDecision);
  EXPECT_EQ(row.time, 1709301802184000001);
  EXPECT_EQ(row.action, v1::ACTION_ALLOW);
  EXPECT_EQ(row.program, "/usr/bin/curl");
  EXPECT_EQ(row.destination, Bytes16({93, 184, 216, 34}));
  EXPECT_EQ(row.port, 443);
  EXPECT_EQ(row.host, "org.example.");
  EXPECT_EQ(row.uid, 1000);
  EXPECT_EQ(row.pid, 4211);
  EXPECT_EQ(row.rule, "allow-curl");
  EXPECT_EQ(row.message, event.SerializeAsString());
  EXPECT_TRUE(row.other_programs.empty());
  EXPECT_FALSE(row.flow);
}

TEST(JournalRow, HasWhatElseItCouldBeCalled) {
  v1::Event event = SampleEvent();
  event.add_alternatives()->set_path("/bin/nc");
  event.add_alternatives()->set_path("/bin/nc");
  event.add_alternatives()->set_path("/usr/bin/curl");
  event.set_dst_sni("www.Example.com");
  const JournalRow row = RowOf(event);
  EXPECT_EQ(row.other_programs, std::vector<std::string>{"/bin/nc"});
  EXPECT_EQ(row.other_hosts, std::vector<std::string>{"com.example.www."});
}

TEST(JournalRow, HasAFlowsColumns) {
  const JournalRow row = RowOf(SampleFlowEnd());
  EXPECT_EQ(row.kind, JournalKind::kFlowEnded);
  EXPECT_EQ(row.action, 0);
  EXPECT_EQ(row.destination, Bytes16({93, 184, 216, 34}));
  EXPECT_EQ(row.host, "org.example.");
  EXPECT_EQ(row.rule, "allow-curl");
  ASSERT_TRUE(row.flow);
  EXPECT_EQ(row.flow->received_bytes(), 3145728U);
}

TEST(JournalRow, OfUnreadableHeadersHasNoDestination) {
  EXPECT_EQ(RowOf(v1::Event()).destination, "");
  EXPECT_FALSE(RowOf(v1::Event()).uid);
}

TEST(AddressKey, ComparesBothFamilies) {
  EXPECT_EQ(AddressKey(*IpAddress::Parse("192.0.2.1")), Bytes16({192, 0, 2, 1}));
  EXPECT_EQ(AddressKey(*IpAddress::Parse("2001:db8::1")),
            std::string("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16));
}

TEST(HostKey, TurnsLabelsAround) {
  EXPECT_EQ(HostKey("www.Example.ORG"), "org.example.www.");
  EXPECT_EQ(HostKey("example.org."), "org.example.");
  EXPECT_EQ(HostKey("localhost"), "localhost.");
  EXPECT_EQ(HostKey(""), "");
  EXPECT_EQ(HostKey("."), "");
  EXPECT_EQ(HostKey("a..b"), "b..a.");
}

TEST(LastPart, IsTheProgramsName) {
  EXPECT_EQ(LastPart("/usr/bin/curl"), "curl");
  EXPECT_EQ(LastPart("web:/usr/bin/curl"), "curl");
  EXPECT_EQ(LastPart("curl"), "curl");
  EXPECT_EQ(LastPart(""), "");
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/perf_record.h"

#include <sys/sysmacros.h>

#include <linux/perf_event.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace procwall {
namespace {

template <typename T>
std::string RawText(const T& value) {
  std::string text(sizeof(value), '\0');
  std::memcpy(text.data(), &value, sizeof(value));
  return text;
}

constexpr std::uint64_t kTime = 1'234'567;

std::string RecordOf(std::uint32_t type, std::uint16_t misc, const std::string& body) {
  const std::string rest = body + RawText(kTime);
  const perf_event_header header{
      .type = type,
      .misc = misc,
      .size = static_cast<std::uint16_t>(sizeof(perf_event_header) + rest.size())};
  return RawText(header) + rest;
}
std::string Fork(std::uint32_t pid, std::uint32_t thread) {
  return RecordOf(PERF_RECORD_FORK, 0,
                  RawText(std::array<std::uint32_t, 4>{pid, 50, thread, 51}) + RawText(kTime));
}
std::string Comm(std::uint32_t pid, std::uint16_t misc = PERF_RECORD_MISC_COMM_EXEC) {
  return RecordOf(PERF_RECORD_COMM, misc,
                  RawText(std::array<std::uint32_t, 2>{pid, pid}) + std::string("curl\0\0\0\0", 8));
}

std::optional<ProcessEvent> Parse(const std::string& record) {
  return ParsePerfRecord(AsBytes(record)).value();
}

TEST(ParsePerfRecord, ReadsAFork) {
  const auto event = Parse(Fork(77, 77));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->time, BootTime(std::chrono::nanoseconds(kTime)));
  EXPECT_EQ(std::get<ProcessForked>(event->what).id, (ProcessId{77, 0}));
  EXPECT_EQ(std::get<ProcessForked>(event->what).parent, (ProcessId{50, 0}));
}

TEST(ParsePerfRecord, ReadsAnExec) {
  const auto event = Parse(Comm(77));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->time, BootTime(std::chrono::nanoseconds(kTime)));
  EXPECT_EQ(std::get<ProcessExecuted>(event->what).id, (ProcessId{77, 0}));
}

TEST(ParsePerfRecord, ReadsAnExit) {
  std::string record = Fork(77, 77);
  const std::uint32_t type = PERF_RECORD_EXIT;
  std::memcpy(record.data(), &type, sizeof(type));
  const auto event = Parse(record);
  ASSERT_TRUE(event);
  EXPECT_EQ(std::get<ProcessExited>(event->what).id, (ProcessId{77, 0}));
}

TEST(ParsePerfRecord, ReadsHowManyWereLost) {
  const auto event =
      Parse(RecordOf(PERF_RECORD_LOST, 0, RawText(std::array<std::uint64_t, 2>{1, 12})));
  ASSERT_TRUE(event);
  EXPECT_EQ(std::get<ProcessEventsLost>(event->what).count, 12U);
}

TEST(ParsePerfRecord, LeavesOutThreadsAndRenamedOnes) {
  EXPECT_FALSE(Parse(Fork(77, 78)));
  EXPECT_FALSE(Parse(Comm(77, 0)));
}

TEST(ParsePerfRecord, LeavesOutThoseOfOtherPidNamespaces) {
  EXPECT_FALSE(Parse(Fork(0, 0)));
  EXPECT_FALSE(Parse(Comm(0xffffffff)));
}

TEST(ParsePerfRecord, RefusesARecordCutAnywhere) {
  for (const std::string& whole : {Fork(77, 77), Comm(77)}) {
    for (std::size_t size = 0; size < sizeof(perf_event_header) + 16; ++size) {
      const auto parsed = ParsePerfRecord(AsBytes(whole.substr(0, size)));
      ASSERT_FALSE(parsed) << size;
      EXPECT_EQ(parsed.error().code, Errc::kTruncated);
    }
  }
}

struct MappingBody {
  std::uint32_t pid = 77;
  std::uint32_t thread = 77;
  std::array<std::uint64_t, 3> place{0x1000, 0x2000, 0};
  std::uint32_t major = 8;
  std::uint32_t minor = 3;
  std::uint64_t inode = 4711;
  std::uint64_t generation = 1;
  std::uint32_t protection = 5;
  std::uint32_t flags = 2;
};
std::string Mapping(const MappingBody& body, const std::string& path) {
  return RecordOf(PERF_RECORD_MMAP2, 0, RawText(body) + path);
}

TEST(ParsePerfMapping, ReadsTheFileAndItsPath) {
  const auto mapping =
      ParsePerfMapping(AsBytes(Mapping({}, std::string("/usr/bin/curl\0\0\0", 16)))).value();
  ASSERT_TRUE(mapping);
  EXPECT_EQ(mapping->pid, 77);
  EXPECT_EQ(mapping->time, BootTime(std::chrono::nanoseconds(kTime)));
  EXPECT_EQ(mapping->file, (FileId{::makedev(8, 3), 4711}));
  EXPECT_EQ(mapping->path, "/usr/bin/curl");
}

TEST(ParsePerfMapping, WithoutAnInodeThereIsNoFile) {
  const auto mapping =
      ParsePerfMapping(AsBytes(Mapping({.inode = 0}, std::string("//anon\0\0", 8)))).value();
  ASSERT_TRUE(mapping);
  EXPECT_FALSE(mapping->file.IsKnown());
  EXPECT_EQ(mapping->path, "//anon");
}

TEST(ParsePerfMapping, LeavesOutTheRest) {
  EXPECT_FALSE(ParsePerfMapping(AsBytes(Comm(77))).value());
  EXPECT_FALSE(Parse(Mapping({}, std::string(8, '\0'))));
}

TEST(ParsePerfMapping, RefusesARecordCutAnywhere) {
  const std::string whole = Mapping({}, "");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto parsed = ParsePerfMapping(AsBytes(whole.substr(0, size)));
    ASSERT_FALSE(parsed) << size;
    EXPECT_EQ(parsed.error().code, Errc::kTruncated);
  }
}

TEST(TimeOfPerfRecord, IsAtItsEnd) {
  EXPECT_EQ(TimeOfPerfRecord(AsBytes(Comm(77))).value(), BootTime(std::chrono::nanoseconds(kTime)));
  EXPECT_FALSE(TimeOfPerfRecord(AsBytes("1234567")));
}

// A ring of 64 bytes.
std::vector<std::string> VisitedRecords(std::string ring, std::uint64_t tail, std::uint64_t head) {
  ring.resize(64, '\0');
  std::vector<std::string> records;
  VisitPerfRecords(AsBytes(ring), tail, head, [&](Bytes record) {
    std::string text(record.size(), '\0');
    std::memcpy(text.data(), record.data(), record.size());
    records.push_back(text);
  });
  return records;
}
std::string Record(std::uint16_t size, char fill) {
  const perf_event_header header{.type = 9, .misc = 0, .size = size};
  return RawText(header) + std::string(size - sizeof(header), fill);
}

TEST(VisitPerfRecords, HandsOnOneAfterTheOther) {
  EXPECT_EQ(VisitedRecords(Record(16, 'a') + Record(24, 'b'), 0, 40),
            (std::vector<std::string>{Record(16, 'a'), Record(24, 'b')}));
}

TEST(VisitPerfRecords, PutsOneTogetherThatWrapsAround) {
  const std::string record = Record(24, 'a');
  const std::string ring = record.substr(8) + std::string(40, '\0') + record.substr(0, 8);
  EXPECT_EQ(VisitedRecords(ring, 56, 80), (std::vector<std::string>{record}));
}

TEST(VisitPerfRecords, StopsAtOneThatCannotBe) {
  for (const std::uint16_t size : std::array<std::uint16_t, 3>{0, 7, 100}) {
    std::string broken = Record(16, 'a');
    std::memcpy(broken.data() + 6, &size, sizeof(size));
    EXPECT_EQ(VisitedRecords(broken, 0, 16), std::vector<std::string>{}) << size;
  }
}

TEST(VisitPerfRecords, ReadsNothingBehindTheRing) {
  EXPECT_EQ(VisitedRecords(Record(16, 'a'), 0, 65), std::vector<std::string>{});
}

}  // namespace
}  // namespace procwall

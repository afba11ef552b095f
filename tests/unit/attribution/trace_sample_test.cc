// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/trace_sample.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/errc_of.h"
#include "tests/support/trace_record.h"

namespace procwall {
namespace {

TEST(ParseTraceSample, TellsWhoAndWhen) {
  const std::string text = TraceSampleText(77, 1234, RecordHeadText(0) + "record");
  const auto sample = ParseTraceSample(AsBytes(text));
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->pid, 77);
  EXPECT_EQ(sample->time, std::chrono::nanoseconds(1234));
  EXPECT_FALSE(sample->is_interrupt);
  ASSERT_EQ(sample->record.size(), 14U);
  EXPECT_EQ(sample->record[8], std::byte{'r'});
}

TEST(ParseTraceSample, TellsInterruptsFromProcesses) {
  const auto is_interrupt = [](std::uint8_t flags) {
    const std::string text = TraceSampleText(77, 1234, RecordHeadText(flags));
    return ParseTraceSample(AsBytes(text)).value().is_interrupt;
  };
  EXPECT_TRUE(is_interrupt(0x08));
  EXPECT_TRUE(is_interrupt(0x10));
  EXPECT_TRUE(is_interrupt(0x40));
  EXPECT_FALSE(is_interrupt(0x01 | 0x04 | 0x80));  // interrupts are off, or it may be preempted
}

TEST(ParseTraceSample, AProcessOfAnotherNamespaceHasNoNumber) {
  const std::string text = TraceSampleText(0xffffffff, 1, RecordHeadText(0));
  EXPECT_EQ(ParseTraceSample(AsBytes(text)).value().pid, 0);
}

TEST(ParseTraceSample, RefusesWhatEndsEarly) {
  const std::string text = TraceSampleText(77, 1234, RecordHeadText(0));
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(ErrcOf(ParseTraceSample(AsBytes(text).first(size))), Errc::kTruncated) << size;
  }
  const std::string no_record = TraceSampleText(77, 1234, "");
  EXPECT_EQ(ErrcOf(ParseTraceSample(AsBytes(no_record))), Errc::kTruncated);
}

}  // namespace
}  // namespace procwall

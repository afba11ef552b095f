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
  const std::string text = TraceSampleText(77, 1234, "record");
  const auto sample = ParseTraceSample(AsBytes(text));
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->pid, 77);
  EXPECT_EQ(sample->time, std::chrono::nanoseconds(1234));
  ASSERT_EQ(sample->record.size(), 6U);
  EXPECT_EQ(sample->record[0], std::byte{'r'});
}

TEST(ParseTraceSample, AProcessOfAnotherNamespaceHasNoNumber) {
  const std::string text = TraceSampleText(0xffffffff, 1, "");
  EXPECT_EQ(ParseTraceSample(AsBytes(text)).value().pid, 0);
}

TEST(ParseTraceSample, RefusesWhatEndsEarly) {
  const std::string text = TraceSampleText(77, 1234, "record");
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(ErrcOf(ParseTraceSample(AsBytes(text).first(size))), Errc::kTruncated) << size;
  }
}

}  // namespace
}  // namespace procwall

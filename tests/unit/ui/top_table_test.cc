// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_table.h"

#include <gtest/gtest.h>

#include "tests/unit/ui/sample_top.h"

namespace procwall {
namespace {

TEST(TopTable, TitlesStandAboveTheirColumns) {
  TopModel model = SampleTopModel();
  const auto programs = model.Programs(SampleTopTime());
  for (const TopTable::Bytes bytes : {TopTable::Bytes::kNo, TopTable::Bytes::kYes}) {
    for (const std::size_t width : {80U, 100U, 120U, 140U, 160U, 200U}) {
      const TopTable table(width, bytes);
      EXPECT_EQ(table.Titles().Width(), width);
      for (const TopRow& row : TopRows(programs, {.all_open = true})) {
        EXPECT_EQ(table.Line(row, true, TopTable::Mark::kSelected, SampleTopTime()).Width(), width);
      }
    }
  }
}

TEST(TopTable, BearsAScreenWithoutRoom) {
  for (std::size_t width = 0; width < 60; ++width) {
    EXPECT_GT(TopTable(width, TopTable::Bytes::kYes).Titles().Width(), 0U);
  }
}

}  // namespace
}  // namespace procwall

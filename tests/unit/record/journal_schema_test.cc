// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/journal_schema.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

using testing::HasSubstr;

class JournalSchemaTest : public testing::Test {
 protected:
  JournalSchemaTest() { std::ofstream{path}; }
  SqliteFile Open() const { return SqliteFile::Open(path, SqliteFile::Mode::kWrite).value(); }

  TemporaryDirectory directory;
  const std::string path = std::filesystem::canonical(directory.Path()) / "journal.db";
};

TEST_F(JournalSchemaTest, IsMadeOnce) {
  SqliteFile file = Open();
  EXPECT_EQ(CheckJournalTables(file).error().what, "it is no journal of procwalld");
  ASSERT_TRUE(PrepareJournalTables(file));
  ASSERT_TRUE(PrepareJournalTables(file));
  EXPECT_TRUE(CheckJournalTables(file));
  EXPECT_EQ(file.Number("PRAGMA user_version").value(), kJournalVersion);
  EXPECT_EQ(file.Number("PRAGMA auto_vacuum").value(), 2);  // incremental
}

TEST_F(JournalSchemaTest, OfALaterVersionIsLeftAlone) {
  SqliteFile file = Open();
  ASSERT_TRUE(file.Execute("PRAGMA user_version = 7"));
  EXPECT_THAT(PrepareJournalTables(file).error().what, HasSubstr("a later version of procwalld"));
  EXPECT_THAT(CheckJournalTables(file).error().what, HasSubstr("have version 7"));
  EXPECT_EQ(file.Number("SELECT count(*) FROM sqlite_schema").value(), 0);
}

// The questions that are asked are answered by an index, not by looking at everything.
TEST_F(JournalSchemaTest, HasAnIndexForEachQuestion) {
  SqliteFile file = Open();
  ASSERT_TRUE(PrepareJournalTables(file));
  for (const auto& [condition, index] :
       {std::pair("name = 'curl' AND program = '/curl'", "entry_name"),
        std::pair("destination BETWEEN x'00' AND x'ff'", "entry_destination"),
        std::pair("host <> '' AND host >= 'a' AND host < 'b'", "entry_host"),
        std::pair("rule <> '' AND rule = 'web'", "entry_rule")}) {
    auto plan =
        file.Prepare(std::string("EXPLAIN QUERY PLAN SELECT id FROM entry WHERE ") + condition);
    ASSERT_TRUE(plan) << condition;
    ASSERT_TRUE(plan->Step().value());
    EXPECT_THAT(plan->Text(3), HasSubstr(index)) << condition;
  }
}

}  // namespace
}  // namespace procwall

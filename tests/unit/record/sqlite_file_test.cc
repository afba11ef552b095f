// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/sqlite_file.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

using Mode = SqliteFile::Mode;

class SqliteFileTest : public testing::Test {
 protected:
  SqliteFileTest() : path(std::filesystem::canonical(directory.Path()) / "a?b%c#.db") {
    std::ofstream{path};
  }

  TemporaryDirectory directory;
  const std::filesystem::path path;
};

TEST_F(SqliteFileTest, KeepsWhatIsWritten) {
  {
    auto file = SqliteFile::Open(path, Mode::kWrite);
    ASSERT_TRUE(file) << file.error().what;
    ASSERT_TRUE(file->Execute("CREATE TABLE t(n INTEGER, text TEXT, bytes BLOB)"));
    auto insert = file->Prepare("INSERT INTO t VALUES(?, ?, ?)");
    ASSERT_TRUE(insert);
    const std::string bytes("\0\xff", 2);
    EXPECT_TRUE(insert->Bind(1, 7).Bind(2, "a'b").BindBytes(3, bytes).Run());
    EXPECT_TRUE(insert->BindNull(1).Bind(2, "").BindBytes(3, "").Run());
    EXPECT_EQ(file->LastId(), 2);
  }
  auto file = SqliteFile::Open(path, Mode::kRead);
  ASSERT_TRUE(file);
  auto select = file->Prepare("SELECT * FROM t ORDER BY rowid");
  ASSERT_TRUE(select);
  ASSERT_TRUE(select->Step().value());
  EXPECT_EQ(select->Integer(0), 7);
  EXPECT_EQ(select->Text(1), "a'b");
  EXPECT_EQ(select->Text(2), std::string("\0\xff", 2));
  ASSERT_TRUE(select->Step().value());
  EXPECT_TRUE(select->IsNull(0));
  EXPECT_EQ(select->Text(2), "");
  EXPECT_FALSE(select->Step().value());
  EXPECT_EQ(file->Number("SELECT count(*) FROM t").value(), 2);
  EXPECT_FALSE(file->Execute("DELETE FROM t"));
}

TEST_F(SqliteFileTest, RefusesALink) {
  const std::string link = directory / "link";
  std::filesystem::create_symlink(path, link);
  const auto opened = SqliteFile::Open(link, Mode::kRead);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, SqlError::Kind::kCannotOpen);
}

TEST_F(SqliteFileTest, KnowsADamagedFile) {
  std::ofstream(path) << std::string(8192, 'x');
  auto file = SqliteFile::Open(path, Mode::kWrite);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->Number("PRAGMA user_version").error().kind, SqlError::Kind::kDamaged);
}

TEST_F(SqliteFileTest, StopsWhatTakesTooLong) {
  auto file = SqliteFile::Open(path, Mode::kRead);
  ASSERT_TRUE(file);
  file->StopWhen([] { return true; });
  const auto counted = file->Number(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
  ASSERT_FALSE(counted);
  EXPECT_EQ(counted.error().kind, SqlError::Kind::kStopped);
}

TEST_F(SqliteFileTest, NamesAMistake) {
  auto file = SqliteFile::Open(path, Mode::kRead);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->Prepare("SELEC").error().what, "near \"SELEC\": syntax error");
}

}  // namespace
}  // namespace procwall

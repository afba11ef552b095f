// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/journal_store.h"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): POSIX, not C++
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/unique_fd.h"
#include "record/journal_reader.h"
#include "tests/support/sample_flow.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

class JournalStoreTest : public testing::Test {
 protected:
  JournalStoreTest() { std::ofstream{path}; }

  JournalStore Open() const {
    auto store = JournalStore::Open(path);
    EXPECT_TRUE(store) << store.error().what;
    return *std::move(store);
  }
  static std::vector<JournalRow> Rows(int count, std::int64_t second = 1709301802) {
    v1::Event event = SampleEvent();
    event.mutable_time()->set_seconds(second);
    return std::vector<JournalRow>(static_cast<std::size_t>(count), RowOf(event));
  }
  // Of a table, as another program sees it.
  std::int64_t Number(const std::string& sql) const {
    auto file = SqliteFile::Open(path, SqliteFile::Mode::kRead);
    return file ? file->Number(sql).value_or(-1) : -1;
  }

  TemporaryDirectory directory;
  const std::string path = std::filesystem::canonical(directory.Path()) / "journal.db";
};

TEST_F(JournalStoreTest, KeepsDecisionsAndFlows) {
  JournalStore store = Open();
  v1::Event event = SampleEvent();
  event.add_alternatives()->set_path("/bin/nc");
  JournalRow decisions = RowOf(event);
  decisions.times = 17;
  ASSERT_TRUE(store.Append({decisions, RowOf(SampleFlowEnd())}));
  auto reader = JournalReader::Open(path);
  ASSERT_TRUE(reader);
  const auto read = reader->Read(FromText<v1::ReadJournalRequest>(R"(program: "nc")"));
  ASSERT_TRUE(read) << read.error().what;
  ASSERT_EQ(read->entries_size(), 1);
  EXPECT_EQ(read->entries(0).event().SerializeAsString(), event.SerializeAsString());
  EXPECT_EQ(read->entries(0).times(), 17U);
  EXPECT_EQ(Number("SELECT times FROM entry WHERE id = 2"), 1);
  EXPECT_EQ(Number("SELECT received_bytes FROM flow WHERE id = 2"), 3145728);
  EXPECT_EQ(Number("SELECT duration FROM flow WHERE id = 2"), 12'000'000'000);
  const auto size = store.Measure();
  ASSERT_TRUE(size);
  EXPECT_EQ(size->entries, 2U);
  EXPECT_EQ(size->oldest, 1709301802184000001);
}

TEST_F(JournalStoreTest, CountsOnOverRestarts) {
  ASSERT_TRUE(Open().Append(Rows(3)));
  {
    JournalStore store = Open();
    EXPECT_EQ(store.Measure()->entries, 3U);
    while (store.TrimToTime(INT64_MAX).value()) {
    }
    EXPECT_EQ(store.Measure()->entries, 0U);
  }
  JournalStore store = Open();
  ASSERT_TRUE(store.Append(Rows(1)));
  EXPECT_EQ(Number("SELECT id FROM entry"), 4);
}

TEST_F(JournalStoreTest, IsBoundedBySize) {
  JournalStore store = Open();
  constexpr std::uint64_t kMost = std::uint64_t{1} << 20;
  for (int i = 0; i < 12; ++i) {
    ASSERT_TRUE(store.Append(Rows(500)));
    while (store.TrimToBytes(kMost).value()) {
    }
    EXPECT_LE(store.Measure()->bytes, kMost + (std::uint64_t{1} << 19)) << i;
  }
  EXPECT_GT(store.Measure()->entries, 100U);
  EXPECT_EQ(Number("SELECT max(id) FROM entry"), 6000);  // the newest stay
  EXPECT_EQ(Number("SELECT count(*) FROM body"), Number("SELECT count(*) FROM entry"));
}

TEST_F(JournalStoreTest, IsBoundedByAge) {
  JournalStore store = Open();
  ASSERT_TRUE(store.Append(Rows(1500, 1000)));
  ASSERT_TRUE(store.Append(Rows(2, 3000)));
  constexpr std::int64_t kSince = 2'000'000'000'000;
  EXPECT_TRUE(store.TrimToTime(kSince).value());   // a slice
  EXPECT_FALSE(store.TrimToTime(kSince).value());  // the rest
  EXPECT_EQ(store.Measure()->entries, 2U);
  EXPECT_EQ(Number("SELECT count(*) FROM body"), 2);
}

TEST_F(JournalStoreTest, AppendsAllOrNothing) {
  JournalStore store = Open();
  {
    auto other = SqliteFile::Open(path, SqliteFile::Mode::kWrite);
    ASSERT_TRUE(
        other->Execute("CREATE TRIGGER no BEFORE INSERT ON body WHEN new.id = 3 BEGIN "
                       "SELECT raise(ABORT, 'no'); END"));
  }
  EXPECT_FALSE(store.Append(Rows(5)));
  EXPECT_EQ(Number("SELECT count(*) FROM entry"), 0);
  ASSERT_TRUE(store.Append(Rows(2)));
  EXPECT_EQ(store.Measure()->entries, 2U);
}

TEST_F(JournalStoreTest, OfAKilledWriterIsWhole) {
  for (int round = 0; round < 3; ++round) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const UniqueFd read_end(ends[0]);
    UniqueFd write_end(ends[1]);
    const pid_t writer = ::fork();
    if (writer == 0) {
      auto store = JournalStore::Open(path);
      for (bool works = store.has_value(); works;) {
        works = store->Append(Rows(50)).has_value() && ::write(write_end.UnsafeFd(), "x", 1) == 1;
      }
      ::_exit(1);
    }
    write_end.Reset();
    // In the middle of one of its next writes.
    std::array<char, 8> done{};
    std::size_t appended = 0;
    while (appended < 8) {
      const ssize_t n = ::read(read_end.UnsafeFd(), done.data(), done.size() - appended);
      ASSERT_GT(n, 0) << "the writer failed";
      appended += static_cast<std::size_t>(n);
    }
    ::kill(writer, SIGKILL);
    ::waitpid(writer, nullptr, 0);

    auto file = SqliteFile::Open(path, SqliteFile::Mode::kWrite);
    ASSERT_TRUE(file);
    auto check = file->Prepare("PRAGMA integrity_check");
    ASSERT_TRUE(check);
    ASSERT_TRUE(check->Step().value());
    EXPECT_EQ(check->Text(0), "ok");
    const std::int64_t entries = Number("SELECT count(*) FROM entry");
    EXPECT_GE(entries, (round + 1) * 400);  // all that it had said to be written
    EXPECT_EQ(entries % 50, 0);             // whole batches
    EXPECT_EQ(Number("SELECT count(*) FROM body"), entries);
  }
}

TEST_F(JournalStoreTest, KnowsADamagedFile) {
  std::ofstream(path) << std::string(10000, 'x');
  const auto store = JournalStore::Open(path);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, SqlError::Kind::kDamaged);
}

}  // namespace
}  // namespace procwall

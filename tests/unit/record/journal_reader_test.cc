// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/journal_reader.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/journal_row.h"
#include "record/journal_schema.h"
#include "tests/support/message_text.h"
#include "tests/support/sample_flow.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A file as the daemon writes it, in the few columns that a test needs.
class JournalReaderTest : public testing::Test {
 protected:
  JournalReaderTest() {
    std::ofstream{path};
    writer = std::make_unique<SqliteFile>(
        SqliteFile::Open(std::filesystem::canonical(path), SqliteFile::Mode::kWrite).value());
    EXPECT_TRUE(PrepareJournalTables(*writer));
    EXPECT_TRUE(writer->Execute("PRAGMA journal_mode = WAL"));
  }

  void Add(const JournalRow& row) {
    auto entry = writer->Prepare(
        "INSERT INTO entry(kind, time, action, program, name, destination, port, host, protocol, "
        "uid, rule) VALUES(?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?)");
    ASSERT_TRUE(entry) << entry.error().what;
    entry->Bind(1, static_cast<std::int64_t>(row.kind)).Bind(2, row.time).Bind(3, row.action);
    entry->Bind(4, row.program).Bind(5, LastPart(row.program)).BindBytes(6, row.destination);
    entry->Bind(7, row.port).Bind(8, row.host).Bind(9, row.uid.value_or(0)).Bind(10, row.rule);
    ASSERT_TRUE(entry->Run());
    const std::int64_t id = writer->LastId();
    auto body = writer->Prepare("INSERT INTO body VALUES(?, ?)");
    ASSERT_TRUE(body->Bind(1, id).BindBytes(2, row.message).Run());
    auto other = writer->Prepare("INSERT INTO other VALUES(?, ?, ?, '')");
    for (const std::string& program : row.other_programs) {
      ASSERT_TRUE(other->Bind(1, id).Bind(2, program).Bind(3, LastPart(program)).Run());
    }
  }
  void AddEvent(const char* changes) {
    v1::Event event = SampleEvent();
    event.MergeFrom(FromText<v1::Event>(changes));
    Add(RowOf(event));
  }
  v1::ReadJournalResponse Read(const char* request) {
    auto reader = JournalReader::Open(path);
    EXPECT_TRUE(reader) << reader.error().what;
    auto read = reader->Read(FromText<v1::ReadJournalRequest>(request));
    EXPECT_TRUE(read) << read.error().what;
    return read ? *read : v1::ReadJournalResponse();
  }
  std::vector<std::uint64_t> Ids(const char* request) {
    std::vector<std::uint64_t> ids;
    const v1::ReadJournalResponse read = Read(request);
    for (const v1::JournalEntry& entry : read.entries()) ids.push_back(entry.id());
    return ids;
  }

  TemporaryDirectory directory;
  const std::string path = directory / "journal.db";
  std::unique_ptr<SqliteFile> writer;
};

TEST_F(JournalReaderTest, GivesBackWhatWasKept) {
  AddEvent("");
  Add(RowOf(SampleFlowEnd()));
  const v1::ReadJournalResponse read = Read("");
  ASSERT_EQ(read.entries_size(), 2);
  EXPECT_EQ(read.entries(0).id(), 2U);
  EXPECT_EQ(read.entries(0).ended().SerializeAsString(), SampleFlowEnd().SerializeAsString());
  EXPECT_EQ(read.entries(1).event().SerializeAsString(), SampleEvent().SerializeAsString());
  EXPECT_EQ(read.next_page_token(), "");
}

TEST_F(JournalReaderTest, FindsByEachQuestion) {
  AddEvent("");
  AddEvent(R"(dst_ip: "10.1.2.3" dst_host: "" dst_port: 53 rule: "dns" action: ACTION_DENY)");
  AddEvent(R"(dst_host: "www.example.org" process { path: "/opt/curl" } uid: 5)");
  AddEvent(R"(dst_host: "notexample.org" time { seconds: 1709400000 })");
  EXPECT_THAT(Ids(R"(program: "/usr/bin/curl")"), ElementsAre(4, 2, 1));
  EXPECT_THAT(Ids(R"(program: "curl")"), ElementsAre(4, 3, 2, 1));
  EXPECT_THAT(Ids(R"(program: "url")"), IsEmpty());
  EXPECT_THAT(Ids(R"(destination: "10.0.0.0/8")"), ElementsAre(2));
  EXPECT_THAT(Ids(R"(destination: "10.1.2.3")"), ElementsAre(2));
  EXPECT_THAT(Ids(R"(destination: "10.1.2.4")"), IsEmpty());
  EXPECT_THAT(Ids(R"(destination: "www.EXAMPLE.org.")"), ElementsAre(3));
  EXPECT_THAT(Ids(R"(rule: "dns")"), ElementsAre(2));
  EXPECT_THAT(Ids("action: ACTION_DENY"), ElementsAre(2));
  EXPECT_THAT(Ids("uid: 5"), ElementsAre(3));
  EXPECT_THAT(Ids("port: 53"), ElementsAre(2));
  EXPECT_THAT(Ids("since { seconds: 1709400000 }"), ElementsAre(4));
  EXPECT_THAT(Ids("until { seconds: 1709400000 }"), ElementsAre(3, 2, 1));
  EXPECT_THAT(Ids(R"(program: "curl" rule: "dns" port: 443)"), IsEmpty());
}

TEST_F(JournalReaderTest, FindsNamesBelowADomainOnly) {
  AddEvent(R"(dst_host: "example.org")");
  AddEvent(R"(dst_host: "www.example.org")");
  AddEvent(R"(dst_host: "notexample.org")");
  AddEvent(R"(dst_host: "example.organic")");
  EXPECT_THAT(Ids(R"(destination: "example.org")"), ElementsAre(2, 1));
}

TEST_F(JournalReaderTest, FindsAnyProgramOfAnAmbiguousDecision) {
  AddEvent(R"(alternatives { path: "/bin/nc" })");
  EXPECT_THAT(Ids(R"(program: "nc")"), ElementsAre(1));
  EXPECT_THAT(Ids(R"(program: "/bin/nc")"), ElementsAre(1));
  EXPECT_THAT(Ids(R"(program: "/usr/bin/nc")"), IsEmpty());
}

TEST_F(JournalReaderTest, GivesPages) {
  for (int i = 0; i < 5; ++i) AddEvent("");
  const v1::ReadJournalResponse first = Read("page_size: 2");
  EXPECT_EQ(first.entries_size(), 2);
  EXPECT_EQ(first.next_page_token(), "4");
  EXPECT_THAT(Ids(R"(page_size: 2 page_token: "4")"), ElementsAre(3, 2));
  EXPECT_EQ(Read(R"(page_size: 2 page_token: "2")").next_page_token(), "");
  EXPECT_EQ(Read("page_size: 5").next_page_token(), "");
}

TEST_F(JournalReaderTest, StopsWhenItIsTold) {
  ASSERT_TRUE(writer->Execute("BEGIN"));
  for (int i = 0; i < 3000; ++i) AddEvent("");
  ASSERT_TRUE(writer->Execute("COMMIT"));
  auto reader = JournalReader::Open(path);
  ASSERT_TRUE(reader);
  const auto read = reader->Read({}, [] { return true; });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, SqlError::Kind::kStopped);
}

TEST_F(JournalReaderTest, ReadsACopyInAFolderWhereNothingCanBeWritten) {
  AddEvent("");
  ASSERT_TRUE(writer->Execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  const std::filesystem::path folder = directory / "copy";
  std::filesystem::create_directory(folder);
  std::filesystem::copy_file(path, folder / "journal.db");
  std::filesystem::permissions(
      folder, std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  auto reader = JournalReader::Open(folder / "journal.db");
  ASSERT_TRUE(reader) << reader.error().what;
  EXPECT_EQ(reader->Read({}).value().entries_size(), 1);
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
}

TEST_F(JournalReaderTest, NamesWhatIsNoJournal) {
  EXPECT_EQ(JournalReader::Open(directory / "none").error().what, "No such file or directory");
  std::ofstream(directory / "text") << "hello, world: this is no database at all, none whatsoever";
  const auto text = JournalReader::Open(directory / "text");
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().kind, SqlError::Kind::kDamaged);
  EXPECT_THAT(text.error().what, HasSubstr("not a database"));
}

TEST_F(JournalReaderTest, CallsABodyThatMakesNoSenseDamaged) {
  AddEvent("");
  ASSERT_TRUE(writer->Execute("UPDATE body SET message = x'ffffff'"));
  auto reader = JournalReader::Open(path);
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->Read({}).error().kind, SqlError::Kind::kDamaged);
}

// Whatever is broken in the file, reading it ends: with entries, or with an error.
TEST_F(JournalReaderTest, OutlivesAnyDamage) {
  for (int i = 0; i < 40; ++i) AddEvent(R"(alternatives { path: "/bin/nc" })");
  ASSERT_TRUE(writer->Execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  writer.reset();
  std::ifstream file(path);
  const std::string whole{std::istreambuf_iterator<char>(file), {}};
  const std::string damaged = std::filesystem::canonical(directory.Path()) / "damaged.db";
  std::mt19937 random(7);
  int refused = 0;
  for (int round = 0; round < 60; ++round) {
    std::string bytes = whole;
    for (int i = 0; i < 20; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    if (round % 5 == 0) bytes.resize(random() % bytes.size());
    std::ofstream(damaged, std::ios::trunc) << bytes;
    auto reader = JournalReader::Open(damaged);
    const bool works =
        reader && reader->Read(FromText<v1::ReadJournalRequest>(R"(program: "nc")")).has_value();
    refused += works ? 0 : 1;
  }
  EXPECT_GT(refused, 3);
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/log.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/journal_row.h"
#include "record/journal_schema.h"
#include "record/sqlite_file.h"
#include "tests/support/message_text.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class LogTest : public testing::Test {
 protected:
  ExitCode Log(const LogOptions& options) {
    DaemonClient client(daemon.Address());
    const Console console{out, err, {}};
    return RunLog(options, client, console, now);
  }
  void AddEntry(std::uint64_t id, const std::string& host) {
    v1::JournalEntry& entry = *daemon.journal.add_entries();
    entry.set_id(id);
    *entry.mutable_event() = SampleEvent();
    entry.mutable_event()->set_dst_host(host);
  }

  TemporaryDirectory directory;
  FakeDaemon daemon{directory / "api.sock"};
  std::ostringstream out;
  std::ostringstream err;
  const std::chrono::sys_seconds now{std::chrono::seconds(1709301900)};
};

TEST_F(LogTest, ShowsTheNewestLast) {
  AddEntry(2, "new.example");
  AddEntry(1, "old.example");
  EXPECT_EQ(Log({}), kSuccess);
  EXPECT_LT(out.str().find("old.example"), out.str().find("new.example"));
  out.str("");
  EXPECT_EQ(Log({.order = LogOptions::Order::kNewestFirst}), kSuccess);
  EXPECT_GT(out.str().find("old.example"), out.str().find("new.example"));
  EXPECT_THAT(err.str(), IsEmpty());
}

TEST_F(LogTest, AsksTheDaemonWhatWasAsked) {
  EXPECT_EQ(Log({.since = "1m",
                 .until = "@1709301899",
                 .program = "curl",
                 .destination = "example.org",
                 .rule = "web",
                 .action = v1::ACTION_DENY,
                 .user = "0",
                 .port = 443,
                 .count = 20}),
            kSuccess);
  EXPECT_TRUE(Says(daemon.asked_journal, R"(
    since { seconds: 1709301840 } until { seconds: 1709301899 } program: "curl"
    destination: "example.org" rule: "web" action: ACTION_DENY uid: 0 port: 443 page_size: 20)"));
  EXPECT_EQ(err.str(), "procwall: the journal has nothing that fits\n");
}

TEST_F(LogTest, SaysWhenThereAreMore) {
  for (std::uint64_t i = kUsualLogLines; i > 0; --i) AddEntry(i, "x");
  daemon.journal.set_next_page_token("1");
  EXPECT_EQ(Log({}), kSuccess);
  EXPECT_EQ(err.str(), "procwall: these are the newest 1000; -n 0 shows all\n");
}

TEST_F(LogTest, CountsInsteadOfShowing) {
  AddEntry(2, "a.example");
  AddEntry(1, "a.example");
  EXPECT_EQ(Log({.form = OutputForm::kJson, .sum = LogOptions::Sum::kDestination}), kSuccess);
  EXPECT_THAT(out.str(), HasSubstr(R"({"destination":"a.example","decisions":2,)"));
}

TEST_F(LogTest, NamesWhatMakesNoSense) {
  EXPECT_EQ(Log({.since = "soon"}), kUsage);
  EXPECT_THAT(err.str(), HasSubstr("--since: 'soon' is no time"));
  EXPECT_EQ(Log({.since = "1h", .until = "2h"}), kUsage);
  EXPECT_THAT(err.str(), HasSubstr("--since is not before --until"));
  EXPECT_EQ(Log({.destination = ":443"}), kUsage);
  EXPECT_THAT(err.str(), HasSubstr("procwall: destination \":443\" is neither"));
  EXPECT_EQ(Log({.user = "no such user"}), kUsage);
  EXPECT_THAT(err.str(), HasSubstr("--user: there is no user no such user"));
}

TEST_F(LogTest, ShowsTheDaemonsReason) {
  daemon.answer = {grpc::StatusCode::FAILED_PRECONDITION, "no journal is kept: switched off"};
  EXPECT_EQ(Log({}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("procwall: no journal is kept: switched off"));
}

TEST_F(LogTest, ReadsAFileWithoutADaemon) {
  const std::string path = std::filesystem::canonical(directory.Path()) / "journal.db";
  std::ofstream{path};
  {
    auto file = SqliteFile::Open(path, SqliteFile::Mode::kWrite);
    ASSERT_TRUE(PrepareJournalTables(*file));
    ASSERT_TRUE(
        file->Execute("INSERT INTO entry(kind, time, program, name, destination, port, "
                      "host, protocol, rule) VALUES(1, 5, '', '', x'', 0, '', '', '')"));
    auto body = file->Prepare("INSERT INTO body VALUES(1, ?)");
    ASSERT_TRUE(body->BindBytes(1, SampleEvent().SerializeAsString()).Run());
  }
  EXPECT_EQ(Log({.file = path}), kSuccess);
  EXPECT_THAT(out.str(), HasSubstr("example.org:443"));
  EXPECT_EQ(Log({.file = directory / "none"}), kFailed);
  EXPECT_THAT(err.str(), HasSubstr("none: No such file or directory"));
}

}  // namespace
}  // namespace procwall

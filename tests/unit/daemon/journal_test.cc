// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/journal.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/journal_reader.h"
#include "tests/support/fake_clock.h"
#include "tests/support/sample_flow.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

class JournalTest : public testing::Test {
 protected:
  JournalTest() { settings.path = directory / "procwall/journal.db"; }

  void Start() {
    auto started = Journal::Start(log, clock, settings);
    ASSERT_TRUE(started) << started.error();
    journal = *std::move(started);
  }
  void Append(const std::string& host) {
    Event event;
    event.host = host;
    event.time = clock.WallNow();
    log.Append(std::move(event));
  }
  // Waits for it, but not for ever.
  bool Becomes(const std::function<bool(const v1::Journal&)>& so) const {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!so(journal->State())) {
      if (std::chrono::steady_clock::now() > limit) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
  }
  bool HasEntries(std::uint64_t count) const {
    return Becomes([&](const v1::Journal& state) { return state.entries() == count; });
  }
  v1::ReadJournalResponse Read() const {
    auto reader = JournalReader::Open(settings.path);
    return reader ? reader->Read({}).value_or(v1::ReadJournalResponse())
                  : v1::ReadJournalResponse();
  }

  TemporaryDirectory directory;
  JournalSettings settings;
  FakeClock clock;
  const Wakeup wakeup = Wakeup::Create().value();
  EventLog log{wakeup};
  std::unique_ptr<Journal> journal;
};

TEST_F(JournalTest, KeepsDecisionsAndFlowsThatHaveEnded) {
  Append("before.example");
  Start();
  Append("after.example");
  v1::FlowNote end = SampleFlowEnd();
  end.mutable_time()->set_seconds(clock.WallNow().time_since_epoch() / std::chrono::seconds(1));
  journal->Append(std::move(end));
  ASSERT_TRUE(HasEntries(3));
  const v1::Journal state = journal->State();
  EXPECT_EQ(state.path(), std::filesystem::canonical(settings.path));
  EXPECT_EQ(state.why_not(), "");
  EXPECT_EQ(state.lost(), 0U);
  EXPECT_TRUE(state.has_oldest() || state.bytes() > 0);
  journal.reset();
  EXPECT_EQ(Read().entries_size(), 3);
}

TEST_F(JournalTest, InAStormWhatIsAlikeIsOneEntry) {
  Event event;
  event.connection = Connection{};
  event.time = clock.WallNow();
  for (std::size_t i = 0; i < EventFollower::kMostEvents + Journal::kStorm; ++i) {
    event.host = i % 2 == 0 ? "even.example" : "odd.example";
    log.Append(event);
  }
  Start();
  ASSERT_TRUE(HasEntries(4));  // two for each look
  EXPECT_EQ(journal->State().lost(), 0U);
  journal.reset();
  const v1::ReadJournalResponse read = Read();
  std::uint32_t times = 0;
  for (const v1::JournalEntry& entry : read.entries()) times += entry.times();
  EXPECT_EQ(times, EventFollower::kMostEvents + Journal::kStorm);
}

TEST_F(JournalTest, SwitchedOffKeepsNothing) {
  settings.path.clear();
  Start();
  Append("x");
  journal->Append(v1::FlowNote());
  EXPECT_EQ(journal->State().path(), "");
  EXPECT_EQ(journal->State().why_not(), "switched off");
}

TEST_F(JournalTest, SaysWhyThereIsNoneAndTriesAgain) {
  settings.path = directory / "a/b/journal.db";
  Start();
  ASSERT_TRUE(Becomes([](const v1::Journal& state) {
    return state.why_not().find("No such file or directory") != std::string::npos;
  }));
  std::filesystem::create_directory(directory / "a");
  clock.Advance(Journal::kUpkeep);
  EXPECT_TRUE(Becomes([](const v1::Journal& state) { return !state.path().empty(); }));
}

TEST_F(JournalTest, SetsADamagedFileAside) {
  std::filesystem::create_directory(directory / "procwall");
  std::ofstream(settings.path) << std::string(9000, 'x');
  Start();
  Append("x");
  ASSERT_TRUE(HasEntries(1));
  EXPECT_EQ(std::filesystem::file_size(settings.path + ".damaged"), 9000U);
}

TEST_F(JournalTest, LeavesALaterVersionsFileAlone) {
  Start();
  ASSERT_TRUE(HasEntries(0));
  ASSERT_TRUE(Becomes([](const v1::Journal& state) { return !state.path().empty(); }));
  journal.reset();
  {
    auto file =
        SqliteFile::Open(std::filesystem::canonical(settings.path), SqliteFile::Mode::kWrite);
    ASSERT_TRUE(file->Execute("PRAGMA user_version = 9"));
  }
  Start();
  EXPECT_TRUE(Becomes([](const v1::Journal& state) {
    return state.why_not().find("a later version of procwalld") != std::string::npos;
  }));
}

TEST_F(JournalTest, BeginsANewFileWhereItsOwnWasRemoved) {
  Start();
  Append("x");
  ASSERT_TRUE(HasEntries(1));
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(settings.path + end);
  clock.Advance(Journal::kUpkeep);
  ASSERT_TRUE(HasEntries(0));
  Append("y");
  ASSERT_TRUE(HasEntries(1));
  EXPECT_TRUE(std::filesystem::exists(settings.path));
}

TEST_F(JournalTest, ForgetsWhatIsTooOld) {
  settings.max_age = std::chrono::hours(1);
  Start();
  Append("old");
  ASSERT_TRUE(HasEntries(1));
  clock.Advance(std::chrono::hours(2));
  EXPECT_TRUE(HasEntries(0));
}

TEST_F(JournalTest, RefusesFlowsThatAreTooMany) {
  settings.path = "/proc/none/journal.db";  // nobody takes them from the queue
  Start();
  for (std::size_t i = 0; i < 3 * Journal::kMostFlowEnds; ++i) journal->Append(v1::FlowNote());
  // Its thread may not have tried to open it by now.
  EXPECT_TRUE(Becomes([](const v1::Journal& state) {
    return state.lost() > 0 && state.why_not().find("/proc/none") != std::string::npos;
  }));
}

}  // namespace
}  // namespace procwall

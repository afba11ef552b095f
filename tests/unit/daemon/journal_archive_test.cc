// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/journal_archive.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/journal_store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/message_text.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

using testing::HasSubstr;
using RefusalKind = JournalRefusal::Kind;

class JournalArchiveTest : public testing::Test {
 protected:
  JournalArchiveTest() { std::ofstream{path}; }

  void Start() {
    auto started = JournalArchive::Start([this] { return state; }, clock);
    ASSERT_TRUE(started);
    archive = *std::move(started);
  }
  JournalAnswer Ask(
      const char* request, std::function<bool()> is_wanted = [] { return true; }) {
    std::promise<JournalAnswer> answered;
    auto answer = answered.get_future();
    archive->Read({.request = FromText<v1::ReadJournalRequest>(request),
                   .is_wanted = std::move(is_wanted),
                   .answer = [&](JournalAnswer said) { answered.set_value(std::move(said)); }});
    return answer.get();
  }

  TemporaryDirectory directory;
  const std::string path = std::filesystem::canonical(directory.Path()) / "journal.db";
  FakeClock clock;
  v1::Journal state;
  std::unique_ptr<JournalArchive> archive;
};

TEST_F(JournalArchiveTest, AnswersFromTheFile) {
  auto store = JournalStore::Open(path);
  ASSERT_TRUE(store->Append({RowOf(SampleEvent())}));
  state.set_path(path);
  Start();
  const JournalAnswer answer = Ask(R"(destination: "example.org")");
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->entries_size(), 1);
}

TEST_F(JournalArchiveTest, SaysWhyThereIsNone) {
  state.set_why_not("switched off");
  Start();
  const JournalAnswer answer = Ask("");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error(),
            (JournalRefusal{RefusalKind::kNoJournal, "no journal is kept: switched off"}));
}

TEST_F(JournalArchiveTest, RefusesWhatMakesNoSense) {
  Start();
  const JournalAnswer answer = Ask(R"(destination: ":1")");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, RefusalKind::kInvalid);
  EXPECT_THAT(answer.error().what, HasSubstr("is neither an address"));
}

TEST_F(JournalArchiveTest, RefusesWhenTooManyAsk) {
  state.set_why_not("x");
  Start();
  std::promise<void> go_on;
  const std::shared_future<void> may_go_on = go_on.get_future().share();
  std::atomic<int> overloaded{0};
  std::atomic<int> answered{0};
  constexpr int kCount = 3 * static_cast<int>(JournalArchive::kMaxQuestions);
  for (int i = 0; i < kCount; ++i) {
    archive->Read({.request = {},
                   .is_wanted =
                       [may_go_on] {
                         may_go_on.wait();
                         return false;
                       },
                   .answer =
                       [&](const JournalAnswer& answer) {
                         overloaded += answer.error().kind == RefusalKind::kOverloaded ? 1 : 0;
                         ++answered;
                       }});
  }
  EXPECT_GE(overloaded.load(), static_cast<int>(JournalArchive::kMaxQuestions));
  go_on.set_value();
  archive.reset();
  EXPECT_LE(answered.load(), kCount);
}

TEST_F(JournalArchiveTest, StopsWhenNobodyWaitsAnyMore) {
  auto store = JournalStore::Open(path);
  ASSERT_TRUE(store->Append(std::vector<JournalRow>(4000, RowOf(SampleEvent()))));
  state.set_path(path);
  Start();
  int asked = 0;
  const JournalAnswer answer = Ask("page_size: 10000", [&] { return asked++ == 0; });
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, RefusalKind::kTooSlow);
}

}  // namespace
}  // namespace procwall

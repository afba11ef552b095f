// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/process_note_message.h"

#include <memory>

#include <gtest/gtest.h>

namespace procwall {
namespace {

using What = ProcessNote::What;

ProcessNote NoteOf(What what) {
  Process process;
  process.id = {77, 5};
  process.path = "/usr/bin/curl";
  process.args = std::vector<std::string>{"curl", "a\nb"};
  process.unit = "cron.service";
  ProcessNote note;
  note.sequence = 3;
  note.what = what;
  note.time = WallTime(std::chrono::seconds(1'700'000'000) + std::chrono::milliseconds(5));
  note.id = process.id;
  note.process = std::make_shared<const Process>(process);
  return note;
}

TEST(ProcessNoteMessage, SaysWhoDidWhatAndWhen) {
  const v1::ProcessNote message = ToMessage(NoteOf(What::kExecuted));
  EXPECT_EQ(message.sequence(), 3U);
  EXPECT_EQ(message.deed(), v1::PROCESS_DEED_EXEC);
  EXPECT_EQ(message.time().seconds(), 1'700'000'000);
  EXPECT_EQ(message.time().nanos(), 5'000'000);
  EXPECT_EQ(message.process().path(), "/usr/bin/curl");
  EXPECT_EQ(message.unit(), "cron.service");
}

TEST(ProcessNoteMessage, IsPrintable) {
  EXPECT_EQ(ToMessage(NoteOf(What::kExecuted)).process().args(1), "a\\x0ab");
}

TEST(ProcessNoteMessage, SaysHowAProcessEnded) {
  ProcessNote note = NoteOf(What::kExited);
  note.status = 3 << 8;
  note.lifetime = std::chrono::milliseconds(1500);
  const v1::ProcessNote message = ToMessage(note);
  EXPECT_EQ(message.exit_code(), 3);
  EXPECT_FALSE(message.has_signal());
  EXPECT_EQ(message.lifetime().seconds(), 1);
  EXPECT_EQ(message.lifetime().nanos(), 500'000'000);
}

TEST(ProcessNoteMessage, SaysWhichSignalEndedAProcess) {
  ProcessNote note = NoteOf(What::kExited);
  note.status = 9;
  EXPECT_EQ(ToMessage(note).signal(), 9);
  EXPECT_FALSE(ToMessage(note).has_exit_code());
}

TEST(ProcessNoteMessage, DoesNotSayWhatItDoesNotKnow) {
  ProcessNote note = NoteOf(What::kExited);
  note.process = nullptr;
  const v1::ProcessNote message = ToMessage(note);
  EXPECT_EQ(message.process().pid(), 77);
  EXPECT_EQ(message.process().path(), "");
  EXPECT_FALSE(message.has_exit_code());
  EXPECT_FALSE(message.has_lifetime());
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/process_note_event.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

using std::chrono_literals::operator""ms;
using What = ProcessNote::What;

TEST(NoteOf, SaysWhoDidWhat) {
  const FakeClock clock;
  EXPECT_EQ(NoteOf({clock.Now(), ProcessForked{.id = {7, 1}}}, clock).what, What::kForked);
  EXPECT_EQ(NoteOf({clock.Now(), ProcessExecuted{.id = {7, 1}}}, clock).what, What::kExecuted);
  EXPECT_EQ(NoteOf({clock.Now(), ProcessChangedUser{.id = {7, 1}}}, clock).what,
            What::kChangedUser);
  const ProcessNote exited = NoteOf({clock.Now(), ProcessExited{.id = {7, 1}, .status = 9}}, clock);
  EXPECT_EQ(exited.what, What::kExited);
  EXPECT_EQ(exited.id, (ProcessId{7, 1}));
  EXPECT_EQ(exited.status, 9);
}

TEST(NoteOf, SaysHowManyWereLost) {
  const FakeClock clock;
  const ProcessNote note = NoteOf({clock.Now(), ProcessEventsLost{12}}, clock);
  EXPECT_EQ(note.what, What::kLost);
  EXPECT_EQ(note.lost, 12U);
  EXPECT_EQ(note.id.pid, 0);
}

TEST(NoteOf, SaysWhenItWas) {
  FakeClock clock;
  const ProcessEvent event{clock.Now(), ProcessForked{.id = {7, 1}}};
  const WallTime then = clock.WallNow();
  clock.Advance(5ms);
  EXPECT_EQ(NoteOf(event, clock).time, then);
}

TEST(LifetimeOf, IsSinceTheProcessWasMade) {
  ProcessNote note;
  note.id = {7, 100};  // one second after boot
  EXPECT_EQ(LifetimeOf(note, BootTime(1250ms)), 250ms);
}

TEST(LifetimeOf, IsNotKnownWithoutABirth) {
  ProcessNote note;
  note.id = {7, 0};
  EXPECT_EQ(LifetimeOf(note, BootTime(1250ms)), std::nullopt);
}

}  // namespace
}  // namespace procwall

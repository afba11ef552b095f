// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/process_note_event.h"

#include <algorithm>
#include <variant>

namespace procwall {
namespace {

using What = ProcessNote::What;

// /proc counts in hundredths of a second, whatever the kernel's own tick is (USER_HZ).
constexpr std::chrono::milliseconds kTick{10};

// Each kind of event.
struct Teller {
  ProcessNote& note;

  void operator()(const ProcessForked& forked) const {
    note.what = What::kForked;
    note.id = forked.id;
  }
  void operator()(const ProcessExecuted& executed) const {
    note.what = What::kExecuted;
    note.id = executed.id;
  }
  void operator()(const ProcessChangedUser& changed) const {
    note.what = What::kChangedUser;
    note.id = changed.id;
  }
  void operator()(const ProcessExited& exited) const {
    note.what = What::kExited;
    note.id = exited.id;
    note.status = exited.status;
  }
  void operator()(const ProcessEventsLost& lost) const {
    note.what = What::kLost;
    note.lost = lost.count;
  }
};

}  // namespace

ProcessNote NoteOf(const ProcessEvent& event, const Clock& clock) {
  ProcessNote note;
  std::visit(Teller{note}, event.what);
  const auto age = std::max(clock.Now() - event.time, BootClock::duration::zero());
  note.time = clock.WallNow() - age;
  return note;
}

std::optional<std::chrono::nanoseconds> LifetimeOf(const ProcessNote& note, BootTime end) {
  const std::uint64_t start = note.id.start_time != 0 ? note.id.start_time
                              : note.process          ? note.process->id.start_time
                                                      : 0;
  if (start == 0) return std::nullopt;
  const auto began = BootTime(kTick * static_cast<std::int64_t>(start));
  return std::max(end - began, BootClock::duration::zero());
}

}  // namespace procwall

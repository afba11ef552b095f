// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/process_note_message.h"

#include <sys/wait.h>

#include <chrono>

#include "base/printable.h"
#include "daemon/evidence_message.h"

namespace procwall {
namespace {

v1::ProcessDeed ToMessage(ProcessNote::What what) {
  switch (what) {
    case ProcessNote::What::kForked:
      return v1::PROCESS_DEED_FORK;
    case ProcessNote::What::kExecuted:
      return v1::PROCESS_DEED_EXEC;
    case ProcessNote::What::kChangedUser:
      return v1::PROCESS_DEED_USER;
    case ProcessNote::What::kExited:
      return v1::PROCESS_DEED_EXIT;
    case ProcessNote::What::kLost:
      return v1::PROCESS_DEED_LOST;
  }
  return v1::PROCESS_DEED_UNSPECIFIED;
}

void FillStatus(std::int32_t status, v1::ProcessNote& message) {
  if (WIFEXITED(status)) message.set_exit_code(WEXITSTATUS(status));
  if (WIFSIGNALED(status)) message.set_signal(WTERMSIG(status));
}

}  // namespace

v1::ProcessNote ToMessage(const ProcessNote& note) {
  v1::ProcessNote message;
  message.set_sequence(note.sequence);
  message.set_deed(ToMessage(note.what));
  const auto since_epoch = note.time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  message.mutable_time()->set_seconds(seconds.count());
  message.mutable_time()->set_nanos(static_cast<std::int32_t>((since_epoch - seconds).count()));
  message.set_lost(note.lost);
  if (note.process) {
    *message.mutable_process() = ToMessage(*note.process);
    message.set_unit(Printable(note.process->unit));
    message.set_container(Printable(note.process->container));
    message.set_script(Printable(note.process->script));
  } else if (note.id.pid != 0) {
    message.mutable_process()->set_pid(note.id.pid);
    message.mutable_process()->set_start_time(note.id.start_time);
  }
  if (note.status) FillStatus(*note.status, message);
  if (note.lifetime) *message.mutable_lifetime() = ToMessage(*note.lifetime);
  return message;
}

}  // namespace procwall

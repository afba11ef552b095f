// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/process_line.h"

#include <cstring>

#include <fmt/format.h>

#include "ui/event_cells.h"
#include "ui/styled_text.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

Style StyleOf(v1::ProcessDeed deed) {
  switch (deed) {
    case v1::PROCESS_DEED_EXEC:
      return Style::kGood;
    case v1::PROCESS_DEED_USER:
    case v1::PROCESS_DEED_LOST:
      return Style::kWarning;
    default:
      return Style::kDim;
  }
}

std::string LossText(const v1::ProcessNote& note) {
  return note.lost() == 0
             ? std::string("some of what processes did was not told: too much at once")
             : fmt::format("{} of what processes did were not told: too much at once", note.lost());
}

std::string LifetimeText(const v1::ProcessNote& note) {
  const auto lifetime = Nanoseconds(note.lifetime());
  constexpr std::chrono::minutes kLong{1};
  return lifetime < kLong ? LatencyText(lifetime)
                          : AgeText(std::chrono::duration_cast<std::chrono::seconds>(lifetime));
}

// What belongs to the deed.
std::string DetailsText(const v1::ProcessNote& note) {
  if (note.deed() != v1::PROCESS_DEED_EXIT) return CommandText(note.process());
  std::string text = EndText(note);
  if (note.has_lifetime()) {
    text += fmt::format("{}after {}", text.empty() ? "" : ", ", LifetimeText(note));
  }
  return text;
}

std::string WhereText(const v1::ProcessNote& note) {
  std::string text;
  if (!note.unit().empty()) text += " in " + note.unit();
  if (!note.container().empty()) text += " in container " + note.container();
  return text;
}

}  // namespace

const char* DeedWord(v1::ProcessDeed deed) {
  switch (deed) {
    case v1::PROCESS_DEED_FORK:
      return "fork";
    case v1::PROCESS_DEED_EXEC:
      return "exec";
    case v1::PROCESS_DEED_USER:
      return "user";
    case v1::PROCESS_DEED_EXIT:
      return "exit";
    case v1::PROCESS_DEED_LOST:
      return "lost";
    default:
      return "unknown";
  }
}

std::optional<v1::ProcessDeed> DeedNamed(std::string_view word) {
  for (const v1::ProcessDeed deed : {v1::PROCESS_DEED_FORK, v1::PROCESS_DEED_EXEC,
                                     v1::PROCESS_DEED_USER, v1::PROCESS_DEED_EXIT}) {
    if (word == DeedWord(deed)) return deed;
  }
  return std::nullopt;
}

std::string EndText(const v1::ProcessNote& note) {
  if (note.has_exit_code()) return fmt::format("exit code {}", note.exit_code());
  if (!note.has_signal()) return "";
  const char* const name = ::sigabbrev_np(note.signal());
  return name == nullptr ? fmt::format("killed by signal {}", note.signal())
                         : fmt::format("killed by SIG{}", name);
}

std::string ProcessLine(const v1::ProcessNote& note, std::chrono::seconds utc_offset,
                        UserNames& users, const Terminal& terminal) {
  StyledText line;
  line.Append(terminal.is_tty ? ClockText(note.time(), utc_offset, Precision::kMilliseconds)
                              : Rfc3339(note.time()),
              Style::kDim)
      .Append(fmt::format("  {:<4}  ", DeedWord(note.deed())), StyleOf(note.deed()));
  if (note.deed() == v1::PROCESS_DEED_LOST) {
    line.Append(LossText(note), Style::kWarning);
    return line.Render(terminal.colours) + "\n";
  }
  const v1::Process& process = note.process();
  const bool is_known = !process.path().empty();
  const std::string user = is_known ? users.NameOf(process.uid()) : "";
  line.Append(fmt::format("{:>7}  ", process.pid()), Style::kDim)
      .Append(fmt::format("{:<8}  ", !user.empty() ? user
                                     : is_known    ? std::to_string(process.uid())
                                                   : "?"))
      .Append(is_known ? process.path() : "(not known)", is_known ? Style::kBold : Style::kWarning)
      .Append(WhereText(note), Style::kAccent);
  if (const std::string details = DetailsText(note); !details.empty()) {
    line.Append("  " + details, Style::kDim);
  }
  if (terminal.width != 0) line = line.KeepingFront(terminal.width);
  return line.Render(terminal.colours) + "\n";
}

}  // namespace procwall

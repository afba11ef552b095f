// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/processes.h"

#include <fmt/format.h>

#include "ui/interrupt.h"
#include "ui/process_json.h"
#include "ui/process_line.h"
#include "ui/styled_text.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

// Writes what comes in, and knows when it is enough.
class ProcessPrinter {
 public:
  ProcessPrinter(const ProcessesOptions& options, const Console& console)
      : options_(options), console_(console) {}

  DaemonClient::Continue Print(const v1::WatchProcessesResponse& response) {
    if (response.missed() > 0) PrintMissed(response.missed());
    if (response.has_note() && options_.filter.Matches(response.note())) {
      PrintNote(response.note());
    }
    console_.out.flush();
    const bool counted = options_.count > 0 && shown_ >= options_.count;
    return counted || !console_.out ? DaemonClient::Continue::kEnough
                                    : DaemonClient::Continue::kMore;
  }

 private:
  void PrintNote(const v1::ProcessNote& note) {
    ++shown_;
    if (options_.form == OutputForm::kJson) {
      console_.out << ProcessNoteJson(note, missed_) << '\n';
      missed_ = 0;
    } else {
      console_.out << ProcessLine(note, UtcOffsetAt(note.time()), users_, console_.terminal);
    }
  }

  // JSON says it with the next object, and at once on stderr.
  void PrintMissed(std::uint64_t missed) {
    missed_ += missed;
    std::ostream& stream = options_.form == OutputForm::kJson ? console_.err : console_.out;
    const std::string text = fmt::format("{} missed: this {} was too slow", missed,
                                         console_.terminal.is_tty ? "terminal" : "reader");
    stream << StyledText(text, Style::kWarning).Render(console_.terminal.colours) << "\n"
           << std::flush;
  }

  const ProcessesOptions& options_;
  const Console& console_;
  UserNames users_;
  std::uint64_t shown_ = 0;
  std::uint64_t missed_ = 0;
};

}  // namespace

ExitCode RunProcesses(const ProcessesOptions& options, DaemonClient& client,
                      const Console& console) {
  const InterruptListener interrupt([&] { client.Cancel(); });
  ProcessPrinter printer(options, console);
  const auto error = client.WatchProcesses(
      [&](const v1::WatchProcessesResponse& response) { return printer.Print(response); });
  if (error) {
    PrintDaemonError(*error, console.err);
    return kFailed;
  }
  return console.out ? kSuccess : kFailed;
}

}  // namespace procwall

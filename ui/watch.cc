// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/watch.h"

#include "record/event_json.h"
#include "ui/interrupt.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

// Writes what comes in, and knows when it is enough.
class WatchPrinter {
 public:
  WatchPrinter(const WatchOptions& options, const Console& console)
      : options_(options),
        console_(console),
        lines_(console.terminal, options.evidence, options.number) {}

  DaemonClient::Continue Print(const v1::WatchResponse& response) {
    if (response.missed() > 0) PrintMissed(response.missed());
    for (const v1::Event& event : response.events()) {
      if (!HasEnough() && options_.filter.Matches(event)) PrintEvent(event);
    }
    console_.out.flush();
    return HasEnough() || !console_.out ? DaemonClient::Continue::kEnough
                                        : DaemonClient::Continue::kMore;
  }

  void PrintTitles() const {
    if (options_.form == OutputForm::kText && console_.terminal.is_tty) {
      console_.out << lines_.Titles() << std::flush;
    }
  }

 private:
  bool HasEnough() const { return options_.count > 0 && shown_ >= options_.count; }

  void PrintEvent(const v1::Event& event) {
    ++shown_;
    if (options_.form == OutputForm::kJson) {
      console_.out << EventJson(event, missed_) << '\n';
      missed_ = 0;
    } else {
      console_.out << lines_.Render(event, UtcOffsetAt(event.time()));
    }
  }

  // JSON says it with the next object, and at once on stderr.
  void PrintMissed(std::uint64_t missed) {
    missed_ += missed;
    std::ostream& stream = options_.form == OutputForm::kJson ? console_.err : console_.out;
    stream << lines_.RenderMissed(missed) << std::flush;
  }

  const WatchOptions& options_;
  const Console& console_;
  const EventLines lines_;
  std::uint64_t shown_ = 0;
  std::uint64_t missed_ = 0;
};

// Says on a terminal what is being watched.
void PrintGreeting(const v1::StatusResponse& status, const Console& console) {
  if (!console.terminal.is_tty) return;
  const bool observes = status.mode() == "observe";
  StyledText line;
  line.Append("procwalld " + status.version(), Style::kBold)
      .Append(observes ? ": observing, every packet passes" : ": enforcing",
              observes ? Style::kWarning : Style::kPlain)
      .Append(", without a rule: " + status.default_action() + ". Ctrl-C ends.");
  console.out << line.Render(console.terminal.colours) << "\n" << std::flush;
}

}  // namespace

ExitCode RunWatch(const WatchOptions& options, DaemonClient& client, const Console& console) {
  const InterruptListener interrupt([&] { client.Cancel(); });
  const auto status = client.Status();
  if (!status) {
    PrintDaemonError(status.error(), console.err);
    return kFailed;
  }
  WatchPrinter printer(options, console);
  if (options.form == OutputForm::kText) PrintGreeting(*status, console);
  printer.PrintTitles();

  const bool on_terminal = options.form == OutputForm::kText && console.terminal.is_tty;
  const std::uint32_t recent = options.recent.value_or(on_terminal ? kRecentOnTerminal : 0);
  const auto error = client.Watch(
      recent, [&](const v1::WatchResponse& response) { return printer.Print(response); });
  if (error) {
    PrintDaemonError(*error, console.err);
    return kFailed;
  }
  return console.out ? kSuccess : kFailed;
}

}  // namespace procwall

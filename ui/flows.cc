// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/flows.h"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/printable.h"
#include "ui/flow_client.h"
#include "ui/flow_json.h"
#include "ui/flow_rows.h"
#include "ui/interrupt.h"
#include "ui/styled_text.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

constexpr std::uint32_t kPage = 5000;

struct AllFlows {
  std::vector<v1::Flow> flows;
  bool counts_bytes = false;
};

tl::expected<AllFlows, DaemonError> ReadAll(const v1::FlowFilter& filter, FlowClient& client) {
  AllFlows all;
  v1::ListFlowsRequest request;
  *request.mutable_filter() = filter;
  request.set_page_size(kPage);
  do {
    auto page = client.List(request);
    if (!page) return tl::unexpected(page.error());
    all.counts_bytes = page->counts_bytes();
    for (v1::Flow& flow : *page->mutable_flows()) all.flows.push_back(std::move(flow));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  SortForPeople(all.flows);
  return all;
}

std::string CountedFlows(std::size_t number) {
  return number == 1 ? "1 flow" : fmt::format("{} flows", number);
}

void PrintFlows(const AllFlows& all, OutputForm form, const Console& console) {
  if (form == OutputForm::kJson) {
    for (const v1::Flow& flow : all.flows) console.out << FlowJson(flow) << '\n';
    return;
  }
  if (all.flows.empty()) {
    console.out << "No flow fits.\n";
    return;
  }
  console.out << FlowsText(all.flows, console.terminal) << std::flush;
  if (all.counts_bytes) return;
  console.err << "What flows move is not counted: set \"Procwall\": {\"FlowAccounting\": true}\n"
                 "in the daemon's configuration, or net.netfilter.nf_conntrack_acct=1.\n";
}

// Writes what comes in, and knows when it is enough.
class FlowPrinter {
 public:
  FlowPrinter(const FlowsOptions& options, const Console& console)
      : options_(options), console_(console) {}

  DaemonClient::Continue Print(const v1::WatchFlowsResponse& response) {
    if (response.missed() > 0) {
      missed_ += response.missed();
      console_.err << fmt::format("{} missed: this reader was too slow\n", response.missed())
                   << std::flush;
    }
    if (response.has_note()) PrintNote(response.note());
    console_.out.flush();
    const bool counted = options_.count > 0 && shown_ >= options_.count;
    return counted || !console_.out ? DaemonClient::Continue::kEnough
                                    : DaemonClient::Continue::kMore;
  }

 private:
  void PrintNote(const v1::FlowNote& note) {
    ++shown_;
    if (options_.form == OutputForm::kJson) {
      console_.out << FlowNoteJson(note, std::exchange(missed_, 0)) << '\n';
    } else {
      console_.out << FlowNoteLine(note, UtcOffsetAt(note.time()), console_.terminal);
    }
  }

  const FlowsOptions& options_;
  const Console& console_;
  std::uint64_t shown_ = 0;
  std::uint64_t missed_ = 0;
};

ExitCode Watch(const FlowsOptions& options, FlowClient& client, const Console& console) {
  const InterruptListener interrupt([&] { client.Cancel(); });
  FlowPrinter printer(options, console);
  const auto error = client.Watch(options.filter, [&](const v1::WatchFlowsResponse& response) {
    return printer.Print(response);
  });
  if (error) {
    PrintDaemonError(*error, console.err);
    return kFailed;
  }
  return console.out ? kSuccess : kFailed;
}

// Shows what is meant, and lets a person say yes.
bool IsAgreed(const AllFlows& meant, const Console& console, const Input& input) {
  console.out << FlowsText(meant.flows, console.terminal) << "Cut "
              << (meant.flows.size() == 1 ? "this flow"
                                          : "these " + CountedFlows(meant.flows.size()))
              << "? [y/N] " << std::flush;
  std::string answer;
  std::getline(input.stream, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

ExitCode Report(const v1::CutFlowsResponse& response, OutputForm form, const Console& console) {
  for (const v1::Flow& flow : response.cut()) {
    console.out << (form == OutputForm::kJson ? FlowJson(flow) : "cut " + FlowSentence(flow))
                << '\n';
  }
  console.out << std::flush;
  for (const std::string& failed : response.failed()) {
    console.err << "procwall: " << TerminalSafe(failed) << '\n';
  }
  if (response.cut().empty() && response.failed().empty()) {
    console.err << "procwall: no flow fits (any more)\n";
    return kFailed;
  }
  return response.failed().empty() ? kSuccess : kFailed;
}

}  // namespace

ExitCode RunFlows(const FlowsOptions& options, DaemonClient& daemon, const Console& console) {
  FlowClient client(daemon);
  if (options.watch) return Watch(options, client, console);
  const auto all = ReadAll(options.filter, client);
  if (!all) {
    PrintDaemonError(all.error(), console.err);
    return kFailed;
  }
  PrintFlows(*all, options.form, console);
  return kSuccess;
}

ExitCode RunFlowsCut(const FlowsCutOptions& options, DaemonClient& daemon, const Console& console,
                     const Input& input) {
  FlowClient client(daemon);
  if (!options.yes && (!input.is_terminal || options.form == OutputForm::kJson)) {
    console.err << "procwall: nobody is there to be asked: say --yes\n";
    return kUsage;
  }
  if (!options.yes) {
    const auto meant = ReadAll(options.filter, client);
    if (!meant) {
      PrintDaemonError(meant.error(), console.err);
      return kFailed;
    }
    if (meant->flows.empty()) {
      console.err << "procwall: no flow fits\n";
      return kFailed;
    }
    if (!IsAgreed(*meant, console, input)) return kFailed;
  }
  const auto done = client.Cut(options.filter);
  if (!done) {
    PrintDaemonError(done.error(), console.err);
    return kFailed;
  }
  return Report(*done, options.form, console);
}

}  // namespace procwall

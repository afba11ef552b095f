// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/status.h"

#include <fmt/format.h>

#include "diagnosis/count_text.h"
#include "diagnosis/troubles.h"
#include "record/json_text.h"
#include "ui/styled_text.h"
#include "ui/table.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

std::string BytesText(std::uint64_t bytes) {
  constexpr double kMebi = 1024.0 * 1024.0;
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / kMebi);
}

StyledText Headline(const v1::StatusResponse& status, std::chrono::sys_seconds now) {
  const bool observes = status.mode() == "observe";
  const std::chrono::seconds age =
      now.time_since_epoch() - std::chrono::seconds(status.started().seconds());
  StyledText line;
  line.Append("procwalld " + status.version(), Style::kBold)
      .Append(observes ? " observes this host: every packet passes" : " guards this host",
              observes ? Style::kWarning : Style::kGood)
      .Append(fmt::format(", pid {}, for {}, {} of memory", status.pid(), AgeText(age),
                          BytesText(status.resident_bytes())),
              Style::kDim);
  return line;
}

std::string FirewallText(const v1::StatusResponse& status) {
  const std::string queues = status.queues_size() < 2
                                 ? fmt::format("queue {}", status.queue_number())
                                 : fmt::format("queues {} to {}", status.queues(0).number(),
                                               status.queues(status.queues_size() - 1).number());
  if (status.firewall() == "none") return "none of its own; reads " + queues;
  return fmt::format("{}, {}; {} while no daemon runs", status.firewall(), queues,
                     status.queue_bypass() ? "open" : "closed");
}

// How the packets are spread: of one queue there is nothing to tell.
void AppendQueueRows(const v1::StatusResponse& status, std::vector<Cells>& rows) {
  if (status.queues_size() < 2) return;
  for (const v1::FirewallQueue& queue : status.queues()) {
    rows.push_back(
        {StyledText(fmt::format("queue {}", queue.number()), Style::kDim), Grouped(queue.packets()),
         StyledText(ShareText(queue.packets(), status.counters().packets()), Style::kDim)});
  }
}

std::string WitnessText(const v1::Witness& witness) {
  if (!witness.runs()) return "does not run: " + witness.why_not();
  int running = 0;
  for (const v1::WitnessPart& part : witness.parts()) running += part.runs() ? 1 : 0;
  return running == witness.parts_size()
             ? std::string("sees everything it can")
             : fmt::format("{} of its {} parts run", running, witness.parts_size());
}

std::string WitnessMemoryText(const v1::Witness& witness) {
  if (witness.sockets().most() == 0) return "nothing";
  return fmt::format("{} of {} sockets, {} of {} flows", Grouped(witness.sockets().held()),
                     Grouped(witness.sockets().most()), Grouped(witness.flows().held()),
                     Grouped(witness.flows().most()));
}

Json TableJson(const v1::WitnessTable& table) {
  return {{"most", table.most()}, {"held", table.held()}, {"displaced", table.displaced()}};
}

std::string GuiText(const v1::OpensnitchGui& gui) {
  if (gui.address().empty()) return "not looked for";
  if (!gui.connected()) return "not connected: " + gui.why_not();
  return fmt::format("connected at {}, speaks {}; {} of {} questions answered", gui.address(),
                     gui.dialect(), Grouped(gui.answers()), Grouped(gui.questions()));
}

std::string ProcessNewsText(const v1::StatusResponse& status) {
  if (status.process_news().empty()) return "not told by this daemon";
  return status.process_news() == "none" ? "from /proc alone: nobody tells of new programs"
                                         : "from the " + status.process_news();
}

std::string JournalText(const v1::Journal& journal) {
  if (journal.path().empty()) {
    return "none" + (journal.why_not().empty() ? "" : ": " + journal.why_not());
  }
  const std::string text =
      fmt::format("{}, {} in {}", journal.path(), Counted(journal.entries(), "entry", "entries"),
                  BytesText(journal.bytes()));
  return journal.why_not().empty() ? text : text + "; " + journal.why_not();
}

// "journald, syslog"; "none".
template <typename Texts>
std::string ListText(const Texts& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + text;
  return list.empty() ? "none" : list;
}

std::vector<Cells> SetupRows(const v1::StatusResponse& status) {
  return {
      {StyledText("without a rule", Style::kDim), status.default_action()},
      {StyledText("rules", Style::kDim),
       fmt::format("{} from {}", Grouped(status.rules()), status.rules_directory())},
      {StyledText("configuration", Style::kDim),
       status.config_file().empty() ? std::string("built-in") : status.config_file()},
      {StyledText("firewall", Style::kDim), FirewallText(status)},
      {StyledText("kernel witness", Style::kDim), WitnessText(status.witness())},
      {StyledText("it remembers", Style::kDim), WitnessMemoryText(status.witness())},
      {StyledText("OpenSnitch GUI", Style::kDim), GuiText(status.opensnitch_gui())},
      {StyledText("process news", Style::kDim), ProcessNewsText(status)},
      {StyledText("journal", Style::kDim), JournalText(status.journal())},
      {StyledText("events also to", Style::kDim), ListText(status.sinks())},
      {StyledText("metrics", Style::kDim),
       status.metrics_address().empty()
           ? std::string("not served")
           : fmt::format("http://{}/metrics", status.metrics_address())},
      {StyledText("receive buffer", Style::kDim), BytesText(status.receive_buffer_bytes())},
      {StyledText("watchers", Style::kDim), Grouped(status.watchers())},
  };
}

// What is not as it could be, without being wrong.
std::vector<Cells> CountRows(const v1::Counters& counters) {
  std::vector<Cells> rows;
  const std::uint64_t all = counters.packets();
  const auto add = [&](const char* name, std::uint64_t count, Style style) {
    rows.push_back({StyledText(name, Style::kDim),
                    StyledText(Grouped(count), count == 0 ? Style::kDim : style),
                    StyledText(ShareText(count, all), Style::kDim)});
  };
  const std::uint64_t lost = counters.lost_queue_full() + counters.lost_buffer_full();
  rows.push_back({StyledText("packets", Style::kDim), StyledText(Grouped(all), Style::kBold)});
  add("  allowed", counters.allowed(), Style::kGood);
  add("  denied", counters.denied(), Style::kBad);
  add("  rejected", counters.rejected(), Style::kBad);
  add("  waiting", counters.parked(), Style::kPlain);
  add("  dns answers", counters.dns_answers(), Style::kPlain);
  add("program unknown", counters.unknown(), Style::kWarning);
  add("unreadable", counters.unparsable(), Style::kWarning);
  rows.push_back({StyledText("lost", Style::kDim),
                  StyledText(Grouped(lost + counters.undecodable()),
                             lost + counters.undecodable() == 0 ? Style::kDim : Style::kBad)});
  return rows;
}

Json QueuesJson(const v1::StatusResponse& status) {
  Json json = Json::array();
  for (const v1::FirewallQueue& queue : status.queues()) {
    json.push_back({{"number", queue.number()}, {"packets", queue.packets()}});
  }
  return json;
}

Json WitnessJson(const v1::Witness& witness) {
  Json json;
  json["runs"] = witness.runs();
  json["why_not"] = JsonText(witness.why_not());
  json["parts"] = Json::array();
  for (const v1::WitnessPart& part : witness.parts()) {
    json["parts"].push_back({{"name", JsonText(part.name())},
                             {"runs", part.runs()},
                             {"why_not", JsonText(part.why_not())}});
  }
  json["lost_events"] = witness.lost_events();
  json["lost_sockets"] = witness.lost_sockets();
  json["sockets"] = TableJson(witness.sockets());
  json["flows"] = TableJson(witness.flows());
  return json;
}

Json GuiJson(const v1::OpensnitchGui& gui) {
  Json json;
  json["address"] = JsonText(gui.address());
  json["connected"] = gui.connected();
  json["dialect"] = JsonText(gui.dialect());
  json["why_not"] = JsonText(gui.why_not());
  json["questions"] = gui.questions();
  json["answers"] = gui.answers();
  return json;
}

Json JournalJson(const v1::Journal& journal) {
  Json json;
  json["path"] = JsonText(journal.path());
  json["why_not"] = JsonText(journal.why_not());
  json["entries"] = journal.entries();
  json["bytes"] = journal.bytes();
  json["lost"] = journal.lost();
  json["oldest"] = journal.has_oldest() ? Json(Rfc3339(journal.oldest())) : Json(nullptr);
  return json;
}

// Rows without titles.
std::string RenderRows(Layout layout, const std::vector<Cells>& rows, const Terminal& terminal) {
  const std::string table = RenderTable(std::move(layout), rows, terminal);
  return table.substr(table.find('\n') + 1);
}

}  // namespace

std::string StatusText(const v1::StatusResponse& status, const Terminal& terminal,
                       std::chrono::sys_seconds now) {
  const Layout setup{{{.width = 17}, {.cut = Cut::kKeepFront}}, 2};
  const Layout counts{{{.width = 17}, {.align = Align::kRight}, {.align = Align::kRight}}, 2};
  std::string text = Headline(status, now).Render(terminal.colours) + "\n\n";
  text += RenderRows(setup, SetupRows(status), terminal) + "\n";
  std::vector<Cells> counted = CountRows(status.counters());
  AppendQueueRows(status, counted);
  text += RenderRows(counts, counted, terminal) + "\n";
  const std::vector<std::string> troubles = Troubles(status);
  if (troubles.empty()) {
    return text +
           StyledText("No packet lost, nothing to complain about.", Style::kGood)
               .Render(terminal.colours) +
           "\n";
  }
  for (const std::string& trouble : troubles) {
    text += StyledText("! " + trouble, Style::kWarning).Render(terminal.colours) + "\n";
  }
  return text;
}

std::string StatusJson(const v1::StatusResponse& status) {
  const v1::Counters& counters = status.counters();
  Json json;
  json["version"] = JsonText(status.version());
  json["pid"] = status.pid();
  json["started"] = Rfc3339(status.started());
  json["mode"] = JsonText(status.mode());
  json["default_action"] = JsonText(status.default_action());
  json["rules_directory"] = JsonText(status.rules_directory());
  json["config_file"] = JsonText(status.config_file());
  json["rules"] = status.rules();
  json["refused_rule_files"] = status.refused_rule_files();
  json["firewall"] = JsonText(status.firewall());
  json["queue_number"] = status.queue_number();
  json["queue_bypass"] = status.queue_bypass();
  json["queues"] = QueuesJson(status);
  json["firewall_repairs"] = status.firewall_repairs();
  json["firewall_notes"] = Json::array();
  for (const std::string& note : status.firewall_notes()) {
    json["firewall_notes"].push_back(JsonText(note));
  }
  json["receive_buffer_bytes"] = status.receive_buffer_bytes();
  json["watchers"] = status.watchers();
  json["resident_bytes"] = status.resident_bytes();
  json["packets"] = counters.packets();
  json["allowed"] = counters.allowed();
  json["denied"] = counters.denied();
  json["rejected"] = counters.rejected();
  json["parked"] = counters.parked();
  json["dns_answers"] = counters.dns_answers();
  json["unparsable"] = counters.unparsable();
  json["unknown"] = counters.unknown();
  json["lost_queue_full"] = counters.lost_queue_full();
  json["lost_buffer_full"] = counters.lost_buffer_full();
  json["undecodable"] = counters.undecodable();
  json["asked"] = counters.asked();
  json["questions"] = counters.questions();
  json["askers"] = status.askers();
  json["process_news"] = JsonText(status.process_news());
  json["witness"] = WitnessJson(status.witness());
  json["opensnitch_gui"] = GuiJson(status.opensnitch_gui());
  json["journal"] = JournalJson(status.journal());
  json["sinks"] = Json::array();
  for (const std::string& sink : status.sinks()) json["sinks"].push_back(JsonText(sink));
  json["metrics_address"] = JsonText(status.metrics_address());
  json["troubles"] = Json::array();
  for (const std::string& trouble : Troubles(status)) json["troubles"].push_back(JsonText(trouble));
  return OneLine(json);
}

ExitCode RunStatus(OutputForm form, DaemonClient& client, const Console& console,
                   std::chrono::sys_seconds now) {
  const auto status = client.Status();
  if (!status) {
    PrintDaemonError(status.error(), console.err);
    return kFailed;
  }
  console.out << (form == OutputForm::kJson ? StatusJson(*status) + "\n"
                                            : StatusText(*status, console.terminal, now));
  return kSuccess;
}

}  // namespace procwall

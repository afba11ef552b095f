// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/status.h"

#include <fmt/format.h>

#include "ui/json_text.h"
#include "ui/styled_text.h"
#include "ui/table.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

// "1,234,567": counts grow long, and are compared by eye.
std::string Grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string BytesText(std::uint64_t bytes) {
  constexpr double kMebi = 1024.0 * 1024.0;
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / kMebi);
}

std::string Counted(std::uint64_t number, const char* one, const char* many) {
  return fmt::format("{} {}", Grouped(number), number == 1 ? one : many);
}

std::string ShareText(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0 || part == 0) return "";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  return percent < 0.1 ? "< 0.1 %" : fmt::format("{:.1f} %", percent);
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
  if (status.firewall() == "none") {
    return fmt::format("none of its own; reads queue {}", status.queue_number());
  }
  return fmt::format("{}, queue {}; {} while no daemon runs", status.firewall(),
                     status.queue_number(), status.queue_bypass() ? "open" : "closed");
}

std::string WitnessText(const v1::Witness& witness) {
  if (!witness.runs()) return "does not run: " + witness.why_not();
  int running = 0;
  for (const v1::WitnessPart& part : witness.parts()) running += part.runs() ? 1 : 0;
  return running == witness.parts_size()
             ? std::string("sees everything it can")
             : fmt::format("{} of its {} parts run", running, witness.parts_size());
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

std::vector<Cells> SetupRows(const v1::StatusResponse& status) {
  return {
      {StyledText("without a rule", Style::kDim), status.default_action()},
      {StyledText("rules", Style::kDim),
       fmt::format("{} from {}", Grouped(status.rules()), status.rules_directory())},
      {StyledText("configuration", Style::kDim),
       status.config_file().empty() ? std::string("built-in") : status.config_file()},
      {StyledText("firewall", Style::kDim), FirewallText(status)},
      {StyledText("kernel witness", Style::kDim), WitnessText(status.witness())},
      {StyledText("OpenSnitch GUI", Style::kDim), GuiText(status.opensnitch_gui())},
      {StyledText("process news", Style::kDim), ProcessNewsText(status)},
      {StyledText("receive buffer", Style::kDim), BytesText(status.receive_buffer_bytes())},
      {StyledText("watchers", Style::kDim), Grouped(status.watchers())},
  };
}

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
  json["lost_flows"] = witness.lost_flows();
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

// Rows without titles.
std::string RenderRows(Layout layout, const std::vector<Cells>& rows, const Terminal& terminal) {
  const std::string table = RenderTable(std::move(layout), rows, terminal);
  return table.substr(table.find('\n') + 1);
}

}  // namespace

std::vector<std::string> Troubles(const v1::StatusResponse& status) {
  std::vector<std::string> troubles;
  const v1::Counters& counters = status.counters();
  const auto add = [&](std::uint64_t count, const char* one, const char* many,
                       const char* meaning) {
    if (count > 0) troubles.push_back(Counted(count, one, many) + meaning);
  };
  add(counters.lost_queue_full(), "packet", "packets",
      " dropped: the kernel's queue was full (too many at once)");
  add(counters.lost_buffer_full(), "packet", "packets",
      " dropped: the receive buffer was full (too many at once)");
  add(counters.undecodable(), "queue message", "queue messages",
      " made no sense; the packets were dropped");
  const v1::Witness& witness = status.witness();
  add(witness.lost_events() + witness.lost_sockets() + witness.lost_flows(), "note", "notes",
      " of the kernel witness lost: too much happened at once");
  add(status.refused_rule_files(), "rule file is", "rule files are",
      " refused: `procwall rules list` says why");
  const std::uint64_t decided = counters.allowed() + counters.denied() + counters.rejected();
  // A few are normal: sockets close, processes exit. One in twenty is not.
  constexpr std::uint64_t kFew = 10;
  if (counters.unknown() > kFew && counters.unknown() * 20 > decided) {
    troubles.push_back(
        fmt::format("{} of the decisions know no program: `procwall watch -e` says why",
                    ShareText(counters.unknown(), decided)));
  }
  if (status.mode() == "observe") {
    troubles.emplace_back("observing: nothing is blocked, whatever the rules say");
  }
  return troubles;
}

std::string StatusText(const v1::StatusResponse& status, const Terminal& terminal,
                       std::chrono::sys_seconds now) {
  const Layout setup{{{.width = 17}, {.cut = Cut::kKeepFront}}, 2};
  const Layout counts{{{.width = 17}, {.align = Align::kRight}, {.align = Align::kRight}}, 2};
  std::string text = Headline(status, now).Render(terminal.colours) + "\n\n";
  text += RenderRows(setup, SetupRows(status), terminal) + "\n";
  text += RenderRows(counts, CountRows(status.counters()), terminal) + "\n";
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

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/explain.h"

#include <vector>

#include <fmt/format.h>

#include "net/connection.h"
#include "record/event_json.h"
#include "record/event_words.h"
#include "record/evidence_json.h"
#include "record/json_text.h"
#include "ui/event_cells.h"
#include "ui/evidence_text.h"
#include "ui/file_text.h"
#include "ui/paragraph.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

// The explanation, one paragraph after the other.
class Writer {
 public:
  explicit Writer(const Terminal& terminal) : terminal_(terminal) {}

  void Line(const StyledText& line) { text_ += line.Render(terminal_.colours) + "\n"; }
  void Add(std::string_view label, std::string_view text, Style style = Style::kPlain) {
    if (!text.empty()) text_ += RenderParagraph(label, text, style, terminal_);
  }
  // The label stands before the first only.
  void AddAll(std::string_view label, const std::vector<std::string>& texts,
              Style style = Style::kPlain) {
    for (const std::string& text : texts) {
      Add(label, text, style);
      label = "";
    }
  }
  std::string Take() { return std::move(text_); }

 private:
  const Terminal& terminal_;
  std::string text_;
};

bool IsDecision(const v1::Event& event) { return event.sequence() != 0; }

void WriteHeadline(const v1::Event& event, std::chrono::seconds utc_offset, Writer& writer) {
  StyledText line;
  if (IsDecision(event)) {
    line.Append(fmt::format("Decision {}", event.sequence()), Style::kBold)
        .Append(" at " + ClockText(event.time(), utc_offset, Precision::kMilliseconds) + ": ");
  } else {
    line.Append("A connection as it is now", Style::kBold).Append(", would be decided: ");
  }
  writer.Line(line.Join(VerdictCell(event)));
}

std::string PacketText(const v1::Event& event) {
  if (event.src_ip().empty()) return "could not be read: " + event.refusal();
  const auto end = [](const std::string& ip, std::uint32_t port) {
    if (port == 0) return ip;
    return ip.find(':') == std::string::npos ? fmt::format("{}:{}", ip, port)
                                             : fmt::format("[{}]:{}", ip, port);
  };
  std::string text =
      fmt::format("{} {}, {} to {}", event.direction(), event.protocol(),
                  end(event.src_ip(), event.src_port()), end(event.dst_ip(), event.dst_port()));
  if (!event.dst_host().empty()) text += fmt::format(" ({})", event.dst_host());
  return text;
}

void WriteProcess(std::string_view label, const v1::Process& process, UserNames& users,
                  Writer& writer) {
  writer.Add(label,
             fmt::format("{}, of user {}", ProcessText(process), UserText(process.uid(), users)),
             Style::kAccent);
  writer.Add("", FileText(process), Style::kWarning);
  writer.Add("", fmt::format("{}", fmt::join(process.args(), " ")), Style::kDim);
  std::string started;
  for (const v1::Ancestor& ancestor : process.ancestors()) {
    started += fmt::format("{} {} ({})", started.empty() ? "started by" : ",",
                           ancestor.path().empty() ? "?" : ancestor.path(), ancestor.pid());
  }
  writer.Add("", started, Style::kDim);
}

void WriteProgram(const v1::Event& event, UserNames& users, Writer& writer) {
  if (event.has_process()) {
    WriteProcess("Program", event.process(), users, writer);
  } else {
    writer.Add("Program", "not known", Style::kWarning);
  }
  for (const v1::Process& other : event.alternatives()) WriteProcess("or", other, users, writer);
  if (!event.has_creator()) return;
  WriteProcess("Made by", event.creator(), users, writer);
  writer.Add("", "made the socket and handed it on; the program above is who used it.",
             Style::kDim);
}

std::string DecidedBy(v1::Reason reason, const std::string& rule) {
  return reason == v1::REASON_RULE ? fmt::format("by the rule \"{}\"", rule)
                                   : fmt::format("without a rule ({})", ReasonWord(reason));
}

void WriteDecision(const v1::ExplainResponse& response, Writer& writer) {
  const v1::Event& event = response.event();
  const v1::Judgement& now = response.now();
  writer.Add("Decision", fmt::format("{} {}.", ActionWord(event.judged_action()),
                                     DecidedBy(event.reason(), event.rule())));
  if (event.action() != event.judged_action()) {
    writer.Add("",
               fmt::format("The daemon only observes: the packet was let through ({}).",
                           ActionWord(event.action())),
               Style::kWarning);
  }
  if (event.shadow_rules_size() > 0) {
    writer.Add("On trial", fmt::format("Were they enforced, these would have decided: {}.",
                                       ShadowsText(event.shadow_rules())));
  }
  if (!response.has_now() || !IsDecision(event)) return;
  const bool same = now.action() == event.judged_action() && now.rule() == event.rule();
  writer.Add("",
             same ? std::string("The rules in force now say the same.")
                  : fmt::format("The rules in force now say: {} {}.", ActionWord(now.action()),
                                DecidedBy(now.reason(), now.rule())),
             same ? Style::kPlain : Style::kWarning);
}

void WriteTime(const v1::Event& event, Writer& writer) {
  if (!IsDecision(event)) {
    return writer.Add(
        "Time", fmt::format("Looking it up took {}.", LatencyText(Nanoseconds(event.latency()))));
  }
  const v1::Evidence& evidence = event.evidence_details();
  std::string text =
      fmt::format("The packet was held for {}", LatencyText(Nanoseconds(event.latency())));
  if (evidence.has_parked()) {
    text += fmt::format(", {} of it while others were let by, for a search",
                        LatencyText(Nanoseconds(evidence.parked())));
  }
  writer.Add("Time", text + ".");
}

std::vector<std::string> HolderTexts(const v1::ExplainResponse& response) {
  if (!response.has_holders()) {
    const v1::Evidence& evidence = response.event().evidence_details();
    if (evidence.socket().inode() == 0 && evidence.cookie() == 0) return {};
    // The daemon looks among the sockets of its own namespace only.
    if (response.event().direction() == DirectionName(Direction::kForwarded)) {
      return {
          "Its socket is in another network namespace: whether it still exists was not looked "
          "up."};
    }
    return {"This socket does not exist any more."};
  }
  const v1::CurrentHolders& holders = response.holders();
  std::vector<std::string> texts = {fmt::format("Its socket {} lives ({}), held by{}",
                                                holders.socket().inode(), holders.socket().state(),
                                                holders.processes().empty() ? " nobody." : ":")};
  for (const v1::Process& process : holders.processes()) texts.push_back(ProcessText(process));
  if (!holders.all_known()) texts.emplace_back("and perhaps by others that cannot be seen.");
  return texts;
}

Json ProcessesJson(const v1::CurrentHolders& holders) {
  Json processes = Json::array();
  for (const v1::Process& process : holders.processes()) {
    processes.push_back({{"pid", process.pid()}, {"process_path", JsonText(process.path())}});
  }
  return processes;
}

Json TextsJson(const std::vector<std::string>& texts) {
  Json json = Json::array();
  for (const std::string& text : texts) json.push_back(JsonText(text));
  return json;
}

}  // namespace

std::string ExplainText(const v1::ExplainResponse& response, const Terminal& terminal,
                        std::chrono::seconds utc_offset, UserNames& users) {
  const v1::Event& event = response.event();
  Writer writer(terminal);
  WriteHeadline(event, utc_offset, writer);
  writer.Add("Packet", PacketText(event));
  writer.Add("Name", NameText(event));
  WriteProgram(event, users, writer);
  writer.AddAll("How", EvidenceSteps(event, users));
  writer.AddAll("Besides", AlternativeTexts(event.evidence_details(), users));
  writer.Add("Sure", ConfidenceSentence(event),
             event.confidence() == v1::CONFIDENCE_CERTAIN  ? Style::kGood
             : event.confidence() == v1::CONFIDENCE_LIKELY ? Style::kPlain
                                                           : Style::kWarning);
  WriteDecision(response, writer);
  WriteTime(event, writer);
  writer.AddAll("Now", HolderTexts(response));
  writer.Add("Advice", AdviceOn(event));
  return writer.Take();
}

std::string ExplainJson(const v1::ExplainResponse& response, UserNames& users) {
  const v1::Event& event = response.event();
  Json json;
  json["event"] = EventObject(event, 0);
  json["steps"] = TextsJson(EvidenceSteps(event, users));
  json["alternatives"] = TextsJson(AlternativeTexts(event.evidence_details(), users));
  json["confidence"] = JsonText(ConfidenceSentence(event));
  json["advice"] = JsonText(AdviceOn(event));
  json["now"] = nullptr;
  if (response.has_now()) {
    json["now"] = {{"action", ActionWord(response.now().action())},
                   {"reason", ReasonWord(response.now().reason())},
                   {"rule", JsonText(response.now().rule())},
                   {"shadow_rules", ShadowRulesArray(response.now().shadow_rules())}};
  }
  json["holders"] = nullptr;
  if (response.has_holders()) {
    json["holders"] = {{"socket", SocketObject(response.holders().socket())},
                       {"processes", ProcessesJson(response.holders())},
                       {"all_known", response.holders().all_known()}};
  }
  return OneLine(json);
}

ExitCode RunExplain(const ExplainOptions& options, DaemonClient& client, const Console& console) {
  const auto response = client.Explain(options.request);
  if (!response) {
    PrintDaemonError(response.error(), console.err);
    return kFailed;
  }
  UserNames users;
  console.out << (options.form == OutputForm::kJson
                      ? ExplainJson(*response, users) + "\n"
                      : ExplainText(*response, console.terminal,
                                    UtcOffsetAt(response->event().time()), users));
  return kSuccess;
}

}  // namespace procwall

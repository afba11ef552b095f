// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <poll.h>

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "daemon/pipeline.h"
#include "tests/support/dns_builder.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_proc.h"
#include "tests/support/fake_socket_table.h"
#include "tests/support/fake_verdicts.h"
#include "tests/support/fake_witness.h"
#include "tests/support/packet_builder.h"

namespace procwall {

// A pipeline with a finder, a /proc in which curl holds one socket, and two socket tables: the one
// the packet thread asks and the one the finder asks. Every test ends with the counters adding up.
class PipelineWorld : public testing::Test {
 protected:
  static constexpr Inode kCurlsInode = 4711;
  static constexpr int kWaitMilliseconds = 30'000;  // for the finder; not reached

  PipelineWorld() {
    proc.Put({.pid = 100, .uid = 0, .exe = "/usr/bin/curl"});
    proc.PutSocket(100, 5, kCurlsInode);
  }
  ~PipelineWorld() override {
    EXPECT_EQ(counters.packets.Get(), counters.allowed.Get() + counters.denied.Get() +
                                          counters.rejected.Get() + counters.parked.Get() +
                                          counters.dns_answers.Get());
  }

  static constexpr std::uint8_t kIncomingHook = 1;  // NF_INET_LOCAL_IN
  static constexpr std::uint8_t kForwardHook = 2;   // NF_INET_FORWARD
  static constexpr std::uint8_t kLocalOutHook = 3;  // NF_INET_LOCAL_OUT
  using Answers = FakeVerdicts::Answers;

  static std::vector<std::byte> Syn() {
    return PacketBuilder().V4("10.0.0.2", "192.0.2.1").Tcp(40000, 443, kSyn).Build();
  }
  // An IP header that ends early.
  static std::vector<std::byte> CutHeader() {
    std::vector<std::byte> bytes = Syn();
    bytes.resize(10);
    return bytes;
  }

  // Built at first use, so that a test can set `mode` and the like before.
  Pipeline& pipeline() {
    if (!pipeline_) {
      pipeline_ = std::make_unique<Pipeline>(PipelineParts{.verdicts = verdicts,
                                                           .witness = witness,
                                                           .programs = programs,
                                                           .diag = diag_,
                                                           .marks = marks_,
                                                           .finder = *finder_,
                                                           .desk = *desk,
                                                           .facts = *facts_,
                                                           .names = names_,
                                                           .events = events_,
                                                           .counters = counters,
                                                           .rules = rules_,
                                                           .clock = clock,
                                                           .mode = mode,
                                                           .questions = Policy(),
                                                           .packet_uids = packet_uids,
                                                           .asked_flows = asked_flows,
                                                           .looks_into_tls = looks_into_tls});
    }
    return *pipeline_;
  }
  void EndPipeline() { pipeline_.reset(); }
  SharedNames& Names() { return names_; }

  void Rules(const std::vector<Rule>& rules) {
    std::vector<std::shared_ptr<const Rule>> shared;
    for (const Rule& rule : rules) shared.push_back(std::make_shared<const Rule>(rule));
    rules_.Set(std::make_shared<const RuleSet>(RuleSet::Compile(std::move(shared), nullptr)));
  }

  // A packet comes up, on the way out unless `hook` says otherwise.
  void Begin(std::uint32_t id, const std::vector<std::byte>& bytes,
             std::uint8_t hook = kLocalOutHook, std::optional<Uid> uid = std::nullopt) {
    QueuedPacket queued;
    queued.uid = uid;
    queued.id = id;
    queued.hook = hook;
    queued.out_ifindex = out_interface;
    queued.payload = bytes;
    pipeline().Begin(queued);
    pipeline().Report();
  }

  // Waits until the finder has this many answers.
  std::deque<FinderAnswer> TakeAnswers(std::size_t count) {
    std::deque<FinderAnswer> answers;
    while (answers.size() < count) {
      pollfd waiting{answered_.UnsafeFd(), POLLIN, 0};
      if (::poll(&waiting, 1, kWaitMilliseconds) != 1) break;
      answered_.Clear();
      for (FinderAnswer& answer : finder_->TakeAnswers()) answers.push_back(std::move(answer));
    }
    EXPECT_EQ(answers.size(), count);
    return answers;
  }
  void ResumeAll(std::size_t count) {
    for (FinderAnswer& answer : TakeAnswers(count)) pipeline().Resume(std::move(answer));
    pipeline().Report();
  }

  // Until the gatherer has found out what one packet waits for.
  void ResumeWithFacts() {
    while (!facts_->HasAnswers()) {
      pollfd waiting{answered_.UnsafeFd(), POLLIN, 0};
      if (::poll(&waiting, 1, kWaitMilliseconds) != 1) break;
      answered_.Clear();
    }
    for (FactsAnswer& answer : facts_->TakeAnswers()) pipeline().Resume(std::move(answer));
    pipeline().Report();
  }

  std::vector<EventPtr> Events() const {
    std::vector<EventPtr> all;
    std::uint64_t position = 1;
    while (const EventPtr event = events_.Next(position).event) all.push_back(event);
    return all;
  }
  // The events as texts: what was done, by which rule, to whom, by whom.
  std::vector<std::string> Told() const {
    std::vector<std::string> texts;
    for (const EventPtr& event : Events()) texts.push_back(TextOf(*event));
    return texts;
  }

  // Of the flow 10.0.0.2:40000 -> 192.0.2.1:443, held by curl.
  static SocketEntry CurlsSocket() {
    SocketEntry socket;
    socket.local = {IpAddress::V4({10, 0, 0, 2}), 40000};
    socket.remote = {IpAddress::V4({192, 0, 2, 1}), 443};
    socket.state = SocketState::kSynSent;
    socket.inode = kCurlsInode;
    return socket;
  }
  static std::vector<std::byte> DnsAnswer(std::string_view name, std::string_view address) {
    return PacketBuilder()
        .V4("192.0.2.53", "10.0.0.2")
        .Udp(53, 40000)
        .Payload(DnsBuilder().Question(name).Answer(name, address, 60).Build())
        .Build();
  }

  QuestionPolicy Policy() const {
    return {question_timeout, default_action, unasked_action.value_or(default_action), ask_unknown};
  }

  Mode mode = Mode::kEnforce;
  std::chrono::seconds question_timeout{30};
  std::optional<RuleAction> unasked_action;
  bool ask_unknown = true;
  RuleAction default_action = RuleAction::kAllow;
  PacketUids packet_uids = PacketUids::kOurs;
  AskedFlows* asked_flows = nullptr;
  bool looks_into_tls = false;
  std::uint32_t out_interface = 0;  // of the packets that come up
  FakeClock clock;
  FakeProc proc;
  FakeSocketTable table;
  FakeSocketTable finder_table;
  FakeVerdicts verdicts;
  FakeWitness witness;
  FakePrograms programs;
  Counters counters;
  RuleChanges rule_changes{Wakeup::Create().value()};
  Wakeup verdicts_ready = Wakeup::Create().value();
  std::unique_ptr<QuestionDesk> desk =
      QuestionDesk::Start(verdicts_ready, clock, rule_changes).value();

 private:
  static std::string TextOf(const Event& event) {
    std::string text = fmt::format("{} by {}:", RuleActionName(event.action),
                                   event.rule ? event.rule->name : "default");
    if (event.connection) text += fmt::format(" {}", event.connection->Destination());
    const Attribution& attribution = event.attribution;
    text += fmt::format(" {}", ConfidenceName(attribution.confidence));
    if (attribution.confidence == Confidence::kUnknown)
      text += fmt::format(" {}", UnknownReasonName(attribution.unknown_reason));
    for (const ProcessPtr& process : attribution.processes) text += " " + process->path;
    if (event.refusal) text += ", refused: " + event.refusal->ToString();
    return text;
  }

  Wakeup event_wakeup_ = Wakeup::Create().value();
  Wakeup answered_ = Wakeup::Create().value();
  EventLog events_{event_wakeup_};
  SharedNames names_{clock};
  SharedRules rules_{std::make_shared<const RuleSet>()};
  SocketDiag diag_{table.TakeDiag()};
  FlowMarks marks_;
  std::unique_ptr<Finder> finder_ =
      Finder::Start(clock, answered_, programs, {proc.Open(), finder_table.TakeDiag()}).value();
  // Interfaces are called eth and their number; more it does not find out.
  std::unique_ptr<FactGatherer> facts_ =
      FactGatherer::Start(
          clock, answered_,
          {.procfs = proc.Open(),
           .package_lists = "/not/here",
           .name_of_interface = [](std::uint32_t index) { return fmt::format("eth{}", index); }})
          .value();
  std::unique_ptr<Pipeline> pipeline_;
};

}  // namespace procwall

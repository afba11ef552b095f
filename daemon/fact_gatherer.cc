// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/fact_gatherer.h"

#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "attribution/running_program.h"
#include "net/netlink.h"

namespace procwall {
namespace {

std::string AskKernelForName(std::uint32_t index) {
  std::array<char, IF_NAMESIZE> name{};
  return ::if_indextoname(index, name.data()) == nullptr ? std::string() : name.data();
}

// What it cannot tell may be asked again; all else is as it is.
bool MayComeLater(const Error& error) { return error.code == Errc::kBusy; }

}  // namespace

tl::expected<std::unique_ptr<FactGatherer>, std::string> FactGatherer::Start(const Clock& clock,
                                                                             const Lanes& lanes) {
  auto procfs = Procfs::Open();
  if (!procfs) return tl::unexpected("/proc: " + procfs.error().ToString());
  auto news = OpenNetlinkNews(NETLINK_ROUTE, RTMGRP_LINK);
  if (!news) return tl::unexpected(news.error().ToString());
  return Start(clock, lanes,
               {.procfs = *std::move(procfs),
                .name_of_interface = AskKernelForName,
                .interface_news = *std::move(news)});
}

tl::expected<std::unique_ptr<FactGatherer>, std::string> FactGatherer::Start(const Clock& clock,
                                                                             const Lanes& lanes,
                                                                             FactSources sources) {
  auto asked = Wakeup::Create();
  if (!asked) return tl::unexpected(asked.error().ToString());
  return std::unique_ptr<FactGatherer>(
      new FactGatherer(clock, lanes, std::move(sources), *std::move(asked)));
}

FactGatherer::FactGatherer(const Clock& clock, const Lanes& lanes, FactSources sources,
                           Wakeup asked)
    : clock_(clock),
      sources_(std::move(sources)),
      packages_(sources_.package_lists),
      answers_(lanes, kMaxQuestions),
      asked_(std::move(asked)),
      thread_([this] { Run(); }) {}

FactGatherer::~FactGatherer() {
  stopping_.store(true);
  asked_.Wake();
  thread_.join();
}

bool FactGatherer::Push(Task&& task) {
  const auto pushed = tasks_.TryPush(std::move(task));
  if (pushed == BoundedQueue<Task>::Pushed::kFirst) asked_.Wake();
  return pushed != BoundedQueue<Task>::Pushed::kFull;
}

bool FactGatherer::Ask(FactsQuestion&& question) { return Push({.question = std::move(question)}); }

PacketsFacts FactGatherer::GatherNow(FactsQuestion question, std::chrono::milliseconds patience) {
  if (auto known = Find(question.needs, question)) return *std::move(known);
  auto promise = std::make_shared<std::promise<PacketsFacts>>();
  auto answer = promise->get_future();
  const bool asked = Push({.question = std::move(question), .promise = std::move(promise)});
  if (!asked || answer.wait_for(patience) != std::future_status::ready) return {};
  return answer.get();
}

void FactGatherer::Run() {
  ::pthread_setname_np(::pthread_self(), "facts");
  while (!stopping_.load()) {
    Wait();
    for (Task& task : tasks_.TakeAll()) Begin(std::move(task));
    if (hash_jobs_.HasWork()) hash_jobs_.Step();
    Settle();
  }
}

void FactGatherer::Wait() {
  int timeout_ms = -1;
  if (!waiting_.empty()) timeout_ms = 50;  // a deadline comes, or a file that is another's to read
  if (hash_jobs_.HasWork()) timeout_ms = 0;
  std::array<pollfd, 2> fds{
      {{asked_.UnsafeFd(), POLLIN, 0}, {sources_.interface_news.UnsafeFd(), POLLIN, 0}}};
  if (::poll(fds.data(), fds.size(), timeout_ms) < 0) return;
  if ((fds[0].revents & POLLIN) != 0) asked_.Clear();
  if (fds[1].revents != 0) ForgetChangedInterfaces();
}

void FactGatherer::ForgetChangedInterfaces() {
  std::array<char, 8192> news;  // what they say does not matter
  while (::recv(sources_.interface_news.UnsafeFd(), news.data(), news.size(), MSG_DONTWAIT) > 0) {
  }
  known_.ForgetInterfaces();
}

void FactGatherer::Begin(Task task) {
  Waiting waiting{.task = std::move(task), .programs = {}, .deadline = clock_.Now() + kPatience};
  const FactsQuestion& question = waiting.task.question;
  if (AsksPrograms(question.needs)) {
    for (const ProcessPtr& process : question.processes) {
      waiting.programs.push_back(Gather(process, question.needs));
    }
  }
  waiting_.push_back(std::move(waiting));
}

FactGatherer::Gathering FactGatherer::Gather(const ProcessPtr& process, const FactsNeeded& needs) {
  Gathering gathering{.process = process, .facts = std::make_shared<ProgramFacts>()};
  ProgramFacts& facts = *gathering.facts;
  facts.asked = needs;
  if (needs.package) facts.package = packages_.Of(*process);
  const auto running = OpenRunning(sources_.procfs, *process);
  if (!running) return gathering;  // it is dead: nobody can tell any more
  if (!needs.environment.empty()) {
    auto environment = ReadEnvironment(**running, needs.environment);
    if (environment) facts.environment = *std::move(environment);
  }
  if (HashesNeeded(needs).Any()) AskForHashes(**running, gathering);
  return gathering;
}

void FactGatherer::AskForHashes(const ProcessHandle& handle, Gathering& gathering) {
  auto file = OpenExecutable(handle, *gathering.process);
  if (!file) {
    gathering.is_complete = !MayComeLater(file.error());
    return;
  }
  FileState state;
  const HashKinds kinds = HashesNeeded(gathering.facts->asked);
  const HashJobs::Answer answer = hash_jobs_.Ask(*std::move(file), kinds, clock_.WallNow(), state);
  gathering.hashing = state;
  TakeHashes(answer, gathering);
}

void FactGatherer::TakeHashes(const HashJobs::Answer& answer, Gathering& gathering) {
  if (answer.IsUnderWay()) return;
  gathering.hashing.reset();
  gathering.facts->hashes = answer.hashes;
  gathering.is_complete = !answer.failed;
}

std::string FactGatherer::NameOfInterface(std::uint32_t index) {
  if (index == 0) return {};
  std::string name = sources_.name_of_interface(index);
  if (!name.empty()) known_.LearnInterface(index, name);
  return name;
}

void FactGatherer::Settle() {
  if (waiting_.empty()) return;
  const BootTime now = clock_.Now();
  waiting_.remove_if([&](Waiting& waiting) {
    if (!IsSettled(waiting, now)) return false;
    Answer(waiting);
    return true;
  });
}

bool FactGatherer::IsSettled(Waiting& waiting, BootTime now) {
  bool all_known = true;
  for (Gathering& gathering : waiting.programs) {
    if (!gathering.hashing) continue;
    const HashKinds kinds = HashesNeeded(gathering.facts->asked);
    TakeHashes(hash_jobs_.Find(*gathering.hashing, kinds), gathering);
    all_known = all_known && !gathering.hashing;
  }
  return all_known || now >= waiting.deadline;
}

void FactGatherer::Answer(Waiting& waiting) {
  FactsQuestion& question = waiting.task.question;
  PacketsFacts facts;
  for (Gathering& gathering : waiting.programs) {
    const bool is_final = gathering.is_complete && !gathering.hashing;
    if (is_final) known_.Learn(gathering.process, gathering.facts);
    facts.are_late = facts.are_late || !is_final;
    facts.programs.push_back(std::move(gathering.facts));
  }
  if (question.needs.interfaces) {
    facts.in_interface = NameOfInterface(question.in_interface);
    facts.out_interface = NameOfInterface(question.out_interface);
  }
  if (question.needs.profile) facts.profile = known_.Profile();
  if (waiting.task.promise) return waiting.task.promise->set_value(std::move(facts));
  // Never full: a packet thread parks no more packets than there is room for answers.
  (void)answers_.Send(question.lane, {question.ticket, std::move(facts)});
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "attribution/hash_jobs.h"
#include "attribution/packages.h"
#include "attribution/procfs.h"
#include "base/bounded_queue.h"
#include "base/clock.h"
#include "base/wakeup.h"
#include "daemon/known_facts.h"
#include "daemon/lanes.h"
#include "daemon/program_facts.h"

namespace procwall {

// What the gatherer asks of this host.
struct FactSources {
  Procfs procfs;
  std::string package_lists = Packages::kDpkgLists;
  std::function<std::string(std::uint32_t)> name_of_interface;  // empty: there is none
  UniqueFd interface_news{};  // readable when interfaces have changed; may be closed
};

// Finds out what rules ask beyond the description of a program: digests of its file, its package,
// variables of its environment; and names of interfaces. The thread "facts" reads what can be read
// at once, and computes digests piece by piece between. Thread rule: Find(), Ask() and
// TakeAnswers() from the packet threads, each of which gets the answers to what it asked;
// GatherNow() from others that may wait.
class FactGatherer {
 public:
  static constexpr std::size_t kMaxQuestions = 8192;
  // Then a packet is judged without the digests that are not there yet; see WithoutHaste().
  static constexpr std::chrono::milliseconds kPatience{1500};

  // `lanes` are woken when answers are ready; the references must outlive the gatherer.
  static tl::expected<std::unique_ptr<FactGatherer>, std::string> Start(const Clock& clock,
                                                                        const Lanes& lanes);
  static tl::expected<std::unique_ptr<FactGatherer>, std::string> Start(const Clock& clock,
                                                                        const Lanes& lanes,
                                                                        FactSources sources);
  ~FactGatherer();
  FactGatherer(const FactGatherer&) = delete;
  FactGatherer& operator=(const FactGatherer&) = delete;

  // All that `needs` asks, if it is known; never waits.
  std::optional<PacketsFacts> Find(const FactsNeeded& needs, const FactsQuestion& question) const {
    return known_.Find(needs, question);
  }
  // The network profile in force from now on, and as it is; any thread.
  void SetProfile(std::string profile) { known_.SetProfile(std::move(profile)); }
  std::string Profile() const { return known_.Profile(); }
  // False: too many questions wait.
  [[nodiscard]] bool Ask(FactsQuestion&& question);
  bool HasAnswers(Lane lane = 0) const { return answers_.HasAny(lane); }
  std::deque<FactsAnswer> TakeAnswers(Lane lane = 0) { return answers_.TakeAll(lane); }

  // The same, waiting for it so long at most; what comes later is known the next time.
  PacketsFacts GatherNow(FactsQuestion question,
                         std::chrono::milliseconds patience = 2 * kPatience);

 private:
  using Promise = std::shared_ptr<std::promise<PacketsFacts>>;
  struct Task {
    FactsQuestion question;
    Promise promise{};  // null: a packet thread asks
  };
  // A program of a question under way.
  struct Gathering {
    ProcessPtr process{};
    std::shared_ptr<ProgramFacts> facts{};
    std::optional<FileState> hashing{};  // its digests are being computed
    bool is_complete = true;             // false: to be looked for again the next time
  };
  struct Waiting {
    Task task;
    std::vector<Gathering> programs;
    BootTime deadline;
  };

  FactGatherer(const Clock& clock, const Lanes& lanes, FactSources sources, Wakeup asked);
  bool Push(Task&& task);
  void Run();
  void Wait();
  void Begin(Task task);
  Gathering Gather(const ProcessPtr& process, const FactsNeeded& needs);
  void AskForHashes(const ProcessHandle& handle, Gathering& gathering);
  void TakeHashes(const HashJobs::Answer& answer, Gathering& gathering);
  std::string NameOfInterface(std::uint32_t index);
  // Answers what is complete, or has waited too long.
  void Settle();
  bool IsSettled(Waiting& waiting, BootTime now);
  void Answer(Waiting& waiting);
  void ForgetChangedInterfaces();

  const Clock& clock_;
  const FactSources sources_;
  KnownFacts known_;
  Packages packages_;  // the thread's, like the next two
  HashJobs hash_jobs_;
  std::list<Waiting> waiting_;  // in the order of their deadlines
  BoundedQueue<Task> tasks_{kMaxQuestions};
  LaneAnswers<FactsAnswer> answers_;
  const Wakeup asked_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace procwall

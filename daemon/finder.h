// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "attribution/conclude.h"
#include "attribution/doubt_settler.h"
#include "attribution/foreign_sockets.h"
#include "attribution/owner_index.h"
#include "attribution/owner_search.h"
#include "attribution/procfs.h"
#include "attribution/program_source.h"
#include "attribution/send_trace.h"
#include "attribution/socket_diag.h"
#include "attribution/witnessed_sender.h"
#include "base/bounded_queue.h"
#include "base/clock.h"
#include "base/wakeup.h"
#include "base/worker.h"
#include "daemon/lanes.h"
#include "daemon/port_sockets.h"
#include "net/connection.h"

namespace procwall {

// What a packet thread could not find out without waiting.
struct FinderQuestion {
  Lane lane = 0;  // who asks
  std::uint64_t ticket = 0;
  Connection connection{};
  std::optional<RankedSocket> sender{};        // if no other socket can have sent it
  std::optional<WitnessedSender> witnessed{};  // seen, but not described: nothing to search for
  BootTime sent_after{};                       // the epoch: not known
  BootTime received{};                         // Ask() sets it
};

struct FinderAnswer {
  std::uint64_t ticket = 0;
  Attribution attribution;
  std::optional<std::pair<Inode, Holder>> learned;  // for its OwnerIndex
};

// Slow lookups, on two threads of their own. "finder" compares the sockets of a port (one dump per
// protocol answers all questions that wait) and looks at the likely processes, a few milliseconds
// at most; what it cannot answer goes to "walker", which walks all of /proc. So a lookup that has
// to search the whole machine delays nobody else's. What this host only forwards goes to
// "namespaces" first, which looks for its socket in the other network namespaces. Each packet
// thread gets the answers to what it asked. Thread rule: Ask() and TakeAnswers() from the packet
// threads; construct and destroy elsewhere.
class Finder {
 public:
  static constexpr std::size_t kMaxQuestions = 32768;  // of all that ask, and answers for each
  static constexpr std::chrono::milliseconds kQuickBudget{3};  // for the likely processes, a batch
  static constexpr std::chrono::seconds kWalkBudget{5};        // then it is "timed out"

  // What it asks.
  struct Tools {
    Procfs procfs;                                      // finder and walker
    SocketDiag diag;                                    // finder only
    std::unique_ptr<ForeignSockets> foreign = nullptr;  // namespaces only; null: nobody knows of
                                                        // forwarded packets
    std::unique_ptr<SendTrace> sends = nullptr;         // finder and walker; null: nobody tells
  };

  // `lanes` are woken when answers are ready; the references must outlive the finder.
  static tl::expected<std::unique_ptr<Finder>, std::string> Start(const Clock& clock,
                                                                  const Lanes& lanes,
                                                                  ProgramSource& programs,
                                                                  Tools tools);
  // With those of this machine; `sends` may be null.
  static tl::expected<std::unique_ptr<Finder>, std::string> Start(const Clock& clock,
                                                                  const Lanes& lanes,
                                                                  ProgramSource& programs,
                                                                  std::unique_ptr<SendTrace> sends);

  // False: too many questions wait.
  [[nodiscard]] bool Ask(FinderQuestion&& question);
  bool HasAnswers(Lane lane = 0) const { return answers_.HasAny(lane); }
  std::deque<FinderAnswer> TakeAnswers(Lane lane = 0) { return answers_.TakeAll(lane); }

 private:
  // A question under way: its sockets are known, their holders are wanted.
  struct Search {
    Lane lane = 0;
    std::uint64_t ticket = 0;
    Connection connection{};
    Findings findings;
    SendTime sent{};
  };

  Finder(const Clock& clock, const Lanes& lanes, ProgramSource& programs, Tools tools,
         Wakeup finder_asked, Wakeup walker_asked, Wakeup namespaces_asked);
  void FindQuickly(std::deque<FinderQuestion> questions);
  void FinishQuickly(Search search, BootTime deadline);
  void LookIntoNamespaces(std::deque<FinderQuestion> questions);
  void AnswerWitnessed(FinderQuestion& question);
  void Walk(std::deque<Search> searches);
  Search FindSockets(const FinderQuestion& question, PortSockets& sockets);
  void RecallHolders(Findings& findings);
  // Fills in what one look at /proc finds out about all of them until the deadline.
  void FindHolders(std::deque<Search>& searches, OwnerSearch& owner_search, BootTime deadline);
  // Was it the program that the holder runs now that sent the packet?
  void CheckPrograms(Search& search);
  // Do relatives of the holders hold it, too, or did they until they ended?
  void CheckKin(Search& search, BootTime deadline);
  void CheckKinOf(Candidate& candidate, const Process& holder, Kinship kinship,
                  const Search& search, BootTime deadline);
  void NameByNews(Candidate& candidate, const Process& holder);
  DoubtSettler Settler() const;  // only where senders are told of
  void Learn(const Findings& findings);
  void Answer(const Search& search);
  void Send(Lane lane, FinderAnswer answer);

  const Clock& clock_;
  ProgramSource& programs_;
  Tools tools_;
  OwnerIndex index_;          // finder only; each packet thread has its own
  OwnerSearch quick_search_;  // finder only
  OwnerSearch walk_search_;   // walker only
  BoundedQueue<std::pair<Inode, Holder>> walked_{1024};  // from the walker, for index_
  LaneAnswers<FinderAnswer> answers_;
  Worker<Search> walker_;          // the threads come last: they use all of the above
  Worker<FinderQuestion> finder_;  // and these use the walker
  Worker<FinderQuestion> namespaces_;
};

}  // namespace procwall

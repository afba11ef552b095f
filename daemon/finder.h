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
#include "attribution/owner_index.h"
#include "attribution/owner_search.h"
#include "attribution/procfs.h"
#include "attribution/program_source.h"
#include "attribution/socket_diag.h"
#include "attribution/witnessed_sender.h"
#include "base/bounded_queue.h"
#include "base/clock.h"
#include "base/wakeup.h"
#include "base/worker.h"
#include "daemon/port_sockets.h"
#include "net/connection.h"

namespace procwall {

// What the packet thread could not find out without waiting.
struct FinderQuestion {
  std::uint64_t ticket = 0;
  Connection connection{};
  std::optional<RankedSocket> sender{};        // if no other socket can have sent it
  std::optional<WitnessedSender> witnessed{};  // seen, but not described: nothing to search for
  BootTime sent_after{};                       // the epoch: not known
};

struct FinderAnswer {
  std::uint64_t ticket = 0;
  Attribution attribution;
  std::optional<std::pair<Inode, Holder>> learned;  // for the packet thread's OwnerIndex
};

// Slow lookups, on two threads of their own. "finder" compares the sockets of a port (one dump per
// protocol answers all questions that wait) and looks at the likely processes, a few milliseconds
// at most; what it cannot answer goes to "walker", which walks all of /proc. So a lookup that has
// to search the whole machine delays nobody else's. Thread rule: Ask() and TakeAnswers() from the
// packet thread; construct and destroy elsewhere.
class Finder {
 public:
  static constexpr std::size_t kMaxQuestions = 32768;
  static constexpr std::chrono::milliseconds kQuickBudget{3};  // for the likely processes, a batch
  static constexpr std::chrono::seconds kWalkBudget{5};        // then it is "timed out"

  // `answered` is woken when answers are ready; the references must outlive the finder.
  static tl::expected<std::unique_ptr<Finder>, std::string> Start(const Clock& clock,
                                                                  const Wakeup& answered,
                                                                  ProgramSource& programs);
  // Over a /proc and a kernel of one's own: a test's.
  static tl::expected<std::unique_ptr<Finder>, std::string> Start(const Clock& clock,
                                                                  const Wakeup& answered,
                                                                  ProgramSource& programs,
                                                                  Procfs procfs, SocketDiag diag);

  // False: too many questions wait.
  [[nodiscard]] bool Ask(FinderQuestion&& question) { return finder_.TryAsk(std::move(question)); }
  bool HasAnswers() const { return answers_.Size() > 0; }
  std::deque<FinderAnswer> TakeAnswers() { return answers_.TakeAll(); }

 private:
  // A question under way: its sockets are known, their holders are wanted.
  struct Search {
    std::uint64_t ticket = 0;
    Findings findings;
    BootTime sent_after{};
  };
  struct Tools {
    Procfs procfs;    // both threads
    SocketDiag diag;  // finder only
  };

  Finder(const Clock& clock, const Wakeup& answered, ProgramSource& programs, Tools tools,
         Wakeup finder_asked, Wakeup walker_asked);
  void FindQuickly(std::deque<FinderQuestion> questions);
  void AnswerWitnessed(FinderQuestion& question);
  void Walk(std::deque<Search> searches);
  Search FindSockets(const FinderQuestion& question, PortSockets& sockets);
  void RecallHolders(Findings& findings);
  // Fills in what one look at /proc finds out about all of them until the deadline.
  void FindHolders(std::deque<Search>& searches, OwnerSearch& owner_search, BootTime deadline);
  // Was it the program that the holder runs now that sent the packet?
  void CheckPrograms(Search& search);
  void Learn(const Findings& findings);
  void Answer(const Search& search);
  void Send(FinderAnswer answer);

  const Clock& clock_;
  const Wakeup& answered_;
  ProgramSource& programs_;
  Tools tools_;
  OwnerIndex index_;          // finder only; the packet thread has its own
  OwnerSearch quick_search_;  // finder only
  OwnerSearch walk_search_;   // walker only
  BoundedQueue<std::pair<Inode, Holder>> walked_{1024};  // from the walker, for index_
  BoundedQueue<FinderAnswer> answers_{kMaxQuestions};
  Worker<Search> walker_;          // the threads come last: they use all of the above
  Worker<FinderQuestion> finder_;  // and the finder uses the walker
};

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/finder.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "attribution/namespace_sockets.h"
#include "attribution/owner_walk.h"
#include "base/file.h"

namespace procwall {
namespace {

// Forgets what a look that ran out of time did not find, so that it is searched for again. False:
// every search came to its end.
bool ForgetUnfinished(Findings& findings) {
  bool any = false;
  for (Candidate& candidate : findings.candidates) {
    const bool is_unfinished =
        candidate.found && candidate.found->timed_out &&
        (candidate.found->holders.empty() || candidate.found->parents_unasked);
    if (!is_unfinished) continue;
    candidate.found.reset();
    any = true;
  }
  return any;
}

Candidate* CandidateOf(Findings& findings, Inode inode) {
  for (Candidate& candidate : findings.candidates) {
    if (candidate.ranked.socket.inode == inode) return &candidate;
  }
  return nullptr;
}

// One to remember: what is remembered is believed without another search, so that it must be the
// only program that holds the socket.
const Holder* HolderOf(const Candidate& candidate) {
  const bool in_doubt = candidate.executed_since || candidate.kin_ended || candidate.kin_unasked ||
                        candidate.recalled || !candidate.found;
  if (in_doubt || candidate.found->holders.empty()) return nullptr;
  if (!candidate.found->unnamed.empty()) return nullptr;
  const Holder& first = candidate.found->holders.front();
  const bool is_one_program = std::ranges::all_of(
      candidate.found->holders,
      [&](const Holder& holder) { return RulePath(*holder.process) == RulePath(*first.process); });
  return is_one_program ? &first : nullptr;
}

// On its way out a process lets go of its descriptors some time before anybody is told of its end.
bool IsLeaving(const Procfs& procfs, Pid pid) {
  constexpr std::size_t kMaxBytes = 4096;
  constexpr std::uint32_t kExiting = 0x4;  // PF_EXITING of <linux/sched.h> in the kernel
  const auto text =
      ReadFileAt(procfs.UnsafeFd(), fmt::format("{}/stat", pid).c_str(), kMaxBytes, OnLarge::kCut);
  if (!text) return text.error().code != Errc::kPermission;
  const auto stat = ParseStat(*text);
  return !stat || stat->state == 'Z' || stat->state == 'X' || (stat->flags & kExiting) != 0;
}

std::vector<Pid> PidsOf(const Candidate& candidate) {
  std::vector<Pid> pids;
  if (candidate.recalled) pids.push_back(candidate.recalled->process->id.pid);
  if (!candidate.found) return pids;
  for (const Holder& holder : candidate.found->holders) pids.push_back(holder.process->id.pid);
  return pids;
}

// Who holds it besides those that are known.
void AddFound(Candidate& candidate, OwnerSearch::Found&& more) {
  candidate.kin_unasked = candidate.kin_unasked || more.timed_out;
  if (more.holders.empty() && more.unnamed.empty()) return;
  if (!candidate.found) {
    candidate.found.emplace();
    candidate.found->inode = more.inode;
  }
  candidate.found->unnamed.insert(candidate.found->unnamed.end(), more.unnamed.begin(),
                                  more.unnamed.end());
  for (Holder& holder : more.holders) {
    const bool is_known = std::ranges::any_of(candidate.found->holders, [&](const Holder& known) {
      return known.process->id == holder.process->id;
    });
    if (!is_known) candidate.found->holders.push_back(std::move(holder));
  }
}

// Whether the descriptor ends with the next exec: then the program that has it now got it after its
// own. (It could have marked an inherited one since; those who do, as what systemd activates, do
// not send before they execute another program.)
bool IsClosedOnExec(const Procfs& procfs, const Holder& holder) {
  constexpr std::size_t kMaxBytes = 1024;
  constexpr std::string_view kField = "flags:\t";
  const auto text = ReadFileAt(
      procfs.UnsafeFd(), fmt::format("{}/fdinfo/{}", holder.process->id.pid, holder.fd).c_str(),
      kMaxBytes, OnLarge::kCut);
  const std::size_t field = text ? text->find(kField) : std::string::npos;
  if (field == std::string::npos) return false;
  const char* const begin = text->data() + field + kField.size();
  unsigned flags = 0;
  constexpr int kOctal = 8;
  std::from_chars(begin, text->data() + text->size(), flags, kOctal);
  return (flags & static_cast<unsigned>(O_CLOEXEC)) != 0;
}

// Whose program may be another than that which used the socket before it. Those that are recalled
// were learned free of that doubt, from an earlier packet, and have executed nothing since.
std::vector<Pid> InheritorPids(const Procfs& procfs, const Candidate& candidate) {
  std::vector<Pid> pids;
  if (!candidate.found) return pids;
  for (const Holder& holder : candidate.found->holders) {
    if (!IsClosedOnExec(procfs, holder)) pids.push_back(holder.process->id.pid);
  }
  return pids;
}

}  // namespace

tl::expected<std::unique_ptr<Finder>, std::string> Finder::Start(const Clock& clock,
                                                                 const Lanes& lanes,
                                                                 ProgramSource& programs,
                                                                 std::unique_ptr<SendTrace> sends) {
  auto procfs = Procfs::Open();
  if (!procfs) return tl::unexpected("/proc: " + procfs.error().ToString());
  auto diag = SocketDiag::Open();
  if (!diag) return tl::unexpected(diag.error().ToString());
  auto foreign = NamespaceSockets::Open(clock);
  if (!foreign) return tl::unexpected(foreign.error().ToString());
  return Start(clock, lanes, programs,
               {*std::move(procfs), *std::move(diag), *std::move(foreign), std::move(sends)});
}

tl::expected<std::unique_ptr<Finder>, std::string> Finder::Start(const Clock& clock,
                                                                 const Lanes& lanes,
                                                                 ProgramSource& programs,
                                                                 Tools tools) {
  auto finder_asked = Wakeup::Create();
  if (!finder_asked) return tl::unexpected(finder_asked.error().ToString());
  auto walker_asked = Wakeup::Create();
  if (!walker_asked) return tl::unexpected(walker_asked.error().ToString());
  auto namespaces_asked = Wakeup::Create();
  if (!namespaces_asked) return tl::unexpected(namespaces_asked.error().ToString());
  return std::unique_ptr<Finder>(new Finder(clock, lanes, programs, std::move(tools),
                                            *std::move(finder_asked), *std::move(walker_asked),
                                            *std::move(namespaces_asked)));
}

Finder::Finder(const Clock& clock, const Lanes& lanes, ProgramSource& programs, Tools tools,
               Wakeup finder_asked, Wakeup walker_asked, Wakeup namespaces_asked)
    : clock_(clock),
      programs_(programs),
      tools_(std::move(tools)),
      quick_search_(tools_.procfs, clock),
      walk_search_(tools_.procfs, clock),
      answers_(lanes, kMaxQuestions),
      walker_("walker", kMaxQuestions, std::move(walker_asked),
              [this](std::deque<Search> searches) { Walk(std::move(searches)); }),
      finder_("finder", kMaxQuestions, std::move(finder_asked),
              [this](std::deque<FinderQuestion> questions) { FindQuickly(std::move(questions)); }),
      namespaces_("namespaces", kMaxQuestions, std::move(namespaces_asked),
                  [this](std::deque<FinderQuestion> questions) {
                    LookIntoNamespaces(std::move(questions));
                  }) {}

bool Finder::Ask(FinderQuestion&& question) {
  question.received = clock_.Now();
  const bool is_foreign =
      question.connection.direction == Direction::kForwarded && !question.witnessed;
  return (is_foreign ? namespaces_ : finder_).TryAsk(std::move(question));
}

// Of a forwarded packet nothing is left in its socket's send queue, and its interfaces are ours.
void Finder::LookIntoNamespaces(std::deque<FinderQuestion> questions) {
  std::vector<Connection> connections;
  for (const FinderQuestion& question : questions) {
    connections.push_back(question.connection);
    connections.back().in_ifindex = connections.back().out_ifindex = 0;
  }
  std::vector<ForeignSockets::Answer> answers(connections.size(), std::vector<SocketEntry>{});
  if (tools_.foreign) answers = tools_.foreign->Find(connections);
  for (std::size_t i = 0; i < questions.size(); ++i) {
    Search search;
    search.lane = questions[i].lane;
    search.ticket = questions[i].ticket;
    search.connection = questions[i].connection;
    search.sent = {questions[i].sent_after, questions[i].received};
    search.findings.protocol = connections[i].protocol;
    if (answers[i]) {
      search.findings.source = SocketSource::kDump;
      for (const RankedSocket& ranked : RankCandidates(connections[i], *answers[i])) {
        search.findings.candidates.push_back({ranked, {}, {}});
      }
    } else {
      search.findings.lookup_error = answers[i].error();
    }
    if (SocketsToSearch(search.findings).empty()) {
      FinderAnswer answer{search.ticket, Conclude(search.findings), {}};
      answer.attribution.unknown_reason = UnknownReason::kOtherNamespace;
      Send(search.lane, std::move(answer));
    } else if (!walker_.TryAsk(std::move(search))) {
      // NOLINTNEXTLINE(bugprone-use-after-move): a refused task is left as it was
      search.findings.overloaded = true;
      Answer(search);
    }
  }
}

void Finder::FindQuickly(std::deque<FinderQuestion> questions) {
  for (FinderQuestion& question : questions) {
    if (question.witnessed) AnswerWitnessed(question);
  }
  std::erase_if(questions, [](const FinderQuestion& question) { return question.witnessed; });
  index_.BeginBatch();
  for (const auto& [inode, holder] : walked_.TakeAll()) index_.Learn(inode, holder);
  PortSockets sockets(tools_.diag);
  for (const FinderQuestion& question : questions) {
    if (!question.sender) sockets.Expect(question.connection);
  }
  std::deque<Search> searches;
  for (const FinderQuestion& question : questions) {
    Search search = FindSockets(question, sockets);
    RecallHolders(search.findings);
    if (SocketsToSearch(search.findings).empty()) {
      FinishQuickly(std::move(search), clock_.Now() + kQuickBudget);
    } else {
      searches.push_back(std::move(search));
    }
  }
  FindHolders(searches, quick_search_, clock_.Now() + kQuickBudget);
  const BootTime deadline = clock_.Now() + kQuickBudget;
  for (Search& search : searches) FinishQuickly(std::move(search), deadline);
}

// What cannot be finished now is walked for.
void Finder::FinishQuickly(Search search, BootTime deadline) {
  bool is_unfinished = ForgetUnfinished(search.findings);
  if (!is_unfinished) {
    CheckPrograms(search);
    CheckKin(search, deadline);
    is_unfinished = std::ranges::any_of(search.findings.candidates, &Candidate::kin_unasked);
  }
  if (!is_unfinished) {
    Learn(search.findings);
    Answer(search);
  } else if (!walker_.TryAsk(std::move(search))) {
    // NOLINTNEXTLINE(bugprone-use-after-move): a refused task is left as it was
    search.findings.overloaded = true;
    Answer(search);
  }
}

void Finder::AnswerWitnessed(FinderQuestion& question) {
  Describe(*question.witnessed, programs_);
  Send(question.lane,
       {question.ticket, Conclude(*question.witnessed, question.connection, clock_.Now()), {}});
}

void Finder::Walk(std::deque<Search> searches) {
  FindHolders(searches, walk_search_, clock_.Now() + kWalkBudget);
  for (Search& search : searches) {
    CheckPrograms(search);
    CheckKin(search, clock_.Now() + kWalkBudget);
    for (const Candidate& candidate : search.findings.candidates) {
      // Full: the finder forgoes it, and asks for a walk once more.
      if (const Holder* holder = HolderOf(candidate)) {
        (void)walked_.TryPush({candidate.ranked.socket.inode, *holder});
      }
    }
    Answer(search);
  }
}

Finder::Search Finder::FindSockets(const FinderQuestion& question, PortSockets& sockets) {
  Search search;
  search.lane = question.lane;
  search.ticket = question.ticket;
  search.connection = question.connection;
  search.sent = {question.sent_after, question.received};
  Findings& findings = search.findings;
  findings.protocol = question.connection.protocol;
  findings.packet_uid = question.connection.uid;
  findings.packet_is_held = question.connection.direction == Direction::kOutgoing;
  if (question.sender) {
    findings.source = SocketSource::kExact;
    findings.candidates.push_back({*question.sender, {}, {}});
  } else if (const auto of_port = sockets.Of(question.connection); of_port) {
    findings.source = SocketSource::kDump;
    for (const RankedSocket& ranked : RankCandidates(question.connection, *of_port)) {
      findings.candidates.push_back({ranked, {}, {}});
    }
  } else {
    findings.lookup_error = of_port.error();
  }
  return search;
}

void Finder::RecallHolders(Findings& findings) {
  for (const OwnerSearch::Wanted& wanted : SocketsToSearch(findings)) {
    if (Candidate* candidate = CandidateOf(findings, wanted.inode)) {
      candidate->recalled = index_.Recall(wanted.inode, wanted.uid);
    }
  }
}

void Finder::FindHolders(std::deque<Search>& searches, OwnerSearch& owner_search,
                         BootTime deadline) {
  std::vector<OwnerSearch::Wanted> wanted;
  std::vector<Candidate*> wanting;  // of the same index
  for (Search& search : searches) {
    for (const OwnerSearch::Wanted& socket : SocketsToSearch(search.findings)) {
      wanted.push_back(socket);
      wanting.push_back(CandidateOf(search.findings, socket.inode));
    }
  }
  if (wanted.empty()) return;
  std::vector<OwnerSearch::Found> found =
      owner_search.Find(wanted, OwnerSearch::Thoroughness::kFirstHolder, deadline);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (wanting[i]) wanting[i]->found = std::move(found[i]);
  }
}

void Finder::CheckPrograms(Search& search) {
  if (search.sent.after == BootTime{}) return;
  for (Candidate& candidate : search.findings.candidates) {
    const std::vector<Pid> pids = InheritorPids(tools_.procfs, candidate);
    candidate.executed_since = std::ranges::any_of(pids, [&](Pid pid) {
      return tools_.sends
                 ? Settler().MayHaveSentAsAnother(pid, search.connection, search.sent)
                 : programs_.MayHaveExecutedSince(pid, search.sent.after - kUncountedDelay);
    });
    if (candidate.executed_since || !tools_.sends) continue;
    candidate.executed_since =
        Settler().AskedAsAnother(PidsOf(candidate), search.connection, search.sent);
  }
}

// The socket may have been made by an ancestor of its holder, or left to a descendant, and whoever
// is found first need not be the one that used it.
void Finder::CheckKin(Search& search, BootTime deadline) {
  for (Candidate& candidate : search.findings.candidates) {
    candidate.kin_unasked = false;
    std::vector<std::pair<ProcessPtr, Kinship>> holders;
    // What was recalled is of its own making, or was found free of doubt before.
    if (candidate.recalled) {
      holders.emplace_back(candidate.recalled->process, Kinship::kDescendants);
    } else if (candidate.found) {
      for (const Holder& holder : candidate.found->holders) {
        holders.emplace_back(holder.process, IsClosedOnExec(tools_.procfs, holder)
                                                 ? Kinship::kDescendants
                                                 : Kinship::kAll);
      }
    }
    for (const auto& [holder, kinship] : holders) {
      CheckKinOf(candidate, *holder, kinship, search, deadline);
    }
    if (!holders.empty()) NameByNews(candidate, *holders.front().first);
  }
}

// Of those that ended before they were described, the news may tell that they ran the same program.
void Finder::NameByNews(Candidate& candidate, const Process& holder) {
  if (!candidate.found) return;
  std::erase_if(candidate.found->unnamed, [&](Pid pid) {
    const ProcessPtr known = programs_.Find({.id = {pid, 0}});
    return known && RulePath(*known) == RulePath(holder);
  });
}

void Finder::CheckKinOf(Candidate& candidate, const Process& holder, Kinship kinship,
                        const Search& search, BootTime deadline) {
  const auto kin = programs_.OtherKin(holder, kinship);
  if (kin && !kin->empty()) {
    const SocketEntry& socket = candidate.ranked.socket;
    const std::array wanted{OwnerSearch::Wanted{.inode = socket.inode, .uid = socket.uid}};
    OwnerWalk walk(tools_.procfs, clock_, wanted, OwnerSearch::Thoroughness::kAllHolders, deadline);
    walk.Visit(*kin);
    AddFound(candidate, std::move(walk.Take(wanted).front()));
    candidate.kin_ended = candidate.kin_ended || std::ranges::any_of(*kin, [&](Pid pid) {
                            return IsLeaving(tools_.procfs, pid);
                          });
  }
  candidate.kin_unasked = candidate.kin_unasked || !kin;
  // Last: whoever ended while we looked is among them.
  if (search.sent.after != BootTime{}) {
    candidate.kin_ended =
        candidate.kin_ended ||
        programs_.MayKinHaveEndedSince(holder, kinship, search.sent.after - kUncountedDelay);
  }
}

DoubtSettler Finder::Settler() const { return {*tools_.sends, programs_, tools_.procfs, clock_}; }

void Finder::Learn(const Findings& findings) {
  for (const Candidate& candidate : findings.candidates) {
    if (const Holder* holder = HolderOf(candidate)) {
      index_.Learn(candidate.ranked.socket.inode, *holder);
    }
  }
}

void Finder::Answer(const Search& search) {
  FinderAnswer answer{search.ticket, Conclude(search.findings), {}};
  if (tools_.sends) {
    Settler().Settle(answer.attribution, search.findings, search.connection, search.sent);
  }
  for (const Candidate& candidate : search.findings.candidates) {
    if (const Holder* holder = HolderOf(candidate)) {
      answer.learned.emplace(candidate.ranked.socket.inode, *holder);
      break;
    }
  }
  Send(search.lane, std::move(answer));
}

void Finder::Send(Lane lane, FinderAnswer answer) {
  // Never full: a packet thread parks no more packets than there is room for answers.
  (void)answers_.Send(lane, std::move(answer));
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/finder.h"

#include <fcntl.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include <fmt/format.h>

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

// One to remember.
const Holder* HolderOf(const Candidate& candidate) {
  const bool any =
      candidate.found && !candidate.found->holders.empty() && !candidate.executed_since;
  return any ? &candidate.found->holders.front() : nullptr;
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
                                                                 const Wakeup& answered,
                                                                 ProgramSource& programs) {
  auto procfs = Procfs::Open();
  if (!procfs) return tl::unexpected("/proc: " + procfs.error().ToString());
  auto diag = SocketDiag::Open();
  if (!diag) return tl::unexpected(diag.error().ToString());
  return Start(clock, answered, programs, *std::move(procfs), *std::move(diag));
}

tl::expected<std::unique_ptr<Finder>, std::string> Finder::Start(const Clock& clock,
                                                                 const Wakeup& answered,
                                                                 ProgramSource& programs,
                                                                 Procfs procfs, SocketDiag diag) {
  auto finder_asked = Wakeup::Create();
  if (!finder_asked) return tl::unexpected(finder_asked.error().ToString());
  auto walker_asked = Wakeup::Create();
  if (!walker_asked) return tl::unexpected(walker_asked.error().ToString());
  return std::unique_ptr<Finder>(new Finder(clock, answered, programs,
                                            {std::move(procfs), std::move(diag)},
                                            *std::move(finder_asked), *std::move(walker_asked)));
}

Finder::Finder(const Clock& clock, const Wakeup& answered, ProgramSource& programs, Tools tools,
               Wakeup finder_asked, Wakeup walker_asked)
    : clock_(clock),
      answered_(answered),
      programs_(programs),
      tools_(std::move(tools)),
      quick_search_(tools_.procfs, clock),
      walk_search_(tools_.procfs, clock),
      walker_("walker", kMaxQuestions, std::move(walker_asked),
              [this](std::deque<Search> searches) { Walk(std::move(searches)); }),
      finder_("finder", kMaxQuestions, std::move(finder_asked),
              [this](std::deque<FinderQuestion> questions) { FindQuickly(std::move(questions)); }) {
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
      CheckPrograms(search);
      Answer(search);
    } else {
      searches.push_back(std::move(search));
    }
  }
  FindHolders(searches, quick_search_, clock_.Now() + kQuickBudget);
  for (Search& search : searches) {
    if (!ForgetUnfinished(search.findings)) {
      CheckPrograms(search);
      Learn(search.findings);
      Answer(search);
    } else if (!walker_.TryAsk(std::move(search))) {
      // NOLINTNEXTLINE(bugprone-use-after-move): a refused task is left as it was
      search.findings.overloaded = true;
      Answer(search);
    }
  }
}

void Finder::AnswerWitnessed(FinderQuestion& question) {
  Describe(*question.witnessed, programs_);
  Send({question.ticket, Conclude(*question.witnessed, question.connection, clock_.Now()), {}});
}

void Finder::Walk(std::deque<Search> searches) {
  FindHolders(searches, walk_search_, clock_.Now() + kWalkBudget);
  for (Search& search : searches) {
    CheckPrograms(search);
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
  search.ticket = question.ticket;
  search.sent_after = question.sent_after;
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
  if (search.sent_after == BootTime{}) return;
  for (Candidate& candidate : search.findings.candidates) {
    const std::vector<Pid> pids = InheritorPids(tools_.procfs, candidate);
    candidate.executed_since = std::ranges::any_of(
        pids, [&](Pid pid) { return programs_.MayHaveExecutedSince(pid, search.sent_after); });
  }
}

void Finder::Learn(const Findings& findings) {
  for (const Candidate& candidate : findings.candidates) {
    if (const Holder* holder = HolderOf(candidate)) {
      index_.Learn(candidate.ranked.socket.inode, *holder);
    }
  }
}

void Finder::Answer(const Search& search) {
  FinderAnswer answer{search.ticket, Conclude(search.findings), {}};
  for (const Candidate& candidate : search.findings.candidates) {
    if (const Holder* holder = HolderOf(candidate)) {
      answer.learned.emplace(candidate.ranked.socket.inode, *holder);
      break;
    }
  }
  Send(std::move(answer));
}

void Finder::Send(FinderAnswer answer) {
  // Never full: the packet thread parks no more packets than there is room for answers.
  if (answers_.TryPush(std::move(answer)) == BoundedQueue<FinderAnswer>::Pushed::kFirst) {
    answered_.Wake();
  }
}

}  // namespace procwall

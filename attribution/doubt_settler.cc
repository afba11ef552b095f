// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/doubt_settler.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "attribution/owner_walk.h"
#include "attribution/running_threads.h"
#include "base/file.h"

namespace procwall {
namespace {

// For all senders together: some 50 us each, and a busy machine takes the processor away meanwhile.
constexpr std::chrono::milliseconds kWalkBudget{15};

bool IsDatagram(IpProtocol protocol) {
  return protocol == IpProtocol::kUdp || protocol == IpProtocol::kUdpLite;
}

const Candidate* ConnectedSocket(const Findings& findings) {
  const auto found = std::ranges::find(findings.candidates, SocketRank::kSameFlow,
                                       [](const Candidate& one) { return one.ranked.rank; });
  return found == findings.candidates.end() ? nullptr : &*found;
}

bool IsOpenToDoubt(const Attribution& attribution) {
  if (attribution.confidence == Confidence::kAmbiguous) return true;
  if (attribution.confidence != Confidence::kUnknown) return false;
  switch (attribution.unknown_reason) {
    case UnknownReason::kNoSocket:
    case UnknownReason::kSocketClosed:
    case UnknownReason::kProcessGone:
    case UnknownReason::kNoHolder:
    case UnknownReason::kTimedOut:
    case UnknownReason::kExecutedSince:
      return true;
    default:
      return false;
  }
}

// Of one that is dead nobody can tell; its user and what it ran are compared all the same.
bool IsElsewhere(const Procfs& procfs, Pid pid) {
  const auto its = ReadLinkAt(procfs.UnsafeFd(), fmt::format("{}/ns/net", pid).c_str());
  const auto ours = ReadLinkAt(AT_FDCWD, "/proc/thread-self/ns/net");
  return its && ours && *its != *ours;
}

// A younger one has its number.
bool WasBornSince(const Process& process, BootTime when) {
  const std::chrono::duration<double> born(static_cast<double>(process.id.start_time) /
                                           static_cast<double>(::sysconf(_SC_CLK_TCK)));
  constexpr std::chrono::milliseconds kTick{10};
  return born > when.time_since_epoch() + kTick;
}

std::vector<ProcessPtr> HoldersOf(const Candidate& candidate) {
  std::vector<ProcessPtr> holders;
  if (candidate.recalled) holders.push_back(candidate.recalled->process);
  if (!candidate.found) return holders;
  for (const Holder& holder : candidate.found->holders) holders.push_back(holder.process);
  return holders;
}

// All of /proc was looked at: whoever sent from it has returned from that system call since, and
// was recorded.
bool IsHeldByNobody(const Candidate& candidate) {
  return !candidate.recalled && candidate.found && candidate.found->holders.empty() &&
         candidate.found->unnamed.empty() && !candidate.found->timed_out && !candidate.kin_unasked;
}

bool AreHeldByNobody(const Findings& findings) {
  return !findings.candidates.empty() && std::ranges::all_of(findings.candidates, IsHeldByNobody);
}

// Its lookup of the route does not tell its port, which is not chosen yet.
bool IsTcpOverIpv6(const Connection& connection) {
  return connection.protocol == IpProtocol::kTcp && connection.Family() == IpFamily::kV6;
}

const char* NoteOf(const Connection& connection, bool is_held) {
  if (is_held) return "of its holders it alone sent a datagram";
  if (connection.protocol == IpProtocol::kUdpLite) {
    return "it alone asked for a route there and sent a datagram";
  }
  return IsTcpOverIpv6(connection) ? "it alone connected a socket of these ports, which is gone"
                                   : "it alone asked for this packet's route";
}

bool HasAncestor(const Process& process, Pid pid) {
  return process.parent_pid == pid ||
         std::ranges::any_of(process.ancestors,
                             [pid](const Ancestor& ancestor) { return ancestor.pid == pid; });
}

}  // namespace

void DoubtSettler::Settle(Attribution& attribution, const Findings& findings,
                          const Connection& connection, const SendTime& sent) const {
  if (connection.direction != Direction::kOutgoing || sent.after == BootTime{}) return;
  if (!IsOpenToDoubt(attribution)) return;
  // A connected socket sends without asking for the route again, also by a process that got it from
  // whoever connected it.
  const Candidate* const connected =
      IsDatagram(connection.protocol) ? ConnectedSocket(findings) : nullptr;
  const bool is_held = connected != nullptr && !IsHeldByNobody(*connected);
  const ProcessPtr process =
      is_held ? SenderAmong(*connected, sent) : SenderOf(attribution, findings, connection, sent);
  if (!process || process->path.empty()) return;  // a kernel thread
  if (connection.uid && process->uid != *connection.uid) return;
  if (IsElsewhere(procfs_, process->id.pid)) return;
  attribution.confidence = Confidence::kLikely;
  attribution.unknown_reason = UnknownReason::kNone;
  attribution.processes = {process};
  attribution.evidence.note = NoteOf(connection, is_held);
}

// Only of what was executed a moment ago: there is no doubt about the others.
bool DoubtSettler::AskedAsAnother(const std::vector<Pid>& pids, const Connection& connection,
                                  const SendTime& sent) const {
  if (connection.direction != Direction::kOutgoing || sent.after == BootTime{}) return false;
  const BootTime lately = sent.after - kRouteDoubt;
  const auto is_young = [&](Pid pid) { return programs_.MayHaveExecutedSince(pid, lately); };
  if (!std::ranges::any_of(pids, is_young)) return false;
  const auto askers = trace_.RouteAskers(connection, lately);
  return askers && std::ranges::any_of(*askers, [&](const RouteAsker& asker) {
           return std::ranges::find(pids, asker.pid) != pids.end() &&
                  programs_.MayHaveExecutedSince(asker.pid, asker.first);
         });
}

// Who sent is recorded before it can execute anything.
bool DoubtSettler::MayHaveSentAsAnother(Pid pid, const Connection& connection,
                                        const SendTime& sent) const {
  const BootTime since = sent.after - kUncountedDelay;
  if (!programs_.MayHaveExecutedSince(pid, since)) return false;
  if (connection.direction != Direction::kOutgoing || !IsDatagram(connection.protocol)) return true;
  const auto senders = trace_.DatagramSenders(sent.after - kRouteDoubt);
  if (!senders) return true;
  const auto sender = std::ranges::find(*senders, pid, &TracedProcess::pid);
  return sender != senders->end() && programs_.MayHaveExecutedSince(pid, sender->first);
}

// Each datagram that anybody can have sent to us at that time. Until now: who sent it may have lost
// the processor on its way out of the system call, and a busy machine gives it back much later.
std::optional<std::vector<TracedProcess>> DoubtSettler::SendersAround(const SendTime& sent) const {
  return trace_.DatagramSenders(sent.after - kUncountedDelay);
}

// Nobody is known to hold a connected socket that it was sent by.
ProcessPtr DoubtSettler::SenderOf(const Attribution& attribution, const Findings& findings,
                                  const Connection& connection, const SendTime& sent) const {
  const bool was_there = attribution.evidence.socket.has_value();
  if (IsTcpOverIpv6(connection)) return OnlyConnector(connection, sent, was_there);
  if (connection.protocol == IpProtocol::kUdpLite) {
    return !was_there || AreHeldByNobody(findings) ? OnlySender(connection, sent) : nullptr;
  }
  if (connection.protocol != IpProtocol::kTcp && !IsDatagram(connection.protocol)) return nullptr;
  return AskerOfRoute(attribution, connection, sent, ConnectedSocket(findings) != nullptr);
}

ProcessPtr DoubtSettler::AskerOfRoute(const Attribution& attribution, const Connection& connection,
                                      const SendTime& sent, bool is_connected) const {
  const auto askers = trace_.RouteAskers(connection, sent.after - kRouteDoubt);
  if (!askers || askers->size() != 1 || askers->front().pid == 0) return nullptr;
  const RouteAsker& asker = askers->front();
  // TCP asks and sends in one connect(2).
  if (connection.protocol == IpProtocol::kTcp) return ProgramSince(asker.pid, asker.first);
  const auto& socket = attribution.evidence.socket;
  if (socket && socket->socket.inode == 0) return nullptr;  // the kernel's
  // Over IPv4 connecting asks twice, the second time from the address that it has got.
  const bool may_be_connected =
      is_connected || connection.Family() != IpFamily::kV4 || asker.named_source;
  const bool is_gone = is_connected || !socket;
  if (is_gone && !SentTheOneThatIsGone(asker, sent, may_be_connected)) return nullptr;
  return ProgramSince(asker.pid, asker.first);
}

// Of a socket that is gone, whoever sent from it has returned from that system call since, and was
// recorded: unless the packet was longer on its way to us than anybody allowed for, and only a
// stranger is left. Of one that is there, and that nobody holds, the sender may not have returned
// yet, while another thread of it closed the descriptor. So it must be the one that asked for a
// route to that host, too.
ProcessPtr DoubtSettler::OnlySender(const Connection& connection, const SendTime& sent) const {
  const auto senders = SendersAround(sent);
  if (!senders || senders->size() != 1 || senders->front().pid == 0) return nullptr;
  const auto askers = trace_.RouteAskers(connection, sent.after - kRouteDoubt);
  const TracedProcess& sender = senders->front();
  if (!askers || askers->size() != 1 || askers->front().pid != sender.pid) return nullptr;
  return ProgramSince(sender.pid, std::min(sender.first, askers->front().first));
}

// A socket of these addresses and ports that was there when somebody looked (`was_there`) must be
// among those that are closed: one that was closed once the packet had been received had them to
// itself when it was sent, or got them from one that was closed before.
ProcessPtr DoubtSettler::OnlyConnector(const Connection& connection, const SendTime& sent,
                                       bool was_there) const {
  const auto connects = trace_.GivenUpConnects(connection, sent.after - kRouteDoubt);
  if (!connects || connects->empty() || connects->front().pid == 0) return nullptr;
  const Pid pid = connects->front().pid;
  if (!std::ranges::all_of(*connects,
                           [pid](const GivenUpConnect& one) { return one.pid == pid; })) {
    return nullptr;
  }
  if (was_there && std::ranges::max(*connects, {}, &GivenUpConnect::ended).ended < sent.received) {
    return nullptr;
  }
  return ProgramSince(pid, std::ranges::min(*connects, {}, &GivenUpConnect::began).began);
}

// Its socket may have been connected, and have been given to another process that asked no more. Or
// it never was anybody's: a tunnel of the kernel's asks in the process whose packet it wraps.
bool DoubtSettler::SentTheOneThatIsGone(const RouteAsker& asker, const SendTime& sent,
                                        bool may_be_connected) const {
  const auto senders = SendersAround(sent);
  if (!senders || std::ranges::find(*senders, asker.pid, &TracedProcess::pid) == senders->end()) {
    return false;
  }
  return !may_be_connected || senders->size() == 1;
}

ProcessPtr DoubtSettler::SenderAmong(const Candidate& socket, const SendTime& sent) const {
  const std::vector<ProcessPtr> holders = HoldersOf(socket);
  // Before the records are read: who sent it and is at work no more has returned, and is in them.
  std::vector<Pid> at_work;
  for (const ProcessPtr& holder : holders) {
    if (MayHaveRunningThread(procfs_, holder->id.pid)) at_work.push_back(holder->id.pid);
  }
  const auto senders = SendersAround(sent);
  if (!senders || senders->size() > kMaxSenders) return nullptr;
  const BootTime deadline = clock_.Now() + kWalkBudget;
  const TracedProcess* sender = nullptr;
  for (const TracedProcess& one : *senders) {
    const auto holder = std::ranges::find(
        holders, one.pid, [](const ProcessPtr& process) { return process->id.pid; });
    if (holder == holders.end()) {
      if (MayHold(one.pid, holders, socket.ranked.socket, deadline)) return nullptr;
    } else if (sender) {
      return nullptr;
    } else {
      sender = &one;
    }
  }
  if (!sender) return nullptr;
  const bool may_be_another =
      std::ranges::any_of(at_work, [sender](Pid pid) { return pid != sender->pid; });
  return may_be_another ? nullptr : ProgramSince(sender->pid, sender->first);
}

// Does it hold the socket, or did it perhaps when it sent? Who has let go of it since, by its end
// or otherwise, is a relative of those that have it.
bool DoubtSettler::MayHold(Pid pid, const std::vector<ProcessPtr>& holders,
                           const SocketEntry& socket, BootTime deadline) const {
  if (pid == 0) return true;
  const bool is_there = procfs_.OpenProcess(pid).has_value();
  if (is_there) {
    const std::array wanted{OwnerSearch::Wanted{.inode = socket.inode, .uid = socket.uid}};
    OwnerWalk walk(procfs_, clock_, wanted, OwnerSearch::Thoroughness::kAllHolders, deadline);
    walk.Visit(std::array{pid});
    const OwnerSearch::Found found = std::move(walk.Take(wanted).front());
    if (!found.holders.empty() || !found.unnamed.empty() || found.timed_out) return true;
  }
  const ProgramOfProcess program{.id = {pid, 0}};
  const ProcessPtr known = is_there ? programs_.Resolve(program) : programs_.Find(program);
  return !known || std::ranges::any_of(holders, [&](const ProcessPtr& holder) {
    // /proc no longer tells who made it when that has ended; the news do.
    const ProcessPtr told = programs_.Find({.id = holder->id});
    return !told || HasAncestor(*told, pid) || HasAncestor(*holder, pid) ||
           HasAncestor(*known, holder->id.pid);
  });
}

// What it ran at `since` and runs still. Null: it has executed another one, or nobody knows.
ProcessPtr DoubtSettler::ProgramSince(Pid pid, BootTime since) const {
  // Before: it takes in the news, without which the program of a moment ago would be named. After:
  // /proc may have been asked meanwhile.
  if (programs_.MayHaveExecutedSince(pid, since)) return nullptr;
  if (programs_.MayHaveBeenMadeSince(pid, since)) return nullptr;
  ProcessPtr process = programs_.Resolve({.id = {pid, 0}});
  if (!process || WasBornSince(*process, since)) return nullptr;
  return programs_.MayHaveExecutedSince(pid, since) ? nullptr : process;
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/cut_over.h"

#include <poll.h>
#include <pthread.h>

#include <cerrno>
#include <string>
#include <unordered_set>
#include <utility>

#include "daemon/judgement.h"

namespace procwall {
namespace {

// The cookie of the socket that the decision was about; 0: not known.
std::uint64_t CookieOf(const Evidence& evidence) {
  if (evidence.cookie != 0) return evidence.cookie;
  return evidence.socket ? evidence.socket->socket.cookie : 0;
}

FlowKey KeyOf(const SocketEntry& socket) { return {socket.protocol, socket.local, socket.remote}; }

}  // namespace

tl::expected<std::unique_ptr<CutOver>, std::string> CutOver::Start(const CutOverParts& parts) {
  auto diag = SocketDiag::Open();
  if (!diag) return tl::unexpected(diag.error().ToString());
  auto changed = Wakeup::Create();
  if (!changed) return tl::unexpected(changed.error().ToString());
  return std::make_unique<CutOver>(parts, *std::move(diag), *std::move(changed));
}

CutOver::CutOver(const CutOverParts& parts, SocketDiag diag, Wakeup changed)
    : parts_(parts),
      diag_(std::move(diag)),
      position_(parts.events.PositionOfRecent(EventLog::kCapacity)),
      changed_(std::move(changed)),
      thread_([this] { Run(); }) {}

CutOver::~CutOver() {
  stopping_.store(true);
  changed_.Wake();
  thread_.join();
}

void CutOver::Run() {
  ::pthread_setname_np(::pthread_self(), "cutover");
  std::chrono::milliseconds pause = kIdle;
  while (!stopping_.load()) {
    pollfd waiting{changed_.UnsafeFd(), POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(pause.count())) < 0 && errno != EINTR) return;
    const bool changed = (waiting.revents & POLLIN) != 0;
    if (changed) changed_.Clear();
    pause = NoteDecisions() >= kMany ? kBusy : kIdle;
    if (changed && !stopping_.load()) JudgeAgain();
  }
}

std::size_t CutOver::NoteDecisions() {
  std::size_t count = 0;
  for (auto read = parts_.events.Next(position_); read.event != nullptr;
       read = parts_.events.Next(position_)) {
    if (++since_prune_ >= kPruneEvery) ForgetTheEnded();
    flows_.Add(std::move(read.event));
    ++count;
  }
  return count;
}

void CutOver::ForgetTheEnded() {
  since_prune_ = 0;
  if (flows_.Size() < kPruneEvery / 2) return;
  const auto sockets = diag_.DumpLiveTcp();
  if (!sockets) return;
  std::unordered_set<FlowKey> living;
  for (const SocketEntry& socket : *sockets) living.insert(KeyOf(socket));
  flows_.Keep([&](const FlowKey& flow) { return living.contains(flow); });
}

void CutOver::JudgeAgain() {
  const auto rules = parts_.rules.Copy();
  PacketsFacts facts;
  if (parts_.facts != nullptr) facts.profile = parts_.facts->Profile();
  for (const EventPtr& event : flows_.All()) {
    const JudgementTime now{parts_.clock.Now(), parts_.clock.WallNow()};
    // What no rule decides goes on: the default is for what begins.
    const Judgement judged = Judge(*rules, *event->connection, event->attribution, event->host,
                                   RuleAction::kAllow, now, facts, event->sni);
    if (judged.action == RuleAction::kAllow) continue;
    if (Cut(*event)) {
      Event cut = *event;
      cut.time = now.wall;
      cut.action = cut.judged_action = judged.action;
      cut.reason = judged.reason;
      cut.rule = judged.rule;
      cut.cut = true;
      cut.latency = cut.parked = {};
      parts_.events.Append(std::move(cut));
    }
    flows_.Forget(procwall::KeyOf(*event->connection));
  }
}

// False: it has ended, or another socket has its addresses now.
bool CutOver::Cut(const Event& event) {
  const auto found = diag_.FindExact(*event.connection);
  if (!found || !*found || !(*found)->IsConnected()) return false;
  const std::uint64_t cookie = CookieOf(event.attribution.evidence);
  if (cookie == 0 || (*found)->cookie != cookie) return false;
  return diag_.Destroy(**found).has_value();
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/watch_reactor.h"

#include "daemon/api_refusal.h"
#include "daemon/flow_note_message.h"
#include "daemon/process_note_message.h"

namespace procwall {
namespace {

void Fill(const ProcessNote& note, v1::WatchProcessesResponse& response) {
  *response.mutable_note() = ToMessage(note);
}
void Fill(const FlowNote& note, v1::WatchFlowsResponse& response) {
  *response.mutable_note() = ToMessage(note);
}

}  // namespace

template <typename Entry, typename Response>
void LogWatchers<Entry, Response>::Nudge() {
  log_.Rearm();
  const std::lock_guard lock(mutex_);
  for (Reactor* reactor : reactors_) reactor->Nudge();
}

template <typename Entry, typename Response>
void LogWatchers<Entry, Response>::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (Reactor* reactor : reactors_) {
    reactor->End(grpc::Status(grpc::StatusCode::UNAVAILABLE, "procwalld is ending"));
  }
}

template <typename Entry, typename Response>
std::size_t LogWatchers<Entry, Response>::Size() const {
  const std::lock_guard lock(mutex_);
  return reactors_.size();
}

template <typename Entry, typename Response>
bool LogWatchers<Entry, Response>::Join(Reactor* reactor) {
  const std::lock_guard lock(mutex_);
  if (closed_ || reactors_.size() >= kMaxWatchers) return false;
  reactors_.insert(reactor);
  log_.SetListening(true);
  return true;
}

template <typename Entry, typename Response>
void LogWatchers<Entry, Response>::Leave(Reactor* reactor) {
  const std::lock_guard lock(mutex_);
  reactors_.erase(reactor);
  if (reactors_.empty()) log_.SetListening(false);
}

template <typename Entry, typename Response>
LogReactor<Entry, Response>::LogReactor(SequencedLog<Entry>& log, Watchers& watchers,
                                        std::uint32_t recent, Wants wants)
    : log_(log),
      watchers_(watchers),
      wants_(std::move(wants)),
      position_(log.PositionOfRecent(recent)) {
  const bool joined = watchers_.Join(this);
  const std::lock_guard lock(mutex_);
  if (!joined) {
    EndLocked(TooManyWatchers());
  } else if (!ended_) {
    // The empty first message tells the client that it will miss nothing from now on.
    this->StartWrite(&response_);
  }
}

template <typename Entry, typename Response>
void LogReactor<Entry, Response>::Nudge() {
  const std::lock_guard lock(mutex_);
  if (!writing_ && !ended_) WriteNextLocked();
}

template <typename Entry, typename Response>
void LogReactor<Entry, Response>::End(const grpc::Status& status) {
  const std::lock_guard lock(mutex_);
  EndLocked(status);
}

template <typename Entry, typename Response>
void LogReactor<Entry, Response>::OnWriteDone(bool ok) {
  const std::lock_guard lock(mutex_);
  writing_ = false;
  if (!ok) return EndLocked(grpc::Status::CANCELLED);
  if (!ended_) WriteNextLocked();
}

template <typename Entry, typename Response>
void LogReactor<Entry, Response>::OnCancel() {
  End(grpc::Status::CANCELLED);
}

template <typename Entry, typename Response>
void LogReactor<Entry, Response>::OnDone() {
  watchers_.Leave(this);
  // Whoever called Finish() may still hold the lock: wait for it to let go before the lock dies.
  { const std::lock_guard lock(mutex_); }
  delete this;
}

// What was missed on the way to it may have been unwanted; nobody knows.
template <typename Entry, typename Response>
typename SequencedLog<Entry>::Read LogReactor<Entry, Response>::NextWanted() {
  std::uint64_t missed = 0;
  for (;;) {
    auto read = log_.Next(position_);
    read.missed = missed += read.missed;
    if (!read.event || !wants_ || wants_(*read.event)) return read;
  }
}

template <typename Entry, typename Response>
void LogReactor<Entry, Response>::WriteNextLocked() {
  const auto read = NextWanted();
  if (!read.event && read.missed == 0) return;
  response_.Clear();
  response_.set_missed(read.missed);
  if (read.event) Fill(*read.event, response_);
  writing_ = true;
  this->StartWrite(&response_);
}

template <typename Entry, typename Response>
void LogReactor<Entry, Response>::EndLocked(const grpc::Status& status) {
  if (ended_) return;
  ended_ = true;
  this->Finish(status);
}

template class LogWatchers<ProcessNote, v1::WatchProcessesResponse>;
template class LogReactor<ProcessNote, v1::WatchProcessesResponse>;
template class LogWatchers<FlowNote, v1::WatchFlowsResponse>;
template class LogReactor<FlowNote, v1::WatchFlowsResponse>;

}  // namespace procwall

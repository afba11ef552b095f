// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/watch_reactor.h"

#include "daemon/event_message.h"

namespace procwall {

void Watchers::Nudge() {
  const std::lock_guard lock(mutex_);
  for (WatchReactor* reactor : reactors_) reactor->Nudge();
}

void Watchers::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (WatchReactor* reactor : reactors_) {
    reactor->End(grpc::Status(grpc::StatusCode::UNAVAILABLE, "procwalld is ending"));
  }
}

std::size_t Watchers::Size() const {
  const std::lock_guard lock(mutex_);
  return reactors_.size();
}

bool Watchers::Join(WatchReactor* reactor) {
  const std::lock_guard lock(mutex_);
  if (closed_ || reactors_.size() >= kMaxWatchers) return false;
  reactors_.insert(reactor);
  log_.SetListening(true);
  return true;
}

void Watchers::Leave(WatchReactor* reactor) {
  const std::lock_guard lock(mutex_);
  reactors_.erase(reactor);
  if (reactors_.empty()) log_.SetListening(false);
}

WatchReactor::WatchReactor(EventLog& log, Watchers& watchers, std::uint32_t recent)
    : log_(log), watchers_(watchers), position_(log.PositionOfRecent(recent)) {
  const bool joined = watchers_.Join(this);
  const std::lock_guard lock(mutex_);
  if (!joined) {
    EndLocked(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "too many watchers"));
  } else if (!writing_ && !ended_) {  // unless an event came in between
    // The empty first message tells the client that it will miss nothing from now on.
    writing_ = true;
    StartWrite(&response_);
  }
}

void WatchReactor::Nudge() {
  const std::lock_guard lock(mutex_);
  if (!writing_ && !ended_) WriteNextLocked();
}

void WatchReactor::End(const grpc::Status& status) {
  const std::lock_guard lock(mutex_);
  EndLocked(status);
}

void WatchReactor::OnWriteDone(bool ok) {
  const std::lock_guard lock(mutex_);
  writing_ = false;
  if (!ok) return EndLocked(grpc::Status::CANCELLED);
  if (!ended_) WriteNextLocked();
}

void WatchReactor::OnCancel() { End(grpc::Status::CANCELLED); }

void WatchReactor::OnDone() {
  watchers_.Leave(this);
  // Whoever called Finish() may still hold the lock: wait for it to let go before the lock dies.
  { const std::lock_guard lock(mutex_); }
  delete this;
}

void WatchReactor::WriteNextLocked() {
  const EventLog::Read read = log_.Next(position_);
  if (!read.event && read.missed == 0) return;
  response_.Clear();
  response_.set_missed(read.missed);
  if (read.event) *response_.mutable_event() = ToMessage(*read.event);
  writing_ = true;
  StartWrite(&response_);
}

void WatchReactor::EndLocked(const grpc::Status& status) {
  if (ended_) return;
  ended_ = true;
  Finish(status);
}

}  // namespace procwall

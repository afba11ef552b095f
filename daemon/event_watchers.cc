// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/event_watchers.h"

#include <utility>
#include <vector>

#include "daemon/event_message.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {
namespace {

grpc::Slice BytesOf(const v1::WatchResponse& response) {
  return grpc::Slice(response.SerializeAsString());
}

grpc::Slice BytesOf(const Event& event) {
  v1::WatchResponse response;
  *response.mutable_event() = ToMessage(event);
  return BytesOf(response);
}

}  // namespace

void EventWatchers::Nudge() {
  log_.Rearm();
  const std::lock_guard lock(mutex_);
  newest_.store(log_.PositionOfRecent(0) - 1);
  for (EventReactor* reactor : reactors_) reactor->Nudge();
}

void EventWatchers::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (EventReactor* reactor : reactors_) {
    reactor->End(grpc::Status(grpc::StatusCode::UNAVAILABLE, "procwalld is ending"));
  }
}

std::size_t EventWatchers::Size() const {
  const std::lock_guard lock(mutex_);
  return reactors_.size();
}

bool EventWatchers::Join(EventReactor* reactor) {
  const std::lock_guard lock(mutex_);
  if (closed_ || reactors_.size() >= kMaxWatchers) return false;
  reactors_.insert(reactor);
  log_.SetListening(true);
  newest_.store(log_.PositionOfRecent(0) - 1);  // nobody was nudged of these
  return true;
}

void EventWatchers::Leave(EventReactor* reactor) {
  const std::lock_guard lock(mutex_);
  reactors_.erase(reactor);
  if (!reactors_.empty()) return;
  log_.SetListening(false);
  *kept_.Lock() = {};
}

EventWatchers::Next EventWatchers::Take(std::uint64_t& position) {
  if (position > newest_.load()) return {};
  {
    const auto kept = kept_.Lock();
    const Message& message = (*kept)[position % kKept];
    if (message.sequence == position) {
      ++position;
      return {message.bytes, 0, position > newest_.load()};
    }
  }
  const EventLog::Read read = log_.Next(position);
  if (!read.event) return {std::nullopt, read.missed, true};
  Message message{read.event->sequence, BytesOf(*read.event)};
  {
    const auto kept = kept_.Lock();
    Message& place = (*kept)[message.sequence % kKept];
    if (place.sequence < message.sequence) place = message;
  }
  return {std::move(message.bytes), read.missed, position > newest_.load()};
}

EventReactor::EventReactor(EventLog& log, EventWatchers& watchers, std::uint32_t recent)
    : watchers_(watchers), position_(log.PositionOfRecent(recent)) {
  const bool joined = watchers_.Join(this);
  const std::lock_guard lock(mutex_);
  if (!joined) {
    EndLocked(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "too many watchers"));
  } else if (!writing_ && !ended_) {  // unless an event came in between
    // The empty first message tells the client that it will miss nothing from now on.
    const grpc::Slice empty = BytesOf(v1::WatchResponse());
    response_ = grpc::ByteBuffer(&empty, 1);
    writing_ = true;
    StartWrite(&response_);
  }
}

void EventReactor::Nudge() {
  const std::lock_guard lock(mutex_);
  if (!writing_ && !ended_) WriteNextLocked();
}

void EventReactor::End(const grpc::Status& status) {
  const std::lock_guard lock(mutex_);
  EndLocked(status);
}

void EventReactor::OnWriteDone(bool ok) {
  const std::lock_guard lock(mutex_);
  writing_ = false;
  if (!ok) return EndLocked(grpc::Status::CANCELLED);
  if (!ended_) WriteNextLocked();
}

void EventReactor::OnCancel() { End(grpc::Status::CANCELLED); }

void EventReactor::OnDone() {
  watchers_.Leave(this);
  // Whoever called Finish() may still hold the lock: wait for it to let go before the lock dies.
  { const std::lock_guard lock(mutex_); }
  delete this;
}

// Two messages one after the other are one message with the fields of both: that is how what was
// missed gets before a decision that all watchers share.
void EventReactor::WriteNextLocked() {
  EventWatchers::Next next = watchers_.Take(position_);
  std::vector<grpc::Slice> parts;
  if (next.missed > 0) {
    v1::WatchResponse missed;
    missed.set_missed(next.missed);
    parts.push_back(BytesOf(missed));
  }
  if (next.message) parts.push_back(*std::move(next.message));
  if (parts.empty()) return;
  response_ = grpc::ByteBuffer(parts.data(), parts.size());
  writing_ = true;
  grpc::WriteOptions options;
  if (!next.is_last) options.set_buffer_hint();  // the next one follows at once: send them together
  StartWrite(&response_, options);
}

void EventReactor::EndLocked(const grpc::Status& status) {
  if (ended_) return;
  ended_ = true;
  Finish(status);
}

}  // namespace procwall

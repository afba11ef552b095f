// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/event_watchers.h"

#include <utility>
#include <vector>

#include "daemon/api_refusal.h"
#include "daemon/event_message.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {
namespace {

grpc::Slice BytesOf(const v1::WatchResponse& response) {
  return grpc::Slice(response.SerializeAsString());
}

grpc::Slice BytesOf(const Event& event) {
  v1::WatchResponse response;
  *response.add_events() = ToMessage(event);
  return BytesOf(response);
}

grpc::Slice BytesOfMissed(std::uint64_t missed) {
  v1::WatchResponse response;
  response.set_missed(missed);
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

EventWatchers::Batch EventWatchers::Take(std::uint64_t& position) {
  Batch batch;
  const std::uint64_t newest = newest_.load();
  do {
    AddKept(position, newest, batch);
  } while (position <= newest && !batch.IsFull() && AddFromLog(position, batch));
  batch.is_last = position > newest;
  return batch;
}

// What another watcher has asked for already.
void EventWatchers::AddKept(std::uint64_t& position, std::uint64_t newest, Batch& batch) {
  const auto kept = kept_.Lock();
  for (; position <= newest && !batch.IsFull(); ++position) {
    const Message& message = (*kept)[position % kKept];
    if (message.sequence != position) return;
    batch.Add(message.bytes);
  }
}

// False: nothing more belongs into this message.
bool EventWatchers::AddFromLog(std::uint64_t& position, Batch& batch) {
  std::uint64_t behind = position;
  const EventLog::Read read = log_.Next(behind);
  // What was missed was missed before the whole message.
  if (!read.event || (read.missed > 0 && !batch.parts.empty())) return false;
  position = behind;
  if (read.missed > 0) batch.Add(BytesOfMissed(read.missed));
  Message message{read.event->sequence, BytesOf(*read.event)};
  batch.Add(message.bytes);
  const auto kept = kept_.Lock();
  Message& place = (*kept)[message.sequence % kKept];
  if (place.sequence < message.sequence) place = std::move(message);
  return true;
}

EventReactor::EventReactor(EventLog& log, EventWatchers& watchers, std::uint32_t recent)
    : watchers_(watchers), position_(log.PositionOfRecent(recent)) {
  const bool joined = watchers_.Join(this);
  const std::lock_guard lock(mutex_);
  if (!joined) {
    EndLocked(TooManyWatchers());
  } else if (!ended_) {
    // The empty first message tells the client that it will miss nothing from now on.
    const grpc::Slice empty = BytesOf(v1::WatchResponse());
    response_ = grpc::ByteBuffer(&empty, 1);
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

void EventReactor::WriteNextLocked() {
  const EventWatchers::Batch batch = watchers_.Take(position_);
  if (batch.parts.empty()) return;
  response_ = grpc::ByteBuffer(batch.parts.data(), batch.parts.size());
  writing_ = true;
  grpc::WriteOptions options;
  if (!batch.is_last)
    options.set_buffer_hint();  // the next one follows at once: send them together
  StartWrite(&response_, options);
}

void EventReactor::EndLocked(const grpc::Status& status) {
  if (ended_) return;
  ended_ = true;
  Finish(status);
}

}  // namespace procwall

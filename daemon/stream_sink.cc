// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/stream_sink.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "daemon/sink_socket.h"

namespace procwall {

StreamSink::StreamSink(SinkTarget target, const Clock& clock, Format format)
    : target_(std::move(target)), clock_(clock), format_(std::move(format)) {}

bool StreamSink::Write(const v1::Event& event) {
  const std::string text = format_(event);
  if (waiting_.size() + text.size() > kMostWaiting) {
    if (trouble_.empty()) trouble_ = "it takes nothing: too much waits";
    return false;
  }
  waiting_ += std::to_string(text.size()) + " " + text;
  return true;
}

void StreamSink::Flush() {
  if (!socket_.IsOpen()) {
    if (waiting_.empty() || clock_.Now() < next_attempt_) return;
    next_attempt_ = clock_.Now() + kRetry;
    auto connected = ConnectSink(target_);
    if (!connected) return Break(connected.error().ToString());
    socket_ = *std::move(connected);
  }
  while (!waiting_.empty()) {
    const ssize_t sent =
        ::send(socket_.UnsafeFd(), waiting_.data(), waiting_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == ENOTCONN || errno == EINPROGRESS)) return;
    if (sent < 0) return Break(std::strerror(errno));
    waiting_.erase(0, static_cast<std::size_t>(sent));
    trouble_.clear();
  }
}

// The rest of what was under way would be taken for the beginning of something.
void StreamSink::Break(const std::string& why) {
  trouble_ = why;
  socket_.Reset();
  waiting_.clear();
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/stream_sink.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "daemon/sink_socket.h"

namespace procwall {
namespace {

constexpr std::size_t kMostPieces = 64;

}  // namespace

StreamSink::StreamSink(SinkTarget target, const Clock& clock, Format format)
    : target_(std::move(target)), clock_(clock), format_(std::move(format)) {}

bool StreamSink::Write(const v1::Event& event) {
  std::string text = format_(event);
  text.insert(0, std::to_string(text.size()) + " ");
  if (waiting_bytes_ + text.size() > kMostWaiting) {
    if (trouble_.empty()) trouble_ = "it takes nothing: too much waits";
    return false;
  }
  waiting_bytes_ += text.size();
  waiting_.push_back(std::move(text));
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
    const ssize_t sent = SendSome();
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == ENOTCONN || errno == EINPROGRESS)) return;
    if (sent < 0) return Break(std::strerror(errno));
    trouble_.clear();
    begun_ += static_cast<std::size_t>(sent);
    while (!waiting_.empty() && begun_ >= waiting_.front().size()) {
      const std::size_t rest = begun_ - waiting_.front().size();
      DropFirst();
      begun_ = rest;
    }
  }
}

// As much as one call takes: bytes, or -1 and errno.
ssize_t StreamSink::SendSome() {
  std::array<iovec, kMostPieces> pieces{};
  std::size_t count = 0;
  for (std::string& text : waiting_) {
    const std::size_t skipped = count == 0 ? begun_ : 0;
    pieces.at(count) = {text.data() + skipped, text.size() - skipped};
    if (++count == pieces.size()) break;
  }
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = count;
  return ::sendmsg(socket_.UnsafeFd(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

// The rest of what was begun would be taken for the beginning of something.
void StreamSink::Break(const std::string& why) {
  trouble_ = why;
  socket_.Reset();
  if (begun_ == 0) return;
  DropFirst();
  ++lost_;
}

void StreamSink::DropFirst() {
  waiting_bytes_ -= waiting_.front().size();
  waiting_.pop_front();
  begun_ = 0;
}

}  // namespace procwall

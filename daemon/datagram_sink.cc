// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/datagram_sink.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "daemon/sink_socket.h"

namespace procwall {

DatagramSink::DatagramSink(SinkTarget target, const Clock& clock, Format format)
    : target_(std::move(target)), clock_(clock), format_(std::move(format)) {}

bool DatagramSink::IsConnected() {
  if (socket_.IsOpen()) return true;
  if (clock_.Now() < next_attempt_) return false;
  next_attempt_ = clock_.Now() + kRetry;
  auto connected = ConnectSink(target_);
  if (!connected) {
    trouble_ = connected.error().ToString();
    return false;
  }
  socket_ = *std::move(connected);
  return true;
}

bool DatagramSink::Write(const v1::Event& event) {
  if (!IsConnected()) return false;
  const std::string text = format_(event);
  const ssize_t sent =
      ::send(socket_.UnsafeFd(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0) {
    trouble_.clear();
    return true;
  }
  trouble_ = std::strerror(errno);
  // Its queue is full, or it takes no message of that size: there is somebody.
  if (errno != EAGAIN && errno != ENOBUFS && errno != EMSGSIZE && errno != EINTR) socket_.Reset();
  return false;
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "attribution/socket_message.h"
#include "attribution/socket_rank.h"

// A reply that decodes is a socket we can name, rank and ask the kernel to destroy.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using procwall::IpProtocol;
  const auto socket =
      procwall::DecodeSocket(IpProtocol::kTcp, std::as_bytes(std::span(data, size)));
  if (!socket) return 0;
  procwall::Connection connection;
  connection.local = socket->local;
  connection.remote = socket->remote;
  const auto ranked = procwall::RankCandidates(connection, {*socket});
  if (ranked.size() != 1 || ranked[0].rank != procwall::SocketRank::kSameFlow) std::abort();
  procwall::EncodeDestroyRequest(*socket);
  procwall::SocketStateName(socket->state);
  return 0;
}

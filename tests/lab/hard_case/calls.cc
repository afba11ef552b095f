// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "tests/lab/hard_case/cases.h"
#include "tests/lab/hard_case/ring.h"

namespace procwall {
namespace {

constexpr std::uint16_t kDatagrams = 3;

// An address as io_uring takes it.
std::uint64_t AddressOf(const void* object) { return reinterpret_cast<std::uintptr_t>(object); }

io_uring_sqe ConnectOperation(int fd, const Peer& peer) {
  io_uring_sqe operation{};
  operation.opcode = IORING_OP_CONNECT;
  operation.fd = fd;
  operation.addr = AddressOf(&peer.storage);
  operation.off = peer.size;
  return operation;
}

io_uring_sqe SendOperation(int fd, const msghdr& message) {
  io_uring_sqe operation{};
  operation.opcode = IORING_OP_SENDMSG;
  operation.fd = fd;
  operation.addr = AddressOf(&message);
  operation.len = 1;
  return operation;
}

int InRing(const CaseRun& run, RingThread thread) {
  const int fd = OpenSocket(run.transport, run.peer.Family());
  Peer peer = run.peer;
  std::array<char, 4> text{'h', 'a', 'r', 'd'};
  iovec data{text.data(), text.size()};
  msghdr message{};
  message.msg_name = &peer.storage;
  message.msg_namelen = peer.size;
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  AnnounceSend(fd, run, peer);
  const int result = RunInRing(
      IsTcp(run.transport) ? ConnectOperation(fd, peer) : SendOperation(fd, message), thread);
  if (result < 0 && result != -EINPROGRESS) {
    errno = -result;
    AnnounceFailure(run, peer);
  }
  Stay();
  return 0;
}
int Ring(const CaseRun& run) { return InRing(run, RingThread::kNone); }
int RingWorker(const CaseRun& run) { return InRing(run, RingThread::kWorker); }
int RingPoller(const CaseRun& run) { return InRing(run, RingThread::kPoller); }

// Three datagrams to three ports in one call.
int ManyMessages(const CaseRun& run) {
  const int fd = OpenSocket(run.transport, run.peer.Family());
  std::array<char, 4> text{'h', 'a', 'r', 'd'};
  iovec data{text.data(), text.size()};
  std::array<Peer, kDatagrams> peers;
  std::array<mmsghdr, kDatagrams> messages{};
  for (std::uint16_t i = 0; i < kDatagrams; ++i) {
    peers[i] = run.peer.WithPort(static_cast<std::uint16_t>(run.peer.Port() + i));
    messages[i].msg_hdr.msg_name = &peers[i].storage;
    messages[i].msg_hdr.msg_namelen = peers[i].size;
    messages[i].msg_hdr.msg_iov = &data;
    messages[i].msg_hdr.msg_iovlen = 1;
    AnnounceSend(fd, run, peers[i]);
  }
  const int sent = ::sendmmsg(fd, messages.data(), messages.size(), 0);
  for (std::size_t i = sent < 0 ? 0 : static_cast<std::size_t>(sent); i < peers.size(); ++i) {
    AnnounceFailure(run, peers[i]);
  }
  Stay();
  return 0;
}

// The first datagram of a connected socket comes out of a file.
int FromFile(const CaseRun& run) {
  const int file = ::memfd_create("hard", MFD_CLOEXEC);
  off_t start = 0;
  const int fd = OpenSocket(run.transport, run.peer.Family());
  ConnectOrGiveUp(fd, run);
  AnnounceSend(fd, run, run.peer);
  if (::write(file, "hard", 4) != 4 || ::sendfile(fd, file, &start, 4) != 4) {
    AnnounceFailure(run, run.peer);
  }
  Stay();
  return 0;
}

// The kernel tells the network that this host is in a group now; the program sends nothing.
int JoinGroup(const CaseRun& run) {
  const int fd = OpenSocket(run.transport, run.peer.Family());
  group_req request{};
  request.gr_group = run.peer.storage;
  if (::setsockopt(fd, IPPROTO_IP, MCAST_JOIN_GROUP, &request, sizeof request) != 0) {
    AnnounceFailure(run, run.peer);
  }
  Stay();
  return 0;
}

}  // namespace

std::span<const CasePart> CallCases() {
  static constexpr std::array kCases = {
      CasePart{"ring", Ring},
      CasePart{"ring-worker", RingWorker},
      CasePart{"ring-poller", RingPoller},
      CasePart{"sendmmsg", ManyMessages},
      CasePart{"sendfile", FromFile},
      CasePart{"join-group", JoinGroup},
  };
  return kCases;
}

}  // namespace procwall

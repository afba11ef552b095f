// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/packet_queue.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>

#include <linux/netlink.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>
#include <vector>

#include "net/netlink_message.h"
#include "net/verdict_templates.h"

namespace procwall {
namespace {

// Beside the payload: headers and every attribute the kernel knows, hardware address included.
constexpr std::size_t kMetadataBytes = 1024;
// A verdict that the kernel has no memory for is tried again for a tenth of a second.
constexpr int kSendTries = 10;
constexpr int kSendRetryMilliseconds = 10;

std::size_t SizeReceiveBuffer(int fd, std::size_t wanted) {
  const int size = static_cast<int>(std::min<std::size_t>(wanted, INT_MAX / 2));
  // Beyond net.core.rmem_max only with CAP_NET_ADMIN in the initial user namespace.
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) != 0) {
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
  }
  int granted = 0;
  socklen_t length = sizeof(granted);
  ::getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &granted, &length);
  return static_cast<std::size_t>(granted);
}

// A wake for which the kernel had no memory must not be waited for longer than this.
void LetWait(int fd) {
  constexpr timeval kLongest{std::chrono::seconds(PacketQueue::kLongestWait).count(), 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &kLongest, sizeof(kLongest));
  const int flags = ::fcntl(fd, F_GETFL);
  ::fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
}

Status Bind(NetlinkSocket& socket, const QueueOptions& options) {
  const auto ignore = [](Bytes) { return Status{}; };
  std::vector<std::byte> probe = EncodeQueueProbe();
  if (const Status allowed = socket.Request(probe, ignore); !allowed) {
    Error error = allowed.error();
    error.what = "configure packet queues";
    // What nfnetlink answers for a subsystem it does not have.
    if (error.sys_errno == EINVAL) error.code = Errc::kUnsupported;
    return error;
  }
  std::vector<std::byte> bind = EncodeQueueBind(options);
  if (const Status bound = socket.Request(bind, ignore); !bound) {
    Error error = bound.error();
    error.what = "bind the packet queue";
    // We may configure queues, so this one is another socket's: the kernel says EPERM for that.
    if (error.sys_errno == EPERM) error.code = Errc::kBusy;
    return error;
  }
  return {};
}

// The kernel acts on a request before send() returns, so a refusal lies in front of the first
// packet or there is none.
Status StartCopying(int fd, const QueueOptions& options) {
  const std::vector<std::byte> request = EncodeCopyMode(options);
  if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) < 0) {
    return SystemError(errno, "start the packet queue");
  }
  std::array<std::byte, sizeof(nlmsghdr) + sizeof(int)> start{};
  const ssize_t size = ::recv(fd, start.data(), start.size(), MSG_PEEK | MSG_DONTWAIT);
  if (size < static_cast<ssize_t>(start.size())) return {};
  ByteReader reader(start);
  const auto header = PROCWALL_TRY(reader.Read<nlmsghdr>("start the packet queue"));
  if (header.nlmsg_type != NLMSG_ERROR) return {};
  const int code = PROCWALL_TRY(reader.Read<int>("start the packet queue"));
  return SystemError(-code, "start the packet queue");
}

bool MayPass(int send_errno) {
  return send_errno == EAGAIN || send_errno == ENOBUFS || send_errno == ENOMEM ||
         send_errno == EINTR;
}

// The bytes of so many messages that `messages`, built by us, begins with; fewer if there are.
std::size_t SizeOfFirst(std::size_t count, Bytes messages) {
  std::size_t size = 0;
  for (; count > 0 && size < messages.size(); --count) {
    nlmsghdr header{};
    std::memcpy(&header, messages.data() + size, sizeof(header));
    size += NLMSG_ALIGN(header.nlmsg_len);
  }
  return size;
}

Status Send(int fd, Bytes messages, int tries) {
  for (;;) {
    if (::send(fd, messages.data(), messages.size(), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return {};
    const int send_errno = errno;
    if (--tries <= 0 || !MayPass(send_errno)) return SystemError(send_errno, "send verdicts");
    pollfd writable{fd, POLLOUT, 0};
    ::poll(&writable, 1, kSendRetryMilliseconds);
  }
}

}  // namespace

struct PacketQueue::State {
  State(NetlinkSocket bound, const QueueOptions& queue_options)
      : socket(std::move(bound)),
        options(queue_options),
        templates(queue_options),
        granted_bytes(SizeReceiveBuffer(socket.UnsafeFd(), options.receive_buffer_bytes)),
        slot_bytes(options.copy_range + kMetadataBytes),
        slots(kBatch * slot_bytes) {
    LetWait(socket.UnsafeFd());
    verdicts.reserve(kVerdictBatch * kVerdictBytes);
    for (std::size_t i = 0; i < kBatch; ++i) {
      vectors[i] = {&slots[i * slot_bytes], slot_bytes};
      headers[i].msg_hdr.msg_iov = &vectors[i];
      headers[i].msg_hdr.msg_iovlen = 1;
    }
  }

  void SendVerdicts(int tries, Status& status) {
    std::size_t sent = 0;
    while (status && sent < verdicts.size()) {
      const Bytes rest = Bytes(verdicts).subspan(sent);
      const Bytes chunk = rest.first(SizeOfFirst(kVerdictBatch, rest));
      status = Send(socket.UnsafeFd(), chunk, tries);
      if (status) sent += chunk.size();
    }
    verdicts.erase(verdicts.begin(), verdicts.begin() + static_cast<std::ptrdiff_t>(sent));
    if (verdicts.empty()) collected = 0;
  }

  NetlinkSocket socket;
  QueueOptions options;
  VerdictTemplates templates;
  std::size_t granted_bytes;
  std::size_t slot_bytes;
  std::vector<std::byte> slots;
  std::array<iovec, kBatch> vectors{};
  std::array<mmsghdr, kBatch> headers{};
  std::size_t taken = 0;  // of them, and not yet handed on
  std::uint64_t undecodable = 0;
  std::vector<std::byte> verdicts;  // whole messages, oldest first
  std::size_t collected = 0;        // how many, since none were left
  bool is_alone = false;            // the packet that is being handed on
};

PacketQueue::PacketQueue(NetlinkSocket bound, const QueueOptions& options)
    : state_(std::make_unique<State>(std::move(bound), options)) {}
PacketQueue::PacketQueue(PacketQueue&&) noexcept = default;
PacketQueue::~PacketQueue() {
  if (!state_) return;
  Status status;
  state_->SendVerdicts(1, status);
}

Result<PacketQueue> PacketQueue::Open(const QueueOptions& options) {
  if (options.copy_range > kMaxCopyRange) {
    return Error{Errc::kTooLarge, 0, "copy range of the packet queue"};
  }
  NetlinkSocket socket = PROCWALL_TRY(NetlinkSocket::Open(NETLINK_NETFILTER));
  const int on = 1;
  if (::setsockopt(socket.UnsafeFd(), SOL_NETLINK, NETLINK_NO_ENOBUFS, &on, sizeof(on)) != 0) {
    return SystemError(errno, "silence ENOBUFS");
  }
  PROCWALL_TRY_STATUS(Bind(socket, options));
  PacketQueue queue(std::move(socket), options);
  PROCWALL_TRY_STATUS(StartCopying(queue.UnsafeFd(), options));
  return queue;
}

int PacketQueue::UnsafeFd() const { return state_->socket.UnsafeFd(); }

std::size_t PacketQueue::ReceiveBufferBytes() const { return state_->granted_bytes; }

Result<QueueWaker> PacketQueue::OpenWaker() const {
  UniqueFd copy(::fcntl(UnsafeFd(), F_DUPFD_CLOEXEC, 0));
  if (!copy.IsOpen()) return SystemError(errno, "copy the queue's descriptor");
  return QueueWaker(std::move(copy));
}

Result<std::size_t> PacketQueue::Take(Wait wait) {
  State& state = *state_;
  state.taken = 0;
  const bool waits = wait == Wait::kForOne;
  const int taken = ::recvmmsg(UnsafeFd(), state.headers.data(), waits ? 1 : kBatch,
                               waits ? 0 : MSG_DONTWAIT, /*timeout=*/nullptr);
  if (taken < 0 && (errno == EAGAIN || errno == EINTR || errno == ENOBUFS)) return std::size_t{0};
  if (taken < 0) return SystemError(errno, "receive queued packets");
  return state.taken = static_cast<std::size_t>(taken);
}

std::size_t PacketQueue::HandOn(const std::function<void(const QueuedPacket&)>& each) {
  State& state = *state_;
  const std::size_t taken = std::exchange(state.taken, 0);
  std::size_t packets = 0;
  state.is_alone = taken == 1;
  for (std::size_t i = 0; i < taken; ++i) {
    const std::size_t size = state.headers[i].msg_len;
    const Bytes message = Bytes(state.slots).subspan(i * state.slot_bytes, size);
    if (const Result<QueuedPacket> packet = DecodeQueuedPacket(message)) {
      ++packets;
      each(*packet);
    } else if (const std::optional<std::uint32_t> id = FindPacketId(message)) {
      ++packets;
      ++state.undecodable;
      Answer(*id, Verdict::kDrop);
    }
  }
  state.is_alone = false;
  return packets;
}

void PacketQueue::Answer(std::uint32_t packet_id, Verdict verdict) {
  state_->templates.Append(packet_id, verdict, state_->verdicts);
  if (++state_->collected % kVerdictBatch != 0 && !state_->is_alone) return;
  Status status;  // a failure keeps the verdicts, and Flush() will report it
  state_->SendVerdicts(1, status);
}

std::uint64_t PacketQueue::Undecodable() const { return state_->undecodable; }

Status PacketQueue::Flush() {
  Status status;
  state_->SendVerdicts(kSendTries, status);
  return status;
}

}  // namespace procwall

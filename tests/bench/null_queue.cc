// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// The floor of any NFQUEUE firewall: accepts every packet at once, one blocking read and one
// verdict per packet, with the same socket and queue settings a real daemon would choose.
//
//   null_queue QUEUE_NUMBER      prints "ready" when the queue is its own; runs until a signal.
#include <arpa/inet.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink_queue.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace procwall {
namespace {

constexpr int kCopyBytes = 256;                // headers with all options; also what a daemon needs
constexpr std::uint32_t kQueueLength = 65536;  // packets; so that the kernel's queue is no limit
constexpr int kReceiveBytes = 64 << 20;

using Socket = std::unique_ptr<mnl_socket, decltype(&mnl_socket_close)>;
using Buffer = std::array<char, 8192>;  // 1024 was enough for a copy of 256; mnl asks for a page

bool SendTo(mnl_socket* socket, const nlmsghdr* message) {
  return mnl_socket_sendto(socket, message, message->nlmsg_len) >= 0;
}

// Binds the queue and sets copy range, length and GSO (else the kernel cuts large packets first).
bool Configure(mnl_socket* socket, std::uint16_t queue) {
  Buffer buffer{};
  nlmsghdr* bind = nfq_nlmsg_put(buffer.data(), NFQNL_MSG_CONFIG, queue);
  nfq_nlmsg_cfg_put_cmd(bind, AF_INET, NFQNL_CFG_CMD_BIND);
  bind->nlmsg_flags |= NLM_F_ACK;
  if (!SendTo(socket, bind)) return false;
  Buffer answer{};
  const ssize_t size = mnl_socket_recvfrom(socket, answer.data(), answer.size());
  const unsigned port_id = mnl_socket_get_portid(socket);
  if (size < 0 ||
      mnl_cb_run(answer.data(), static_cast<std::size_t>(size), 0, port_id, nullptr, nullptr) < 0) {
    return false;
  }
  nlmsghdr* settings = nfq_nlmsg_put(buffer.data(), NFQNL_MSG_CONFIG, queue);
  nfq_nlmsg_cfg_put_params(settings, NFQNL_COPY_PACKET, kCopyBytes);
  nfq_nlmsg_cfg_put_qmaxlen(settings, kQueueLength);
  mnl_attr_put_u32(settings, NFQA_CFG_FLAGS, htonl(NFQA_CFG_F_GSO));
  mnl_attr_put_u32(settings, NFQA_CFG_MASK, htonl(NFQA_CFG_F_GSO));
  return SendTo(socket, settings);
}

struct Verdicts {
  mnl_socket* socket;
  std::uint16_t queue;
};

int Accept(const nlmsghdr* message, void* data) {
  const auto* verdicts = static_cast<const Verdicts*>(data);
  std::array<nlattr*, NFQA_MAX + 1> attributes{};
  if (nfq_nlmsg_parse(message, attributes.data()) < 0) return MNL_CB_ERROR;
  const nlattr* header = attributes[NFQA_PACKET_HDR];
  if (header == nullptr) return MNL_CB_OK;
  const auto* packet = static_cast<const nfqnl_msg_packet_hdr*>(mnl_attr_get_payload(header));
  std::array<char, 256> buffer{};
  nlmsghdr* verdict = nfq_nlmsg_put(buffer.data(), NFQNL_MSG_VERDICT, verdicts->queue);
  nfq_nlmsg_verdict_put(verdict, static_cast<int>(ntohl(packet->packet_id)), NF_ACCEPT);
  return SendTo(verdicts->socket, verdict) ? MNL_CB_OK : MNL_CB_ERROR;
}

int Run(std::uint16_t queue) {
  const Socket socket(mnl_socket_open(NETLINK_NETFILTER), &mnl_socket_close);
  if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) < 0 ||
      !Configure(socket.get(), queue)) {
    std::perror("null_queue: bind the queue");
    return 1;
  }
  setsockopt(mnl_socket_get_fd(socket.get()), SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBytes,
             sizeof(kReceiveBytes));
  std::puts("ready");
  std::fflush(stdout);

  Verdicts verdicts{socket.get(), queue};
  Buffer buffer{};
  while (true) {
    const ssize_t size = mnl_socket_recvfrom(socket.get(), buffer.data(), buffer.size());
    if (size < 0 && (errno == EINTR || errno == ENOBUFS)) continue;  // losses: the kernel counts
    if (size < 0) break;
    mnl_cb_run(buffer.data(), static_cast<std::size_t>(size), 0, 0, &Accept, &verdicts);
  }
  std::perror("null_queue: read the queue");
  return 1;
}

}  // namespace
}  // namespace procwall

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: null_queue QUEUE_NUMBER\n", stderr);
    return 2;
  }
  return procwall::Run(static_cast<std::uint16_t>(std::strtoul(argv[1], nullptr, 10)));
}

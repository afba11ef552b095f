// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Tested by tests/lab/forwarded_test.py.
#include "attribution/namespace_sockets.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include <linux/netlink.h>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "attribution/socket_diag.h"
#include "base/file.h"
#include "net/netlink.h"

namespace procwall {
namespace {

constexpr std::size_t kMaxAddresses = 65536;

std::uint64_t InodeOf(const UniqueFd& fd) {
  struct stat status {};
  return ::fstat(fd.UnsafeFd(), &status) == 0 ? status.st_ino : 0;
}

// The namespace, by any process that still lives in it; kGone: none does.
Result<UniqueFd> OpenNamespace(const Procfs& procfs, const NetworkNamespace& one) {
  Error error{Errc::kGone, 0, "open network namespace"};
  for (const Pid pid : one.pids) {
    auto opened = OpenAt(procfs.UnsafeFd(), fmt::format("{}/ns/net", pid).c_str(), O_RDONLY);
    if (opened && InodeOf(*opened) == one.inode) return opened;
    const bool gone =
        opened || opened.error().code == Errc::kNotFound || opened.error().code == Errc::kGone;
    if (!gone) error = opened.error();
  }
  return error;
}

// This thread is in that namespace for as long as this lives.
class Visitor {
 public:
  static Result<std::unique_ptr<Visitor>> Enter(const UniqueFd& there, const UniqueFd& home) {
    if (::setns(there.UnsafeFd(), CLONE_NEWNET) != 0) {
      return SystemError(errno, "enter network namespace");
    }
    return std::make_unique<Visitor>(home);
  }
  explicit Visitor(const UniqueFd& home) : home_(home) {}
  ~Visitor() {
    // Never seen to fail; a thread that stayed would answer for the wrong sockets from then on.
    if (::setns(home_.UnsafeFd(), CLONE_NEWNET) != 0) std::abort();
  }
  Visitor(const Visitor&) = delete;
  Visitor& operator=(const Visitor&) = delete;

 private:
  const UniqueFd& home_;
};

Result<std::vector<InterfaceAddress>> ReadAddresses() {
  NetlinkSocket route = PROCWALL_TRY(NetlinkSocket::Open(NETLINK_ROUTE));
  std::vector<InterfaceAddress> addresses;
  AddressRequest request = EncodeAddressDump();
  constexpr int kTries = 4;  // of a dump that was interrupted by a change
  Status dumped;
  for (int i = 0; i < kTries; ++i) {
    addresses.clear();
    dumped = route.Request(request, [&addresses](Bytes message) -> Status {
      if (addresses.size() >= kMaxAddresses) return Error{Errc::kTooLarge, 0, "list addresses"};
      const auto address = DecodeAddress(message);
      if (address) addresses.push_back(*address);
      return {};
    });
    if (dumped || dumped.error().code != Errc::kBusy) break;
  }
  if (!dumped) return dumped.error();
  return addresses;
}

}  // namespace

Result<std::unique_ptr<NamespaceSockets>> NamespaceSockets::Open(const Clock& clock) {
  Procfs procfs = PROCWALL_TRY(Procfs::Open());
  UniqueFd home = PROCWALL_TRY(OpenAt(AT_FDCWD, "/proc/thread-self/ns/net", O_RDONLY));
  const std::uint64_t inode = InodeOf(home);
  return std::unique_ptr<NamespaceSockets>(
      new NamespaceSockets(clock, std::move(procfs), std::move(home), inode));
}

std::vector<ForeignSockets::Answer> NamespaceSockets::Find(
    std::span<const Connection> connections) {
  std::vector<Answer> answers(connections.size(), std::vector<SocketEntry>{});
  const auto fail = [&](const Error& error) { answers.assign(connections.size(), error); };
  const BootTime deadline = clock_.Now() + kBudget;
  const auto namespaces = ListNetworkNamespaces(procfs_, kMaxNamespaces, clock_, deadline);
  if (!namespaces) {
    fail(namespaces.error());
    return answers;
  }
  for (const NetworkNamespace& one : *namespaces) {
    if (one.inode == home_inode_) continue;
    if (clock_.Now() >= deadline) {
      fail({Errc::kTimedOut, 0, "look into all network namespaces"});
      return answers;
    }
    const Status visited = Visit(one, connections, answers);
    if (visited || visited.error().code == Errc::kGone) continue;
    fail(visited.error());
    return answers;
  }
  return answers;
}

Status NamespaceSockets::Visit(const NetworkNamespace& one, std::span<const Connection> connections,
                               std::vector<Answer>& answers) {
  const UniqueFd there = PROCWALL_TRY(OpenNamespace(procfs_, one));
  const auto visitor = PROCWALL_TRY(Visitor::Enter(there, home_));
  const std::vector<InterfaceAddress> addresses = PROCWALL_TRY(ReadAddresses());
  std::optional<SocketDiag> diag;
  for (std::size_t i = 0; i < connections.size(); ++i) {
    const Connection& connection = connections[i];
    if (!answers[i] || !HasAddress(addresses, connection.local.address)) continue;
    if (!diag) diag.emplace(PROCWALL_TRY(SocketDiag::Open()));
    const auto sockets = diag->DumpByLocalPort(connection.protocol, connection.local.port);
    if (!sockets) {
      answers[i] = sockets.error();
      continue;
    }
    for (const SocketEntry& socket : *sockets) {
      if (MayBeSender(connection, socket, MayForward(addresses))) answers[i]->push_back(socket);
    }
  }
  return {};
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/tier_probe.h"

#include <fcntl.h>
#include <unistd.h>

#include <linux/capability.h>
#include <linux/netlink.h>

#include <string>
#include <utility>

#include <fmt/format.h>

#include "attribution/cgroup_mount.h"
#include "attribution/packet_socket_message.h"
#include "attribution/perf_events.h"
#include "attribution/send_trace.h"
#include "attribution/socket_diag.h"
#include "base/capabilities.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/user_namespace.h"
#include "net/netlink.h"

namespace procwall {
namespace {

using State = Tier::State;

constexpr std::size_t kMaxKernelTextBytes = 65536;
constexpr int kBpf = 39;                             // CAP_BPF, kernel 5.8
constexpr auto kRaw = static_cast<IpProtocol>(255);  // IPPROTO_RAW: raw sockets of all protocols

Tier TierIf(bool runs, const char* name, const char* purpose, std::string why_not) {
  return {name, purpose, runs ? State::kRuns : State::kMissing, runs ? "" : std::move(why_not)};
}

std::string TextOf(Pid pid, const char* file) {
  const std::string path =
      pid == 0 ? fmt::format("/proc/self/{}", file) : fmt::format("/proc/{}/{}", pid, file);
  return ReadFileAt(AT_FDCWD, path.c_str(), kMaxKernelTextBytes, OnLarge::kCut).value_or("");
}

Tier TierOfFile(const char* path, const char* name, const char* purpose) {
  return TierIf(::access(path, F_OK) == 0, name, purpose, fmt::format("there is no {}", path));
}

// A module that is loaded when it is needed.
Tier TierOfModule(const char* path, const char* name, const char* purpose) {
  if (::access(path, F_OK) == 0) return {name, purpose, State::kRuns, ""};
  return {name, purpose, State::kUnknown, "not loaded yet: it is when procwalld starts"};
}

Tier TierOfDiag(Result<SocketDiag>& diag, IpProtocol protocol, const char* name,
                const char* purpose) {
  const Status known = diag ? diag->Probe(protocol) : Status(diag.error());
  if (known) return {name, purpose, State::kRuns, ""};
  if (known.error().code == Errc::kUnsupported) {
    return {name, purpose, State::kMissing, "this kernel does not know it"};
  }
  return {name, purpose, State::kUnknown, known.error().ToString()};
}

// Of a socket that cannot exist: the kernel compares the cookie.
Status DestroyNothing(Result<SocketDiag>& diag) {
  if (!diag) return diag.error();
  SocketEntry nothing;
  nothing.local = {IpAddress::V4({127, 0, 0, 1}), 1};
  nothing.remote = nothing.local;
  nothing.cookie = 1;
  return diag->Destroy(nothing);
}

Tier TierOfPacketDiag() {
  constexpr const char* kPurpose = "lists who goes below the firewall";
  auto socket = NetlinkSocket::Open(NETLINK_SOCK_DIAG);
  PacketSocketRequest request = EncodePacketSocketDump();
  const Status listed =
      socket ? socket->Request(request, [](Bytes) { return Status{}; }) : Status(socket.error());
  return TierIf(listed.has_value(), "packet_diag", kPurpose, "this kernel does not know it");
}

Status OpenConnector() {
  PROCWALL_TRY(NetlinkSocket::Open(NETLINK_CONNECTOR));
  return {};
}

Tier TierOfPerfEvents() {
  const SystemClock clock;
  const auto events = PerfEvents::Start(clock);
  return TierIf(events.has_value(), "perf events",
                "tells of new programs where neither the witness nor the proc connector does",
                events ? "" : events.error().ToString());
}

Tier TierOfTracepoints() {
  const SystemClock clock;
  const auto trace = KernelSendTrace::Start(clock);
  return TierIf(trace.has_value(), "tracepoints", "tell who sends where the witness does not",
                trace ? "" : trace.error().ToString());
}

}  // namespace

std::vector<Tier> TiersOfPrivileges(std::string_view status, std::string_view uid_map) {
  const auto capabilities = ParseEffectiveCapabilities(status);
  const auto tier_of = [&](int capability, const char* name, const char* purpose) {
    if (!capabilities) return Tier{name, purpose, State::kUnknown, "/proc does not tell"};
    return TierIf(capabilities->Has(capability), name, purpose, "not given");
  };
  Tier bpf = tier_of(kBpf, "CAP_BPF", "loads the witness into the kernel");
  if (capabilities && capabilities->Has(CAP_SYS_ADMIN)) bpf.state = State::kRuns;
  if (bpf.state == State::kRuns) bpf.why_not.clear();
  return {tier_of(CAP_NET_ADMIN, "CAP_NET_ADMIN", "owns the packet queue and its firewall rules"),
          tier_of(CAP_SYS_PTRACE, "CAP_SYS_PTRACE", "looks at the programs of every user"),
          std::move(bpf),
          TierIf(IsIdentityUidMap(uid_map), "initial user namespace",
                 "compares the users of packets and sockets", "it runs in a user namespace")};
}

Tier TierOfDestroy(const Status& destroyed) {
  constexpr const char* kName = "SOCK_DESTROY";
  constexpr const char* kPurpose = "closes the socket of a rejected connection";
  if (destroyed || destroyed.error().code == Errc::kNotFound) {
    return {kName, kPurpose, State::kRuns, ""};
  }
  if (destroyed.error().code == Errc::kUnsupported) {
    return {kName, kPurpose, State::kMissing, "this kernel does not know it"};
  }
  return {kName, kPurpose, State::kUnknown, destroyed.error().ToString()};
}

Tier TierOfConnector(const Status& opened, const Result<std::string>& connector) {
  constexpr const char* kName = "proc connector";
  constexpr const char* kPurpose = "tells of new programs where the witness cannot";
  if (!opened) return {kName, kPurpose, State::kMissing, "this kernel does not know it"};
  if (connector && connector->find("cn_proc") != std::string::npos) {
    return {kName, kPurpose, State::kRuns, ""};
  }
  return {kName, kPurpose, State::kMissing, "not in this network namespace"};
}

std::vector<Tier> ProbeTiers(Pid daemon) {
  std::vector<Tier> tiers = TiersOfPrivileges(TextOf(daemon, "status"), TextOf(daemon, "uid_map"));
  auto diag = SocketDiag::Open();
  tiers.push_back(TierOfModule("/proc/net/netfilter/nfnetlink_queue", "packet queue",
                               "holds packets until they are decided"));
  tiers.push_back(TierOfModule("/proc/sys/net/netfilter/nf_conntrack_max", "connection tracking",
                               "tells which packet begins a connection"));
  tiers.push_back(TierOfFile("/sys/kernel/btf/vmlinux", "BTF", "lets the witness read the kernel"));
  tiers.push_back(TierIf(FindCgroupMount().has_value(), "cgroup v2",
                         "where the witness is attached", "it is not mounted"));
  tiers.push_back(TierOfDiag(diag, IpProtocol::kTcp, "inet_diag tcp", "finds TCP sockets"));
  tiers.push_back(TierOfDiag(diag, IpProtocol::kUdp, "inet_diag udp", "finds UDP sockets"));
  tiers.push_back(
      TierOfDiag(diag, IpProtocol::kUdpLite, "inet_diag udplite", "finds UDP-Lite sockets"));
  tiers.push_back(TierOfDiag(diag, kRaw, "inet_diag raw", "finds raw sockets"));
  tiers.push_back(TierOfDestroy(DestroyNothing(diag)));
  tiers.push_back(TierOfConnector(
      OpenConnector(), ReadFileAt(AT_FDCWD, "/proc/net/connector", kMaxKernelTextBytes)));
  tiers.push_back(TierOfPerfEvents());
  tiers.push_back(TierOfTracepoints());
  tiers.push_back(TierOfPacketDiag());
  return tiers;
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Tested by tests/lab/kernel_witness_test.cc.
#include "attribution/kernel_witness.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attribution/witness_loader.h"
#include "attribution/witness_record.h"
#include "attribution/witnessed_flows.h"
#include "base/bytes.h"
#include "base/unique_fd.h"

namespace procwall {
namespace {

constexpr std::chrono::milliseconds kLossesEvery{100};

struct RingCloser {
  void operator()(ring_buffer* ring) const { ::ring_buffer__free(ring); }
};

// SO_NETNS_COOKIE, kernel 5.14; 0: not told, so that no flow is found.
std::uint64_t OwnNetnsCookie() {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  std::uint64_t cookie = 0;
  socklen_t size = sizeof(cookie);
  if (::getsockopt(socket.UnsafeFd(), SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) != 0) return 0;
  return cookie;
}

// The pid namespace's inode; 0: the initial one, which has a fixed number (<linux/proc_ns.h>).
std::uint32_t OwnPidNamespace() {
  constexpr ino_t kInitial = 0xEFFFFFFC;
  struct stat status {};
  if (::stat("/proc/self/ns/pid", &status) != 0 || status.st_ino == kInitial) return 0;
  return static_cast<std::uint32_t>(status.st_ino);
}

}  // namespace

struct KernelWitness::Loaded {
  WitnessObject object;
  std::uint64_t netns_cookie = 0;
  FlowSecret flow_secret = FlowSecret::Draw();
  MappedFlows flows;
  int sockets = -1;  // maps of `object`
  int counters = -1;
  std::unique_ptr<ring_buffer, RingCloser> ring;
  std::uint64_t events_lost = 0;                                  // as told so far
  BootTime losses_looked{};                                       // when that was asked for
  std::uint64_t bytes_drained = 0;                                // while draining
  const std::function<void(ProcessEvent event)>* take = nullptr;  // while draining

  std::optional<witness::WitnessedFlow> Find(const witness::FlowName& name) const {
    return FindFlow(flows.Sets(), flow_secret, name);
  }
  std::uint64_t Counter(std::uint32_t which) const;
  static int OnRecord(void* loaded, void* data, std::size_t size);
};

// A sum over the processors.
std::uint64_t KernelWitness::Loaded::Counter(std::uint32_t which) const {
  const int processors = ::libbpf_num_possible_cpus();
  if (processors <= 0) return 0;
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(processors));
  if (::bpf_map_lookup_elem(counters, &which, counts.data()) != 0) return 0;
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts) sum += count;
  return sum;
}

int KernelWitness::Loaded::OnRecord(void* loaded, void* data, std::size_t size) {
  auto* const self = static_cast<Loaded*>(loaded);
  self->bytes_drained += size;
  auto event = ParseProcessRecord({static_cast<const std::byte*>(data), size});
  if (event) (*self->take)(*std::move(event));
  return 0;
}

tl::expected<std::unique_ptr<KernelWitness>, std::string> KernelWitness::Start(const Clock& clock,
                                                                               WitnessScope scope) {
  auto loaded = std::make_unique<Loaded>();
  loaded->netns_cookie = OwnNetnsCookie();
  auto object = WitnessObject::Load({.netns_cookie = loaded->netns_cookie,
                                     .pid_namespace = OwnPidNamespace(),
                                     .scope = scope,
                                     .flow_secret = loaded->flow_secret});
  if (!object) return tl::unexpected(object.error());
  loaded->object = *std::move(object);
  loaded->sockets = loaded->object.UnsafeMapFd("sockets");
  auto flows = MappedFlows::Open(loaded->object.UnsafeMapFd("flows"));
  if (!flows) return tl::unexpected(flows.error().ToString());
  loaded->flows = *std::move(flows);
  loaded->counters = loaded->object.UnsafeMapFd("counters");
  loaded->ring.reset(::ring_buffer__new(loaded->object.UnsafeMapFd("process_records"),
                                        &Loaded::OnRecord, loaded.get(), nullptr));
  return std::unique_ptr<KernelWitness>(new KernelWitness(clock, std::move(loaded)));
}

KernelWitness::KernelWitness(const Clock& clock, std::unique_ptr<Loaded> loaded)
    : clock_(clock), loaded_(std::move(loaded)) {}

KernelWitness::~KernelWitness() = default;

const std::vector<WitnessPart>& KernelWitness::Parts() const { return loaded_->object.Parts(); }

WitnessLosses KernelWitness::Losses() const {
  return {.events = loaded_->Counter(witness::kEventsLost),
          .sockets = loaded_->Counter(witness::kSocketsLost)};
}

WitnessTable KernelWitness::Sockets() const {
  return {.most = witness::kMaxSockets,
          .held = static_cast<std::uint32_t>(loaded_->Counter(witness::kSlotsTaken)),
          .displaced = loaded_->Counter(witness::kSocketsDisplaced)};
}

WitnessTable KernelWitness::Flows() const {
  return {.most = witness::kMaxFlows,
          .held = static_cast<std::uint32_t>(loaded_->Counter(witness::kFlowSlotsTaken)),
          .displaced = loaded_->Counter(witness::kFlowsDisplaced)};
}

Status KernelWitness::ScanSockets() { return loaded_->object.RunScan(); }

std::optional<FlowUse> KernelWitness::FlowOf(const Connection& connection) const {
  const bool forwarded = connection.direction == Direction::kForwarded;
  const bool is_tcp = connection.protocol == IpProtocol::kTcp;
  // Where not every packet is seen, another may have sent this one since: TCP alone is told of
  // always.
  if (!is_tcp && (forwarded || !loaded_->object.PacketsAreWatched())) return std::nullopt;
  const auto flow = loaded_->Find(FlowNameOf(connection, forwarded ? 0 : loaded_->netns_cookie));
  if (!flow) return std::nullopt;
  const BootTime now = clock_.Now();
  FlowUse use = FlowUseOf(*flow, now);
  if (is_tcp && now - use.socket.used_at > kConnectTime) return std::nullopt;
  return use;
}

std::optional<FlowUse> KernelWitness::GhostOf(const Connection& connection) const {
  const bool forwarded = connection.direction == Direction::kForwarded;
  const witness::FlowName name = FlowNameOf(connection, forwarded ? 0 : loaded_->netns_cookie);
  auto flow = loaded_->Find(name);
  if (!flow) flow = loaded_->Find(WithoutLocalAddress(name));
  if (!flow) return std::nullopt;
  const BootTime now = clock_.Now();
  FlowUse use = FlowUseOf(*flow, now);
  if (now - use.socket.used_at > kGhostTime) return std::nullopt;
  return use;
}

std::optional<SocketUse> KernelWitness::SocketOf(std::uint64_t cookie) const {
  constexpr int kTries = 3;  // it is written in some 100 ns
  const std::uint32_t index = SocketSlotOf(cookie);
  for (int i = 0; i < kTries; ++i) {
    witness::SocketSlot slot{};
    if (::bpf_map_lookup_elem(loaded_->sockets, &index, &slot) != 0) return std::nullopt;
    if (slot.writing == slot.written) return SocketUseIn(slot, cookie);
  }
  return std::nullopt;
}

int KernelWitness::UnsafeEventFd() const {
  return loaded_->ring ? ::ring_buffer__epoll_fd(loaded_->ring.get()) : -1;
}

void KernelWitness::DrainEvents(const std::function<void(ProcessEvent event)>& take) {
  if (!loaded_->ring) return;
  loaded_->take = &take;
  loaded_->bytes_drained = 0;
  (void)::ring_buffer__consume(loaded_->ring.get());
  loaded_->take = nullptr;
  // To ask costs as much as an event. Only a full ring loses any, and whoever drains it then finds
  // all that it was full of.
  const BootTime now = clock_.Now();
  const bool may_have_been_full = loaded_->bytes_drained >= witness::kEventRingBytes / 2;
  if (!may_have_been_full && now - loaded_->losses_looked < kLossesEvery) return;
  loaded_->losses_looked = now;
  const std::uint64_t lost = loaded_->Counter(witness::kEventsLost);
  if (lost == loaded_->events_lost) return;
  take({.time = now, .what = ProcessEventsLost{lost - loaded_->events_lost}});
  loaded_->events_lost = lost;
}

}  // namespace procwall

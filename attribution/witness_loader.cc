// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Tested by tests/lab/kernel_witness_test.cc.
#include "attribution/witness_loader.h"

#include <fcntl.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <linux/netfilter.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <malloc.h>

#include "attribution/cgroup_mount.h"
#include "attribution/netfilter_link.h"
#include "attribution/witness/layout.h"
#include "attribution/witness_object.h"
#include "base/unique_fd.h"

namespace procwall {
namespace {

enum class How : unsigned char { kCgroup, kTrace, kPackets, kScan };

// When a program is not needed: what it sees is seen by another.
enum class Unless : unsigned char { kNever, kOwnPacketsAreWatched };

struct Plan {
  const char* function;
  const char* name;
  const char* purpose;
  How how;
  Unless unless = Unless::kNever;
};

constexpr std::array kPlans = {
    Plan{"OnExec", "exec", "programs that are executed", How::kTrace},
    Plan{"OnFork", "fork", "processes that are made", How::kTrace},
    Plan{"OnExit", "exit", "processes that end", How::kTrace},
    Plan{"OnSocketCreate", "socket-create", "who makes a socket", How::kCgroup},
    Plan{"OnConnect4", "connect4", "who connects a socket, IPv4", How::kCgroup,
         Unless::kOwnPacketsAreWatched},
    Plan{"OnConnect6", "connect6", "who connects a socket, IPv6", How::kCgroup,
         Unless::kOwnPacketsAreWatched},
    Plan{"OnTcpConnect", "tcp-connect", "the ports of a TCP connection before its first packet",
         How::kCgroup, Unless::kOwnPacketsAreWatched},
    Plan{"OnSend4", "send4", "who sends a datagram to an address, IPv4", How::kCgroup,
         Unless::kOwnPacketsAreWatched},
    Plan{"OnSend6", "send6", "who sends a datagram to an address, IPv6", How::kCgroup,
         Unless::kOwnPacketsAreWatched},
    Plan{"OnPacket", "packets", "who sends each packet: connections, datagrams, ping, raw, kernel",
         How::kPackets},
    Plan{"OnDescriptor", "scan", "sockets that are older than the daemon", How::kScan},
};

// Those of witness/maps.h that the daemon reads.
constexpr std::array kMaps = {"sockets", "flows", "counters", "process_records"};

struct ObjectCloser {
  void operator()(bpf_object* object) const { ::bpf_object__close(object); }
};
using ObjectPtr = std::unique_ptr<bpf_object, ObjectCloser>;

struct LinkCloser {
  void operator()(bpf_link* link) const { (void)::bpf_link__destroy(link); }
};
using LinkPtr = std::unique_ptr<bpf_link, LinkCloser>;

// What libbpf says goes nowhere: the reasons are in the parts.
int Hush(libbpf_print_level /*level*/, const char* /*format*/, va_list /*arguments*/) { return 0; }

std::string ErrnoText(int error) {
  return std::generic_category().message(error < 0 ? -error : error);
}

// Of all programs, which are to be loaded.
using Wanted = std::array<bool, kPlans.size()>;

bpf_program* ProgramOf(bpf_object* object, const Plan& plan) {
  return ::bpf_object__find_program_by_name(object, plan.function);
}

constexpr std::size_t kPacketsPlan = 9;
static_assert(kPlans[kPacketsPlan].how == How::kPackets);

// A program that has nothing to tell would cost each datagram of the machine 0.3 us, and sockops
// each TCP connection 0.9 us: the kernel asks it nine times.
bool IsNeeded(const Plan& plan, const Wanted& wanted, WitnessScope scope) {
  return plan.unless != Unless::kOwnPacketsAreWatched || !wanted[kPacketsPlan] ||
         scope == WitnessScope::kAllNamespaces;
}

// libbpf before 1.3 knows neither: both are numbers beyond those that its enumerations name, which
// C++ calls undefined, and which the functions of C pass on to the kernel as they are.
__attribute__((no_sanitize("enum"))) void MakeNetfilterProgram(bpf_program* program) {
  bpf_prog_type type{};
  bpf_attach_type attach_type{};
  std::memcpy(&type, &kNetfilterProgramType, sizeof(type));
  std::memcpy(&attach_type, &kNetfilterAttachType, sizeof(attach_type));
  (void)::bpf_program__set_type(program, type);
  (void)::bpf_program__set_expected_attach_type(program, attach_type);
}

// An object with the wanted programs in the kernel; else its errno.
tl::expected<ObjectPtr, int> LoadPrograms(const Wanted& wanted,
                                          const WitnessObject::Surroundings& surroundings) {
  ObjectPtr object(::bpf_object__open_mem(witness_object.data(), witness_object.size(), nullptr));
  if (!object) return tl::unexpected(errno);
  for (std::size_t i = 0; i < kPlans.size(); ++i) {
    bpf_program* const program = ProgramOf(object.get(), kPlans[i]);
    if (program == nullptr) return tl::unexpected(ENOENT);
    if (kPlans[i].how == How::kPackets) MakeNetfilterProgram(program);
    (void)::bpf_program__set_autoload(program, wanted[i]);
  }
  bpf_map* const constants = ::bpf_object__find_map_by_name(object.get(), ".rodata");
  if (constants == nullptr) return tl::unexpected(ENOENT);
  const witness::Settings settings{
      .own_netns_cookie = surroundings.netns_cookie,
      .pid_namespace = surroundings.pid_namespace,
      .packets_are_watched = wanted[kPacketsPlan],
      .others_are_noted = surroundings.scope == WitnessScope::kAllNamespaces,
      .padding = {},
      .flow_secret = {surroundings.flow_secret.words[0], surroundings.flow_secret.words[1]}};
  if (const int error = ::bpf_map__set_initial_value(constants, &settings, sizeof(settings));
      error != 0) {
    return tl::unexpected(-error);
  }
  if (const int error = ::bpf_object__load(object.get()); error != 0) return tl::unexpected(-error);
  return object;
}

}  // namespace

struct WitnessObject::State {
  ObjectPtr object;  // until everything is attached: the kernel has it all then
  std::array<UniqueFd, kMaps.size()> maps;
  std::vector<LinkPtr> links;
  std::vector<UniqueFd> packet_links;
  LinkPtr scan;
  std::vector<WitnessPart> parts;
  bool watches_packets = false;

  int Attach(const Plan& plan, int cgroup);
  bool AttachAll(const Wanted& wanted, WitnessScope scope);
  void DropUnneeded(const Wanted& wanted, WitnessScope scope);
  Status KeepMaps();
};

// 0, or its errno.
int WitnessObject::State::Attach(const Plan& plan, int cgroup) {
  bpf_program* const program = ProgramOf(object.get(), plan);
  LinkPtr link;
  switch (plan.how) {
    case How::kCgroup:
      link.reset(::bpf_program__attach_cgroup(program, cgroup));
      break;
    case How::kTrace:
      link.reset(::bpf_program__attach(program));
      break;
    case How::kScan:
      scan.reset(::bpf_program__attach_iter(program, nullptr));
      return scan ? 0 : errno;
    case How::kPackets:
      for (const std::uint32_t family : {NFPROTO_IPV4, NFPROTO_IPV6}) {
        auto attached = AttachNetfilterProgram(::bpf_program__fd(program), family);
        if (!attached) return attached.error().sys_errno;
        packet_links.push_back(*std::move(attached));
      }
      watches_packets = true;
      return 0;
  }
  if (!link) return errno;
  links.push_back(std::move(link));
  return 0;
}

// False: the packets cannot be watched after all, which the others must know.
bool WitnessObject::State::AttachAll(const Wanted& wanted, WitnessScope scope) {
  const auto mount = FindCgroupMount();
  const UniqueFd cgroup(mount ? ::open(mount->c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1);
  for (std::size_t i = 0; i < kPlans.size(); ++i) {
    if (!wanted[i] || !IsNeeded(kPlans[i], wanted, scope)) continue;
    if (kPlans[i].how == How::kCgroup && cgroup.UnsafeFd() < 0) {
      parts[i].why_not = "cgroup v2 is not mounted";
      continue;
    }
    const int error = Attach(kPlans[i], cgroup.UnsafeFd());
    parts[i].runs = error == 0;
    if (error == 0) continue;
    parts[i].why_not = "cannot be attached: " + ErrnoText(error);
    if (i == kPacketsPlan) return false;
  }
  return true;
}

// Nobody misses what is not needed.
void WitnessObject::State::DropUnneeded(const Wanted& wanted, WitnessScope scope) {
  std::erase_if(parts, [&](const WitnessPart& part) {
    const auto* const plan =
        std::ranges::find(kPlans, std::string_view(part.name),
                          [](const Plan& of) { return std::string_view(of.name); });
    return plan != kPlans.end() && !IsNeeded(*plan, wanted, scope);
  });
}

// libbpf needs megabytes for what it knows of the kernel's types, and nobody needs it any more.
Status WitnessObject::State::KeepMaps() {
  for (std::size_t i = 0; i < kMaps.size(); ++i) {
    const int map = ::bpf_object__find_map_fd_by_name(object.get(), kMaps[i]);
    maps[i] = UniqueFd(::fcntl(map, F_DUPFD_CLOEXEC, 0));
    if (!maps[i].IsOpen()) return SystemError(errno, "keep the witness's maps");
  }
  object.reset();
  ::malloc_trim(0);
  return {};
}

tl::expected<WitnessObject, std::string> WitnessObject::Load(
    const WitnessObject::Surroundings& surroundings) {
  ::libbpf_set_print(&Hush);
  WitnessObject loaded;
  State& state = *loaded.state_;
  for (const Plan& plan : kPlans) state.parts.push_back({plan.name, plan.purpose, false, ""});
  Wanted wanted;
  wanted.fill(true);
  auto object = LoadPrograms(wanted, surroundings);
  if (!object) {
    bool any = false;
    for (std::size_t i = 0; i < kPlans.size(); ++i) {
      Wanted alone{};
      alone[i] = true;
      const auto tried = LoadPrograms(alone, surroundings);
      wanted[i] = tried.has_value();
      any = any || wanted[i];
      if (!tried) state.parts[i].why_not = "this kernel refuses it: " + ErrnoText(tried.error());
    }
    if (!any)
      return tl::unexpected("the kernel takes no BPF programs: " + ErrnoText(object.error()));
    object = LoadPrograms(wanted, surroundings);
  }
  while (object) {
    state.object = *std::move(object);
    if (state.AttachAll(wanted, surroundings.scope)) {
      state.DropUnneeded(wanted, surroundings.scope);
      if (const Status kept = state.KeepMaps(); !kept)
        return tl::unexpected(kept.error().ToString());
      return loaded;
    }
    wanted[kPacketsPlan] = false;
    state.links.clear();
    state.packet_links.clear();
    state.scan.reset();
    object = LoadPrograms(wanted, surroundings);
  }
  return tl::unexpected("the kernel refuses the programs together: " + ErrnoText(object.error()));
}

WitnessObject::WitnessObject() : state_(std::make_unique<State>()) {}
WitnessObject::WitnessObject(WitnessObject&&) noexcept = default;
WitnessObject& WitnessObject::operator=(WitnessObject&&) noexcept = default;
WitnessObject::~WitnessObject() = default;

const std::vector<WitnessPart>& WitnessObject::Parts() const { return state_->parts; }

bool WitnessObject::PacketsAreWatched() const { return state_->watches_packets; }

int WitnessObject::UnsafeMapFd(const char* name) const {
  for (std::size_t i = 0; i < kMaps.size(); ++i) {
    if (std::string_view(kMaps[i]) == name) return state_->maps[i].UnsafeFd();
  }
  return -1;
}

Status WitnessObject::RunScan() {
  if (!state_->scan) return Error{Errc::kUnsupported, 0, "scan the sockets of all processes"};
  const UniqueFd scan(::bpf_iter_create(::bpf_link__fd(state_->scan.get())));
  if (scan.UnsafeFd() < 0) return SystemError(errno, "scan the sockets of all processes");
  std::array<char, 64> nothing{};  // the program writes none: reading is what makes it run
  for (;;) {
    const ssize_t got = ::read(scan.UnsafeFd(), nothing.data(), nothing.size());
    if (got == 0) return {};
    if (got < 0 && errno != EINTR && errno != EAGAIN) {
      return SystemError(errno, "scan the sockets of all processes");
    }
  }
}

}  // namespace procwall

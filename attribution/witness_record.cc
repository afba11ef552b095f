// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/witness_record.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "attribution/file_id.h"
#include "attribution/proc_text.h"

namespace procwall {
namespace {

// /proc counts in hundredths of a second, whatever the kernel's own tick is (USER_HZ).
constexpr std::uint64_t kNanosecondsPerTick = 10'000'000;

BootTime TimeOf(std::uint64_t nanoseconds) {
  return BootTime(std::chrono::nanoseconds(nanoseconds));
}

void CopyAddress(const IpAddress& address,
                 std::uint8_t (&to)[16]) {  // NOLINT(*-avoid-c-arrays): C's
  if (address.IsV4()) to[10] = to[11] = 0xff;
  std::memcpy(&to[sizeof(to) - address.Size()], address.Data(), address.Size());
}

ProcessId IdOf(std::uint32_t pid, std::uint64_t start_time) {
  return {static_cast<Pid>(pid), start_time / kNanosecondsPerTick};
}

Actor ActorOf(const witness::Actor& actor) {
  return {.program = {.id = IdOf(actor.pid, actor.start_time),
                      .exec_number = actor.exec_number,
                      .executable = FileIdOfKernel(actor.device, actor.inode)},
          .uid = actor.uid,
          .cgroup_id = actor.cgroup_id};
}

std::optional<Actor> IfKnown(const witness::Actor& actor) {
  return actor.kernel_pid == 0 ? std::nullopt : std::optional(ActorOf(actor));
}

WitnessHook HookOf(std::uint8_t hook) {
  return hook <= witness::kHookPacket ? static_cast<WitnessHook>(hook) : WitnessHook::kNone;
}

Result<std::string> ReadText(ByteReader& reader, std::size_t size) {
  const Bytes bytes = PROCWALL_TRY(reader.Take(size, "process record"));
  std::string text(bytes.size(), '\0');
  std::memcpy(text.data(), bytes.data(), bytes.size());
  return text;
}

Result<ProcessExecuted> ParseExec(const witness::ProcessRecord& record, ByteReader& reader) {
  ProcessExecuted executed;
  executed.path = PROCWALL_TRY(ReadText(reader, record.path_bytes));
  executed.args = ParseCmdline(PROCWALL_TRY(ReadText(reader, record.argument_bytes)));
  const Actor actor = ActorOf(record.actor);
  executed.id = actor.program.id;
  executed.parent = IdOf(record.parent_pid, record.parent_start_time);
  executed.exec_number = actor.program.exec_number;
  executed.uid = actor.uid;
  executed.executable = actor.program.executable;
  executed.path_is_cut = record.path_is_cut != 0;
  executed.args_are_cut = record.arguments_are_cut != 0;
  executed.by_descriptor = record.by_descriptor != 0;
  executed.cgroup_id = actor.cgroup_id;
  return executed;
}

}  // namespace

witness::FlowName FlowNameOf(const Connection& connection, std::uint64_t netns_cookie) {
  witness::FlowName name{};
  name.netns_cookie = netns_cookie;
  CopyAddress(connection.local.address, name.local);
  CopyAddress(connection.remote.address, name.remote);
  name.local_port = connection.local.port;
  name.remote_port = connection.remote.port;
  name.protocol = static_cast<std::uint8_t>(connection.protocol);
  return name;
}

witness::FlowName WithoutLocalAddress(witness::FlowName name) {
  const bool is_v4 = name.local[10] == 0xff && name.local[11] == 0xff;
  std::ranges::fill(name.local, std::uint8_t{0});
  if (is_v4) name.local[10] = name.local[11] = 0xff;
  return name;
}

SocketUse SocketUseOf(const witness::WitnessedSocket& socket, std::uint64_t cookie) {
  return {.cookie = cookie,
          .creator = IfKnown(socket.creator),
          .user = IfKnown(socket.user),
          .hook = HookOf(socket.hook),
          .used_at = {},
          .shared_at_scan = (socket.flags & witness::kSharedAtScan) != 0};
}

std::uint32_t SocketSlotOf(std::uint64_t cookie) {
  return static_cast<std::uint32_t>(cookie % witness::kMaxSockets);
}

std::optional<SocketUse> SocketUseIn(const witness::SocketSlot& slot, std::uint64_t cookie) {
  if (cookie == 0 || slot.cookie != cookie) return std::nullopt;
  return SocketUseOf(slot.socket, cookie);
}

FlowUse FlowUseOf(const witness::WitnessedFlow& flow, BootTime now) {
  FlowUse use{.socket = SocketUseOf(flow.socket, flow.cookie),
              .previous = std::nullopt,
              .more_previous = false,
              .from_kernel = (flow.flags & witness::kFromKernel) != 0,
              .by_raw_socket = (flow.flags & witness::kSentByRaw) != 0};
  use.socket.used_at = TimeOf(flow.used_at);
  if (TimeOf(flow.previous_until) > now) {
    use.previous = IfKnown(flow.previous);
    use.more_previous = (flow.flags & witness::kMoreSenders) != 0;
  }
  return use;
}

Result<ProcessEvent> ParseProcessRecord(Bytes bytes) {
  ByteReader reader(bytes);
  const auto record = PROCWALL_TRY(reader.Read<witness::ProcessRecord>("process record"));
  ProcessEvent event{.time = TimeOf(record.time), .what = ProcessEventsLost{}};
  const ProcessId id = IdOf(record.actor.pid, record.actor.start_time);
  switch (record.kind) {
    case witness::kEventFork:
      event.what = ProcessForked{id, IdOf(record.parent_pid, record.parent_start_time)};
      return event;
    case witness::kEventExec:
      event.what = PROCWALL_TRY(ParseExec(record, reader));
      return event;
    case witness::kEventExit:
      event.what = ProcessExited{id, record.exit_status};
      return event;
    default:
      return Error{Errc::kMalformed, 0, "process record"};
  }
}

}  // namespace procwall

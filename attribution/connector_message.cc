// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/connector_message.h"

#include <sys/socket.h>

#include <linux/connector.h>
#include <linux/netlink.h>

#include <algorithm>
#include <cstring>

namespace procwall {
namespace {

// cn_msg of <linux/connector.h> ends with an array of no size, which C++ does not know.
struct ConnectorHeader {
  std::uint32_t index;
  std::uint32_t value;
  std::uint32_t sequence;
  std::uint32_t acknowledged;
  std::uint16_t size;
  std::uint16_t flags;
};
static_assert(sizeof(ConnectorHeader) == 20);

// proc_event of <linux/cn_proc.h>, whose enumerators moved between kernels' headers.
struct EventHeader {
  std::uint32_t what;
  std::uint32_t processor;
  std::uint64_t time;
};
static_assert(sizeof(EventHeader) == 16);

enum What : std::uint32_t {
  kAnswer = 0,
  kFork = 1,
  kExec = 2,
  kUid = 4,
  kExit = 0x80000000,
};
constexpr std::uint32_t kListen = 1;  // PROC_CN_MCAST_LISTEN

struct ForkBody {
  std::uint32_t parent_thread;
  std::uint32_t parent;
  std::uint32_t child_thread;
  std::uint32_t child;
};
struct ThreadBody {
  std::uint32_t thread;
  std::uint32_t process;
};
struct UidBody {
  ThreadBody who;
  std::uint32_t real;
  std::uint32_t effective;
};
struct ExitBody {
  ThreadBody who;
  std::uint32_t code;
};

ProcessId IdOfPid(std::uint32_t pid) { return {static_cast<Pid>(pid), 0}; }

using Told = decltype(ProcessEvent::what);

Result<std::optional<Told>> ParseWhat(std::uint32_t what, ByteReader& reader) {
  constexpr const char* kName = "proc connector event";
  std::optional<Told> parsed;
  if (what == kFork) {
    const auto fork = PROCWALL_TRY(reader.Read<ForkBody>(kName));
    if (fork.child == fork.child_thread) {
      parsed = ProcessForked{.id = IdOfPid(fork.child), .parent = IdOfPid(fork.parent)};
    }
  } else if (what == kExec) {
    ProcessExecuted executed;
    executed.id = IdOfPid(PROCWALL_TRY(reader.Read<ThreadBody>(kName)).process);
    parsed = std::move(executed);
  } else if (what == kUid) {
    const auto changed = PROCWALL_TRY(reader.Read<UidBody>(kName));
    if (changed.who.thread == changed.who.process) {
      parsed = ProcessChangedUser{.id = IdOfPid(changed.who.process), .uid = changed.effective};
    }
  } else if (what == kExit) {
    const auto exit = PROCWALL_TRY(reader.Read<ExitBody>(kName));
    if (exit.who.thread == exit.who.process) {
      parsed = ProcessExited{.id = IdOfPid(exit.who.process),
                             .status = static_cast<std::int32_t>(exit.code)};
    }
  }
  return parsed;
}

template <typename T>
void Append(ConnectorRequest& request, std::size_t& size, const T& value) {
  std::memcpy(request.data() + size, &value, sizeof(value));
  size += sizeof(value);
}

}  // namespace

ConnectorRequest EncodeConnectorListen() {
  ConnectorRequest request{};
  std::size_t size = 0;
  nlmsghdr head{};
  head.nlmsg_len = request.size();
  head.nlmsg_type = NLMSG_DONE;
  Append(request, size, head);
  Append(request, size,
         ConnectorHeader{.index = CN_IDX_PROC,
                         .value = CN_VAL_PROC,
                         .sequence = 0,
                         .acknowledged = 0,
                         .size = sizeof(kListen),
                         .flags = 0});
  Append(request, size, kListen);
  return request;
}

Result<ConnectorMessage> ParseConnectorMessage(Bytes bytes) {
  ByteReader reader(bytes);
  PROCWALL_TRY(reader.Read<nlmsghdr>("connector message"));
  const auto head = PROCWALL_TRY(reader.Read<ConnectorHeader>("connector message"));
  if (head.index != CN_IDX_PROC || head.value != CN_VAL_PROC) {
    return Error{Errc::kUnsupported, 0, "connector message"};
  }
  const auto event = PROCWALL_TRY(reader.Read<EventHeader>("proc connector event"));
  ConnectorMessage message{.processor = event.processor, .number = head.sequence};
  if (event.what == kAnswer) {
    message.answer =
        static_cast<int>(PROCWALL_TRY(reader.Read<std::uint32_t>("proc connector answer")));
    return message;
  }
  if (auto what = PROCWALL_TRY(ParseWhat(event.what, reader))) {
    message.event = ProcessEvent{.time = BootTime(std::chrono::nanoseconds(event.time)),
                                 .what = *std::move(what)};
  }
  return message;
}

Status VisitConnectorMessages(Bytes datagram, const std::function<void(Bytes message)>& each) {
  while (!datagram.empty()) {
    ByteReader reader(datagram);
    const auto head = PROCWALL_TRY(reader.Read<nlmsghdr>("connector message"));
    if (head.nlmsg_len < sizeof(head)) return Error{Errc::kMalformed, 0, "connector message"};
    if (head.nlmsg_len > datagram.size()) return Error{Errc::kTruncated, 0, "connector message"};
    each(datagram.first(head.nlmsg_len));
    const std::size_t aligned = NLMSG_ALIGN(static_cast<std::size_t>(head.nlmsg_len));
    datagram = datagram.subspan(std::min<std::size_t>(aligned, datagram.size()));
  }
  return {};
}

}  // namespace procwall

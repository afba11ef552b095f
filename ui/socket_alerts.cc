// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/socket_alerts.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "base/printable.h"

namespace procwall {
namespace {

bool IsTemporary(const Process& process) {
  constexpr std::array<std::string_view, 3> kFolders = {"/tmp/", "/var/tmp/", "/dev/shm/"};
  return process.executable_state == ExecutableState::kMemory ||
         std::ranges::any_of(
             kFolders, [&](std::string_view folder) { return process.path.starts_with(folder); });
}

std::string ProgramText(const Process& process) {
  std::string text = fmt::format("{} (pid {})", Printable(RulePath(process)), process.id.pid);
  if (!process.container.empty()) {
    text += fmt::format(" in container {}", Printable(process.container));
  }
  return text;
}

// What a program is in the list: its path as rules see it.
std::string SeenName(const Process& process) { return Printable(RulePath(process)); }

}  // namespace

void SocketAlerts::Tell(const std::string& who, const char* kind, std::string text,
                        std::vector<SocketAlert>& alerts) {
  const std::string about = fmt::format("{} {}", kind, who);
  // Rather told twice than grown for ever.
  if (told_.size() >= kMaxTold) told_.clear();
  if (told_.insert(about).second) alerts.push_back({kind, std::move(text)});
}

std::vector<SocketAlert> SocketAlerts::Of(const SocketWithOwners& socket) {
  std::vector<SocketAlert> alerts;
  const bool waits = WaitsForOthers(socket.socket, ephemeral_);
  for (const ProcessPtr& owner : socket.owners) {
    const Process& process = *owner;
    if (process.path.empty()) continue;
    const std::string who = ProgramText(process);
    const std::string id = fmt::format("{} {}", process.id.pid, process.id.start_time);
    if (waits && IsTemporary(process) && socket.socket.local.address.IsUnspecified()) {
      Tell(id, "temporary-listener",
           fmt::format("{} lies in a temporary place and waits for anybody on port {}", who,
                       socket.socket.local.port),
           alerts);
    }
    if (process.executable_state == ExecutableState::kMemory) {
      Tell(id, "memory-program", fmt::format("{} was never a file (memfd)", who), alerts);
    } else if (process.executable_state == ExecutableState::kReplaced) {
      Tell(id, "replaced-program",
           fmt::format("{} was replaced since it began: an old version runs", who), alerts);
    } else if (process.path_is_deleted) {
      Tell(id, "deleted-program", fmt::format("the file of {} was deleted", who), alerts);
    }
    if (waits && !seen_.Contains(SeenName(process))) {
      Tell(SeenName(process), "new-listener",
           fmt::format("{} was not seen to wait for others before (port {})", who,
                       socket.socket.local.port),
           alerts);
    }
  }
  return alerts;
}

void SocketAlerts::Learn(const SocketWithOwners& socket) {
  if (!WaitsForOthers(socket.socket, ephemeral_)) return;
  for (const ProcessPtr& owner : socket.owners) {
    if (!owner->path.empty()) seen_.Add(SeenName(*owner));
  }
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/connections_watch.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "attribution/procfs.h"
#include "attribution/socket_diag.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/printable.h"
#include "base/wakeup.h"
#include "ui/connections.h"
#include "ui/interrupt.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

using What = SocketChange::What;

constexpr int kSecondMs = 1000;

google::protobuf::Timestamp StampOf(std::chrono::system_clock::time_point time) {
  const auto since = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  google::protobuf::Timestamp stamp;
  stamp.set_seconds(seconds.count());
  stamp.set_nanos(static_cast<std::int32_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(since - seconds).count()));
  return stamp;
}

// "32768\t60999\n"; what cannot be read is as Linux has it by default.
PortRange ReadEphemeralPorts() {
  PortRange range;
  const auto text = ReadFileAt(AT_FDCWD, "/proc/sys/net/ipv4/ip_local_port_range", 64);
  if (!text) return range;
  Port first = 0;
  Port last = 0;
  const char* const end = text->data() + text->size();
  auto [rest, error] = std::from_chars(text->data(), end, first);
  while (rest != end && (*rest == '\t' || *rest == ' ')) ++rest;
  if (error != std::errc() || std::from_chars(rest, end, last).ec != std::errc()) return range;
  return {first, last};
}

Result<std::vector<SocketEntry>> ReadSockets(SocketDiag& diag) {
  std::vector<SocketEntry> sockets;
  for (const IpProtocol protocol : {IpProtocol::kTcp, IpProtocol::kUdp, IpProtocol::kUdpLite}) {
    auto dumped = diag.DumpAll(protocol);
    if (!dumped && dumped.error().code == Errc::kUnsupported) continue;
    if (!dumped) return dumped.error();
    sockets.insert(sockets.end(), dumped->begin(), dumped->end());
  }
  return sockets;
}

// From `first` on. The kernel's order is by chance: a listener that ends and what nobody had
// accepted from it go in one look.
void SortForPeople(std::vector<SocketChange>& changes, std::size_t first) {
  std::sort(changes.begin() + static_cast<std::ptrdiff_t>(first), changes.end(),
            [](const SocketChange& a, const SocketChange& b) { return ComesBefore(a.row, b.row); });
}

// Looks, writes what has changed, and keeps what was learnt.
class Watcher {
 public:
  Watcher(const ConnectionsOptions& options, const Console& console, SocketDiag diag, Procfs procfs)
      : options_(options), console_(console), diag_(std::move(diag)), procfs_(std::move(procfs)) {}

  ExitCode Run(ConnectionsWatch& watch, const std::string& seen_path, const Wakeup& ended,
               const std::atomic<bool>& interrupted) {
    bool is_first = true;
    while (!interrupted.load() && console_.out) {
      const auto sockets = ReadSockets(diag_);
      if (!sockets) {
        console_.err << "procwall: the sockets of this host cannot be read: "
                     << sockets.error().ToString() << "\n";
        return kFailed;
      }
      const auto changes = watch.OnLook(
          *sockets,
          [this](std::vector<SocketEntry> begun) {
            return FindOwners(std::move(begun), procfs_, clock_);
          },
          StampOf(std::chrono::system_clock::now()), std::chrono::steady_clock::now());
      if (std::exchange(is_first, false)) Greet(watch);
      for (const SocketChange& change : changes) Write(change);
      console_.out.flush();
      if (!Keep(watch, seen_path)) return kFailed;
      pollfd fd{ended.UnsafeFd(), POLLIN, 0};
      ::poll(&fd, 1, kSecondMs);
    }
    return console_.out ? kSuccess : kFailed;
  }

 private:
  void Greet(const ConnectionsWatch& watch) const {
    if (options_.form == OutputForm::kJson || !console_.terminal.is_tty) return;
    console_.out << fmt::format("Watching {} sockets, once a second. Ctrl-C ends.\n", watch.Count())
                 << SocketChangeTitles(console_.terminal);
  }
  void Write(const SocketChange& change) const {
    if (options_.form == OutputForm::kJson) {
      console_.out << SocketChangeJson(change) << '\n';
    } else {
      console_.out << SocketChangeText(change, UtcOffsetAt(change.time), console_.terminal);
    }
  }
  bool Keep(const ConnectionsWatch& watch, const std::string& path) {
    const std::size_t count = watch.Learnt().Count();
    if (!options_.learn || (was_kept_ && count == kept_)) return true;
    const auto saved = SaveSeenPrograms(watch.Learnt(), path);
    if (!saved) {
      console_.err << "procwall: " << saved.error() << "\n";
      return false;
    }
    console_.err << fmt::format("{} programs that listen are known now: {}\n", count,
                                TerminalSafe(path));
    was_kept_ = true;
    kept_ = count;
    return true;
  }

  const ConnectionsOptions& options_;
  const Console& console_;
  SocketDiag diag_;
  Procfs procfs_;
  SystemClock clock_;
  bool was_kept_ = false;
  std::size_t kept_ = 0;
};

}  // namespace

ConnectionsWatch::ConnectionsWatch(const ConnectionsOptions& options, SeenPrograms seen,
                                   Seen has_list, PortRange ephemeral)
    : options_(options),
      ephemeral_(ephemeral),
      alerts_(std::move(seen), ephemeral),
      has_list_(has_list == Seen::kList) {}

std::vector<SocketChange> ConnectionsWatch::OnLook(const std::vector<SocketEntry>& sockets,
                                                   const FindOwnersOf& find_owners,
                                                   const google::protobuf::Timestamp& time,
                                                   SocketTracker::Time now) {
  SocketTracker::Changes changed = tracker_.OnDump(sockets, now);
  std::vector<SocketChange> changes;
  for (const SocketTracker::Gone& gone : changed.gone) {
    if (!IsWanted(options_, gone.socket.socket) || options_.alerts_only) continue;
    changes.push_back(ChangeOf(What::kGone, gone.socket));
    changes.back().lived = gone.lived;
  }
  SortForPeople(changes, 0);
  const std::size_t begun = changes.size();
  if (!changed.begun.empty()) {
    for (const SocketWithOwners& socket : find_owners(std::move(changed.begun))) {
      tracker_.OnOwners(socket);
      OnBegun(socket, changes);
    }
  }
  SortForPeople(changes, begun);
  is_first_ = false;
  for (SocketChange& change : changes) change.time = time;
  return changes;
}

void ConnectionsWatch::OnBegun(const SocketWithOwners& socket, std::vector<SocketChange>& changes) {
  if (!IsWanted(options_, socket.socket)) return;
  const bool counts_as_seen = options_.learn || (is_first_ && !has_list_);
  if (counts_as_seen) alerts_.Learn(socket);
  const bool waits = WaitsForOthers(socket.socket, ephemeral_);
  SocketChange change = ChangeOf(is_first_ ? What::kThere
                                 : waits   ? What::kListens
                                           : What::kNew,
                                 socket);
  change.alerts = alerts_.Of(socket);
  if ((is_first_ || options_.alerts_only) && change.alerts.empty()) return;
  changes.push_back(std::move(change));
}

SocketChange ConnectionsWatch::ChangeOf(What what, const SocketWithOwners& socket) {
  SocketChange change;
  change.what = what;
  change.row = RowOf(socket, users_);
  const bool has_peer = !change.row.peer_ip.empty();
  // The port that was called has the name: of a connection that came in, ours.
  change.service_is_local = !has_peer || ephemeral_.Contains(change.row.peer_port);
  change.service = services_.NameOf(
      change.service_is_local ? change.row.local_port : change.row.peer_port, change.row.protocol);
  for (const ProcessPtr& owner : socket.owners) {
    const std::string container = Printable(owner->container);
    const bool is_known =
        std::ranges::find(change.containers, container) != change.containers.end();
    if (!container.empty() && !is_known) change.containers.push_back(container);
  }
  return change;
}

ExitCode RunConnectionsWatch(const ConnectionsOptions& options, const Console& console,
                             const EnvironmentLookup& environment) {
  auto ended = Wakeup::Create();
  auto diag = SocketDiag::Open();
  auto procfs = Procfs::Open();
  if (!ended || !diag || !procfs) {
    const Error error = !ended ? ended.error() : !diag ? diag.error() : procfs.error();
    console.err << "procwall: the sockets of this host cannot be read: " << error.ToString()
                << "\n";
    return kFailed;
  }
  const std::string path = SeenProgramsPath(environment, ::geteuid() == 0);
  LoadedSeenPrograms seen;
  if (!path.empty()) {
    auto loaded = LoadSeenPrograms(path);
    if (!loaded) {
      console.err << "procwall: " << loaded.error() << "\n";
      return kUsage;
    }
    seen = *std::move(loaded);
  } else if (options.learn) {
    console.err << "procwall: there is no place for what is learnt: set HOME or XDG_STATE_HOME\n";
    return kUsage;
  }
  if (::geteuid() != 0) {
    console.err << "Not root: the programs of other users' sockets cannot be seen.\n";
  }
  std::atomic<bool> interrupted{false};
  const InterruptListener interrupt([&] {
    interrupted.store(true);
    ended->Wake();
  });
  ConnectionsWatch watch(
      options, std::move(seen.programs),
      seen.exists ? ConnectionsWatch::Seen::kList : ConnectionsWatch::Seen::kNoList,
      ReadEphemeralPorts());
  return Watcher(options, console, *std::move(diag), *std::move(procfs))
      .Run(watch, path, *ended, interrupted);
}

}  // namespace procwall

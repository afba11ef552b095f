// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_socket.h"

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/result.h"

namespace procwall {
namespace {

constexpr std::string_view kPeerPrefix = "fd:";
constexpr int kBacklog = 128;
constexpr mode_t kOthersMayWrite = 0022;
constexpr int kNoDescriptorsMs = 100;  // none is left: somebody has to go first

sockaddr_un AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(static_cast<char*>(address.sun_path), path.data(), path.size());
  return address;
}

const sockaddr* Generic(const sockaddr_un& address) {
  return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

// Does somebody answer on this socket already?
bool IsAnswered(const std::string& path) {
  const sockaddr_un address = AddressOf(path);
  const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int connected = ::connect(socket.UnsafeFd(), Generic(address), sizeof(address));
  return connected == 0 || errno == EAGAIN;  // EAGAIN: too many wait for its answer
}

// Whoever may write to the folder can put a socket of his own in the place of ours, and be told
// what is meant for the daemon. In a sticky one, such as /tmp, he cannot touch ours.
tl::expected<void, std::string> PrepareFolder(const std::string& folder, const std::string& path) {
  std::error_code error;
  const mode_t before = ::umask(kOthersMayWrite);  // groups with a role must get at the socket
  std::filesystem::create_directories(folder, error);
  ::umask(before);
  struct stat status {};
  if (!error && ::stat(folder.c_str(), &status) != 0) error.assign(errno, std::system_category());
  if (error) {
    return tl::unexpected(fmt::format("cannot create the folder of {}: {}", path, error.message()));
  }
  if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
    return tl::unexpected(
        fmt::format("the folder of {} belongs to another user: it must be root's", path));
  }
  const bool is_sticky = (status.st_mode & S_ISVTX) != 0 && status.st_uid == 0;
  if ((status.st_mode & kOthersMayWrite) != 0 && !is_sticky) {
    return tl::unexpected(fmt::format(
        "others may write to the folder of {0}, and so replace the socket: `chmod go-w {1}`", path,
        folder));
  }
  return {};
}

tl::expected<void, std::string> PreparePath(const std::string& path) {
  if (path.empty() || path.front() != '/' || path.size() >= sizeof(sockaddr_un{}.sun_path)) {
    return tl::unexpected(fmt::format("\"{}\" is not an absolute path of at most {} bytes", path,
                                      sizeof(sockaddr_un{}.sun_path) - 1));
  }
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (auto prepared = PrepareFolder(folder, path); !prepared) return prepared;
  struct stat existing {};
  if (::lstat(path.c_str(), &existing) == 0) {
    if (!S_ISSOCK(existing.st_mode))
      return tl::unexpected(fmt::format("{} exists and is not a socket", path));
    if (IsAnswered(path))
      return tl::unexpected(fmt::format("another procwalld answers on {}", path));
    ::unlink(path.c_str());
  }
  return {};
}

tl::unexpected<std::string> CannotListen(const std::string& path, const char* what) {
  return tl::unexpected(
      fmt::format("cannot listen on {}: {}", path, SystemError(errno, what).ToString()));
}

}  // namespace

tl::expected<std::unique_ptr<ApiSocket>, std::string> ApiSocket::Listen(const std::string& path,
                                                                        const RoleGroups& groups) {
  if (auto prepared = PreparePath(path); !prepared) return tl::unexpected(prepared.error());
  auto stop = Wakeup::Create();
  if (!stop) return tl::unexpected(stop.error().ToString());
  UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const sockaddr_un address = AddressOf(path);
  const mode_t before = ::umask(0177);  // nobody else may connect between bind and chmod
  const int bound = ::bind(listener.UnsafeFd(), Generic(address), sizeof(address));
  ::umask(before);
  if (bound != 0) return CannotListen(path, "bind");
  if (::listen(listener.UnsafeFd(), kBacklog) != 0) return CannotListen(path, "listen");
  std::unique_ptr<ApiSocket> socket(
      new ApiSocket(path, groups, std::move(listener), *std::move(stop)));
  socket->LimitAccess();
  return socket;
}

ApiSocket::ApiSocket(std::string path, const RoleGroups& groups, UniqueFd listener, Wakeup stop)
    : path_(std::move(path)),
      groups_(groups),
      listener_(std::move(listener)),
      stop_(std::move(stop)) {}

ApiSocket::~ApiSocket() {
  Stop();
  ::unlink(path_.c_str());
}

void ApiSocket::LimitAccess() const {
  std::set<gid_t> groups;
  for (const auto& group : {groups_.view, groups_.answer, groups_.administer}) {
    if (group) groups.insert(*group);
  }
  if (groups.empty()) return;  // root alone, as it was made
  const bool is_shared =
      groups.size() == 1 && ::lchown(path_.c_str(), static_cast<uid_t>(-1), *groups.begin()) == 0;
  ::chmod(path_.c_str(), is_shared ? 0660 : 0666);
}

void ApiSocket::Start(OnClient on_client) {
  on_client_ = std::move(on_client);
  thread_ = std::thread([this] { Run(); });
}

void ApiSocket::Stop() {
  if (!thread_.joinable()) return;
  stopping_.store(true);
  stop_.Wake();
  thread_.join();
}

void ApiSocket::Run() {
  ::pthread_setname_np(::pthread_self(), "api-accept");
  while (!stopping_.load()) {
    std::array<pollfd, 2> fds{{{listener_.UnsafeFd(), POLLIN, 0}, {stop_.UnsafeFd(), POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), -1) < 0 && errno != EINTR) return;
    if ((fds[0].revents & POLLIN) != 0) Accept();
  }
}

void ApiSocket::Accept() {
  UniqueFd client(::accept4(listener_.UnsafeFd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!client.IsOpen()) {
    if (errno == EMFILE || errno == ENFILE) {
      pollfd stopping{stop_.UnsafeFd(), POLLIN, 0};
      ::poll(&stopping, 1, kNoDescriptorsMs);
    }
    return;
  }
  const auto credentials = CredentialsOf(client.UnsafeFd());
  if (!credentials) return;
  const Role role = RoleOf(*credentials, groups_, ::geteuid());
  if (role == Role::kNone) return;
  ForgetGone();
  struct stat status {};
  if (!HasRoomFor(credentials->uid) || ::fstat(client.UnsafeFd(), &status) != 0) return;
  connected_.Lock()->insert_or_assign(
      client.UnsafeFd(),
      Connected{ApiPeer{credentials->uid, credentials->pid, role}, status.st_ino});
  on_client_(std::move(client));
}

// Only the accepting thread adds and removes: what it has copied stays as it is.
void ApiSocket::ForgetGone() {
  std::vector<std::pair<int, ino_t>> all;
  {
    const auto connected = connected_.Lock();
    for (const auto& [fd, one] : *connected) all.emplace_back(fd, one.inode);
  }
  std::vector<int> gone;
  for (const auto& [fd, inode] : all) {
    struct stat status {};
    if (::fstat(fd, &status) != 0 || status.st_ino != inode) gone.push_back(fd);
  }
  const auto connected = connected_.Lock();
  for (const int fd : gone) connected->erase(fd);
}

bool ApiSocket::HasRoomFor(uid_t uid) const {
  const auto connected = connected_.Lock();
  if (uid == 0) return connected->size() < kMaxConnections;
  const auto same = std::ranges::count_if(
      *connected, [uid](const auto& entry) { return entry.second.peer.uid == uid; });
  return connected->size() < kMaxConnections - kReservedForRoot &&
         static_cast<std::size_t>(same) < kMaxPerUser;
}

ApiPeer ApiSocket::PeerOf(const std::string& grpc_peer) const {
  if (!grpc_peer.starts_with(kPeerPrefix)) return {};
  int fd = -1;
  const char* const end = grpc_peer.data() + grpc_peer.size();
  const auto read = std::from_chars(grpc_peer.data() + kPeerPrefix.size(), end, fd);
  if (read.ec != std::errc() || read.ptr != end) return {};
  const auto connected = connected_.Lock();
  const auto found = connected->find(fd);
  return found == connected->end() ? ApiPeer{} : found->second.peer;
}

}  // namespace procwall

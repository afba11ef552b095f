// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/procfs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <limits>
#include <string_view>

#include <fmt/format.h>

#include "base/directory_names.h"
#include "base/file.h"

namespace procwall {
namespace {

// stat and status are a few hundred bytes; a thread's name is 63 at most.
constexpr std::size_t kMaxTextBytes = 8192;

// "socket:[18446744073709551615]" has 29: a longer target is no socket.
constexpr std::size_t kMaxSocketLink = 32;

std::optional<Inode> SocketLinkAt(int directory_fd, const char* name) {
  std::array<char, kMaxSocketLink> target;
  const ssize_t n = ::readlinkat(directory_fd, name, target.data(), target.size());
  if (n <= 0) return std::nullopt;
  return ParseSocketLink({target.data(), static_cast<std::size_t>(n)});
}

// The path of a file below /proc, of texts ("/fd/" is the longest) and at most two numbers; on the
// stack.
class PathName {
 public:
  template <typename... Part>
  explicit PathName(Part... parts) {
    (Append(parts), ...);
    *end_ = '\0';
  }
  const char* c_str() const { return text_.data(); }

 private:
  void Append(std::string_view part) { end_ += part.copy(end_, part.size()); }
  void Append(int number) {
    end_ = std::to_chars(end_, text_.data() + text_.size() - 1, number).ptr;
  }

  std::array<char, 32> text_;
  char* end_ = text_.data();
};

// In /proc, what is not there (any more) belonged to a process that is gone.
Error GoneIfMissing(Error error) {
  if (error.code == Errc::kNotFound) error.code = Errc::kGone;
  return error;
}

Result<std::string> ReadText(int directory_fd, const char* name, std::size_t limit) {
  auto text = ReadFileAt(directory_fd, name, limit, OnLarge::kCut);
  if (!text) return GoneIfMissing(text.error());
  return text;
}

std::string StatName(Pid pid) { return fmt::format("task/{}/stat", pid); }

}  // namespace

std::optional<Inode> ProcessHandle::SocketAt(int fd) const {
  return SocketLinkAt(directory_.UnsafeFd(), PathName("fd/", fd).c_str());
}

Result<std::string> ProcessHandle::ExeLink() const {
  auto target = ReadLinkAt(directory_.UnsafeFd(), "exe");
  if (!target) return GoneIfMissing(target.error());
  return target;
}

Result<ExecStamp> ProcessHandle::Stamp() const {
  const std::string text =
      PROCWALL_TRY(ReadText(directory_.UnsafeFd(), StatName(pid_).c_str(), kMaxTextBytes));
  return PROCWALL_TRY(ParseStat(text)).stamp;
}

Result<Pid> ProcessHandle::Leader() const {
  const std::string text = PROCWALL_TRY(ReadText(directory_.UnsafeFd(), "status", kMaxTextBytes));
  return ParseStatusLeader(text);
}

Status ProcessHandle::VisitDescriptors(const DescriptorVisitor& visit) const {
  const auto directory = OpenAt(directory_.UnsafeFd(), "fd", O_RDONLY | O_DIRECTORY);
  if (!directory) return GoneIfMissing(directory.error());
  return VisitNames(*directory, [&](const DirectoryName& name) {
    const std::optional<int> fd = ParseNumberName(name.text);
    if (!fd) return true;  // "." and ".."
    const std::optional<Inode> inode = SocketLinkAt(directory->UnsafeFd(), name.text.data());
    return visit(*fd, inode.value_or(0)) == Visit::kContinue;
  });
}

Result<ProcessProbePtr> ProcessProbe::Open(const ProcessHandle& handle) {
  const int directory = handle.UnsafeFd();
  auto descriptors = OpenAt(directory, "fd", O_RDONLY | O_DIRECTORY);
  if (!descriptors) return GoneIfMissing(descriptors.error());
  auto stat = OpenAt(directory, StatName(handle.GetPid()).c_str(), O_RDONLY);
  if (!stat) return GoneIfMissing(stat.error());
  return ProcessProbePtr(
      std::make_shared<const ProcessProbe>(*std::move(descriptors), *std::move(stat)));
}

std::optional<Inode> ProcessProbe::SocketAt(int fd) const {
  return SocketLinkAt(descriptors_.UnsafeFd(), PathName(fd).c_str());
}

Result<ExecStamp> ProcessProbe::Stamp() const {
  std::array<char, 2048> text;
  const ssize_t n = ::pread(stat_.UnsafeFd(), text.data(), text.size(), 0);
  if (n < 0) return SystemError(errno, "read /proc/PID/stat");
  return PROCWALL_TRY(ParseStat({text.data(), static_cast<std::size_t>(n)})).stamp;
}

bool ProcessProbe::MayLive() const {
  // Since Linux 6.2 this counts the descriptors of a live process, and fails for a dead one;
  // before, it never fails.
  struct stat status {};
  return ::fstat(descriptors_.UnsafeFd(), &status) == 0;
}

Result<Procfs> Procfs::Open(const char* root) {
  return Procfs(PROCWALL_TRY(OpenAt(AT_FDCWD, root, O_RDONLY | O_DIRECTORY)));
}

Result<std::vector<Pid>> Procfs::Pids() const {
  // Opened anew: the position in a directory belongs to its open file, which threads would share.
  const UniqueFd directory = PROCWALL_TRY(OpenAt(root_.UnsafeFd(), ".", O_RDONLY | O_DIRECTORY));
  std::vector<Pid> pids;
  PROCWALL_TRY_STATUS(VisitNames(directory, [&](const DirectoryName& name) {
    if (const std::optional<int> pid = ParseNumberName(name.text)) pids.push_back(*pid);
    return true;
  }));
  return pids;
}

Result<Pid> Procfs::LastPid() const {
  const std::string text = PROCWALL_TRY(ReadText(root_.UnsafeFd(), "loadavg", kMaxTextBytes));
  return ParseLoadavgLastPid(text);
}

Result<ProcessHandlePtr> Procfs::OpenProcess(Pid pid) const {
  auto directory = OpenAt(root_.UnsafeFd(), PathName(pid).c_str(), O_RDONLY | O_DIRECTORY);
  if (!directory) return GoneIfMissing(directory.error());
  return ProcessHandlePtr(std::make_shared<const ProcessHandle>(pid, *std::move(directory)));
}

std::optional<Uid> Procfs::OwnerUid(Pid pid) const {
  struct stat status {};
  if (::fstatat(root_.UnsafeFd(), PathName(pid).c_str(), &status, 0) != 0) {
    return std::nullopt;
  }
  return status.st_uid;
}

int Procfs::DescriptorCount(Pid pid) const {
  struct stat status {};
  if (::fstatat(root_.UnsafeFd(), PathName(pid, "/fd").c_str(), &status, 0) != 0) return 0;
  return status.st_size > std::numeric_limits<int>::max() ? 0 : static_cast<int>(status.st_size);
}

std::optional<Inode> Procfs::SocketAt(Pid pid, int fd) const {
  return SocketLinkAt(root_.UnsafeFd(), PathName(pid, "/fd/", fd).c_str());
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/host_files.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <linux/nsfs.h>
#include <linux/openat2.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/file.h"

namespace procwall {
namespace {

constexpr std::size_t kMaxMountInfoBytes = 4U << 20U;

HostFile CannotTell() { return {.what = HostFile::What::kCannotTell, .facts = {}}; }

}  // namespace

Result<FileFacts> ReadFileFacts(int directory_fd, const char* path) {
  constexpr int kFlags = AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC;
  struct statx status {};
  if (::statx(directory_fd, path, kFlags, STATX_TYPE | STATX_INO | STATX_MNT_ID, &status) != 0) {
    if (errno != EACCES) return SystemError(errno, "stat file");
    // A user's FUSE, which tells nobody else of its files; the kernel does of the mount.
    if (::statx(directory_fd, path, kFlags, STATX_MNT_ID, &status) != 0 &&
        ::statx(directory_fd, path, kFlags, 0, &status) != 0) {
      return SystemError(errno, "stat file");
    }
  }
  FileFacts facts;
  if ((status.stx_mask & STATX_INO) != 0) {
    facts.file = {.device = ::makedev(status.stx_dev_major, status.stx_dev_minor),
                  .inode = status.stx_ino};
  }
  if ((status.stx_mask & STATX_MNT_ID) != 0) facts.mount = status.stx_mnt_id;
  facts.is_directory = S_ISDIR(status.stx_mode);
  facts.is_link = S_ISLNK(status.stx_mode);
  return facts;
}

// Follows a path by hand, one name after the other, so that no mount is entered unasked.
class HostFiles::Walk {
 public:
  Walk(const UniqueFd& root, const std::vector<Mount>& mounts) : root_(root), mounts_(mounts) {}

  HostFile LookUp(const std::string& path);

 private:
  enum class Step : std::uint8_t { kOn, kNothing, kCannotTell };
  bool Restart();
  Step Enter(const std::string& name);
  Step FollowLink(const UniqueFd& link);
  HostFile Ended(HostFile::What what) const;

  static constexpr int kMaxSteps = 512;
  static constexpr int kMaxLinks = 40;  // as the kernel's

  const UniqueFd& root_;
  const std::vector<Mount>& mounts_;
  UniqueFd here_;
  std::string text_;  // of here_, without links; empty: the root
  std::string rest_;  // names to go
  int links_ = 0;
};

bool HostFiles::Walk::Restart() {
  auto root = OpenAt(root_.UnsafeFd(), ".", O_PATH | O_DIRECTORY);
  if (!root) return false;
  here_ = *std::move(root);
  text_.clear();
  return true;
}

HostFile HostFiles::Walk::Ended(HostFile::What what) const {
  const auto facts = ReadFileFacts(here_.UnsafeFd(), "");
  if (!facts) return CannotTell();
  return {.what = what, .facts = *facts};
}

HostFiles::Walk::Step HostFiles::Walk::FollowLink(const UniqueFd& link) {
  const auto target = ReadLinkAt(link.UnsafeFd(), "");
  if (!target || target->empty() || ++links_ > kMaxLinks) return Step::kCannotTell;
  rest_ = *target + "/" + rest_;
  if (rest_.front() == '/' && !Restart()) return Step::kCannotTell;
  return Step::kOn;
}

HostFiles::Walk::Step HostFiles::Walk::Enter(const std::string& name) {
  std::string text = text_;
  if (name == "..") {
    if (text.empty()) return Step::kOn;
    text.erase(text.rfind('/'));
  } else {
    text += "/" + name;
  }
  if (!text.empty() && MayBlock(mounts_, text)) return Step::kCannotTell;
  auto next = OpenAt(here_.UnsafeFd(), name.c_str(), O_PATH | O_NOFOLLOW);
  if (!next) {
    const bool nothing = next.error().code == Errc::kNotFound || next.error().sys_errno == ENOTDIR;
    return nothing ? Step::kNothing : Step::kCannotTell;
  }
  const auto facts = ReadFileFacts(next->UnsafeFd(), "");
  if (!facts) return Step::kCannotTell;
  if (facts->is_link) return FollowLink(*next);
  here_ = *std::move(next);
  text_ = std::move(text);
  return Step::kOn;
}

HostFile HostFiles::Walk::LookUp(const std::string& path) {
  rest_ = path;
  if (!Restart()) return CannotTell();
  for (int step = 0; step < kMaxSteps; ++step) {
    rest_.erase(0, rest_.find_first_not_of('/'));
    if (rest_.empty()) return Ended(HostFile::What::kFile);
    const std::size_t end = std::min(rest_.find('/'), rest_.size());
    const std::string name = rest_.substr(0, end);
    rest_.erase(0, end);
    if (name == ".") continue;
    switch (Enter(name)) {
      case Step::kOn:
        break;
      case Step::kNothing:
        return Ended(HostFile::What::kNothing);
      case Step::kCannotTell:
        return CannotTell();
    }
  }
  return CannotTell();
}

Result<HostFiles> HostFiles::OpenOf(UniqueFd process) {
  UniqueFd root = PROCWALL_TRY(OpenAt(process.UnsafeFd(), "root", O_PATH | O_DIRECTORY));
  return HostFiles(std::move(process), std::move(root));
}

Result<HostFiles> HostFiles::OpenOfFirst(int procfs_fd) {
  return OpenOf(PROCWALL_TRY(OpenAt(procfs_fd, "1", O_PATH | O_DIRECTORY)));
}

Result<HostFiles> HostFiles::Open(int procfs_fd) {
  auto files = OpenOfFirst(procfs_fd);
  const bool is_hidden =
      !files && (files.error().code == Errc::kPermission || files.error().code == Errc::kNotFound);
  if (!is_hidden) return files;
  return OpenOf(PROCWALL_TRY(OpenAt(AT_FDCWD, "/proc/self", O_PATH | O_DIRECTORY)));
}

void HostFiles::ForgetMounts() {
  mounts_.clear();
  mounts_read_ = false;
}

const std::vector<Mount>& HostFiles::Mounts() {
  if (!mounts_read_) {
    const auto text =
        ReadFileAt(process_.UnsafeFd(), "mountinfo", kMaxMountInfoBytes, OnLarge::kCut);
    if (text) mounts_ = ParseMountInfo(*text);
    mounts_read_ = true;
  }
  return mounts_;
}

Result<std::uint64_t> HostFiles::OwnerOfMounts() const {
  const UniqueFd mounts = PROCWALL_TRY(OpenAt(process_.UnsafeFd(), "ns/mnt", O_RDONLY));
  const UniqueFd owner(::ioctl(mounts.UnsafeFd(), NS_GET_USERNS));
  if (!owner.IsOpen()) return SystemError(errno, "find owner of mounts");
  return PROCWALL_TRY(ReadFileFacts(owner.UnsafeFd(), "")).file.inode;
}

// Nothing, if it cannot be told from what the kernel has cached.
std::optional<HostFile> HostFiles::LookUpCached(const std::string& path) {
  struct open_how how {};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_CACHED | RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  const long fd = ::syscall(SYS_openat2, root_.UnsafeFd(), path.c_str(), &how, sizeof(how));
  if (fd < 0) return std::nullopt;
  const UniqueFd file(static_cast<int>(fd));
  const auto facts = ReadFileFacts(file.UnsafeFd(), "");
  if (!facts || !facts->file.IsKnown()) return CannotTell();
  return HostFile{.what = HostFile::What::kFile, .facts = *facts};
}

HostFile HostFiles::LookUp(const std::string& path) {
  if (auto cached = LookUpCached(path)) return *cached;
  if (Mounts().empty()) return CannotTell();
  return Walk(root_, Mounts()).LookUp(path);
}

}  // namespace procwall

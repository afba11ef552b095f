// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/directory_watch.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

namespace procwall {
namespace {

// Files count when their writer closes them; a link counts when it is made, for nobody writes to
// it.
constexpr std::uint32_t kFileEvents =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_ATTRIB;
constexpr std::uint32_t kDirectoryEvents = kFileEvents | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
constexpr std::uint32_t kParentEvents =
    IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB | IN_ONLYDIR;

std::string WithoutTrailingSlashes(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

DirectoryWatch::DirectoryWatch(UniqueFd inotify, std::string directory)
    : inotify_(std::move(inotify)), directory_(WithoutTrailingSlashes(std::move(directory))) {
  const std::size_t slash = directory_.rfind('/');
  parent_ = slash == std::string::npos ? "." : slash == 0 ? "/" : directory_.substr(0, slash);
  base_name_ = slash == std::string::npos ? directory_ : directory_.substr(slash + 1);
}

Result<DirectoryWatch> DirectoryWatch::Create(const std::string& directory) {
  UniqueFd inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!inotify.IsOpen()) return SystemError(errno, "create inotify");
  DirectoryWatch watch(std::move(inotify), directory);
  PROCWALL_TRY_STATUS(watch.FollowParent());
  watch.FollowDirectory();
  return watch;
}

Status DirectoryWatch::FollowParent() {
  parent_watch_ = ::inotify_add_watch(inotify_.UnsafeFd(), parent_.c_str(), kParentEvents);
  if (parent_watch_ < 0) return SystemError(errno, "watch the parent directory");
  return {};
}

void DirectoryWatch::FollowDirectory() {
  if (directory_watch_ >= 0) ::inotify_rm_watch(inotify_.UnsafeFd(), directory_watch_);
  directory_watch_ = ::inotify_add_watch(inotify_.UnsafeFd(), directory_.c_str(), kDirectoryEvents);
}

DirectoryChanges DirectoryWatch::Drain() {
  DirectoryChanges changes;
  alignas(inotify_event) std::array<char, 16384> buffer;
  for (;;) {
    const ssize_t n = ::read(inotify_.UnsafeFd(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;  // EAGAIN: that was all
    const auto size = static_cast<std::size_t>(n);
    for (std::size_t at = 0; at + sizeof(inotify_event) <= size;) {
      inotify_event event;
      std::memcpy(&event, buffer.data() + at, sizeof(event));
      at += sizeof(event);
      // The name is padded with NUL bytes up to event.len.
      const std::size_t length = std::min<std::size_t>(event.len, size - at);
      const char* const name = buffer.data() + at;
      Note(event.wd, event.mask, std::string(name, ::strnlen(name, length)), changes);
      at += length;
    }
  }
  if (changes.directory_changed) FollowDirectory();
  return changes;
}

void DirectoryWatch::Note(int watch, unsigned mask, const std::string& name,
                          DirectoryChanges& changes) {
  if ((mask & IN_Q_OVERFLOW) != 0) {
    changes.anything = true;
    // What was lost may have been the directory itself.
    changes.directory_changed = true;
  } else if (watch == parent_watch_ && watch != directory_watch_) {
    if (name == base_name_) changes.directory_changed = true;
  } else if (watch == directory_watch_) {
    if ((mask & IN_IGNORED) != 0) directory_watch_ = -1;  // the kernel has removed the watch
    if ((mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED)) != 0) {
      changes.directory_changed = true;
    } else if (!name.empty() && NeedsReading(mask, name)) {
      changes.files.insert(name);
    }
  }
}

bool DirectoryWatch::NeedsReading(unsigned mask, const std::string& name) const {
  if ((mask & IN_CREATE) == 0) return true;
  // A new file is empty until it is written; reading it now would only refuse it.
  struct stat status {};
  const std::string path = directory_ + "/" + name;
  if (::lstat(path.c_str(), &status) != 0) return false;
  return S_ISLNK(status.st_mode) || status.st_nlink > 1;
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/directory_watch.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
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
// Of a directory on the way: names in it, and itself, should the one above be unreadable.
constexpr std::uint32_t kStepEvents = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
                                      IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

std::string WithoutTrailingSlashes(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

DirectoryWatch::DirectoryWatch(UniqueFd inotify, std::string directory)
    : inotify_(std::move(inotify)), directory_(WithoutTrailingSlashes(std::move(directory))) {
  std::size_t begin = 0;  // of a name
  while (begin < directory_.size()) {
    const std::size_t end = std::min(directory_.find('/', begin), directory_.size());
    if (end > begin) {
      steps_.push_back({.path = begin == 0 ? "." : directory_.substr(0, begin),
                        .next = directory_.substr(begin, end - begin)});
    }
    begin = end + 1;
  }
}

Result<DirectoryWatch> DirectoryWatch::Create(const std::string& directory) {
  UniqueFd inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!inotify.IsOpen()) return SystemError(errno, "create inotify");
  DirectoryWatch watch(std::move(inotify), directory);
  PROCWALL_TRY_STATUS(watch.Follow());
  return watch;
}

// From the root down: whatever is put somewhere on the way while this goes on is either found below
// or told by the watch above. The error is about the parent; all that is there is followed anyway.
Status DirectoryWatch::Follow() {
  const std::set<int> before = Watches();
  Status status;
  for (Step& step : steps_) {
    step.watch = ::inotify_add_watch(inotify_.UnsafeFd(), step.path.c_str(), kStepEvents);
    if (step.watch >= 0 || &step != &steps_.back()) continue;
    status = SystemError(errno, "watch the parent directory");
  }
  directory_watch_ = ::inotify_add_watch(inotify_.UnsafeFd(), directory_.c_str(), kDirectoryEvents);
  const std::set<int> now = Watches();
  for (const int watch : before) {
    if (!now.contains(watch)) ::inotify_rm_watch(inotify_.UnsafeFd(), watch);
  }
  return status;
}

// Of two paths to one directory the kernel gives the same.
std::set<int> DirectoryWatch::Watches() const {
  std::set<int> watches;
  for (const Step& step : steps_) {
    if (step.watch >= 0) watches.insert(step.watch);
  }
  if (directory_watch_ >= 0) watches.insert(directory_watch_);
  return watches;
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
  if (changes.directory_changed) (void)Follow();  // a parent that is gone is waited for
  return changes;
}

void DirectoryWatch::Note(int watch, unsigned mask, const std::string& name,
                          DirectoryChanges& changes) {
  constexpr unsigned kIsGone = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED;
  const bool is_gone = (mask & kIsGone) != 0;
  if ((mask & IN_Q_OVERFLOW) != 0) {
    changes.anything = true;
    // What was lost may have been the directory itself.
    changes.directory_changed = true;
    return;
  }
  for (Step& step : steps_) {
    if (watch != step.watch) continue;
    if ((mask & IN_IGNORED) != 0) step.watch = -1;  // the kernel has removed the watch
    if (is_gone || name == step.next) changes.directory_changed = true;
  }
  if (watch != directory_watch_) return;
  if ((mask & IN_IGNORED) != 0) directory_watch_ = -1;
  if (is_gone) {
    changes.directory_changed = true;
  } else if (!name.empty() && NeedsReading(mask, name)) {
    changes.files.insert(name);
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

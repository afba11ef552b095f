// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/file_sink.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "record/event_json.h"

namespace procwall {
namespace {

constexpr mode_t kMode = 0640;

bool IsSameFile(int fd, const std::string& path) {
  struct stat open {};
  struct stat named {};
  return ::fstat(fd, &open) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

}  // namespace

FileSink::FileSink(std::string path) : path_(std::move(path)) {
  // Its directory alone: what cannot be made is said by what follows.
  (void)::mkdir(path_.substr(0, path_.rfind('/')).c_str(), 0750);
  (void)IsOpen();
}

bool FileSink::IsOpen() {
  if (file_.IsOpen() && IsSameFile(file_.UnsafeFd(), path_)) return true;
  file_ = UniqueFd(::open(
      path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, kMode));
  struct stat status {};
  if (file_.IsOpen() && ::fstat(file_.UnsafeFd(), &status) == 0 && S_ISREG(status.st_mode)) {
    trouble_.clear();
    return true;
  }
  trouble_ = file_.IsOpen() ? "is no file" : std::strerror(errno);
  file_.Reset();
  return false;
}

bool FileSink::Write(const v1::Event& event) {
  if (waiting_.size() >= kMostWaiting) Flush();
  if (waiting_.size() >= kMostWaiting || (!file_.IsOpen() && waiting_.empty() && !IsOpen())) {
    return false;
  }
  waiting_ += EventJson(event, 0) + "\n";
  return true;
}

void FileSink::Flush() {
  if (waiting_.empty() || !IsOpen()) return;
  WriteOut();
}

void FileSink::WriteOut() {
  std::size_t written = 0;
  while (written < waiting_.size()) {
    const ssize_t n =
        ::write(file_.UnsafeFd(), waiting_.data() + written, waiting_.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      trouble_ = std::strerror(errno);
      break;
    }
    written += static_cast<std::size_t>(n);
  }
  if (written == waiting_.size()) trouble_.clear();
  waiting_.erase(0, written);
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/journal_place.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "base/unique_fd.h"

namespace procwall {
namespace {

constexpr mode_t kDirectoryMode = 0700;
constexpr mode_t kFileMode = 0600;
constexpr mode_t kStrangersMayWrite = 0022;

tl::unexpected<std::string> Because(const std::string& path, const char* why) {
  return tl::unexpected(fmt::format("{}: {}", path, why));
}

bool IsTrusted(uid_t owner) { return owner == 0 || owner == ::geteuid(); }

tl::expected<UniqueFd, std::string> OpenDirectory(const std::string& path) {
  if (::mkdir(path.c_str(), kDirectoryMode) != 0 && errno != EEXIST) {
    return Because(path, std::strerror(errno));
  }
  UniqueFd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory.IsOpen()) {
    const bool is_link = errno == ELOOP || errno == ENOTDIR;
    return Because(path, is_link ? "is no directory, or a symbolic link" : std::strerror(errno));
  }
  struct stat status {};
  if (::fstat(directory.UnsafeFd(), &status) != 0) return Because(path, std::strerror(errno));
  if (!IsTrusted(status.st_uid)) return Because(path, "the directory belongs to another user");
  if ((status.st_mode & kStrangersMayWrite) != 0) {
    return Because(path, "others may write to the directory: `chmod go-w` it");
  }
  return directory;
}

tl::expected<void, std::string> PlaceFile(const UniqueFd& directory, const std::string& name,
                                          const std::string& path) {
  const UniqueFd file(::openat(directory.UnsafeFd(), name.c_str(),
                               O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, kFileMode));
  if (!file.IsOpen()) {
    return Because(path, errno == ELOOP ? "is a symbolic link" : std::strerror(errno));
  }
  struct stat status {};
  if (::fstat(file.UnsafeFd(), &status) != 0) return Because(path, std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return Because(path, "is no file");
  if (!IsTrusted(status.st_uid)) return Because(path, "belongs to another user");
  if (status.st_nlink != 1) return Because(path, "has a second name (a hard link)");
  if (::fchmod(file.UnsafeFd(), kFileMode) != 0) return Because(path, std::strerror(errno));
  return {};
}

}  // namespace

tl::expected<std::string, std::string> PlaceJournal(const std::string& path) {
  const std::filesystem::path wanted(path);
  if (!wanted.is_absolute() || !wanted.has_filename()) {
    return Because(path, "must be the absolute path of a file");
  }
  const std::string folder = wanted.parent_path().string();
  const auto directory = OpenDirectory(folder);
  if (!directory) return tl::unexpected(directory.error());
  const std::string name = wanted.filename().string();
  if (auto placed = PlaceFile(*directory, name, path); !placed) {
    return tl::unexpected(placed.error());
  }
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(folder, error);
  if (error) return Because(folder, error.message().c_str());
  return (real / name).string();
}

tl::expected<std::string, std::string> SetJournalAside(const std::string& path) {
  const std::string aside = path + ".damaged";
  if (std::rename(path.c_str(), aside.c_str()) != 0) return Because(aside, std::strerror(errno));
  // What was not merged yet belongs to it, and must not be taken for the new file's.
  if (std::rename((path + "-wal").c_str(), (aside + "-wal").c_str()) != 0) {
    ::unlink((aside + "-wal").c_str());
  }
  ::unlink((path + "-wal").c_str());
  ::unlink((path + "-shm").c_str());
  return aside;
}

}  // namespace procwall

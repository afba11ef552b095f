// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/packages.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <set>
#include <utility>

#include "base/directory_names.h"
#include "base/file.h"
#include "base/unique_fd.h"

namespace procwall {
namespace {

constexpr std::string_view kSuffix = ".list";

std::uint64_t HashOf(std::string_view path) { return std::hash<std::string_view>{}(path); }

std::int64_t ModifiedAt(const struct stat& status) {
  return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

// Shows each line to `visit` until it returns false.
template <typename Visit>
void VisitLines(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (!visit(text.substr(0, end))) return;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// "libc6:amd64.list"
std::string PackageOfList(std::string_view file_name) {
  file_name.remove_suffix(kSuffix.size());
  return std::string(file_name.substr(0, file_name.find(':')));
}

bool IsPathOfThisHost(const Process& process) {
  switch (process.executable_state) {
    case ExecutableState::kSame:
    case ExecutableState::kDeleted:
    case ExecutableState::kReplaced:
    case ExecutableState::kUnknown:
      return process.path.starts_with('/');
    case ExecutableState::kUnverified:
    case ExecutableState::kMemory:
    case ExecutableState::kForeign:
    case ExecutableState::kNamesake:
      return false;
  }
  return false;
}

}  // namespace

std::optional<std::string> Packages::Of(const Process& process) {
  if (!IsPathOfThisHost(process) || !ReadWhatChanged()) return std::nullopt;
  if (auto package = Find(process.path)) return package;
  // Packages may still say /bin/ls, though /bin is /usr/bin.
  constexpr std::string_view kUsr = "/usr/";
  const std::string_view path = process.path;
  if (path.starts_with(kUsr)) {
    if (auto package = Find(path.substr(kUsr.size() - 1))) return package;
  }
  return std::string();
}

std::optional<std::string> Packages::Find(std::string_view path) const {
  const std::uint64_t hash = HashOf(path);
  for (const auto& [name, list] : lists_) {
    if (!std::binary_search(list.paths.begin(), list.paths.end(), hash)) continue;
    const auto text =
        ReadFileAt(AT_FDCWD, (directory_ + "/" + name).c_str(), kMaxListBytes, OnLarge::kCut);
    if (!text) continue;
    bool is_listed = false;
    VisitLines(*text, [&](std::string_view line) { return !(is_listed = line == path); });
    if (is_listed) return PackageOfList(name);
  }
  return std::nullopt;
}

// dpkg renames each list into its place, which changes the directory.
Status Packages::ReadWhatChanged() {
  const UniqueFd directory =
      PROCWALL_TRY(OpenAt(AT_FDCWD, directory_.c_str(), O_RDONLY | O_DIRECTORY));
  struct stat status {};
  if (::fstat(directory.UnsafeFd(), &status) != 0) return SystemError(errno, "look at packages");
  if (ModifiedAt(status) == modified_) return {};
  std::set<std::string> names;
  PROCWALL_TRY_STATUS(VisitNames(directory, [&](const DirectoryName& name) {
    if (name.text.ends_with(kSuffix) && name.text.size() > kSuffix.size()) {
      names.emplace(name.text);
    }
    return names.size() < kMaxLists;
  }));
  std::erase_if(lists_, [&](const auto& list) { return !names.contains(list.first); });
  for (const std::string& name : names) {
    // A list that is just being replaced is read the next time.
    (void)ReadList(directory.UnsafeFd(), name, lists_[name]);
  }
  modified_ = ModifiedAt(status);
  return {};
}

Status Packages::ReadList(int directory_fd, const std::string& name, List& list) {
  struct stat status {};
  if (::fstatat(directory_fd, name.c_str(), &status, 0) != 0) {
    return SystemError(errno, "look at list of files");
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (list.modified == ModifiedAt(status) && list.size == size) return {};
  const std::string text =
      PROCWALL_TRY(ReadFileAt(directory_fd, name.c_str(), kMaxListBytes, OnLarge::kCut));
  list = {.modified = ModifiedAt(status), .size = size};
  VisitLines(text, [&](std::string_view line) {
    list.paths.push_back(HashOf(line));
    return true;
  });
  std::sort(list.paths.begin(), list.paths.end());
  list.paths.shrink_to_fit();
  return {};
}

}  // namespace procwall

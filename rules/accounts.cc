// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/accounts.h"

#include <grp.h>
#include <pwd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <memory>

namespace procwall {
namespace {

constexpr std::size_t kFirstBuffer = 4096;
constexpr std::size_t kLargestBuffer = std::size_t{1} << 22;  // a group of 100,000 users

// Calls `look(buffer)`, an ..._r function of the C library, until its buffer is large enough.
template <typename Look>
void WithBuffer(Look look) {
  for (std::size_t size = kFirstBuffer; size <= kLargestBuffer; size *= 4) {
    std::vector<char> buffer(size);
    if (look(buffer) != ERANGE) return;
  }
}

void AddUsersOfFirstGroup(gid_t group, std::vector<Uid>& users) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen("/etc/passwd", "re"),
                                                             std::fclose);
  if (file == nullptr) return;
  std::vector<char> buffer(std::size_t{1} << 16);
  passwd entry{};
  passwd* found = nullptr;
  while (::fgetpwent_r(file.get(), &entry, buffer.data(), buffer.size(), &found) == 0) {
    if (entry.pw_gid == group) users.push_back(entry.pw_uid);
  }
}

}  // namespace

std::optional<Uid> SystemAccounts::FindUser(const std::string& name) const {
  std::optional<Uid> uid;
  WithBuffer([&](std::vector<char>& buffer) {
    passwd entry{};
    passwd* found = nullptr;
    const int error = ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    if (found != nullptr) uid = entry.pw_uid;
    return error;
  });
  return uid;
}

std::optional<std::vector<Uid>> SystemAccounts::FindGroup(const std::string& name) const {
  std::optional<gid_t> group;
  std::vector<std::string> members;
  WithBuffer([&](std::vector<char>& buffer) {
    struct group entry {};
    struct group* found = nullptr;
    const int error = ::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    if (found != nullptr) {
      group = entry.gr_gid;
      for (char** member = entry.gr_mem; *member != nullptr; ++member)
        members.emplace_back(*member);
    }
    return error;
  });
  if (!group) return std::nullopt;
  std::vector<Uid> users;
  for (const std::string& member : members) {
    if (const auto uid = FindUser(member)) users.push_back(*uid);
  }
  AddUsersOfFirstGroup(*group, users);
  return users;
}

}  // namespace procwall

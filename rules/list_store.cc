// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/list_store.h"

#include <sys/epoll.h>

#include <utility>

namespace procwall {

ListStore::ListStore(uid_t reader) : reader_(reader) {}

const ListState& ListStore::Find(std::string directory, ListKind kind) {
  while (directory.size() > 1 && directory.back() == '/') directory.pop_back();
  const std::scoped_lock lock(finding_);
  const auto [entry, is_new] = lists_.try_emplace({directory, kind});
  Followed& followed = entry->second;
  if (!is_new) return followed.state;
  followed.state.directory = directory;
  if (epoll_fd_ >= 0) Follow(followed);  // before it is read, so that no change is overlooked
  ReadList read = ReadListDirectory(directory, kind, reader_);
  followed.state.list = std::move(read.list);
  followed.state.report = std::move(read.report);
  return followed.state;
}

void ListStore::FollowWith(int epoll_fd) {
  epoll_fd_ = epoll_fd;
  RetryFollowing();
}

bool ListStore::Reload() {
  bool changed = false;
  for (auto& [key, followed] : lists_) {
    if (followed.watch && !followed.watch->Drain().None()) changed |= ReadAgain(key, followed);
  }
  return changed;
}

bool ListStore::RetryFollowing() {
  if (epoll_fd_ < 0) return false;
  bool changed = false;
  for (auto& [key, followed] : lists_) {
    if (!followed.watch && Follow(followed)) changed |= ReadAgain(key, followed);
  }
  return changed;
}

void ListStore::DropUnused() {
  std::erase_if(lists_, [](const auto& entry) { return entry.second.state.list.use_count() == 1; });
}

std::vector<ListState> ListStore::States() const {
  std::vector<ListState> states;
  for (const auto& [key, followed] : lists_) states.push_back(followed.state);
  return states;
}

bool ListStore::Follow(Followed& followed) const {
  auto watch = DirectoryWatch::Create(followed.state.directory);
  if (!watch) return false;
  epoll_event event{};
  event.events = EPOLLIN;
  // Closing the watch takes it out again.
  if (::epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, watch->UnsafeFd(), &event) != 0) return false;
  followed.watch = *std::move(watch);
  return true;
}

bool ListStore::ReadAgain(const Key& key, Followed& followed) const {
  ReadList read = ReadListDirectory(key.first, key.second, reader_);
  ListState& state = followed.state;
  state.report = std::move(read.report);
  state.is_last_good = !state.report.missing.empty() && state.list->Size() != 0;
  if (!state.is_last_good) state.list = std::move(read.list);
  return !state.is_last_good;
}

}  // namespace procwall

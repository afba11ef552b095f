// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <sys/types.h>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/directory_watch.h"
#include "rules/list.h"
#include "rules/list_directory.h"

namespace procwall {

// What is known of one directory of lists.
struct ListState {
  std::string directory;
  std::shared_ptr<const List> list;  // in force; never null
  ListReport report;                 // of the newest reading
  bool is_last_good = false;  // the newest reading missed something: an older one is in force
};

// The lists that rules name: each directory is read once, shared by all rules that name it, and
// followed. Lists that nobody holds any more are let go. Thread rule: one thread only; but Find()
// from several at once, while nothing else is called.
class ListStore {
 public:
  // See WhyNotTrusted().
  explicit ListStore(uid_t reader);

  // The list of that directory; reads it if nobody has asked for it yet. What cannot be read is in
  // the state's report; the list is empty then.
  const ListState& Find(std::string directory, ListKind kind);

  // Follows all directories, also later ones, by adding their fds to that epoll instance, which
  // must outlive the store.
  void FollowWith(int epoll_fd);
  // Reads again what has changed; true if any list is another now. A reading that misses files or
  // the directory changes nothing, unless nothing was there before.
  bool Reload();
  // Tries again to follow directories that could not be followed, as the one they are in was not
  // there; true as for Reload(). Worth a call now and then.
  bool RetryFollowing();

  void DropUnused();
  std::vector<ListState> States() const;

 private:
  struct Followed {
    ListState state;
    std::optional<DirectoryWatch> watch;
  };
  using Key = std::pair<std::string, ListKind>;

  bool Follow(Followed& followed) const;
  bool ReadAgain(const Key& key, Followed& followed) const;

  uid_t reader_;
  std::mutex finding_;
  int epoll_fd_ = -1;
  std::map<Key, Followed> lists_;
};

}  // namespace procwall

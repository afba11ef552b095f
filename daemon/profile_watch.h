// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "base/unique_fd.h"
#include "base/wakeup.h"
#include "daemon/network_profile.h"
#include "net/netlink.h"

namespace procwall {

// Which network this host is in, by its default routes: the thread "profile" asks the kernel when
// it starts and whenever links, routes or neighbours change, kPause apart at least. Thread rule:
// construct and destroy on one thread; `changed` is called on its own, once before Start() returns.
class ProfileWatch {
 public:
  using Changed = std::function<void(const std::string& profile)>;
  static constexpr std::chrono::milliseconds kPause{50};

  // `changed` is told the name that is in force from now on.
  static tl::expected<std::unique_ptr<ProfileWatch>, std::string> Start(
      std::vector<NetworkProfile> profiles, Changed changed);
  ~ProfileWatch();
  ProfileWatch(const ProfileWatch&) = delete;
  ProfileWatch& operator=(const ProfileWatch&) = delete;

 private:
  ProfileWatch(std::vector<NetworkProfile> profiles, Changed changed, NetlinkSocket route,
               UniqueFd news, Wakeup stop);
  void Run();
  void Look();
  std::vector<NetworkPlace> Places();

  const std::vector<NetworkProfile> profiles_;
  const Changed changed_;
  NetlinkSocket route_;
  const UniqueFd news_;
  const Wakeup stop_;
  std::string profile_;  // empty: not looked yet
  std::atomic<bool> stopping_{false};
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace procwall

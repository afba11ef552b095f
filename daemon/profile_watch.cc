// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Tested by tests/lab/profile_test.py.
#include "daemon/profile_watch.h"

#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <array>
#include <cerrno>
#include <optional>

#include <spdlog/spdlog.h>

#include "base/printable.h"

namespace procwall {
namespace {

constexpr std::uint32_t kNews = RTMGRP_LINK | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE | RTMGRP_NEIGH;

std::optional<NetworkPlace> PlaceOf(NetlinkSocket& route, IpFamily family) {
  std::optional<DefaultWay> way;
  auto question = EncodeWayQuestion(family);
  const Status asked = route.Request(question, [&way](Bytes message) -> Status {
    way = PROCWALL_TRY(DecodeWay(message));
    return {};
  });
  if (!asked || !way) return std::nullopt;
  std::array<char, IF_NAMESIZE> name{};
  NetworkPlace place;
  if (::if_indextoname(way->ifindex, name.data()) != nullptr) place.interface = name.data();
  place.gateway = way->gateway;
  if (!way->gateway) return place;
  auto neighbour = EncodeNeighbourQuestion(way->ifindex, *way->gateway);
  // One that is not known is no failure: news come when it is.
  (void)route.Request(neighbour, [&place](Bytes message) -> Status {
    place.gateway_mac = PROCWALL_TRY(DecodeNeighbour(message));
    return {};
  });
  return place;
}

void Drain(const UniqueFd& news) {
  std::array<char, 8192> bytes;  // what they say does not matter
  while (::recv(news.UnsafeFd(), bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
  }
}

}  // namespace

tl::expected<std::unique_ptr<ProfileWatch>, std::string> ProfileWatch::Start(
    std::vector<NetworkProfile> profiles, Changed changed) {
  auto route = NetlinkSocket::Open(NETLINK_ROUTE);
  if (!route) return tl::unexpected(route.error().ToString());
  auto news = OpenNetlinkNews(NETLINK_ROUTE, kNews);
  if (!news) return tl::unexpected(news.error().ToString());
  auto stop = Wakeup::Create();
  if (!stop) return tl::unexpected(stop.error().ToString());
  return std::unique_ptr<ProfileWatch>(new ProfileWatch(std::move(profiles), std::move(changed),
                                                        *std::move(route), *std::move(news),
                                                        *std::move(stop)));
}

ProfileWatch::ProfileWatch(std::vector<NetworkProfile> profiles, Changed changed,
                           NetlinkSocket route, UniqueFd news, Wakeup stop)
    : profiles_(std::move(profiles)),
      changed_(std::move(changed)),
      route_(std::move(route)),
      news_(std::move(news)),
      stop_(std::move(stop)) {
  Look();  // so that the first packet is judged by it already
  thread_ = std::thread([this] { Run(); });
}

ProfileWatch::~ProfileWatch() {
  stopping_.store(true);
  stop_.Wake();
  thread_.join();
}

void ProfileWatch::Run() {
  ::pthread_setname_np(::pthread_self(), "profile");
  while (!stopping_.load()) {
    std::array<pollfd, 2> fds{{{stop_.UnsafeFd(), POLLIN, 0}, {news_.UnsafeFd(), POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), -1) < 0 && errno != EINTR) return;
    // Changes come in crowds.
    pollfd stopping{stop_.UnsafeFd(), POLLIN, 0};
    (void)::poll(&stopping, 1, static_cast<int>(kPause.count()));
    Drain(news_);
    if (!stopping_.load()) Look();
  }
}

std::vector<NetworkPlace> ProfileWatch::Places() {
  std::vector<NetworkPlace> places;
  for (const IpFamily family : {IpFamily::kV4, IpFamily::kV6}) {
    if (auto place = PlaceOf(route_, family)) places.push_back(*std::move(place));
  }
  return places;
}

void ProfileWatch::Look() {
  std::string profile = ProfileOf(profiles_, Places());
  if (profile == profile_) return;
  spdlog::info("event=network_profile name=\"{}\" before=\"{}\"", Printable(profile),
               Printable(profile_));
  profile_ = std::move(profile);
  changed_(profile_);
}

}  // namespace procwall

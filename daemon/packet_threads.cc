// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/packet_threads.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace procwall {
namespace {

std::string WhyNoQueue(const Error& error, int number) {
  switch (error.code) {
    case Errc::kBusy:
      return fmt::format(
          "queue number {} is taken by another program (opensnitchd, or another procwalld): stop "
          "it, or choose another number with -queue-num",
          number);
    case Errc::kPermission:
      return fmt::format("the kernel refuses us queue number {}: run procwalld as root", number);
    case Errc::kUnsupported:
      return "this kernel has no NFQUEUE (CONFIG_NETFILTER_NETLINK_QUEUE)";
    default:
      return fmt::format("queue number {}: {}", number, error.ToString());
  }
}

}  // namespace

tl::expected<std::vector<PacketQueue>, std::string> OpenQueues(const Settings& settings) {
  std::vector<PacketQueue> queues;
  for (std::uint16_t i = 0; i < settings.queues; ++i) {
    QueueOptions options;
    options.number = static_cast<std::uint16_t>(settings.queue_number + i);
    options.flow_mark = settings.flow_mark;
    auto queue = PacketQueue::Open(options);
    if (!queue) return tl::unexpected(WhyNoQueue(queue.error(), options.number));
    queues.push_back(*std::move(queue));
  }
  return queues;
}

tl::expected<std::unique_ptr<PacketThreads>, std::string> PacketThreads::Start(
    std::vector<PacketQueue> queues, const Lanes& lanes, const PacketThread::Parts& parts,
    const std::function<Result<Sockets>()>& sockets) {
  auto threads = std::make_unique<PacketThreads>();
  for (Lane lane = 0; lane < queues.size(); ++lane) {
    auto own = sockets();
    if (!own) return tl::unexpected(own.error().ToString());
    PacketThread::Parts of_lane = parts;
    of_lane.waker = &lanes.Of(lane);
    of_lane.lane = lane;
    of_lane.lanes = queues.size();
    if (lane != 0) of_lane.resolved = nullptr;  // names are shared: one hears them for all
    threads->threads_.push_back(
        std::make_unique<PacketThread>(std::move(queues[lane]), *std::move(own), of_lane));
  }
  return threads;
}

void PacketThreads::Stop() {
  for (const auto& thread : threads_) thread->BeginStop();
  for (const auto& thread : threads_) thread->Stop();
}

bool PacketThreads::HasFailed() const {
  return std::ranges::any_of(threads_, [](const auto& thread) { return thread->HasFailed(); });
}

}  // namespace procwall

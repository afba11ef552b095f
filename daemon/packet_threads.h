// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/packet_thread.h"

namespace procwall {

// Binds the queues of `settings`: as many numbers as there are to be packet threads, from the first
// on. The error is for people: which number, and what to do.
tl::expected<std::vector<PacketQueue>, std::string> OpenQueues(const Settings& settings);

// One packet thread for each queue. The kernel chooses the queue by the addresses of a packet, so a
// flow stays with its thread, in order; all connections between the same two addresses share one.
// What a thread asks of the finder, the gatherer of facts and the desk comes back to it alone.
// Thread rule: construct, Stop() and destroy on one thread, the rest from any.
class PacketThreads {
 public:
  using Sockets = PacketThread::Sockets;
  // `parts` are those of every thread; `waker`, `lane` and `lanes` are set here, by `lanes`: as
  // many as there are queues. `resolved` is for the first. `sockets` are each thread's own.
  static tl::expected<std::unique_ptr<PacketThreads>, std::string> Start(
      std::vector<PacketQueue> queues, const Lanes& lanes, const PacketThread::Parts& parts,
      const std::function<Result<Sockets>()>& sockets);

  // Lets all of them finish what waits, at the same time.
  void Stop();
  bool HasFailed() const;  // any of them
  std::size_t ReceiveBufferBytes() const { return threads_.front()->ReceiveBufferBytes(); }
  std::size_t Count() const { return threads_.size(); }
  std::uint64_t Packets(Lane lane) const { return threads_[lane]->Packets(); }

 private:
  std::vector<std::unique_ptr<PacketThread>> threads_;
};

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>

#include "attribution/foreign_sockets.h"
#include "attribution/namespace_list.h"
#include "attribution/procfs.h"
#include "base/clock.h"
#include "base/unique_fd.h"

namespace procwall {

// Goes into every other network namespace that processes live in, asks which addresses it has, and
// for its sockets where one is a packet's source. Nothing is kept from one call to the next: an
// open socket would keep a namespace alive after its last process, and an address can be another's
// by then. About 50 us a namespace. Limits: kMaxNamespaces (kTooLarge) and kBudget a call
// (kTimedOut); a namespace that may not be entered makes every answer kPermission, because the
// address may be its own. Needs CAP_SYS_ADMIN. Thread rule: one thread only, whose network
// namespace it changes while Find() runs.
class NamespaceSockets final : public ForeignSockets {
 public:
  static constexpr std::size_t kMaxNamespaces = 1024;
  static constexpr std::chrono::milliseconds kBudget{300};

  // `clock` must outlive it. Call it in the namespace that is ours.
  static Result<std::unique_ptr<NamespaceSockets>> Open(const Clock& clock);

  std::vector<Answer> Find(std::span<const Connection> connections) override;

 private:
  NamespaceSockets(const Clock& clock, Procfs procfs, UniqueFd home, std::uint64_t home_inode)
      : clock_(clock),
        procfs_(std::move(procfs)),
        home_(std::move(home)),
        home_inode_(home_inode) {}

  Status Visit(const NetworkNamespace& one, std::span<const Connection> connections,
               std::vector<Answer>& answers);

  const Clock& clock_;
  Procfs procfs_;
  UniqueFd home_;  // our own /proc/self/ns/net
  std::uint64_t home_inode_;
};

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"
#include "base/waker.h"

namespace procwall {

// An eventfd: one thread sleeps in poll() on Fd(), any other wakes it. Several wakes may become
// one. Thread rule: Wake() from any thread and from a signal handler; Clear() by the sleeper.
class Wakeup final : public Waker {
 public:
  static Result<Wakeup> Create();

  int UnsafeFd() const { return fd_.UnsafeFd(); }
  void Wake() const override;
  void Clear() const;

 private:
  explicit Wakeup(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

namespace procwall {

// While it lives, the first SIGINT, SIGTERM or SIGHUP calls `on_interrupt` from a thread of its
// own, and the second ends the process. Build it before any other thread is started: they inherit
// that these signals are not for them. Restores the signal mask of the thread that built it.
class InterruptListener {
 public:
  explicit InterruptListener(std::function<void()> on_interrupt);
  ~InterruptListener();
  InterruptListener(const InterruptListener&) = delete;
  InterruptListener& operator=(const InterruptListener&) = delete;

 private:
  void Listen(const sigset_t& signals);

  std::function<void()> on_interrupt_;
  sigset_t mask_before_{};
  std::atomic<bool> ended_ = false;
  std::thread thread_;
};

}  // namespace procwall

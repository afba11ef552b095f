// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/interrupt.h"

#include <unistd.h>

#include <utility>

namespace procwall {

InterruptListener::InterruptListener(std::function<void()> on_interrupt)
    : on_interrupt_(std::move(on_interrupt)) {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&signals, signal);
  ::pthread_sigmask(SIG_BLOCK, &signals, &mask_before_);
  thread_ = std::thread([this, signals] { Listen(signals); });
}

InterruptListener::~InterruptListener() {
  ended_ = true;
  ::pthread_kill(thread_.native_handle(), SIGHUP);  // wakes sigwait(), delivered to nobody else
  thread_.join();
  ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

void InterruptListener::Listen(const sigset_t& signals) {
  int signal = 0;
  ::sigwait(&signals, &signal);
  if (ended_) return;
  on_interrupt_();
  ::sigwait(&signals, &signal);
  if (ended_) return;
  // The command did not end, perhaps because nobody reads its output: this time nothing is polite.
  ::_exit(128 + signal);
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/keyed_hash.h"

#include <sys/random.h>
#include <unistd.h>

#include <ctime>

namespace procwall {

HashSecret HashSecret::Draw() noexcept {
  HashSecret secret;
  // At most 256 bytes come whole or not at all; "not at all" is a kernel before 3.17 or a filter
  // of system calls. A secret that is only hard to guess is then better than no program.
  if (::getrandom(&secret, sizeof secret, GRND_NONBLOCK) != sizeof secret) {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    secret.first = static_cast<std::uint64_t>(now.tv_nsec) * 0x9e3779b97f4a7c15U;
    secret.second = static_cast<std::uint64_t>(::getpid()) * 0xc4ceb9fe1a85ec53U;
  }
  return secret;
}

}  // namespace procwall

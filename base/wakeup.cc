// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/wakeup.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace procwall {

Result<Wakeup> Wakeup::Create() {
  UniqueFd fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!fd.IsOpen()) return SystemError(errno, "create eventfd");
  return Wakeup(std::move(fd));
}

void Wakeup::Wake() const {
  const std::uint64_t one = 1;
  // EAGAIN means that the counter is at its maximum: the sleeper is awake anyway.
  [[maybe_unused]] const auto written = ::write(fd_.UnsafeFd(), &one, sizeof(one));
}

void Wakeup::Clear() const {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto read = ::read(fd_.UnsafeFd(), &count, sizeof(count));
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <string>

#include "attribution/names.h"
#include "base/clock.h"
#include "base/guarded.h"
#include "net/dns_message.h"
#include "net/ip_address.h"

namespace procwall {

// What all packet threads have learnt from DNS answers: the answer and the connection that follows
// may come up by different queues. Thread rule: all methods from any thread; the lock is held for
// one lookup or one answer.
class SharedNames {
 public:
  // The clock must outlive it.
  explicit SharedNames(const Clock& clock) : names_(std::make_unique<Names>(clock)) {}
  void Learn(const DnsMessage& answer) { (*names_.Lock())->Learn(answer); }
  std::string NameOf(const IpAddress& address) {
    return std::string((*names_.Lock())->NameOf(address));
  }

 private:
  Guarded<std::unique_ptr<Names>> names_;
};

}  // namespace procwall

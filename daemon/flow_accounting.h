// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>

namespace procwall {

// Whether the kernel counts what flows move: net.netfilter.nf_conntrack_acct of this network
// namespace. It is a setting of the host's, so it is switched on only with consent, and put back at
// the end if it was off; who kills us leaves it on. Only flows that begin while it is on are
// counted. Thread rule: construct and destroy on one thread; the rest from any.
class FlowAccounting {
 public:
  enum class Consent : std::uint8_t { kNo, kYes };
  static constexpr const char* kSetting = "/proc/sys/net/netfilter/nf_conntrack_acct";

  // `setting`: another file for a test.
  explicit FlowAccounting(Consent consent, std::string setting = kSetting);
  ~FlowAccounting();
  FlowAccounting(const FlowAccounting&) = delete;
  FlowAccounting& operator=(const FlowAccounting&) = delete;

  // As it is now: others may switch it, too.
  bool Counts() const;
  // For people: why nothing is counted, and what to do about it; empty: it is.
  std::string WhyNot() const;

 private:
  const Consent consent_;
  const std::string setting_;
  bool switched_on_ = false;  // by us
  std::string trouble_;       // why we could not
};

}  // namespace procwall

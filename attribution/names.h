// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "attribution/process.h"
#include "base/clock.h"
#include "net/dns_message.h"
#include "net/ip_address.h"

namespace procwall {

// How the name of the other side is known.
enum class NameSource : std::uint8_t {
  kNone,             // it is not
  kQuery,            // the packet itself asks for it
  kDns,              // the same program was told this address when it asked for the name
  kDnsOtherProgram,  // another program was, or nobody knows which; or the same program was told
                     // this address for several names
  kResolved,         // systemd-resolved told us; not who asked
  kSni,              // the packet says so itself, and nothing else is known: its server name
};
const char* NameSourceName(NameSource source);  // "", "query", "dns", ...

// Who asked for a name. Equal texts are the same program: its executable as rules name it, the
// script it was told to run, its container. Empty: not known.
struct NameAsker {
  std::string program{};
  ProcessId process{};
};
NameAsker AskerOf(const Process& process);

// Which name an address was resolved from, learnt from the DNS answers this host receives, with
// whoever asked. The name is the one that was asked, through the CNAME chain. Records that the
// chain does not lead to are not learnt, or a server could give any name to its addresses; nor are
// loopback and unspecified addresses. The latest answer wins, of each process by itself. Whether an
// answer belongs to a query of this host is the caller's business.
//
// Entries live for their TTL, at least kMinLifetime (programs keep addresses longer than they may)
// and at most kMaxLifetime. Bounded, however many answers come: kMaxEntries and kMaxNameBytes over
// all, kMaxPerAddress of one address, kMaxPerAnswer of one answer. When it is full, the program
// with the most entries gives one up: the oldest that has not named a connection yet, unless it has
// only kKeptFresh of those, else the one whose use is the longest ago. So neither a flood of
// answers nor a program that asks for everything pushes out the names that others use. Thread rule:
// one thread only.
class Names {
 public:
  static constexpr std::size_t kMaxEntries = 20000;
  static constexpr std::size_t kMaxNameBytes = std::size_t{4} << 20;
  static constexpr std::size_t kMaxPerAddress = 16;
  static constexpr std::size_t kMaxPerAnswer = 64;
  static constexpr std::size_t kKeptFresh = 64;
  static constexpr std::chrono::minutes kMinLifetime{10};
  static constexpr std::chrono::hours kMaxLifetime{24};

  explicit Names(const Clock& clock);  // must outlive it
  ~Names();
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  // `source`: kDns, or kResolved, of which nobody knows who asked.
  void Learn(const DnsMessage& answer, const NameAsker& asker = {},
             NameSource source = NameSource::kDns);

  // Empty and kNone when unknown or expired. Counts as a use. Valid until the next Learn(). The
  // best for `asker`: what the process was told, else its program, else systemd-resolved, else
  // anybody; of several, the latest.
  struct Name {
    std::string_view text{};
    NameSource source = NameSource::kNone;

    friend bool operator==(const Name&, const Name&) = default;
  };
  Name NameOf(const IpAddress& address, const NameAsker& asker);
  // Has anybody been told a name of it? No use.
  bool Knows(const IpAddress& address) const;

  std::size_t Size() const;  // expired entries that were not replaced yet included

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace procwall

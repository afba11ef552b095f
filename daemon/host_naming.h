// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "daemon/judgement.h"
#include "daemon/shared_names.h"
#include "daemon/shared_rules.h"
#include "daemon/tls_watch.h"
#include "daemon/walk.h"
#include "net/packet.h"
#include "rules/rule_set.h"

namespace procwall {

// Which host a packet goes to, as far as a name is known: the one its address was resolved from, by
// its program if possible; the one a DNS query asks for; the one that the packet itself names
// (QUIC), or the first data of its connection, which comes up later (TLS). Thread rule: one packet
// thread.
class HostNaming {
 public:
  // The references must outlive it. `looks_into_tls`: the first data of connections can be made to
  // come up.
  HostNaming(SharedNames& names, const SharedRules& rules, bool looks_into_tls)
      : names_(names), rules_(rules), looks_into_tls_(looks_into_tls) {}

  // What the packet itself says. Its bytes are there only now.
  void Read(const Packet& packet, Walk& walk) const;
  // The best that is known now: more may be known than when it came up. True: it is another one.
  bool GiveName(Walk& walk);

  bool LooksIntoTls() const { return looks_into_tls_; }
  // A connection over TCP names its server later than it is decided: if nobody has told a name of
  // the address, or a rule asks, its first data comes up, too.
  bool MayNameServer(const Walk& walk, const RuleSet& rules) const;
  // The first data of a connection that was let through.
  TlsWatch::Seen See(const Packet& packet, const Walk& walk) {
    return tls_.See(KeyOf(walk.connection), packet.payload, walk.received);
  }
  // It is let through.
  void NotePassed(const Walk& walk, const Judgement& judged);

 private:
  void ReadQuicInitial(const Packet& packet, Walk& walk) const;
  void NoteAsked(const Walk& walk);

  SharedNames& names_;
  const SharedRules& rules_;
  const bool looks_into_tls_;
  TlsWatch tls_;
};

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <set>
#include <string>

#include "rules/facts.h"

namespace procwall {

// What a rule set asks of a subject: everything else need not be found out.
struct FactsNeeded {
  bool process = false;    // anything of the process; user.id too, when the packet does not tell
  bool args = false;       // Process::args
  bool ancestors = false;  // Process::ancestors
  bool script = false;     // Process::script
  bool container = false;  // Process::container
  bool unit = false;       // Process::unit
  bool host = false;       // Subject::host
  bool sni = false;        // Subject::sni
  bool md5 = false;        // Subject::hashes
  bool sha1 = false;
  bool sha256 = false;
  bool package = false;                 // Subject::package
  bool creator = false;                 // Subject::creator
  bool interfaces = false;              // Subject::in_interface, out_interface
  bool now = false;                     // Subject::now
  bool profile = false;                 // Subject::profile
  std::set<std::string> environment{};  // those variables in Subject::environment

  FactsNeeded& operator|=(const FactsNeeded& other);
  friend bool operator==(const FactsNeeded&, const FactsNeeded&) = default;
};

FactsNeeded NeedsOfFact(TextFact fact);
FactsNeeded NeedsOfFact(NumberFact fact);

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/guarded.h"

namespace procwall {

// What people should know about the firewall rules, a sentence each, for the status. Whoever finds
// something out has a topic of its own, and replaces what it said before. Thread rule: any thread.
class FirewallNotes {
 public:
  void Set(const std::string& topic, std::vector<std::string> notes) {
    (*notes_.Lock())[topic] = std::move(notes);
  }
  std::vector<std::string> All() const {
    std::vector<std::string> all;
    for (const auto& [topic, notes] : notes_.Copy()) {
      all.insert(all.end(), notes.begin(), notes.end());
    }
    return all;
  }

 private:
  Guarded<std::map<std::string, std::vector<std::string>>> notes_;
};

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/firewall_notes.h"
#include "daemon/system_firewall_file.h"
#include "rules/directory_watch.h"

namespace procwall {

// Follows OpenSnitch's system-fw.json. A file that cannot be read leaves what it said before in
// force; what is wrong with it is logged and noted, with file, line and reason. Thread rule: one
// thread that may block. `notes` must outlive it.
class SystemRules {
 public:
  // `path`: empty: there is none.
  SystemRules(std::string path, FirewallNotes& notes);

  // Readable when something in its directory changed; -1: nobody tells.
  int UnsafeFd() const { return watch_ ? watch_->UnsafeFd() : -1; }
  // Reads the file. True: Current() is another than before.
  bool Load();
  // The same if the file is among what changed.
  bool OnChange();
  // What the file says, to be installed; null: nothing.
  std::shared_ptr<const SystemFirewall> Current() const { return current_; }
  // It stands in the kernel, but for `refused` of it; an empty `failure`, or why none of it does.
  void TellInstalled(const std::vector<RuleError>& refused, const std::string& failure);

 private:
  void Refuse(const std::string& why);
  void Note(std::vector<std::string> notes);

  const std::string path_;
  std::string directory_;
  std::string name_;
  FirewallNotes& notes_;
  std::optional<DirectoryWatch> watch_;
  std::shared_ptr<const SystemFirewall> current_;
};

}  // namespace procwall

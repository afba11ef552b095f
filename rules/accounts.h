// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "net/connection.h"

namespace procwall {

// Users and groups by their names. Thread rule: one thread only.
class Accounts {
 public:
  virtual ~Accounts() = default;
  virtual std::optional<Uid> FindUser(const std::string& name) const = 0;
  // The users who are in that group, it being their first one or not; nullopt: no such group.
  virtual std::optional<std::vector<Uid>> FindGroup(const std::string& name) const = 0;
};

// Those of this host, as its name service knows them. Users whose first group it is are looked for
// in /etc/passwd only: other sources need not tell whom they have.
class SystemAccounts final : public Accounts {
 public:
  std::optional<Uid> FindUser(const std::string& name) const override;
  std::optional<std::vector<Uid>> FindGroup(const std::string& name) const override;
};

}  // namespace procwall

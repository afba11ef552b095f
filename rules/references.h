// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>

#include "rules/accounts.h"
#include "rules/list_store.h"
#include "rules/network_aliases.h"

namespace procwall {

// What rules name that lies outside their files; looked up when a rule is compiled.
struct References {
  NetworkAliases aliases{};
  std::shared_ptr<const Accounts> accounts = std::make_shared<const SystemAccounts>();
  std::shared_ptr<ListStore> lists{};  // null: no list is read, and all are taken for empty

  const Accounts& Users() const { return *accounts; }
};

}  // namespace procwall

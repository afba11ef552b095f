// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "net/prefix.h"

namespace procwall {

// Names for networks, as conditions of type network use them: "LAN". OpenSnitch's file
// network_aliases.json: an object of names, each with an array of networks. Immutable.
class NetworkAliases {
 public:
  NetworkAliases();  // LAN and MULTICAST, as OpenSnitch ships them

  // Instead of those, what the file says. An entry that is no network is left out and told in
  // `notes`; the error is about the JSON, with line and column.
  static tl::expected<NetworkAliases, std::string> Parse(std::string_view json,
                                                         std::vector<std::string>& notes);

  // Null: no such name. Names are compared byte by byte.
  const std::vector<Prefix>* Find(std::string_view name) const;

 private:
  std::map<std::string, std::vector<Prefix>, std::less<>> networks_;
};

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
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

  // The same with such a file; nullopt: it is not there. The error is a sentence about the file for
  // people, also when `reader` must not trust it: see WhyNotTrusted().
  static constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20;
  static tl::expected<std::optional<NetworkAliases>, std::string> Load(
      const std::string& path, std::vector<std::string>& notes, uid_t reader = ::geteuid());

  // Null: no such name. Names are compared byte by byte.
  const std::vector<Prefix>* Find(std::string_view name) const;

 private:
  std::map<std::string, std::vector<Prefix>, std::less<>> networks_;
};

// The path of the network_aliases.json that lies beside this file or directory.
std::string NetworkAliasesBeside(const std::string& path);

// What a program that does not know the daemon's configuration takes for its aliases.
struct AssumedAliases {
  NetworkAliases aliases{};  // the built-in ones if there is no file, or if it cannot be used
  std::string file{};        // empty: there is none
  std::string error{};       // empty: the file can be used
  std::vector<std::string> notes{};
};
// Those beside a rule directory; if there are none, those beside the default configuration.
AssumedAliases AssumeAliases(const std::string& rule_directory);

}  // namespace procwall

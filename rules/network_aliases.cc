// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/network_aliases.h"

#include <initializer_list>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/printable.h"
#include "rules/json_places.h"

namespace procwall {
namespace {

using Json = nlohmann::json;

// nlohmann's exceptions end here.
tl::expected<Json, std::string> ParseJson(std::string_view text) {
  try {
    return Json::parse(text, nullptr, /*allow_exceptions=*/true, /*ignore_comments=*/true);
  } catch (const Json::parse_error& error) {
    const LineColumn at = LineColumnAt(text, error.byte == 0 ? 0 : error.byte - 1);
    return tl::unexpected(fmt::format("{}:{}: not JSON", at.line, at.column));
  } catch (const Json::exception&) {
    return tl::unexpected(std::string("not JSON"));
  }
}

}  // namespace

NetworkAliases::NetworkAliases() {
  const auto add = [&](const char* name, std::initializer_list<const char*> texts) {
    for (const char* const text : texts) networks_[name].push_back(Prefix::Parse(text).value());
  };
  add("LAN",
      {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "::1/128", "fc00::/7"});
  add("MULTICAST", {"224.0.0.0/4", "ff00::/8"});
}

tl::expected<NetworkAliases, std::string> NetworkAliases::Parse(std::string_view json,
                                                                std::vector<std::string>& notes) {
  const auto parsed = ParseJson(json);
  if (!parsed) return tl::unexpected(parsed.error());
  if (!parsed->is_object()) return tl::unexpected(std::string("expected an object of names"));
  NetworkAliases aliases;
  aliases.networks_.clear();
  for (const auto& [name, list] : parsed->items()) {
    if (!list.is_array()) {
      notes.push_back(fmt::format("{}: expected an array of networks", Printable(name)));
      continue;
    }
    for (const Json& entry : list) {
      const auto network =
          entry.is_string() ? Prefix::Parse(entry.get_ref<const std::string&>()) : std::nullopt;
      if (network) {
        aliases.networks_[name].push_back(*network);
      } else {
        notes.push_back(
            fmt::format("{}: {} is no network", Printable(name),
                        Printable(entry.dump(-1, ' ', true, Json::error_handler_t::replace))));
      }
    }
  }
  return aliases;
}

const std::vector<Prefix>* NetworkAliases::Find(std::string_view name) const {
  const auto found = networks_.find(name);
  return found == networks_.end() || found->second.empty() ? nullptr : &found->second;
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/network_aliases.h"

#include <fcntl.h>

#include <filesystem>
#include <initializer_list>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/printable.h"
#include "rules/json_places.h"
#include "rules/trusted_file.h"

namespace procwall {
namespace {

using Json = nlohmann::json;

constexpr const char* kDefaultFile = "/etc/procwall/network_aliases.json";

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

// What stands where a network should: its text, or what it is (a list may be nested too deep).
std::string Named(const Json& entry) {
  if (entry.is_structured()) return entry.type_name();
  return Printable(entry.dump(-1, ' ', true, Json::error_handler_t::replace));
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
        notes.push_back(fmt::format("{}: {} is no network", Printable(name), Named(entry)));
      }
    }
  }
  return aliases;
}

tl::expected<std::optional<NetworkAliases>, std::string> NetworkAliases::Load(
    const std::string& path, std::vector<std::string>& notes, uid_t reader) {
  const auto text = ReadTrustedFile(AT_FDCWD, path, kMaxFileBytes, reader);
  if (!text) return tl::unexpected(text.error());
  if (!*text) return std::nullopt;
  auto aliases = Parse(**text, notes);
  if (!aliases) return tl::unexpected(aliases.error());
  return *std::move(aliases);
}

const std::vector<Prefix>* NetworkAliases::Find(std::string_view name) const {
  const auto found = networks_.find(name);
  return found == networks_.end() || found->second.empty() ? nullptr : &found->second;
}

std::string NetworkAliasesBeside(const std::string& path) {
  std::error_code error;
  std::filesystem::path absolute = std::filesystem::absolute(path, error).lexically_normal();
  if (!absolute.has_filename()) absolute = absolute.parent_path();  // "/etc/rules/" ends in no name
  return absolute.parent_path() / "network_aliases.json";
}

AssumedAliases AssumeAliases(const std::string& rule_directory) {
  AssumedAliases assumed;
  for (const std::string& file :
       {NetworkAliasesBeside(rule_directory), std::string(kDefaultFile)}) {
    auto loaded = NetworkAliases::Load(file, assumed.notes);
    if (loaded && !*loaded) continue;
    assumed.file = file;
    if (loaded) {
      assumed.aliases = **std::move(loaded);
    } else {
      assumed.error = loaded.error();
    }
    break;
  }
  return assumed;
}

}  // namespace procwall

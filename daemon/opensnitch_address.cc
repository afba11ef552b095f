// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_address.h"

#include <sys/un.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace procwall {
namespace {

constexpr std::size_t kMostSocketBytes = sizeof(sockaddr_un{}.sun_path) - 1;

bool IsPort(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string GuiAddress::ToString() const {
  switch (kind) {
    case Kind::kUnixPath:
      return "unix:" + name;
    case Kind::kUnixAbstract:
      return "unix-abstract:" + name;
    case Kind::kTcp:
      break;
  }
  return name;
}

tl::expected<GuiAddress, std::string> ParseGuiAddress(std::string_view text) {
  const auto refuse = [&](const char* why) {
    return tl::unexpected(fmt::format("UI address \"{}\": {}", text, why));
  };
  GuiAddress address;
  std::string_view rest = text;
  if (rest.starts_with("unix-abstract:")) {
    rest.remove_prefix(std::string_view("unix-abstract:").size());
    address.kind = GuiAddress::Kind::kUnixAbstract;
  } else if (rest.starts_with("unix:")) {
    rest.remove_prefix(std::string_view("unix:").size());
    if (rest.starts_with('@')) {
      rest.remove_prefix(1);
      address.kind = GuiAddress::Kind::kUnixAbstract;
    } else {
      while (rest.starts_with("//")) rest.remove_prefix(1);
      if (!rest.starts_with('/')) return refuse("the path of a unix socket begins with a slash");
    }
  } else {
    const std::size_t colon = rest.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || !IsPort(rest.substr(colon + 1))) {
      return refuse("must be unix:/path, unix-abstract:name or host:port");
    }
    address.kind = GuiAddress::Kind::kTcp;
  }
  const bool is_unix = address.kind != GuiAddress::Kind::kTcp;
  if (is_unix && (rest.empty() || rest.size() > kMostSocketBytes)) {
    return refuse("the name of a unix socket has 1 to 107 bytes");
  }
  if (rest.find('\0') != std::string_view::npos) return refuse("has a zero byte");
  address.name = rest;
  return address;
}

}  // namespace procwall

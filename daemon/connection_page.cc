// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/connection_page.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace procwall {
namespace {

constexpr std::size_t kFields = 7;

// Exactly that many fields with a blank between each two.
std::optional<std::array<std::string_view, kFields>> Split(std::string_view token) {
  std::array<std::string_view, kFields> fields;
  for (std::size_t i = 0; i < kFields; ++i) {
    const std::size_t blank = token.find(' ');
    const bool is_last = i + 1 == kFields;
    if ((blank == std::string_view::npos) != is_last) return std::nullopt;
    fields.at(i) = token.substr(0, blank);
    token.remove_prefix(is_last ? token.size() : blank + 1);
  }
  return fields;
}

template <typename Number>
bool Read(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  return parsed.ec == std::errc() && parsed.ptr == end;
}

bool Read(std::string_view address, std::string_view port, Endpoint& endpoint) {
  const auto parsed = IpAddress::Parse(address);
  if (!parsed) return false;
  endpoint.address = *parsed;
  return Read(port, endpoint.port);
}

}  // namespace

SocketPlace SocketPlace::Of(const SocketEntry& socket) {
  return {socket.protocol, socket.local, socket.remote, socket.inode, socket.cookie};
}

std::string PageToken(const SocketPlace& place) {
  return fmt::format("{} {} {} {} {} {} {}", static_cast<unsigned>(place.protocol),
                     place.local.address, place.local.port, place.remote.address, place.remote.port,
                     place.inode, place.cookie);
}

std::optional<SocketPlace> ParsePageToken(std::string_view token) {
  if (token.size() > kMaxPageTokenBytes) return std::nullopt;
  const auto fields = Split(token);
  if (!fields) return std::nullopt;
  SocketPlace place;
  std::uint8_t protocol = 0;
  const bool is_read = Read((*fields)[0], protocol) &&
                       Read((*fields)[1], (*fields)[2], place.local) &&
                       Read((*fields)[3], (*fields)[4], place.remote) &&
                       Read((*fields)[5], place.inode) && Read((*fields)[6], place.cookie);
  if (!is_read) return std::nullopt;
  place.protocol = static_cast<IpProtocol>(protocol);
  return place;
}

SocketPage PageOf(std::vector<SocketEntry> sockets, const std::optional<SocketPlace>& after,
                  std::size_t size) {
  const std::size_t most = size == 0 ? kDefaultPageSize : std::min(size, kMaxPageSize);
  if (after) {
    std::erase_if(sockets,
                  [&](const SocketEntry& socket) { return SocketPlace::Of(socket) <= *after; });
  }
  std::ranges::sort(sockets, {}, SocketPlace::Of);
  SocketPage page{std::move(sockets), {}};
  if (page.sockets.size() > most) {
    page.sockets.resize(most);
    page.next = PageToken(SocketPlace::Of(page.sockets.back()));
  }
  return page;
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attribution/socket_entry.h"

namespace procwall {

// Where a page of a host's sockets begins: behind the last one of the page before. Says all that
// sockets are ordered by, so that nothing is kept between two pages: what is new or gone meanwhile
// is there or not, everything else comes exactly once.
struct SocketPlace {
  IpProtocol protocol = IpProtocol::kTcp;
  Endpoint local{};
  Endpoint remote{};
  std::uint64_t inode = 0;
  std::uint64_t cookie = 0;

  static SocketPlace Of(const SocketEntry& socket);

  friend bool operator==(const SocketPlace&, const SocketPlace&) = default;
  // NOLINTNEXTLINE(modernize-use-nullptr): takes the comparison's own 0 for a null pointer
  friend auto operator<=>(const SocketPlace&, const SocketPlace&) = default;
};

// The place as clients get it: "6 192.0.2.1 22 0.0.0.0 0 4711 17". They must not look inside.
std::string PageToken(const SocketPlace& place);
inline constexpr std::size_t kMaxPageTokenBytes = 256;
// What clients sent; nullopt: it is no such token.
std::optional<SocketPlace> ParsePageToken(std::string_view token);

inline constexpr std::size_t kMaxPageSize = 10'000;
inline constexpr std::size_t kDefaultPageSize = 1'000;

struct SocketPage {
  std::vector<SocketEntry> sockets;
  std::string next;  // empty: this was the last page
};
// Those behind `after`, at most `size` of them (0: kDefaultPageSize). Pure.
SocketPage PageOf(std::vector<SocketEntry> sockets, const std::optional<SocketPlace>& after,
                  std::size_t size);

}  // namespace procwall

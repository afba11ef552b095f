// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace procwall {

// Where OpenSnitch's GUI listens, as Server.Address and -ui-socket say it.
struct GuiAddress {
  enum class Kind : std::uint8_t { kUnixPath, kUnixAbstract, kTcp };
  Kind kind = Kind::kUnixPath;
  std::string name;  // "/tmp/osui.sock", the abstract name, or "127.0.0.1:50051"

  std::string ToString() const;  // "unix:/tmp/osui.sock", "unix-abstract:osui", "127.0.0.1:50051"
  friend bool operator==(const GuiAddress&, const GuiAddress&) = default;
};

// All that OpenSnitch's daemons take: "unix:///path", "unix:/path", "unix-abstract:name",
// "unix:@name", "host:port". The error is for people.
tl::expected<GuiAddress, std::string> ParseGuiAddress(std::string_view text);

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/sink_target.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/printable.h"

namespace procwall {
namespace {

using SinkKind = SinkTarget::Kind;

// What follows `head`, if `text` begins with that.
std::optional<std::string_view> After(std::string_view text, std::string_view head) {
  if (!text.starts_with(head)) return std::nullopt;
  return text.substr(head.size());
}

tl::expected<SinkTarget, std::string> AtPath(SinkKind kind, std::string_view name,
                                             std::string_view path) {
  if (!path.starts_with('/')) {
    return tl::unexpected(fmt::format("sink \"{}\": \"{}\" must be an absolute path",
                                      Printable(name), Printable(path)));
  }
  return SinkTarget{.kind = kind, .name = std::string(name), .path = std::string(path)};
}

tl::expected<SinkTarget, std::string> AtEndpoint(SinkKind kind, std::string_view name,
                                                 std::string_view text) {
  const auto endpoint = ParseEndpoint(text);
  if (!endpoint) {
    return tl::unexpected(fmt::format("sink \"{}\": {}", Printable(name), endpoint.error()));
  }
  return SinkTarget{.kind = kind, .name = std::string(name), .endpoint = *endpoint};
}

}  // namespace

tl::expected<Endpoint, std::string> ParseEndpoint(std::string_view text) {
  const auto wrong = [&] {
    return tl::unexpected(fmt::format(
        "\"{}\" is no address with a port: 127.0.0.1:514, or [::1]:514", Printable(text)));
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong();
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const auto address = IpAddress::Parse(host);
  if (!address || bracketed == address->IsV4()) return wrong();
  const std::string_view digits = text.substr(colon + 1);
  Port port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size() || port == 0) return wrong();
  return Endpoint{*address, port};
}

tl::expected<SinkTarget, std::string> ParseSinkTarget(std::string_view text) {
  if (text == "journald") return AtPath(SinkKind::kJournald, text, "/run/systemd/journal/socket");
  if (text == "syslog") return AtPath(SinkKind::kSyslog, text, "/dev/log");
  if (const auto path = After(text, "journald:")) return AtPath(SinkKind::kJournald, text, *path);
  if (const auto path = After(text, "file:")) return AtPath(SinkKind::kFile, text, *path);
  if (const auto rest = After(text, "syslog:udp:"))
    return AtEndpoint(SinkKind::kSyslogUdp, text, *rest);
  if (const auto rest = After(text, "syslog:tcp:"))
    return AtEndpoint(SinkKind::kSyslogTcp, text, *rest);
  if (const auto path = After(text, "syslog:")) return AtPath(SinkKind::kSyslog, text, *path);
  return tl::unexpected(
      fmt::format("sink \"{}\" is none of journald, journald:/PATH, syslog, syslog:/PATH, "
                  "syslog:udp:ADDRESS:PORT, syslog:tcp:ADDRESS:PORT, file:/PATH",
                  Printable(text)));
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/metrics_address.h"

#include <fmt/format.h>

#include "base/printable.h"
#include "daemon/sink_target.h"

namespace procwall {

tl::expected<Endpoint, std::string> ParseMetricsAddress(const std::string& text) {
  if (text.starts_with("unix:")) {
    return tl::unexpected<std::string>(
        "metrics are served by TCP alone: 127.0.0.1:9477, or `procwall` asks by its own socket");
  }
  const auto endpoint = ParseEndpoint(text);
  if (!endpoint) {
    return tl::unexpected(fmt::format(
        "metrics address \"{}\" is none like 127.0.0.1:9477, [::1]:9477", Printable(text)));
  }
  if (!endpoint->address.IsLoopback()) {
    return tl::unexpected(fmt::format(
        "metrics address \"{}\" can be reached from other hosts, and nobody is asked who "
        "they are: use 127.0.0.1 or [::1], and a proxy that asks",
        Printable(text)));
  }
  return *endpoint;
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstdint>
#include <cstdlib>

#include "attribution/route_lookup.h"
#include "attribution/tcp_transition.h"
#include "attribution/tracepoint_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace procwall;
  const auto format = ParseTracepointFormat({reinterpret_cast<const char*>(data), size});
  if (!format) return 0;
  if (format->id == 0 || format->fields.size() > TracepointFormat::kMaxFields) std::abort();
  (void)LayoutOf(*format, IpFamily::kV4);
  (void)LayoutOf(*format, IpFamily::kV6);
  (void)TcpTransitionLayoutOf(*format);
  return 0;
}

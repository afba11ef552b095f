// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstdlib>

#include "attribution/connector_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace procwall;
  std::size_t bytes = 0;
  (void)VisitConnectorMessages(std::as_bytes(std::span(data, size)), [&](Bytes message) {
    bytes += message.size();
    (void)ParseConnectorMessage(message);
  });
  if (bytes > size) std::abort();
  return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/endpoint.h"

namespace procwall {

std::string Endpoint::ToString() const {
  if (address.IsV4()) return fmt::format("{}:{}", address, port);
  return fmt::format("[{}]:{}", address, port);
}

}  // namespace procwall

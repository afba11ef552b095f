// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <string>

namespace procwall {

// Digests of one executable file, lower-case hexadecimal; empty: not computed.
struct Hashes {
  std::string md5;
  std::string sha1;
  std::string sha256;

  friend bool operator==(const Hashes&, const Hashes&) = default;
};
using HashesPtr = std::shared_ptr<const Hashes>;

}  // namespace procwall

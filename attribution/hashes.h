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

// Which of them are wanted.
struct HashKinds {
  bool md5 = false;
  bool sha1 = false;
  bool sha256 = false;

  bool Any() const { return md5 || sha1 || sha256; }
  bool Cover(const HashKinds& wanted) const {
    return (md5 || !wanted.md5) && (sha1 || !wanted.sha1) && (sha256 || !wanted.sha256);
  }
  friend bool operator==(const HashKinds&, const HashKinds&) = default;
};

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>

namespace procwall {

// The secret of a process: from the kernel's random numbers (getrandom(2)), once, at the first use.
struct HashSecret {
  std::uint64_t first = 0;
  std::uint64_t second = 0;

  static HashSecret Draw() noexcept;
  static const HashSecret& OfThisProcess() noexcept {
    static const HashSecret secret = Draw();
    return secret;
  }
};

// Two words become one, under a secret. For tables that are filled with what strangers choose
// (addresses, ports): whoever does not know the secret cannot choose keys that fall into one bucket
// and make every look-up walk them all. Not for anything that is stored, sent or compared between
// processes, and no cryptography. Any thread.
inline std::uint64_t KeyedHash(std::uint64_t a, std::uint64_t b,
                               const HashSecret& secret = HashSecret::OfThisProcess()) noexcept {
  // The upper and the lower half of a 128-bit product: each bit of either word reaches about half
  // of the outcome's, and one multiplication is all it costs.
  __extension__ using Product = unsigned __int128;
  const Product product = static_cast<Product>(a ^ secret.first) * (b ^ secret.second);
  return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
}

}  // namespace procwall

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The Procwall authors */
/* Where a flow is remembered: one function for both halves (C and C++). */
#pragma once

#include "attribution/witness/layout.h"

#ifdef __cplusplus
namespace procwall::witness {
#define PROCWALL_BOTH inline
#else
#define PROCWALL_BOTH static __attribute__((always_inline)) inline
#endif

struct FlowPlace {
  u32 set;
  u32 tag; /* in that set's; not 0 */
};

/* Under a secret, for strangers choose addresses and ports: who does not know it cannot choose
 * flows that displace one another. The second word of the secret must be odd. */
PROCWALL_BOTH struct FlowPlace PlaceOf(const struct FlowName* name, const u64* secret) {
  u64 words[sizeof(*name) / sizeof(u64)];
  __builtin_memcpy(words, name, sizeof(words));
  u64 hash = secret[0];
  for (u32 i = 0; i < sizeof(words) / sizeof(words[0]); ++i) {
    hash = (hash ^ words[i]) * secret[1];
    hash ^= hash >> 32; /* the lower half of a product knows nothing of the upper one's bits */
  }
  u32 halves[2];
  __builtin_memcpy(halves, &hash, sizeof(halves));
  struct FlowPlace place = {halves[0] & (kFlowSets - 1), halves[1] | 1};
  return place;
}

#undef PROCWALL_BOTH
#ifdef __cplusplus
}  // namespace procwall::witness
#endif

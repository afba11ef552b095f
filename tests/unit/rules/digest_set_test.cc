// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/digest_set.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

constexpr const char* kDigest = "00112233445566778899aabbccddeeff";

TEST(DigestSet, HasAHashInAnyCaseAndCountsItOnce) {
  const Md5 digest = ReadDigestLine(kDigest)->value();
  const DigestSet set({digest, digest});
  EXPECT_EQ(set.Size(), 1U);
  EXPECT_TRUE(set.Has(kDigest));
  EXPECT_TRUE(set.Has("00112233445566778899AABBCCDDEEFF"));
  EXPECT_FALSE(set.Has("00112233445566778899aabbccddeefe"));
}

TEST(DigestSet, NeverHasWhatIsNoHash) {
  const DigestSet set({ReadDigestLine(kDigest)->value()});
  for (const char* text : {"", "#", "0011", "zz112233445566778899aabbccddeeff"}) {
    EXPECT_FALSE(set.Has(text)) << text;
  }
  EXPECT_FALSE(DigestSet().Has(kDigest));
}

}  // namespace
}  // namespace procwall

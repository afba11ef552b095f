// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <gtest/gtest.h>

namespace procwall {

// What ctest takes for "skipped" (SKIP_RETURN_CODE).
inline constexpr int kSkipped = 77;

// For main() of a program that is one entry of ctest: what it skipped, and why, stands in its
// output, which nobody sees of a test that passed. So it is no such test. A failure comes first.
inline int RunKernelTests() {
  const int failed = RUN_ALL_TESTS();
  if (failed != 0) return failed;
  return testing::UnitTest::GetInstance()->skipped_test_count() > 0 ? kSkipped : 0;
}

}  // namespace procwall

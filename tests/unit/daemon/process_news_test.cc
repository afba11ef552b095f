// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/process_news.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

// Which it is depends on the machine; tests/lab/kernel_events_test.cc tries each of them.
TEST(FindProcessNews, SaysWhoTellsOrWhyNobodyDoes) {
  const SystemClock clock;
  const ProcessNews news = FindProcessNews(nullptr, clock);
  EXPECT_EQ(news.source == nullptr, news.name == "none");
  EXPECT_EQ(news.source == nullptr, !news.why_not.empty());
  EXPECT_EQ(news.source, news.own.get());
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/event_watchers.h"

#include "tests/unit/daemon/watchers_case.h"

namespace procwall {
namespace {

struct OfDecisions {
  using Log = EventLog;
  using Watchers = EventWatchers;
  using Reactor = EventReactor;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Decisions, WatchersTest, testing::Types<OfDecisions>);

}  // namespace
}  // namespace procwall

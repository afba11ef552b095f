// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/watch_reactor.h"

#include "tests/unit/daemon/watchers_case.h"

namespace procwall {
namespace {

struct OfProcesses {
  using Log = ProcessLog;
  using Watchers = ProcessWatchers;
  using Reactor = ProcessWatchReactor;
};
struct OfFlows {
  using Log = FlowLog;
  using Watchers = FlowWatchers;
  using Reactor = FlowWatchReactor;
};
using Kinds = testing::Types<OfProcesses, OfFlows>;
INSTANTIATE_TYPED_TEST_SUITE_P(Logs, WatchersTest, Kinds);

}  // namespace
}  // namespace procwall

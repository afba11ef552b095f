// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "diagnosis/examination.h"

#include <unistd.h>

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/message_text.h"

namespace procwall {
namespace {

const Tier* Find(const Diagnosis& diagnosis, std::string_view name) {
  const auto found = std::ranges::find(diagnosis.tiers, name, &Tier::name);
  return found == diagnosis.tiers.end() ? nullptr : &*found;
}

TEST(Examine, WithoutADaemonLooksAtTheKernelAndSaysWhy) {
  const Diagnosis diagnosis = Examine(NoDaemon{"nobody is there", true});
  EXPECT_FALSE(diagnosis.daemon);
  EXPECT_EQ(diagnosis.why_no_daemon, "nobody is there");
  EXPECT_TRUE(diagnosis.daemon_is_hidden);
  EXPECT_NE(Find(diagnosis, "inet_diag tcp"), nullptr);
  ASSERT_NE(Find(diagnosis, "witness"), nullptr);
  EXPECT_EQ(Find(diagnosis, "witness")->state, Tier::State::kUnknown);
}

TEST(Examine, BelievesADaemonThatItHasItsQueueAndAsksForItsWitness) {
  v1::StatusResponse status = FromText<v1::StatusResponse>(
      R"(witness { runs: true parts { name: "exec" purpose: "programs" why_not: "refused" } })");
  status.set_pid(::getpid());
  const Diagnosis diagnosis = Examine(status);
  ASSERT_TRUE(diagnosis.daemon);
  EXPECT_EQ(diagnosis.why_no_daemon, "");
  ASSERT_NE(Find(diagnosis, "packet queue"), nullptr);
  EXPECT_EQ(Find(diagnosis, "packet queue")->state, Tier::State::kRuns);
  ASSERT_NE(Find(diagnosis, "witness exec"), nullptr);
  EXPECT_EQ(Find(diagnosis, "witness exec")->why_not, "refused");
}

}  // namespace
}  // namespace procwall

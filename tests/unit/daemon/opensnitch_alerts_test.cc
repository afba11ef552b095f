// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_alerts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class FakeStatus final : public StatusSource {
 public:
  v1::StatusResponse Status() const override { return status; }
  v1::ListRulesResponse ListRules() const override { return rules; }
  v1::StatusResponse status;
  v1::ListRulesResponse rules;
};

class OpensnitchAlertsTest : public testing::Test {
 protected:
  std::vector<std::string> Look() {
    std::vector<std::string> texts;
    for (const GuiAlert& alert : alerts.Look()) texts.push_back(alert.text);
    clock.Advance(OpensnitchAlerts::kLookEvery);
    return texts;
  }

  FakeStatus status;
  FakeClock clock;
  OpensnitchAlerts alerts{status, clock};
};

TEST_F(OpensnitchAlertsTest, AreNoneWhileAllIsWell) { EXPECT_THAT(Look(), IsEmpty()); }

TEST_F(OpensnitchAlertsTest, NameARuleFileThatIsRefusedOnce) {
  status.status.set_refused_rule_files(1);
  v1::RefusedFile& file = *status.rules.add_refused();
  file.set_file("bad.json");
  file.set_line(3);
  file.set_column(7);
  file.set_reason("no such operand");
  EXPECT_THAT(Look(), ElementsAre("Rule files that Procwall refuses: 1. bad.json:3:7: no such "
                                  "operand"));
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_F(OpensnitchAlertsTest, TellOfAFileThatIsRefusedAgainAfterItWasMended) {
  status.status.set_refused_rule_files(1);
  Look();
  status.status.set_refused_rule_files(0);
  EXPECT_THAT(Look(), IsEmpty());
  clock.Advance(OpensnitchAlerts::kLeastTimeBetween);
  status.status.set_refused_rule_files(1);
  EXPECT_THAT(Look(), ElementsAre(HasSubstr("refuses: 1")));
}

TEST_F(OpensnitchAlertsTest, TellEveryKindAndHowMuchIsNew) {
  status.status.set_firewall_repairs(1);
  status.status.mutable_counters()->set_lost_queue_full(2);
  status.status.mutable_counters()->set_lost_buffer_full(3);
  status.status.mutable_witness()->set_lost_events(4);
  EXPECT_THAT(Look(), ElementsAre(HasSubstr("put back (times: 1)"), HasSubstr("at once: 5"),
                                  HasSubstr("lost (4)")));
}

TEST_F(OpensnitchAlertsTest, AreNotManyWhenMuchIsLostForLong) {
  std::size_t told = 0;
  for (int i = 1; i <= 60; ++i) {  // two minutes
    status.status.mutable_counters()->set_lost_queue_full(static_cast<std::uint64_t>(i));
    told += Look().size();
  }
  EXPECT_EQ(told, 2U);
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/metrics_report.h"

#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::HasSubstr;
using testing::Not;

class CountedStatus final : public StatusSource {
 public:
  v1::StatusResponse Status() const override { return status; }
  v1::ListRulesResponse ListRules() const override { return rules; }

  v1::StatusResponse status;
  v1::ListRulesResponse rules;
};

class MetricsReportTest : public testing::Test {
 protected:
  std::string Text() const {
    return MetricsReport({.status = status,
                          .counters = counters,
                          .reloads =
                              [] {
                                return RuleKeeper::Reloads{3, 1};
                              },
                          .sinks =
                              [] {
                                return std::vector<SinkState>{{"journald", 5, 2, ""}};
                              }})
        .Text(4);
  }

  CountedStatus status;
  Counters counters;
};

TEST_F(MetricsReportTest, TellsWhatStatusTells) {
  status.status.set_version("1.2");
  status.status.mutable_counters()->set_packets(100);
  status.status.mutable_counters()->set_lost_queue_full(7);
  status.status.mutable_journal()->set_lost(9);
  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("procwall_build_info{version=\"1.2\"} 1\n"));
  EXPECT_THAT(text,
              HasSubstr("# TYPE procwall_packets_total counter\nprocwall_packets_total 100\n"));
  EXPECT_THAT(text, HasSubstr("procwall_lost_packets_total{where=\"queue\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("procwall_journal_lost_total 9\n"));
  EXPECT_THAT(text, HasSubstr("procwall_watchers 4\n"));
  EXPECT_THAT(text, HasSubstr("procwall_rule_reloads_total 3\n"));
  EXPECT_THAT(text, HasSubstr("procwall_sink_lost_total{sink=\"journald\"} 2\n"));
}

TEST_F(MetricsReportTest, CountsDecisionsByActionAndReason) {
  counters.decisions.Count(RuleAction::kDeny, EventReason::kRule, false);
  counters.decisions.Count(RuleAction::kDeny, EventReason::kRule, true);
  counters.decisions.Count(RuleAction::kAllow, EventReason::kDefaultAction, true);
  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("procwall_decisions_total{action=\"deny\",reason=\"rule\"} 2\n"));
  EXPECT_THAT(text,
              HasSubstr("procwall_decisions_total{action=\"allow\",reason=\"unparsable\"} 1\n"));
}

TEST_F(MetricsReportTest, HasLatenciesInBuckets) {
  counters.decisions.Took(std::chrono::microseconds(10));
  counters.decisions.Took(std::chrono::microseconds(90));
  counters.decisions.Took(std::chrono::seconds(20));
  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("procwall_decision_latency_seconds_count 3\n"));
  EXPECT_THAT(text, HasSubstr("procwall_decision_latency_seconds_bucket{le=\"1e-05\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("procwall_decision_latency_seconds_bucket{le=\"10\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("procwall_decision_latency_seconds_bucket{le=\"+Inf\"} 3\n"));
}

TEST_F(MetricsReportTest, HasTheRulesThatDecideMostOnly) {
  for (std::size_t i = 0; i < MetricsReport::kMostRules + 50; ++i) {
    v1::Rule& rule = *status.rules.add_rules();
    rule.set_name("r" + std::to_string(i));
    rule.set_action("allow");
    rule.set_hits(i);
  }
  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("procwall_rule_hits_total{rule=\"r249\",action=\"allow\"} 249\n"));
  EXPECT_THAT(text, HasSubstr("rule=\"r50\""));
  EXPECT_THAT(text, Not(HasSubstr("rule=\"r49\"")));
}

TEST_F(MetricsReportTest, EscapesNamesThatPeopleChose) {
  status.rules.add_rules()->set_name("a\"} 1\nfake 2");
  EXPECT_THAT(Text(), HasSubstr(R"(rule="a\"} 1\nfake 2")"));
}

// docs/METRICS.md and the program name the same metrics.
TEST_F(MetricsReportTest, IsDocumented) {
  std::set<std::string> exported;
  for (const auto& family : MetricsReport({.status = status,
                            .counters = counters,
                            .reloads = [] { return RuleKeeper::Reloads{}; },
                            .sinks = [] { return std::vector<SinkState>(); }})
                                .Families(0)) {
    exported.insert(family.name);
    EXPECT_FALSE(family.help.empty()) << family.name;
  }
  std::ifstream file(PROCWALL_METRICS_DOC);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::regex name("\\| `(procwall_[a-z_]+)");
  std::set<std::string> documented;
  for (std::sregex_iterator found(text.begin(), text.end(), name); found != std::sregex_iterator();
       ++found) {
    documented.insert((*found)[1]);
  }
  EXPECT_EQ(documented, exported);
}

}  // namespace
}  // namespace procwall

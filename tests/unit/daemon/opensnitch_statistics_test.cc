// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_statistics.h"

#include <chrono>
#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

constexpr WallTime kEventTime{std::chrono::nanoseconds(1000)};

EventPtr EventTo(Port port = 443) {
  Event event;
  event.time = kEventTime;
  Connection& connection = event.connection.emplace();
  connection.remote = {IpAddress::V4({192, 0, 2, 1}), port};
  connection.uid = 7;
  event.host = "example.org";
  return std::make_shared<const Event>(event);
}

TEST(TopHits, ShowsTheMostFrequent) {
  TopHits hits;
  for (const char* what : {"a", "b", "b", "c", "c", "c"}) hits.Count(what);
  EXPECT_EQ(hits.Top(2), (GuiStatistics::Hits{{"b", 2}, {"c", 3}}));
}

TEST(TopHits, DoesNotGrow) {
  TopHits hits;
  hits.Count("often");
  for (int i = 0; i < 5000; ++i) {
    hits.Count("often");
    hits.Count(std::to_string(i));
  }
  EXPECT_EQ(hits.Top(5000).size(), TopHits::kKept);
  EXPECT_EQ(hits.Top(1), (GuiStatistics::Hits{{"often", 5001}}));
}

TEST(OpensnitchStatistics, CountsByEverythingThatIsShown) {
  OpensnitchStatistics statistics({});
  statistics.Add(EventTo());
  statistics.Add(EventTo());
  const GuiStatistics collected = statistics.Collect();
  using Hits = GuiStatistics::Hits;
  EXPECT_EQ(collected.by_protocol, (Hits{{"tcp", 2}}));
  EXPECT_EQ(collected.by_address, (Hits{{"192.0.2.1", 2}}));
  EXPECT_EQ(collected.by_host, (Hits{{"example.org", 2}}));
  EXPECT_EQ(collected.by_port, (Hits{{"443", 2}}));
  EXPECT_EQ(collected.by_user, (Hits{{"7", 2}}));
  EXPECT_EQ(collected.by_program, Hits{});
  EXPECT_EQ(collected.rule_misses, 2U);
}

TEST(OpensnitchStatistics, GivesEventsOfOneMomentTimesOfTheirOwn) {
  OpensnitchStatistics statistics({});
  const EventPtr event = EventTo();
  statistics.Add(event);
  statistics.Add(event);
  EXPECT_EQ(statistics.Collect().events, (std::vector<GuiEvent>{{event, 1000}, {event, 1001}}));
}

TEST(OpensnitchStatistics, KeepsEventsUntilTheyHaveArrived) {
  OpensnitchStatistics statistics({});
  statistics.Add(EventTo(1));
  EXPECT_EQ(statistics.Collect().events.size(), 1U);
  statistics.Add(EventTo(2));
  EXPECT_EQ(statistics.Collect().events.size(), 2U);
  statistics.Add(EventTo(3));
  statistics.OnDelivered();
  const auto left = statistics.Collect().events;
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].event->connection->remote.port, 3);
}

TEST(OpensnitchStatistics, KeepsOnlyTheNewestEvents) {
  OpensnitchStatistics statistics({.events = 2});
  for (Port port = 1; port <= 3; ++port) statistics.Add(EventTo(port));
  const auto events = statistics.Collect().events;
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].event->connection->remote.port, 2);
}

TEST(OpensnitchStatistics, PassesOverEventsWithoutAConnection) {
  OpensnitchStatistics statistics({});
  statistics.Add(std::make_shared<const Event>());
  EXPECT_TRUE(statistics.Collect().events.empty());
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/event_filter.h"

#include <gtest/gtest.h>

#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

WantedDestination Wanted(std::string host, const char* address, std::optional<std::uint16_t> port) {
  return {std::move(host), address == nullptr ? std::nullopt : IpAddress::Parse(address), port};
}

TEST(ParseWantedDestination, UnderstandsNamesAddressesAndPorts) {
  EXPECT_EQ(ParseWantedDestination("example.org"), Wanted("example.org", nullptr, {}));
  EXPECT_EQ(ParseWantedDestination("example.org.:443"), Wanted("example.org", nullptr, 443));
  EXPECT_EQ(ParseWantedDestination("192.0.2.1"), Wanted("", "192.0.2.1", {}));
  EXPECT_EQ(ParseWantedDestination("192.0.2.1:53"), Wanted("", "192.0.2.1", 53));
  EXPECT_EQ(ParseWantedDestination("2001:db8::1"), Wanted("", "2001:db8::1", {}));
  EXPECT_EQ(ParseWantedDestination("[2001:db8::1]"), Wanted("", "2001:db8::1", {}));
  EXPECT_EQ(ParseWantedDestination("[2001:db8::1]:443"), Wanted("", "2001:db8::1", 443));
  EXPECT_EQ(ParseWantedDestination(":53"), Wanted("", nullptr, 53));
}

TEST(ParseWantedDestination, RefusesWhatIsNone) {
  for (const char* text : {"", ":", "host:", "host:http", "host:65536", "host:-1", "[192.0.2.1]:1",
                           "[host]:1", "a b", "http://example.org", "::1::", "[", "]", "[]:1"}) {
    EXPECT_EQ(ParseWantedDestination(text), std::nullopt) << text;
  }
}

bool ShowsProgram(const std::string& program) {
  EventFilter filter;
  filter.program = program;
  return filter.Matches(SampleEvent());
}

TEST(EventFilter, MatchesEverythingWhenNothingIsAsked) {
  EXPECT_TRUE(EventFilter().Matches(SampleEvent()));
  EXPECT_TRUE(EventFilter().Matches(v1::Event()));
}

TEST(EventFilter, MatchesAPathWholeAndAnythingElseAsAPart) {
  EXPECT_TRUE(ShowsProgram("/usr/bin/curl"));
  EXPECT_FALSE(ShowsProgram("/usr/bin/cur"));
  EXPECT_TRUE(ShowsProgram("cur"));
  EXPECT_TRUE(ShowsProgram("/usr/bin/"));
  EXPECT_FALSE(ShowsProgram("wget"));
}

TEST(EventFilter, FindsAnAlternativeOfAnAmbiguousDecision) {
  v1::Event event = SampleEvent();
  event.add_alternatives()->set_path("/usr/bin/nc");
  EventFilter filter;
  filter.program = "/usr/bin/nc";
  EXPECT_TRUE(filter.Matches(event));
}

TEST(EventFilter, MatchesAnyOfTheActions) {
  EventFilter filter;
  filter.actions = {v1::ACTION_DENY, v1::ACTION_REJECT};
  EXPECT_FALSE(filter.Matches(SampleEvent()));
  filter.actions.push_back(v1::ACTION_ALLOW);
  EXPECT_TRUE(filter.Matches(SampleEvent()));
}

bool ShowsDestination(const char* text) {
  EventFilter filter;
  filter.destination = ParseWantedDestination(text);
  return filter.destination && filter.Matches(SampleEvent());
}

TEST(EventFilter, MatchesANameAndWhatLiesBelowIt) {
  EXPECT_TRUE(ShowsDestination("Example.ORG"));
  EXPECT_TRUE(ShowsDestination("org"));
  EXPECT_FALSE(ShowsDestination("ample.org"));
  EXPECT_FALSE(ShowsDestination("www.example.org"));
}

TEST(EventFilter, MatchesAddressAndPort) {
  EXPECT_TRUE(ShowsDestination("93.184.216.34"));
  EXPECT_TRUE(ShowsDestination("::ffff:93.184.216.34"));
  EXPECT_TRUE(ShowsDestination("93.184.216.34:443"));
  EXPECT_FALSE(ShowsDestination("93.184.216.34:80"));
  EXPECT_FALSE(ShowsDestination("93.184.216.35"));
  EXPECT_TRUE(ShowsDestination(":443"));
  EXPECT_FALSE(ShowsDestination("example.org:80"));
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_filter.h"

#include <functional>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/flow_reply.h"

namespace procwall {
namespace {

using testing::HasSubstr;

// curl, let through by the rule "web", talks to www.example.org at 192.0.2.1:443.
Flow FilteredFlow() {
  Process curl;
  curl.id.pid = 4211;
  curl.path = "/usr/bin/curl";
  Event event;
  event.sequence = 9;
  event.host = "www.example.org";
  event.rule = std::make_shared<const Rule>(Rule{.name = "web"});
  event.connection = Connection{.protocol = IpProtocol::kTcp,
                                .local = SampleFlow().original.source,
                                .remote = SampleFlow().original.destination};
  event.attribution.processes = {std::make_shared<const Process>(std::move(curl))};
  return {SampleFlow(), std::make_shared<const Event>(std::move(event)), {}};
}

bool Fits(const Flow& flow, const std::function<void(v1::FlowFilter&)>& set) {
  v1::FlowFilter filter;
  set(filter);
  return FlowFilter::Create(filter).value().Fits(flow);
}
bool Fits(const std::function<void(v1::FlowFilter&)>& set) { return Fits(FilteredFlow(), set); }

TEST(FlowFilter, AnEmptyOneFitsAll) {
  EXPECT_TRUE(FlowFilter::Create({})->IsEmpty());
  EXPECT_TRUE(FlowFilter().Fits(FilteredFlow()));
}

TEST(FlowFilter, AProgramIsItsPathOrItsLastPart) {
  EXPECT_TRUE(Fits([](auto& filter) { filter.set_program("/usr/bin/curl"); }));
  EXPECT_TRUE(Fits([](auto& filter) { filter.set_program("curl"); }));
  EXPECT_FALSE(Fits([](auto& filter) { filter.set_program("url"); }));
  EXPECT_FALSE(Fits([](auto& filter) { filter.set_program("/bin/curl"); }));
}

TEST(FlowFilter, AProcessARuleAndAnId) {
  EXPECT_TRUE(Fits([](auto& filter) { filter.set_pid(4211); }));
  EXPECT_FALSE(Fits([](auto& filter) { filter.set_pid(1); }));
  EXPECT_TRUE(Fits([](auto& filter) { filter.set_rule("web"); }));
  EXPECT_FALSE(Fits([](auto& filter) { filter.set_rule("mail"); }));
  EXPECT_TRUE(Fits([](auto& filter) { filter.set_id(7); }));
  EXPECT_FALSE(Fits([](auto& filter) { filter.set_id(8); }));
}

TEST(FlowFilter, AProtocolIsBothFamiliesOrOne) {
  EXPECT_TRUE(Fits([](auto& filter) { filter.set_protocol("tcp"); }));
  EXPECT_FALSE(Fits([](auto& filter) { filter.set_protocol("tcp6"); }));
  EXPECT_FALSE(Fits([](auto& filter) { filter.set_protocol("udp"); }));
  Flow over_v6 = FilteredFlow();
  over_v6.tracked.original.source.address = *IpAddress::Parse("fd00::1");
  EXPECT_TRUE(Fits(over_v6, [](auto& filter) { filter.set_protocol("tcp"); }));
  EXPECT_TRUE(Fits(over_v6, [](auto& filter) { filter.set_protocol("tcp6"); }));
}

TEST(FlowFilter, TheOtherSideByAddressNetworkAndPort) {
  EXPECT_TRUE(Fits([](auto& filter) { filter.set_address("192.0.2.1"); }));
  EXPECT_TRUE(Fits([](auto& filter) { filter.set_address("192.0.2.0/24"); }));
  EXPECT_FALSE(Fits([](auto& filter) { filter.set_address("10.0.0.1"); }));  // this side
  EXPECT_TRUE(Fits([](auto& filter) { filter.set_port(443); }));
  EXPECT_FALSE(Fits([](auto& filter) { filter.set_port(40000); }));
}

TEST(FlowFilter, EitherSideWhereNobodyKnowsWhichIsOurs) {
  Flow unknown = FilteredFlow();
  unknown.owner = nullptr;
  EXPECT_TRUE(Fits(unknown, [](auto& filter) { filter.set_address("10.0.0.1"); }));
  EXPECT_TRUE(Fits(unknown, [](auto& filter) { filter.set_port(443); }));
  EXPECT_FALSE(Fits(unknown, [](auto& filter) { filter.set_program("curl"); }));
}

TEST(FlowFilter, AHostOrADomain) {
  EXPECT_TRUE(Fits([](auto& filter) { filter.set_host("www.example.org"); }));
  EXPECT_TRUE(Fits([](auto& filter) { filter.set_host("EXAMPLE.org"); }));
  EXPECT_FALSE(Fits([](auto& filter) { filter.set_host("ample.org"); }));
}

TEST(FlowFilter, AllThatIsAskedForMustHold) {
  EXPECT_FALSE(Fits([](auto& filter) {
    filter.set_program("curl");
    filter.set_port(80);
  }));
}

TEST(FlowFilter, WhatWasLostAlwaysFits) {
  v1::FlowFilter filter;
  filter.set_program("curl");
  FlowNote lost;
  lost.what = FlowNote::What::kLost;
  EXPECT_TRUE(FlowFilter::Create(filter)->Fits(lost));
}

TEST(FlowFilter, RefusesWhatIsNoAddressOrPort) {
  v1::FlowFilter filter;
  filter.set_address("10.0.0.0/33");
  EXPECT_THAT(FlowFilter::Create(filter).error(), HasSubstr("10.0.0.0/33"));
  filter.clear_address();
  filter.set_port(70000);
  EXPECT_THAT(FlowFilter::Create(filter).error(), HasSubstr("70000"));
}

}  // namespace
}  // namespace procwall

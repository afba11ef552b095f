// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_feed.h"

#include <poll.h>

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/fake_top_daemon.h"
#include "tests/unit/ui/sample_event.h"
#include "tests/unit/ui/sample_flow.h"

namespace procwall {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class TopFeedTest : public testing::Test {
 protected:
  using Kind = TopFeed::Flows::Kind;

  // What has come, as soon as it is enough; a failed test when it never is.
  TopFeed::News Until(TopFeed& feed, const std::function<bool(const TopFeed::News&)>& is_enough) {
    TopFeed::News all;
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < limit) {
      TopFeed::News news = feed.TakeAll();
      all.events.insert(all.events.end(), news.events.begin(), news.events.end());
      for (TopReply& reply : news.replies) all.replies.push_back(std::move(reply));
      if (news.flows.kind != Kind::kNotYet) all.flows = std::move(news.flows);
      all.problem = news.problem;
      all.looks = news.looks;
      if (is_enough(all)) return all;
      pollfd fd{heard->UnsafeFd(), POLLIN, 0};
      if (::poll(&fd, 1, 5) > 0) heard->Clear();
    }
    ADD_FAILURE() << "it never came";
    return all;
  }
  TopReply Answered(TopFeed& feed, TopRequest request) {
    feed.Ask(std::move(request));
    const auto news = Until(feed, [](const TopFeed::News& all) { return !all.replies.empty(); });
    return news.replies.empty() ? TopReply() : news.replies.front();
  }
  static TopPutRule Put(const std::string& name) {
    TopPutRule put;
    put.rule.set_name(name);
    put.rule.set_action("deny");
    put.rule.set_duration("always");
    return put;
  }

  TemporaryDirectory directory;
  FakeTopDaemon daemon{directory / "api.sock"};
  DaemonClient client{daemon.Address()};
  Result<Wakeup> heard = Wakeup::Create();
  static constexpr std::chrono::milliseconds kOften{20};
};

TEST_F(TopFeedTest, TellsDecisionsAndAllPagesOfFlows) {
  daemon.events = {SampleEvent(), SampleEvent()};
  daemon.flows.assign(5, SampleFlow());
  TopFeed feed(client, kOften, *heard);
  const auto news = Until(feed, [](const TopFeed::News& all) {
    return all.events.size() == 2 && all.flows.kind == Kind::kTold && all.looks > 2;
  });
  EXPECT_THAT(news.flows.flows, SizeIs(5));
  EXPECT_TRUE(news.flows.counts_bytes);
  EXPECT_EQ(news.problem, "");
}

TEST_F(TopFeedTest, SaysWhyThereAreNoFlows) {
  daemon.flows_answer = {grpc::StatusCode::UNIMPLEMENTED, ""};
  {
    TopFeed feed(client, kOften, *heard);
    const auto news =
        Until(feed, [](const TopFeed::News& all) { return all.flows.kind == Kind::kNotTold; });
    EXPECT_EQ(news.flows.why_not,
              "decisions only: this procwalld does not tell of live connections");
  }
  daemon.flows_answer = {grpc::StatusCode::FAILED_PRECONDITION, "conntrack is not there"};
  TopFeed feed(client, kOften, *heard);
  const auto news =
      Until(feed, [](const TopFeed::News& all) { return all.flows.kind == Kind::kNotTold; });
  EXPECT_EQ(news.flows.why_not, "decisions only, no live connections: conntrack is not there");
}

TEST_F(TopFeedTest, SavesARuleUnderANameThatIsFree) {
  daemon.taken = {"x", "x-2"};
  TopFeed feed(client, kOften, *heard);
  const TopReply reply = Answered(feed, Put("x"));
  EXPECT_EQ(reply.kind, TopReply::Kind::kDone);
  EXPECT_EQ(reply.what, "in force: deny always \"x-3\"");
  EXPECT_EQ(daemon.Rules().at(0).name(), "x-3");
}

TEST_F(TopFeedTest, SaysWhyARuleIsRefused) {
  daemon.change_answer = {grpc::StatusCode::PERMISSION_DENIED, "not you"};
  TopFeed feed(client, kOften, *heard);
  const TopReply reply = Answered(feed, Put("x"));
  EXPECT_EQ(reply.kind, TopReply::Kind::kFailed);
  EXPECT_THAT(reply.what, HasSubstr("no rule was made: "));
  EXPECT_THAT(reply.what, HasSubstr("not you"));
}

TEST_F(TopFeedTest, CutsEachFlowAndCounts) {
  TopCut cut;
  cut.flows.resize(2);
  cut.flows[0].set_id(5);
  cut.flows[1].set_id(6);
  TopFeed feed(client, kOften, *heard);
  EXPECT_EQ(Answered(feed, cut).what, "2 of 2 connections cut");
  EXPECT_EQ(daemon.Cut().at(1).id(), 6U);
}

TEST_F(TopFeedTest, SaysWhyNothingIsCut) {
  daemon.change_answer = {grpc::StatusCode::FAILED_PRECONDITION, "no conntrack"};
  TopCut cut;
  cut.flows.resize(3);
  TopFeed feed(client, kOften, *heard);
  const TopReply reply = Answered(feed, cut);
  EXPECT_EQ(reply.kind, TopReply::Kind::kFailed);
  EXPECT_EQ(reply.what, "0 of 3 connections cut: no conntrack");
}

TEST_F(TopFeedTest, Explains) {
  TopExplain explain;
  explain.row = "a row";
  explain.request.set_sequence(7);
  TopFeed feed(client, kOften, *heard);
  const TopReply reply = Answered(feed, explain);
  EXPECT_EQ(reply.kind, TopReply::Kind::kExplained);
  EXPECT_EQ(reply.row, "a row");
  EXPECT_EQ(reply.explanation.event().sequence(), 7U);
  explain.request.clear_sequence();
  const TopReply forgotten = Answered(feed, explain);
  EXPECT_EQ(forgotten.kind, TopReply::Kind::kNotExplained);
  EXPECT_EQ(forgotten.what, "it is forgotten");
}

TEST_F(TopFeedTest, SaysThatTheDaemonIsGoneAndListensWhenItIsBack) {
  DaemonClient nobody("unix:" + directory / "later.sock");
  TopFeed feed(nobody, kOften, *heard);
  const auto gone = Until(feed, [](const TopFeed::News& all) { return !all.problem.empty(); });
  EXPECT_THAT(gone.problem, HasSubstr("no daemon answers at"));
  FakeTopDaemon later(directory / "later.sock");
  later.events = {SampleEvent()};
  Until(feed, [](const TopFeed::News& all) { return all.problem.empty(); });
}

}  // namespace
}  // namespace procwall

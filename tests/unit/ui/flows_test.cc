// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/flows.h"

#include <memory>
#include <sstream>
#include <vector>

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/tracked_flow_samples.h"
#include "ui/flow_json.h"

namespace procwall {
namespace {

using testing::HasSubstr;

// A procwalld that knows of flows, and tells one a page.
class FakeFlowDaemon final : public v1::Procwall::Service {
 public:
  explicit FakeFlowDaemon(const std::string& path) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("unix:" + path, grpc::InsecureServerCredentials());
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~FakeFlowDaemon() override { server_->Shutdown(); }

  std::vector<v1::Flow> flows;
  v1::CutFlowsResponse cut;
  v1::CutFlowsRequest asked_cut;
  std::vector<v1::WatchFlowsResponse> flow_script;  // after it, the stream is ended
  grpc::Status answer;

  grpc::Status ListFlows(grpc::ServerContext* /*context*/, const v1::ListFlowsRequest* request,
                         v1::ListFlowsResponse* response) override {
    const std::size_t at = request->page_token().empty() ? 0 : std::stoul(request->page_token());
    if (at < flows.size()) *response->add_flows() = flows[at];
    if (at + 1 < flows.size()) response->set_next_page_token(std::to_string(at + 1));
    return answer;
  }
  grpc::Status CutFlows(grpc::ServerContext* /*context*/, const v1::CutFlowsRequest* request,
                        v1::CutFlowsResponse* response) override {
    asked_cut = *request;
    *response = cut;
    return answer;
  }
  grpc::Status WatchFlows(grpc::ServerContext* /*context*/,
                          const v1::WatchFlowsRequest* /*request*/,
                          grpc::ServerWriter<v1::WatchFlowsResponse>* writer) override {
    for (const v1::WatchFlowsResponse& response : flow_script) writer->Write(response);
    return answer;
  }

 private:
  std::unique_ptr<grpc::Server> server_;
};

class FlowsTest : public testing::Test {
 protected:
  ExitCode Run(OutputForm form, bool watch = false) {
    FlowsOptions options;
    options.form = form;
    options.watch = watch;
    options.count = watch ? 1 : 0;
    return RunFlows(options, client_, {out_, err_, {}});
  }
  ExitCode Cut(bool yes, bool is_terminal = false, const std::string& answer = "") {
    FlowsCutOptions options;
    options.yes = yes;
    options.filter.set_program("curl");
    std::istringstream in(answer);
    return RunFlowsCut(options, client_, {out_, err_, {}}, {in, is_terminal});
  }

  const TemporaryDirectory directory_;
  FakeFlowDaemon daemon_{directory_ / "procwall.sock"};
  DaemonClient client_{"unix:" + (directory_ / "procwall.sock")};
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(FlowsTest, PrintsEveryPageAsJson) {
  daemon_.flows = {CurlsFlow(), UnknownFlow()};
  EXPECT_EQ(Run(OutputForm::kJson), kSuccess);
  EXPECT_EQ(out_.str(), FlowJson(CurlsFlow()) + "\n" + FlowJson(UnknownFlow()) + "\n");
  EXPECT_EQ(err_.str(), "");
}

TEST_F(FlowsTest, SaysHowToHaveBytesCounted) {
  daemon_.flows = {UnknownFlow()};
  EXPECT_EQ(Run(OutputForm::kText), kSuccess);
  EXPECT_THAT(out_.str(), HasSubstr("not known"));
  EXPECT_THAT(err_.str(), HasSubstr("FlowAccounting"));
}

TEST_F(FlowsTest, SaysThatThereAreNone) {
  EXPECT_EQ(Run(OutputForm::kText), kSuccess);
  EXPECT_EQ(out_.str(), "No flow fits.\n");
}

TEST_F(FlowsTest, FailsWhereTheKernelDoesNotTell) {
  daemon_.answer = {grpc::StatusCode::FAILED_PRECONDITION, "flows are not followed: no ctnetlink"};
  EXPECT_EQ(Run(OutputForm::kText), kFailed);
  EXPECT_EQ(err_.str(), "procwall: flows are not followed: no ctnetlink\n");
}

TEST_F(FlowsTest, WatchesWhatBecomesOfThem) {
  v1::WatchFlowsResponse response;
  response.mutable_note()->set_what(v1::FlowNote::WHAT_NEW);
  *response.mutable_note()->mutable_flow() = CurlsFlow();
  response.set_missed(2);
  daemon_.flow_script = {response};
  EXPECT_EQ(Run(OutputForm::kJson, true), kSuccess);
  EXPECT_EQ(out_.str(), FlowNoteJson(response.note(), 2) + "\n");
  EXPECT_EQ(err_.str(), "2 missed: this reader was too slow\n");
}

TEST_F(FlowsTest, FailsWhenTheDaemonEndsAWatch) {
  daemon_.flow_script = {v1::WatchFlowsResponse()};
  EXPECT_EQ(Run(OutputForm::kJson, true), kFailed);
  EXPECT_THAT(err_.str(), HasSubstr("went away"));
}

TEST_F(FlowsTest, CutsWithoutAskingWhenToldTo) {
  *daemon_.cut.add_cut() = CurlsFlow();
  EXPECT_EQ(Cut(true), kSuccess);
  EXPECT_EQ(daemon_.asked_cut.filter().program(), "curl");
  EXPECT_EQ(out_.str(), "cut tcp 10.0.0.1:40000 -> example.org:443, /usr/bin/curl 4211\n");
}

TEST_F(FlowsTest, RefusesToCutWhereNobodyCanBeAsked) {
  EXPECT_EQ(Cut(false), kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("say --yes"));
  EXPECT_FALSE(daemon_.asked_cut.has_filter());
}

TEST_F(FlowsTest, ShowsWhatItWillCutAndAsks) {
  daemon_.flows = {CurlsFlow()};
  *daemon_.cut.add_cut() = CurlsFlow();
  EXPECT_EQ(Cut(false, true, "n\n"), kFailed);
  EXPECT_FALSE(daemon_.asked_cut.has_filter());
  EXPECT_EQ(Cut(false, true, "y\n"), kSuccess);
  EXPECT_THAT(out_.str(), HasSubstr("Cut this flow? [y/N] "));
}

TEST_F(FlowsTest, SaysThatNothingFits) {
  EXPECT_EQ(Cut(false, true, "y\n"), kFailed);
  EXPECT_EQ(err_.str(), "procwall: no flow fits\n");
}

TEST_F(FlowsTest, FailsWhereSomeCouldNotBeCut) {
  *daemon_.cut.add_cut() = CurlsFlow();
  daemon_.cut.add_failed("tcp a -> b: it may go on");
  EXPECT_EQ(Cut(true), kFailed);
  EXPECT_EQ(err_.str(), "procwall: tcp a -> b: it may go on\n");
}

}  // namespace
}  // namespace procwall

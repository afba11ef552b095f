// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/doctor.h"

#include <unistd.h>

#include <sstream>

#include <gtest/gtest.h>

#include "record/json_text.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/fake_daemon.h"

namespace procwall {
namespace {

class RunDoctorTest : public testing::Test {
 protected:
  Json Examine(const std::string& address) {
    DaemonClient client(address);
    std::ostringstream out;
    std::ostringstream err;
    code = RunDoctor(OutputForm::kJson, client, {out, err, {}});
    return Json::parse(out.str());
  }
  // The state of a tier; empty: it is not listed.
  static std::string StateOf(const Json& json, const std::string& name) {
    for (const Json& tier : json.at("tiers")) {
      if (tier.at("name") == name) return tier.at("state").get<std::string>();
    }
    return "";
  }

  const TemporaryDirectory directory_;
  ExitCode code = kSuccess;
};

TEST_F(RunDoctorTest, LooksAtTheKernelWithoutADaemon) {
  const Json json = Examine("unix:" + directory_ / "none");
  EXPECT_EQ(code, kFailed);
  EXPECT_EQ(json.at("verdict"), "wrong");
  EXPECT_EQ(json.at("daemon_pid"), nullptr);
  EXPECT_NE(StateOf(json, "inet_diag tcp"), "");
  EXPECT_EQ(StateOf(json, "witness"), "unknown");
}

TEST_F(RunDoctorTest, AsksTheDaemonForItsWitness) {
  FakeDaemon daemon(directory_ / "s");
  daemon.status.set_pid(::getpid());
  daemon.status.mutable_witness()->set_why_not("switched off");
  const Json json = Examine(daemon.Address());
  EXPECT_EQ(code, kFailed);
  EXPECT_EQ(json.at("daemon_pid"), ::getpid());
  EXPECT_EQ(StateOf(json, "witness"), "missing");
  EXPECT_EQ(StateOf(json, "packet queue"), "runs");
}

}  // namespace
}  // namespace procwall

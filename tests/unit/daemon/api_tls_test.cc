// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_tls.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/certificates.h"
#include "tests/unit/daemon/api_world.h"

namespace procwall {
namespace {

using testing::HasSubstr;

ApiTlsSettings Complete() {
  return {.address = "127.0.0.1:50052",
          .certificate = "/c",
          .key = "/k",
          .client_ca = "/ca",
          .roles = {{"desk", "answer"}}};
}

TEST(WhyNotServed, HasNothingToSayWhenAllIsThereOrNothingIsWanted) {
  EXPECT_FALSE(WhyNotServed({}));
  EXPECT_FALSE(WhyNotServed(Complete()));
  ApiTlsSettings six = Complete();
  six.address = "[::1]:50052";
  EXPECT_FALSE(WhyNotServed(six));
}

TEST(WhyNotServed, TakesNumericAddressesWithAPortAlone) {
  for (const char* address : {"localhost:50052", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "::1:5",
                              "[127.0.0.1]:5", "127.0.0.1:65536", ":50052", "unix:/x"}) {
    ApiTlsSettings tls = Complete();
    tls.address = address;
    ASSERT_TRUE(WhyNotServed(tls)) << address;
    EXPECT_THAT(*WhyNotServed(tls), HasSubstr(address));
  }
}

TEST(WhyNotServed, NamesWhatIsMissing) {
  ApiTlsSettings tls = Complete();
  tls.client_ca.clear();
  EXPECT_THAT(WhyNotServed(tls).value_or(""), HasSubstr("Procwall.ApiTls.ClientCa is missing"));
  tls = Complete();
  tls.roles.clear();
  EXPECT_THAT(WhyNotServed(tls).value_or(""), HasSubstr("nobody could call"));
  tls.roles = {{"desk", "king"}};
  EXPECT_THAT(WhyNotServed(tls).value_or(""), HasSubstr("\"king\" of \"desk\" is no role"));
}

// A daemon with TLS on a free port, and clients with certificates.
class ApiTlsTest : public ApiWorld {
 protected:
  ApiTlsTest() {
    const CertificatePair daemon = authority.Issue("procwall.test", "IP:127.0.0.1");
    tls = {.address = "127.0.0.1:" + std::to_string(FreePort()),
           .certificate = WriteSecret(directory / "server.pem", daemon.certificate),
           .key = WriteSecret(directory / "server.key", daemon.key),
           .client_ca = WriteSecret(directory / "ca.pem", authority.Pem()),
           .roles = {{"viewer", "view"}, {"boss.test", "administer"}}};
  }
  static int FreePort() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.BuildAndStart()->Shutdown();
    return port;
  }
  std::unique_ptr<v1::Procwall::Stub> StubOf(const CertificatePair& own) const {
    return v1::Procwall::NewStub(grpc::CreateChannel(
        tls.address, grpc::SslCredentials({authority.Pem(), own.key, own.certificate})));
  }
  grpc::StatusCode Status(v1::Procwall::Stub& client) const {
    grpc::ClientContext context;
    SetDeadline(context);
    v1::StatusResponse response;
    return client.Status(&context, {}, &response).error_code();
  }
  grpc::StatusCode Remove(v1::Procwall::Stub& client) const {
    grpc::ClientContext context;
    SetDeadline(context);
    v1::RemoveRuleRequest request;
    request.set_name("none");
    v1::RemoveRuleResponse response;
    return client.RemoveRule(&context, request, &response).error_code();
  }

  const CertificateAuthority authority;
  ApiTlsSettings tls;
};

TEST_F(ApiTlsTest, ACertificateHasTheRoleOfItsName) {
  ASSERT_EQ(Start(tls), "");
  const auto viewer = StubOf(authority.Issue("viewer", ""));
  EXPECT_EQ(Status(*viewer), grpc::StatusCode::OK);
  EXPECT_EQ(Remove(*viewer), grpc::StatusCode::PERMISSION_DENIED);
  const auto boss = StubOf(authority.Issue("anybody", "DNS:boss.test"));
  EXPECT_EQ(Remove(*boss), grpc::StatusCode::NOT_FOUND);
}

TEST_F(ApiTlsTest, ACertificateWithoutARoleMayNothing) {
  ASSERT_EQ(Start(tls), "");
  const auto nobody = StubOf(authority.Issue("nobody", ""));
  EXPECT_EQ(Status(*nobody), grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(ApiTlsTest, WithoutACertificateOfOursNobodyIsLetIn) {
  ASSERT_EQ(Start(tls), "");
  const auto stranger = StubOf(CertificateAuthority().Issue("boss.test", ""));
  EXPECT_EQ(Status(*stranger), grpc::StatusCode::UNAVAILABLE);
  const auto bare = v1::Procwall::NewStub(
      grpc::CreateChannel(tls.address, grpc::SslCredentials({authority.Pem(), "", ""})));
  EXPECT_EQ(Status(*bare), grpc::StatusCode::UNAVAILABLE);
  const auto clear =
      v1::Procwall::NewStub(grpc::CreateChannel(tls.address, grpc::InsecureChannelCredentials()));
  EXPECT_EQ(Status(*clear), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(ApiTlsTest, AKeyThatOthersMayReadIsRefused) {
  for (const mode_t mode : {0604U, 0644U, 0660U}) {
    ASSERT_EQ(::chmod(tls.key.c_str(), mode), 0);
    EXPECT_THAT(Start(tls), HasSubstr("others may read or change it"));
  }
}

TEST_F(ApiTlsTest, FilesThatAreNoPemAreNamed) {
  tls.certificate = WriteSecret(directory / "bad.pem", "hello");
  EXPECT_THAT(Start(tls), HasSubstr("Procwall.ApiTls.Certificate: " + tls.certificate));
  tls.certificate = directory / "nowhere";
  EXPECT_THAT(Start(tls), HasSubstr("Procwall.ApiTls.Certificate: " + tls.certificate));
}

TEST_F(ApiTlsTest, AnAddressThatIsTakenIsNamed) {
  ASSERT_EQ(Start(tls), "");
  const auto second =
      ApiServer::Start("unix:" + directory / "second.sock",
                       {.log = log, .status = *status, .explanations = explanations, .desk = *desk},
                       wakeup, groups, tls);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), HasSubstr("cannot listen on " + tls.address));
}

}  // namespace
}  // namespace procwall

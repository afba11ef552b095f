// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_tls.h"

#include <chrono>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <grpcpp/health_check_service_interface.h>
#include <gtest/gtest.h>

#include "daemon/opensnitch_dial.h"
#include "tests/support/certificates.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

using testing::HasSubstr;

// A GUI on a TCP port of this host with a certificate of its own.
class GuiCredentialsTest : public testing::Test {
 protected:
  void Serve(grpc_ssl_client_certificate_request_type clients) {
    grpc::SslServerCredentialsOptions options(clients);
    options.pem_root_certs = authority.Pem();
    options.pem_key_cert_pairs.push_back({server.key, server.certificate});
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(options), &port);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    gui = builder.BuildAndStart();
    address = {GuiAddress::Kind::kTcp, "127.0.0.1:" + std::to_string(port)};
  }
  std::string File(const std::string& name, const std::string& text) const {
    return WriteSecret(directory / name, text);
  }
  bool Connects(const UiTlsSettings& tls) const {
    const auto dialled = DialGui(address, {}, SystemAccounts(), tls);
    EXPECT_TRUE(dialled) << dialled.error();
    return dialled && dialled->channel->WaitForConnected(std::chrono::system_clock::now() +
                                                         std::chrono::seconds(5));
  }
  std::string WhyNot(const UiTlsSettings& tls) const {
    const auto credentials = GuiCredentials(tls);
    return credentials ? "" : credentials.error();
  }
  UiTlsSettings Trusting() const {
    UiTlsSettings tls;
    tls.authentication = UiAuthentication::kTlsSimple;
    tls.ca_certificate = File("ca.pem", authority.Pem());
    return tls;
  }

  const TemporaryDirectory directory;
  const CertificateAuthority authority;
  const CertificatePair server = authority.Issue("gui.test", "IP:127.0.0.1");
  const CertificatePair client = authority.Issue("node.test", "");
  std::unique_ptr<grpc::Server> gui;
  GuiAddress address{};
};

TEST_F(GuiCredentialsTest, SimpleTlsTakesAGuiThatOurAuthorityHasSigned) {
  Serve(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  EXPECT_TRUE(Connects(Trusting()));
}

TEST_F(GuiCredentialsTest, AGuiOfAnotherAuthorityIsRefusedUnlessNothingIsVerified) {
  Serve(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  UiTlsSettings tls = Trusting();
  tls.ca_certificate = File("other.pem", CertificateAuthority().Pem());
  EXPECT_FALSE(Connects(tls));
  tls.skip_verify = true;
  EXPECT_TRUE(Connects(tls));
}

TEST_F(GuiCredentialsTest, InTheClearNobodyTalksToAGuiWithTls) {
  Serve(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  EXPECT_FALSE(Connects(UiTlsSettings{}));
}

TEST_F(GuiCredentialsTest, MutualTlsShowsOurCertificate) {
  Serve(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  UiTlsSettings tls = Trusting();
  tls.authentication = UiAuthentication::kTlsMutual;
  tls.client_certificate = File("client.pem", client.certificate);
  tls.client_key = File("client.key", client.key);
  EXPECT_TRUE(Connects(tls));
}

TEST_F(GuiCredentialsTest, SayWhatIsMissing) {
  UiTlsSettings tls;
  EXPECT_EQ(WhyNot(tls), "");
  tls.authentication = UiAuthentication::kTlsSimple;
  EXPECT_THAT(WhyNot(tls), HasSubstr("CACert is missing"));
  tls = Trusting();
  tls.authentication = UiAuthentication::kTlsMutual;
  EXPECT_THAT(WhyNot(tls), HasSubstr("ClientCert is missing"));
  tls.client_certificate = directory / "nowhere";
  EXPECT_THAT(WhyNot(tls), HasSubstr("ClientKey is missing"));
  tls.client_key = tls.client_certificate;
  EXPECT_THAT(WhyNot(tls), HasSubstr("ClientCert: " + tls.client_certificate));
  tls.client_certificate = File("text", "no pem");
  EXPECT_THAT(WhyNot(tls), HasSubstr("is not in PEM"));
}

}  // namespace
}  // namespace procwall

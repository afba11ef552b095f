// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/tls_files.h"

#include <fcntl.h>

#include <chrono>
#include <cstdint>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/support/certificates.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::string TextOf(const std::string& path) {
  return ReadFileAt(AT_FDCWD, path.c_str(), 1 << 20).value();
}

class TlsFilesTest : public testing::Test {
 protected:
  TlsFilesTest() { Write(authority.Issue("server", "")); }

  void Write(const CertificatePair& pair) const {
    WriteSecret(tls.key, pair.key);
    WriteSecret(tls.certificate, pair.certificate);
    WriteSecret(tls.client_ca, authority.Pem());
  }
  std::string WhyNot() const {
    const auto read = ReadTlsFiles(tls);
    return read ? "" : read.error();
  }
  template <typename Condition>
  static bool Comes(const Condition& condition) {
    const auto limit = std::chrono::steady_clock::now() + 20s;
    while (!condition() && std::chrono::steady_clock::now() < limit) {
      std::this_thread::sleep_for(1ms);
    }
    return condition();
  }

  const CertificateAuthority authority;
  const TemporaryDirectory directory;
  const ApiTlsSettings tls{.address = {},
                           .certificate = directory / "server.pem",
                           .key = directory / "server.key",
                           .client_ca = directory / "ca.pem",
                           .roles = {}};
};

TEST_F(TlsFilesTest, AreReadWhenTheyFitTogether) {
  const auto read = ReadTlsFiles(tls);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->key, TextOf(tls.key));
  EXPECT_EQ(read->certificate, TextOf(tls.certificate));
  EXPECT_EQ(read->client_ca, authority.Pem());
}

TEST_F(TlsFilesTest, MayHaveAChainOfCertificates) {
  WriteSecret(tls.certificate, TextOf(tls.certificate) + authority.Pem());
  EXPECT_EQ(WhyNot(), "");
}

TEST_F(TlsFilesTest, SayWhatIsWrong) {
  const std::string key = TextOf(tls.key);
  const std::string certificate = TextOf(tls.certificate);
  const auto with = [&](const std::string& path, const std::string& text) {
    WriteSecret(tls.key, key);
    WriteSecret(tls.certificate, certificate);
    WriteSecret(path, text);
    return WhyNot();
  };
  EXPECT_THAT(with(tls.key, ""), HasSubstr("ApiTls.Key: " + tls.key + " is no private key"));
  EXPECT_THAT(with(tls.key, key.substr(0, key.size() / 2)), HasSubstr("is no private key"));
  EXPECT_THAT(with(tls.certificate, "hello"),
              HasSubstr("ApiTls.Certificate: " + tls.certificate + " is not in PEM"));
  for (const double share : {0.1, 0.5, 0.9}) {
    const auto size = static_cast<std::size_t>(share * static_cast<double>(certificate.size()));
    EXPECT_THAT(with(tls.certificate, certificate.substr(0, size)), HasSubstr("ApiTls.Certificate"))
        << size;
    EXPECT_THAT(with(tls.certificate, certificate + certificate.substr(0, size)),
                HasSubstr("ends within a certificate"))
        << size;
  }
  EXPECT_THAT(with(tls.key, authority.Issue("server", "").key),
              HasSubstr("is not the key of the first certificate in " + tls.certificate));
  EXPECT_EQ(with(tls.key, key), "");
  WriteSecret(tls.client_ca, "hello");
  EXPECT_THAT(WhyNot(), HasSubstr("ApiTls.ClientCa: " + tls.client_ca + " is not in PEM"));
  ASSERT_EQ(::unlink(tls.client_ca.c_str()), 0);
  EXPECT_THAT(WhyNot(), HasSubstr("ApiTls.ClientCa: " + tls.client_ca));
}

TEST_F(TlsFilesTest, AKeyThatOthersMayReadIsRefused) {
  ASSERT_EQ(::chmod(tls.key.c_str(), 0644), 0);
  EXPECT_THAT(WhyNot(), HasSubstr("others may read or change it"));
}

TEST_F(TlsFilesTest, TheCopiesAreWhatTheFilesWereWhenTheyWereRightLast) {
  const auto files = TlsFiles::Open(tls, 5ms);
  ASSERT_TRUE(files) << files.error();
  const std::string former = TextOf(tls.certificate);
  const std::string former_key = TextOf(tls.key);
  EXPECT_EQ(TextOf((*files)->CertificatePath()), former);
  EXPECT_EQ(TextOf((*files)->KeyPath()), former_key);
  EXPECT_EQ(TextOf((*files)->ClientCaPath()), authority.Pem());

  const CertificatePair renewed = authority.Issue("server", "");
  WriteSecret(tls.certificate, renewed.certificate);  // without its key
  const std::uint64_t looked = (*files)->Looks();
  EXPECT_TRUE(Comes([&] { return (*files)->Looks() >= looked + 3; }));
  EXPECT_EQ(TextOf((*files)->CertificatePath()), former);
  EXPECT_EQ(TextOf((*files)->KeyPath()), former_key);

  WriteSecret(tls.key, renewed.key);
  EXPECT_TRUE(Comes([&] { return TextOf((*files)->CertificatePath()) == renewed.certificate; }));
  EXPECT_TRUE(Comes([&] { return TextOf((*files)->KeyPath()) == renewed.key; }));
  EXPECT_TRUE(Comes([&] { return TextOf((*files)->ClientCaPath()) == authority.Pem(); }));
}

TEST_F(TlsFilesTest, AreNotOpenedWhenTheyAreWrong) {
  WriteSecret(tls.key, "");
  const auto files = TlsFiles::Open(tls, 5ms);
  ASSERT_FALSE(files);
  EXPECT_THAT(files.error(), HasSubstr("is no private key"));
}

}  // namespace
}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_tls.h"

#include <fcntl.h>

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include "base/file.h"
#include "base/printable.h"

namespace procwall {
namespace {

namespace tls_api = grpc::experimental;

constexpr std::size_t kMaxGuiPemBytes = std::size_t{1} << 20;

tl::unexpected<std::string> Missing(const char* option) {
  return tl::unexpected(
      fmt::format("Server.Authentication.TLSOptions.{} is missing: TLS needs it", option));
}

tl::expected<std::string, std::string> ReadPem(const char* option, const std::string& file) {
  auto text = ReadFileAt(AT_FDCWD, file.c_str(), kMaxGuiPemBytes);
  if (!text) {
    return tl::unexpected(fmt::format("Server.Authentication.TLSOptions.{}: {}: {}", option,
                                      Printable(file), text.error().ToString()));
  }
  if (text->find("-----BEGIN ") != std::string::npos) return *std::move(text);
  return tl::unexpected(fmt::format("Server.Authentication.TLSOptions.{}: {} is not in PEM", option,
                                    Printable(file)));
}

// Whom we believe.
tl::expected<std::string, std::string> ReadTrusted(const UiTlsSettings& tls) {
  std::string trusted;
  for (const auto& [option, file] : {std::pair("CACert", &tls.ca_certificate),
                                     std::pair("ServerCert", &tls.server_certificate)}) {
    if (file->empty()) continue;
    auto pem = ReadPem(option, *file);
    if (!pem) return pem;
    trusted += *pem + "\n";
  }
  if (trusted.empty() && !tls.skip_verify) return Missing("CACert");
  return trusted;
}

tl::expected<std::vector<tls_api::IdentityKeyCertPair>, std::string> ReadIdentity(
    const UiTlsSettings& tls) {
  if (tls.authentication != UiAuthentication::kTlsMutual) return {};
  if (tls.client_certificate.empty()) return Missing("ClientCert");
  if (tls.client_key.empty()) return Missing("ClientKey");
  const auto certificate = ReadPem("ClientCert", tls.client_certificate);
  if (!certificate) return tl::unexpected(certificate.error());
  const auto key = ReadPem("ClientKey", tls.client_key);
  if (!key) return tl::unexpected(key.error());
  return std::vector{tls_api::IdentityKeyCertPair{*key, *certificate}};
}

}  // namespace

tl::expected<std::shared_ptr<grpc::ChannelCredentials>, std::string> GuiCredentials(
    const UiTlsSettings& tls) {
  if (tls.authentication == UiAuthentication::kSimple) return grpc::InsecureChannelCredentials();
  const auto trusted = ReadTrusted(tls);
  if (!trusted) return tl::unexpected(trusted.error());
  const auto identity = ReadIdentity(tls);
  if (!identity) return tl::unexpected(identity.error());
  tls_api::TlsChannelCredentialsOptions options;
  if (!trusted->empty() || !identity->empty()) {
    options.set_certificate_provider(
        std::make_shared<tls_api::StaticDataCertificateProvider>(*trusted, *identity));
  }
  if (!trusted->empty()) options.watch_root_certs();
  if (!identity->empty()) options.watch_identity_key_cert_pairs();
  if (tls.skip_verify) {
    options.set_verify_server_certs(false);
    options.set_check_call_host(false);
    options.set_certificate_verifier(std::make_shared<tls_api::NoOpCertificateVerifier>());
  }
  return tls_api::TlsCredentials(options);
}

}  // namespace procwall

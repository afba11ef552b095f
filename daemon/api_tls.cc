// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_tls.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <grpcpp/security/auth_metadata_processor.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include "base/file.h"
#include "base/printable.h"
#include "daemon/api_refusal.h"
#include "net/endpoint.h"

namespace procwall {
namespace {

constexpr std::size_t kMaxPemBytes = std::size_t{1} << 20;
constexpr std::array kRoles = {Role::kView, Role::kAnswer, Role::kAdminister};

std::optional<Role> RoleNamed(std::string_view name) {
  for (const Role role : kRoles) {
    if (name == RoleName(role)) return role;
  }
  return std::nullopt;
}

// "192.0.2.1:443", "[2001:db8::1]:443".
bool IsNumericAddress(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  std::string_view host = text.substr(0, colon);
  const bool has_brackets = host.starts_with('[') && host.ends_with(']');
  if (has_brackets) host = host.substr(1, host.size() - 2);
  const auto address = IpAddress::Parse(host);
  Port port = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
  return address && address->IsV4() != has_brackets && parsed.ec == std::errc() &&
         parsed.ptr == end && port != 0;
}

std::optional<std::string> WhyNotPem(const char* what, const std::string& file,
                                     std::string_view begins) {
  const auto text = ReadFileAt(AT_FDCWD, file.c_str(), kMaxPemBytes);
  if (!text) {
    return fmt::format("Procwall.ApiTls.{}: {}: {}", what, Printable(file),
                       text.error().ToString());
  }
  if (text->find(begins) != std::string::npos) return std::nullopt;
  return fmt::format("Procwall.ApiTls.{}: {} is not in PEM: it has no \"{}\"", what,
                     Printable(file), begins);
}

// Others must not have read it, and nobody but its owner may have written it.
std::optional<std::string> WhyNotSecret(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    return fmt::format("Procwall.ApiTls.Key: {}: {}", Printable(file),
                       SystemError(errno, "stat").ToString());
  }
  if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
    return fmt::format("Procwall.ApiTls.Key: {} belongs to user {}: it must be root's",
                       Printable(file), status.st_uid);
  }
  if ((status.st_mode & 0027U) == 0) return std::nullopt;
  return fmt::format(
      "Procwall.ApiTls.Key: {} has mode {:04o}: others may read or change it; chmod 0600",
      Printable(file), status.st_mode & 07777U);
}

// Sees every call, those to services of gRPC's own included.
class RoleGate final : public grpc::AuthMetadataProcessor {
 public:
  explicit RoleGate(CertificateRoles roles) : roles_(std::move(roles)) {}

  bool IsBlocking() const override { return false; }
  grpc::Status Process(const InputMetadata& /*metadata*/, grpc::AuthContext* context,
                       OutputMetadata* /*consumed*/, OutputMetadata* /*response*/) override {
    const bool has_role =
        context != nullptr && CallerNamed(NamesOf(*context), roles_).role >= Role::kView;
    if (has_role) return grpc::Status::OK;
    return Refusal(grpc::StatusCode::PERMISSION_DENIED,
                   "no name of this certificate has a role in Procwall.ApiTls.Roles", "ROLE_NEEDED",
                   "role", RoleName(Role::kView));
  }

 private:
  const CertificateRoles roles_;
};

}  // namespace

std::optional<std::string> WhyNotServed(const ApiTlsSettings& tls) {
  if (tls.address.empty()) return std::nullopt;
  if (!IsNumericAddress(tls.address)) {
    return fmt::format(
        "Procwall.ApiTls.Address \"{}\": must be an IP address with a port, as 127.0.0.1:50052 or "
        "[::1]:50052",
        Printable(tls.address));
  }
  for (const auto& [name, file] :
       {std::pair("Certificate", &tls.certificate), std::pair("Key", &tls.key),
        std::pair("ClientCa", &tls.client_ca)}) {
    if (file->empty()) {
      return fmt::format(
          "Procwall.ApiTls.{} is missing: over TCP both sides show certificates, or there is no "
          "API",
          name);
    }
  }
  if (tls.roles.empty()) return "Procwall.ApiTls.Roles is empty: nobody could call";
  for (const auto& [name, role] : tls.roles) {
    if (!RoleNamed(role)) {
      return fmt::format(
          "Procwall.ApiTls.Roles: \"{}\" of \"{}\" is no role: they are view, "
          "answer and administer",
          Printable(role), Printable(name));
    }
  }
  return std::nullopt;
}

CertificateRoles RolesOf(const ApiTlsSettings& tls) {
  CertificateRoles roles;
  for (const auto& [name, role] : tls.roles) {
    roles.emplace(name, RoleNamed(role).value_or(Role::kNone));
  }
  return roles;
}

tl::expected<std::shared_ptr<grpc::ServerCredentials>, std::string> ServerCredentialsOf(
    const ApiTlsSettings& tls) {
  for (auto& wrong : {WhyNotSecret(tls.key), WhyNotPem("Key", tls.key, "PRIVATE KEY-----"),
                      WhyNotPem("Certificate", tls.certificate, "-----BEGIN CERTIFICATE-----"),
                      WhyNotPem("ClientCa", tls.client_ca, "-----BEGIN CERTIFICATE-----")}) {
    if (wrong) return tl::unexpected(*wrong);
  }
  grpc::experimental::TlsServerCredentialsOptions options(
      std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
          tls.key, tls.certificate, tls.client_ca, kCertificatesAgeSeconds));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  auto credentials = grpc::experimental::TlsServerCredentials(options);
  credentials->SetAuthMetadataProcessor(std::make_shared<RoleGate>(RolesOf(tls)));
  return credentials;
}

}  // namespace procwall

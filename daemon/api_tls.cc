// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_tls.h"

#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <grpcpp/security/auth_metadata_processor.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include "base/printable.h"
#include "daemon/api_refusal.h"
#include "net/endpoint.h"

namespace procwall {
namespace {

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

tl::expected<ApiTls, std::string> ServeTls(const ApiTlsSettings& tls) {
  // Half of the age for the files to be copied, half for gRPC to read the copies.
  constexpr auto kHalf = kCertificatesAge / 2;
  auto files = TlsFiles::Open(tls, kHalf);
  if (!files) return tl::unexpected(std::move(files).error());
  grpc::experimental::TlsServerCredentialsOptions options(
      std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
          (*files)->KeyPath(), (*files)->CertificatePath(), (*files)->ClientCaPath(),
          static_cast<unsigned>(kHalf.count())));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  auto credentials = grpc::experimental::TlsServerCredentials(options);
  credentials->SetAuthMetadataProcessor(std::make_shared<RoleGate>(RolesOf(tls)));
  return ApiTls{*std::move(files), std::move(credentials)};
}

}  // namespace procwall

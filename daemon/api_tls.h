// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "daemon/api_access.h"
#include "daemon/settings.h"
#include "daemon/tls_files.h"

namespace procwall {

// The API over TCP: with TLS, and only for clients that show a certificate which our authority has
// signed and whose name has a role.

// Why it cannot be served so, for people, as far as the settings tell; nullopt: it can, or is not
// wanted. An address is a number with a port: names may lead elsewhere tomorrow.
std::optional<std::string> WhyNotServed(const ApiTlsSettings& tls);

// REQUIRES: WhyNotServed() has nothing to say.
CertificateRoles RolesOf(const ApiTlsSettings& tls);

// What gRPC listens with, both null where there is no TCP: `files` must outlive the server.
struct ApiTls {
  std::unique_ptr<TlsFiles> files{};
  std::shared_ptr<grpc::ServerCredentials> credentials{};
};

// The files are read again and again: new ones count after kCertificatesAge at the latest for
// whoever connects. Calls of clients without a role are refused before anything sees them. The
// errors are those of ReadTlsFiles().
inline constexpr std::chrono::seconds kCertificatesAge{10};
tl::expected<ApiTls, std::string> ServeTls(const ApiTlsSettings& tls);

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "daemon/api_access.h"
#include "daemon/settings.h"

namespace procwall {

// The API over TCP: with TLS, and only for clients that show a certificate which our authority has
// signed and whose name has a role.

// Why it cannot be served so, for people, as far as the settings tell; nullopt: it can, or is not
// wanted. An address is a number with a port: names may lead elsewhere tomorrow.
std::optional<std::string> WhyNotServed(const ApiTlsSettings& tls);

// REQUIRES: WhyNotServed() has nothing to say.
CertificateRoles RolesOf(const ApiTlsSettings& tls);

// What gRPC listens with. The files are read again every kCertificatesAge: a new certificate counts
// from then on for whoever connects. Calls of clients without a role are refused before anything
// sees them. The error names the file, for people: the key must be readable by its owner (root, or
// whom we run as) and its group alone.
inline constexpr unsigned kCertificatesAgeSeconds = 10;
tl::expected<std::shared_ptr<grpc::ServerCredentials>, std::string> ServerCredentialsOf(
    const ApiTlsSettings& tls);

}  // namespace procwall

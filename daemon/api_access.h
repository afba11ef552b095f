// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "daemon/api_role.h"
#include "daemon/api_socket.h"

namespace procwall {

// The roles of those who come over TCP, by what their certificate says of them: its subject's
// common name, or one of its alternative names.
using CertificateRoles = std::map<std::string, Role>;

// A caller, for roles and for people.
struct ApiCaller {
  std::string name;  // of the user, or of the certificate
  Role role = Role::kNone;
};

// The most that one of these names gives, and that name.
ApiCaller CallerNamed(const std::vector<std::string>& names, const CertificateRoles& roles);

// Who calls, and what it may do. Thread rule: const methods from any thread. `socket` must outlive
// it.
class ApiAccess {
 public:
  ApiAccess(const ApiSocket& socket, CertificateRoles roles)
      : socket_(socket), roles_(std::move(roles)) {}

  ApiCaller CallerOf(const grpc::CallbackServerContext& context) const;
  // Why it may not do what needs that role; nullopt: it may.
  std::optional<grpc::Status> WhyNot(const grpc::CallbackServerContext& context, Role needed) const;

 private:
  const ApiSocket& socket_;
  const CertificateRoles roles_;
};

// All that a certificate says of whom it is for, as gRPC tells it.
std::vector<std::string> NamesOf(const grpc::AuthContext& peer);

}  // namespace procwall

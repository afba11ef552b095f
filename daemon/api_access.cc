// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_access.h"

#include <pwd.h>

#include <array>

#include "daemon/api_refusal.h"

namespace procwall {
namespace {

// Where gRPC puts what it has read in a peer's certificate.
constexpr std::array kNameProperties = {"x509_common_name", "x509_subject_alternative_name"};

// For people: the number when there is no name.
std::string UserName(uid_t uid) {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const int failed = ::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found);
  return failed == 0 && found != nullptr ? std::string(found->pw_name) : std::to_string(uid);
}

}  // namespace

std::vector<std::string> NamesOf(const grpc::AuthContext& peer) {
  std::vector<std::string> names;
  for (const char* const property : kNameProperties) {
    for (const grpc::string_ref& value : peer.FindPropertyValues(property)) {
      names.emplace_back(value.data(), value.size());
    }
  }
  return names;
}

ApiCaller CallerNamed(const std::vector<std::string>& names, const CertificateRoles& roles) {
  ApiCaller caller;
  for (const std::string& name : names) {
    const auto found = roles.find(name);
    if (found != roles.end() && found->second > caller.role) caller = {name, found->second};
  }
  return caller;
}

ApiCaller ApiAccess::CallerOf(const grpc::CallbackServerContext& context) const {
  const auto peer = context.auth_context();
  if (peer && peer->IsPeerAuthenticated()) return CallerNamed(NamesOf(*peer), roles_);
  const ApiPeer known = socket_.PeerOf(context.peer());
  return {UserName(known.uid), known.role};
}

std::optional<grpc::Status> ApiAccess::WhyNot(const grpc::CallbackServerContext& context,
                                              Role needed) const {
  if (CallerOf(context).role >= needed) return std::nullopt;
  return Forbidden(needed);
}

}  // namespace procwall

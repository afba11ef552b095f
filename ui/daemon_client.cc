// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/daemon_client.h"

#include <fcntl.h>

#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "base/printable.h"
#include "ui/socket_probe.h"

namespace procwall {
namespace {

constexpr const char* kStartIt =
    "Start it: `systemctl start procwall`, or `scripts/run` in the source tree.";

// Ten thousand rules with long lists fit; a daemon gone wild does not take all our memory.
constexpr int kMaxMessageBytes = 64 << 20;

std::string PathOf(const std::string& address) {
  constexpr std::string_view kScheme = "unix:";
  std::string path = address.substr(address.starts_with(kScheme) ? kScheme.size() : 0);
  if (path.starts_with("///")) path.erase(0, 2);
  return path;
}

DaemonError ExplainUnavailable(const std::string& address, const grpc::Status& status) {
  const std::string path = PathOf(address);
  const std::string what = "no daemon answers at " + path + ": ";
  switch (ProbeSocket(path)) {
    case SocketProbe::kMissing:
      return {what + "there is no such socket, so procwalld is not running",
              fmt::format("{}\nAnother socket: --address unix:PATH.", kStartIt)};
    case SocketProbe::kNotListening:
      return {what + "the socket is there, but nobody listens: procwalld ended without cleaning up",
              kStartIt};
    case SocketProbe::kNoPermission:
      return {what + "permission denied", "Ask as root: `sudo procwall ...`.", true};
    case SocketProbe::kNotASocket:
      return {what + "this is not a socket", "Check --address and PROCWALL_ADDRESS."};
    case SocketProbe::kBadPath:
      return {what + "this cannot be a socket's path (1 to 107 bytes)",
              "Check --address and PROCWALL_ADDRESS."};
    case SocketProbe::kListening:
    case SocketProbe::kOther:
      break;
  }
  return {what + status.error_message(), "Is it procwalld that listens there?"};
}

constexpr std::size_t kMaxPemBytes = std::size_t{1} << 20;

std::string ReadPem(const std::string& file) {
  return ReadFileAt(AT_FDCWD, file.c_str(), kMaxPemBytes).value_or("");
}

std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const ClientTls& tls) {
  if (tls.IsEmpty()) return grpc::InsecureChannelCredentials();
  return grpc::SslCredentials({ReadPem(tls.ca), ReadPem(tls.key), ReadPem(tls.certificate)});
}

// Over TCP: gRPC does not say which file it could not use.
DaemonError ExplainUnavailable(const ClientTls& tls, const std::string& address,
                               const grpc::Status& status) {
  for (const std::string* const file : {&tls.ca, &tls.certificate, &tls.key}) {
    const std::string pem = ReadPem(*file);
    if (pem.find("-----BEGIN ") != std::string::npos) continue;
    return {fmt::format("{} cannot be read, or is not in PEM", *file),
            "Check --tls-ca, --tls-cert and --tls-key."};
  }
  return {fmt::format("no daemon answers at {}: {}", address, status.error_message()),
          "Is Procwall.ApiTls configured there, do both sides know who signed the other's "
          "certificate, and is its name in the daemon's certificate?"};
}

}  // namespace

void PrintDaemonError(const DaemonError& error, std::ostream& stream) {
  stream << "procwall: " << TerminalSafe(error.what) << "\n";
  // Only ours: nothing a stranger wrote gets into an advice.
  if (!error.advice.empty()) stream << error.advice << "\n";
}

DaemonClient::DaemonClient(std::string address, std::chrono::milliseconds deadline, ClientTls tls)
    : address_(std::move(address)), deadline_(deadline), tls_(std::move(tls)) {}

v1::Procwall::Stub& DaemonClient::Stub() {
  if (!stub_) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
    // A proxy from the environment has no business between us and the daemon of this host.
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    stub_ =
        v1::Procwall::NewStub(grpc::CreateCustomChannel(address_, CredentialsOf(tls_), arguments));
  }
  return *stub_;
}

DaemonError DaemonClient::ErrorOf(const grpc::Status& status) const {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return tls_.IsEmpty() ? ExplainUnavailable(address_, status)
                            : ExplainUnavailable(tls_, address_, status);
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return {fmt::format("procwalld at {} did not answer within {} s", PathOf(address_),
                          std::chrono::duration<double>(deadline_).count()),
              "It may be overloaded or stopped: look at its log."};
    case grpc::StatusCode::UNIMPLEMENTED:
      return {fmt::format("what listens at {} does not know this question", PathOf(address_)),
              "It is another version of procwalld, or another program."};
    case grpc::StatusCode::NOT_FOUND:
    case grpc::StatusCode::ALREADY_EXISTS:
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::FAILED_PRECONDITION:
      return {status.error_message(), ""};
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED:
      return {fmt::format("procwalld at {} refuses: {}", PathOf(address_), status.error_message()),
              tls_.IsEmpty() ? "Ask as root: `sudo procwall ...`." : "", true};
    default:
      // A path that gRPC itself refuses ends here.
      if (tls_.IsEmpty() && ProbeSocket(PathOf(address_)) == SocketProbe::kBadPath) {
        return ExplainUnavailable(address_, status);
      }
      return {fmt::format("procwalld at {} answered with an error: {}", PathOf(address_),
                          status.error_message()),
              ""};
  }
}

template <typename Request, typename Response>
tl::expected<Response, DaemonError> DaemonClient::Ask(Method<Request, Response> method,
                                                      const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + deadline_);
  Response response;
  const grpc::Status status = (Stub().*method)(&context, request, &response);
  if (!status.ok()) return tl::unexpected(ErrorOf(status));
  return response;
}

tl::expected<v1::StatusResponse, DaemonError> DaemonClient::Status() {
  return Ask<v1::StatusRequest, v1::StatusResponse>(&v1::Procwall::Stub::Status, {});
}

tl::expected<v1::ListRulesResponse, DaemonError> DaemonClient::ListRules() {
  return Ask<v1::ListRulesRequest, v1::ListRulesResponse>(&v1::Procwall::Stub::ListRules, {});
}

tl::expected<v1::ExplainResponse, DaemonError> DaemonClient::Explain(
    const v1::ExplainRequest& request) {
  return Ask<v1::ExplainRequest, v1::ExplainResponse>(&v1::Procwall::Stub::Explain, request);
}

tl::expected<v1::PutRuleResponse, DaemonError> DaemonClient::PutRule(
    const v1::PutRuleRequest& request) {
  return Ask<v1::PutRuleRequest, v1::PutRuleResponse>(&v1::Procwall::Stub::PutRule, request);
}

tl::expected<v1::RemoveRuleResponse, DaemonError> DaemonClient::RemoveRule(
    const v1::RemoveRuleRequest& request) {
  return Ask<v1::RemoveRuleRequest, v1::RemoveRuleResponse>(&v1::Procwall::Stub::RemoveRule,
                                                            request);
}

tl::expected<v1::SetRuleEnabledResponse, DaemonError> DaemonClient::SetRuleEnabled(
    const v1::SetRuleEnabledRequest& request) {
  return Ask<v1::SetRuleEnabledRequest, v1::SetRuleEnabledResponse>(
      &v1::Procwall::Stub::SetRuleEnabled, request);
}

tl::expected<v1::ReadJournalResponse, DaemonError> DaemonClient::ReadJournal(
    const v1::ReadJournalRequest& request) {
  return Ask<v1::ReadJournalRequest, v1::ReadJournalResponse>(&v1::Procwall::Stub::ReadJournal,
                                                              request);
}

template <typename Response, typename Start>
std::optional<DaemonError> DaemonClient::ReadStream(
    const Start& start, const std::function<Continue(const Response&)>& on_response) {
  grpc::ClientContext context;
  {
    const std::lock_guard lock(mutex_);
    if (cancelled_) return {};
    watching_ = &context;
  }
  const auto reader = start(context);
  Response response;
  bool enough = false;
  bool listening = false;
  while (!enough && reader->Read(&response)) {
    listening = true;
    enough = on_response(response) == Continue::kEnough;
  }
  if (enough) context.TryCancel();
  const grpc::Status status = reader->Finish();

  const std::lock_guard lock(mutex_);
  watching_ = nullptr;
  if (enough || cancelled_) return {};
  if (!listening && !status.ok()) return ErrorOf(status);
  return DaemonError{"procwalld went away: the watch ended",
                     "See what became of it: `procwall status`."};
}

std::optional<DaemonError> DaemonClient::Watch(std::uint32_t recent,
                                               const OnResponse& on_response) {
  v1::WatchRequest request;
  request.set_recent(recent);
  return ReadStream<v1::WatchResponse>(
      [&](grpc::ClientContext& context) { return Stub().Watch(&context, request); }, on_response);
}

std::optional<DaemonError> DaemonClient::WatchProcesses(const OnProcess& on_response) {
  return ReadStream<v1::WatchProcessesResponse>(
      [&](grpc::ClientContext& context) { return Stub().WatchProcesses(&context, {}); },
      on_response);
}

void DaemonClient::Cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (watching_ != nullptr) watching_->TryCancel();
}

}  // namespace procwall

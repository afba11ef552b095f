// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_dial.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <grpcpp/create_channel_posix.h>

#include "base/result.h"
#include "base/unique_fd.h"
#include "daemon/opensnitch_tls.h"
#include "daemon/opensnitch_wire.h"
#include "daemon/ui_users.h"

namespace procwall {
namespace {

grpc::ChannelArguments Arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(static_cast<int>(kMostGuiMessageBytes));
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  // When it is lost we dial again ourselves.
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // A channel of one's own for each dialling.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return arguments;
}

std::string Explain(int error, const GuiAddress& address) {
  switch (error) {
    case ENOENT:
      return fmt::format("nobody listens on {}: no GUI is running", address.ToString());
    case ECONNREFUSED:
      return fmt::format("nobody listens on {} any more: no GUI is running", address.ToString());
    default:
      return fmt::format("{}: {}", address.ToString(),
                         SystemError(error, "connect to the GUI").ToString());
  }
}

tl::expected<UniqueFd, std::string> Connect(const GuiAddress& address) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  const bool is_abstract = address.kind == GuiAddress::Kind::kUnixAbstract;
  const std::size_t start = is_abstract ? 1 : 0;  // an abstract name begins with a zero byte
  std::memcpy(static_cast<char*>(name.sun_path) + start, address.name.data(), address.name.size());
  const std::size_t size =
      is_abstract ? offsetof(sockaddr_un, sun_path) + 1 + address.name.size() : sizeof(name);
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.IsOpen()) return tl::unexpected(Explain(errno, address));
  const auto* const any = static_cast<const sockaddr*>(static_cast<const void*>(&name));
  if (::connect(socket.UnsafeFd(), any, static_cast<socklen_t>(size)) != 0) {
    return tl::unexpected(Explain(errno, address));
  }
  return socket;
}

tl::expected<Dialled, std::string> DialUnix(const GuiAddress& address,
                                            const std::vector<std::string>& allowed,
                                            const Accounts& accounts) {
  auto socket = Connect(address);
  if (!socket) return tl::unexpected(socket.error());
  ucred peer{};
  socklen_t size = sizeof(peer);
  if (::getsockopt(socket->UnsafeFd(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return tl::unexpected(Explain(errno, address));
  }
  if (!IsUiUser(allowed, peer.uid, accounts)) {
    return tl::unexpected(
        fmt::format("{} is refused: user {} listens there, whom Procwall.UiUsers does not allow",
                    address.ToString(), peer.uid));
  }
  return Dialled{
      grpc::CreateCustomInsecureChannelFromFd("opensnitch-gui", socket->Release(), Arguments()),
      peer.uid};
}

}  // namespace

tl::expected<Dialled, std::string> DialGui(const GuiAddress& address,
                                           const std::vector<std::string>& allowed,
                                           const Accounts& accounts, const UiTlsSettings& tls) {
  if (address.kind != GuiAddress::Kind::kTcp) return DialUnix(address, allowed, accounts);
  const auto credentials = GuiCredentials(tls);
  if (!credentials) return tl::unexpected(credentials.error());
  return Dialled{grpc::CreateCustomChannel(address.name, *credentials, Arguments()), std::nullopt};
}

}  // namespace procwall

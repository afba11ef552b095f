// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/facts.h"

namespace procwall {

Facts::Facts(const Subject& subject)
    : subject_(subject),
      path_(subject.process == nullptr ? std::string_view() : subject.process->path),
      host_(subject.host) {}

const Text& Facts::ProcessCommand() const {
  if (!command_) {
    command_.emplace(subject_.process == nullptr ? "" : subject_.process->CommandLine());
  }
  return command_->text;
}

std::int64_t Facts::ProcessIdNumber() const {
  return subject_.process == nullptr ? 0 : subject_.process->id.pid;
}

std::int64_t Facts::UserId() const {
  if (subject_.connection->uid) return *subject_.connection->uid;
  return subject_.process == nullptr ? -1 : std::int64_t{subject_.process->uid};
}

const Text& Facts::Protocol() const {
  if (!protocol_) {
    const Connection& connection = *subject_.connection;
    protocol_.emplace(ProtocolName(connection.protocol, connection.Family()));
  }
  return protocol_->text;
}

const Text& Facts::AddressText(const IpAddress& address) const {
  auto& made = &address == &SourceAddress() ? source_text_ : destination_text_;
  if (!made) made.emplace(address.ToString());
  return made->text;
}

}  // namespace procwall

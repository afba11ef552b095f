// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/facts.h"

namespace procwall {

std::string_view Facts::ProcessPath() const {
  return subject_.process == nullptr ? std::string_view() : subject_.process->path;
}

std::string_view Facts::ProcessCommand() const {
  if (subject_.process == nullptr) return {};
  if (!command_) command_ = subject_.process->CommandLine();
  return *command_;
}

std::int64_t Facts::ProcessIdNumber() const {
  return subject_.process == nullptr ? 0 : subject_.process->id.pid;
}

std::int64_t Facts::UserId() const {
  if (subject_.connection->uid) return *subject_.connection->uid;
  return subject_.process == nullptr ? -1 : std::int64_t{subject_.process->uid};
}

std::string_view Facts::Protocol() const {
  if (!protocol_) {
    protocol_ = ProtocolName(subject_.connection->protocol, subject_.connection->Family());
  }
  return *protocol_;
}

std::string_view Facts::AddressText(const IpAddress& address) const {
  auto& text = &address == &SourceAddress() ? source_text_ : destination_text_;
  if (!text) text = address.ToString();
  return *text;
}

}  // namespace procwall

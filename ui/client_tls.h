// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

namespace procwall {

// How a daemon is talked to over TCP: files in PEM. All of them, or none.
struct ClientTls {
  std::string ca;           // who signs the daemon's certificate
  std::string certificate;  // ours
  std::string key;

  bool IsWhole() const { return !ca.empty() && !certificate.empty() && !key.empty(); }
  bool IsEmpty() const { return ca.empty() && certificate.empty() && key.empty(); }

  friend bool operator==(const ClientTls&, const ClientTls&) = default;
};

}  // namespace procwall

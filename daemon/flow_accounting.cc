// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_accounting.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"

namespace procwall {
namespace {

bool IsOn(const std::string& setting) {
  const auto text = ReadFileAt(AT_FDCWD, setting.c_str(), 16);
  return text && !text->empty() && text->front() != '0';
}

Status Write(const std::string& setting, char value) {
  const UniqueFd fd = PROCWALL_TRY(OpenAt(AT_FDCWD, setting.c_str(), O_WRONLY));
  if (::write(fd.UnsafeFd(), &value, 1) != 1) return SystemError(errno, "switch flow accounting");
  return {};
}

}  // namespace

FlowAccounting::FlowAccounting(Consent consent, std::string setting)
    : consent_(consent), setting_(std::move(setting)) {
  if (consent_ == Consent::kNo || IsOn(setting_)) return;
  const Status written = Write(setting_, '1');
  switched_on_ = written.has_value();
  if (!written) trouble_ = written.error().ToString();
}

FlowAccounting::~FlowAccounting() {
  if (switched_on_ && IsOn(setting_)) (void)Write(setting_, '0');
}

bool FlowAccounting::Counts() const { return IsOn(setting_); }

std::string FlowAccounting::WhyNot() const {
  if (Counts()) return "";
  if (!trouble_.empty()) {
    return fmt::format("bytes of flows are not counted: {}: {}", setting_, trouble_);
  }
  if (consent_ == Consent::kYes) {
    return "bytes of flows are not counted: somebody has switched nf_conntrack_acct off";
  }
  return "bytes of flows are not counted: \"Procwall\": {\"FlowAccounting\": true} in the "
         "configuration lets the daemon switch nf_conntrack_acct on";
}

}  // namespace procwall

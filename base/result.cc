// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/result.h"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

namespace procwall {

const char* ErrcName(Errc code) {
  switch (code) {
    case Errc::kTruncated:
      return "truncated";
    case Errc::kMalformed:
      return "malformed";
    case Errc::kUnsupported:
      return "unsupported";
    case Errc::kNotFound:
      return "not found";
    case Errc::kGone:
      return "gone";
    case Errc::kPermission:
      return "permission denied";
    case Errc::kBusy:
      return "busy";
    case Errc::kTooLarge:
      return "too large";
    case Errc::kTimedOut:
      return "timed out";
    case Errc::kSystem:
      return "failed";
  }
  return "unknown error";
}

std::string Error::ToString() const {
  if (sys_errno == 0) return fmt::format("{}: {}", what, ErrcName(code));
  return fmt::format("{}: {} ({})", what, ErrcName(code),
                     std::generic_category().message(sys_errno));
}

Error SystemError(int sys_errno, const char* what) {
  Errc code = Errc::kSystem;
  switch (sys_errno) {
    case ENOENT:
      code = Errc::kNotFound;
      break;
    case ESRCH:
      code = Errc::kGone;
      break;
    case EACCES:
    case EPERM:
      code = Errc::kPermission;
      break;
    case EBUSY:
    case EADDRINUSE:
      code = Errc::kBusy;
      break;
    case EOPNOTSUPP:
    case ENOSYS:
    case EPROTONOSUPPORT:
      code = Errc::kUnsupported;
      break;
    case ETIMEDOUT:
      code = Errc::kTimedOut;
      break;
    default:
      break;
  }
  return Error{code, sys_errno, what};
}

}  // namespace procwall

// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#include <tl/expected.hpp>

namespace procwall {

// What kind of failure it was, for code that reacts to it. People read Error::what.
enum class Errc : std::uint8_t {
  kTruncated,    // the input ends before what it announces
  kMalformed,    // the input breaks its own specification
  kUnsupported,  // well-formed, but not something we handle; or a kernel feature is missing
  kNotFound,     // it does not exist
  kGone,         // it existed and vanished: a process that exited, a socket that closed
  kPermission,   // the kernel refuses us
  kBusy,         // somebody else has it
  kTooLarge,     // beyond one of our declared limits
  kTimedOut,     // the time budget is spent
  kSystem,       // any other failed system call: see Error::sys_errno
};

const char* ErrcName(Errc code);

// A failure as a value: 16 bytes, trivially copyable, never allocates, so that a flood of bad input
// cannot make us allocate. `what` is a string literal that names the operation ("read tcp header").
struct Error {
  Errc code;
  int sys_errno = 0;  // 0 when no system call was involved
  const char* what = "";

  // "read tcp header: truncated", or "bind queue: busy (Device or resource busy)". Allocates.
  std::string ToString() const;
};
static_assert(sizeof(Error) == 16 && std::is_trivially_copyable_v<Error>);

// The value of T or the Error that kept us from it. Hides which expected<> we use.
template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  Result(Error error)
      : tl::expected<T, Error>(tl::unexpect, error) {
  }  // NOLINT(google-explicit-constructor): so that `return Error{...}` reads
};

using Status = Result<void>;

// Maps an errno to the kind of failure it is.
Error SystemError(int sys_errno, const char* what);

// Evaluates an expression of type Result<T>; on failure returns its Error from the enclosing
// function, else yields the value. The only macro of this code base that returns.
#define PROCWALL_TRY(expression)                                                \
  __extension__({                                                               \
    auto&& procwall_try_result_ = (expression);                                 \
    if (!procwall_try_result_) return procwall_try_result_.error();             \
    std::forward<decltype(procwall_try_result_)>(procwall_try_result_).value(); \
  })

// The same for a Status, where there is no value to yield.
#define PROCWALL_TRY_STATUS(expression)                                  \
  do {                                                                   \
    if (auto procwall_try_status_ = (expression); !procwall_try_status_) \
      return procwall_try_status_.error();                               \
  } while (false)

}  // namespace procwall

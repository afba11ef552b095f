// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

namespace procwall {

// Wakes one thread from its sleep, whatever it sleeps in. Several wakes may become one; a thread
// that is awake looks once more before it sleeps. Thread rule: any thread.
class Waker {
 public:
  virtual ~Waker() = default;
  virtual void Wake() const = 0;

 protected:
  Waker() = default;
  Waker(const Waker&) = default;
  Waker(Waker&&) = default;
  Waker& operator=(const Waker&) = default;
  Waker& operator=(Waker&&) = default;
};

}  // namespace procwall

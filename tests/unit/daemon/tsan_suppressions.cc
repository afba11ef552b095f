// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors

// gRPC and what it is built on come without ThreadSanitizer's instrumentation: it sees their memory
// accesses through our copies of their headers, but not the locks that order them, and reports a
// race for almost every message. So it is told not to look at what these libraries do, nor, with
// that, at what they call: what our reactors do in gRPC's callbacks is tried by threads of our own
// in watchers_case.h, where nothing of ours is hidden. Some of gRPC's threads end behind its
// shutdown, after the test program has, and count as leaked then. Compiled in, so that the tests
// behave alike however they are started; nobody calls it in other builds.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): the sanitizer's name
extern "C" const char* __tsan_default_suppressions() {
  return "race:libgrpc\n"
         "race:libgpr.so\n"
         "race:libabsl_\n"
         "race:libupb.so\n"
         "race:libssl.so\n"
         "race:libcrypto.so\n"
         "race:^grpc::\n"
         "thread:^grpc_core::Thread::\n";
}

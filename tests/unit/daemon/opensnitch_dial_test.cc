// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_dial.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/unique_fd.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

using testing::HasSubstr;

class DialTest : public testing::Test {
 protected:
  void Listen() {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(static_cast<char*>(name.sun_path), address_.name.data(), address_.name.size());
    listener_ = UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(::bind(listener_.UnsafeFd(),
                     static_cast<const sockaddr*>(static_cast<const void*>(&name)), sizeof(name)),
              0);
    ASSERT_EQ(::listen(listener_.UnsafeFd(), 1), 0);
  }
  std::string Why(const std::vector<std::string>& allowed) const {
    const auto dialled = DialGui(address_, allowed, SystemAccounts());
    return dialled ? "" : dialled.error();
  }

  TemporaryDirectory directory_;
  const GuiAddress address_{GuiAddress::Kind::kUnixPath, directory_ / "osui.sock"};
  const std::string self_ = std::to_string(::getuid());
  UniqueFd listener_;
};

TEST_F(DialTest, SaysThatNoGuiRuns) {
  EXPECT_THAT(Why({self_}), HasSubstr("no GUI is running"));
  Listen();
  listener_ = UniqueFd();
  EXPECT_THAT(Why({self_}), HasSubstr("no GUI is running"));
}

TEST_F(DialTest, TakesTheSocketOfAnAllowedUser) {
  Listen();
  const auto dialled = DialGui(address_, {self_}, SystemAccounts());
  ASSERT_TRUE(dialled) << dialled.error();
  EXPECT_EQ(dialled->peer, ::getuid());
}

TEST_F(DialTest, RefusesTheSocketOfAnyoneElse) {
  if (::getuid() == 0) {
    // Root's own socket is always taken: become somebody else for a moment.
    ASSERT_EQ(::chmod(directory_.Path().c_str(), 0777), 0);
    ASSERT_EQ(::seteuid(65534), 0);
  }
  Listen();
  if (::getuid() == 0) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  EXPECT_THAT(Why({}), HasSubstr("whom Procwall.UiUsers does not allow"));
}

TEST_F(DialTest, FindsAnAbstractSocket) {
  const GuiAddress nobody{GuiAddress::Kind::kUnixAbstract, "procwall-test-nobody"};
  EXPECT_THAT(DialGui(nobody, {self_}, SystemAccounts()).error(), HasSubstr("no GUI is running"));
}

}  // namespace
}  // namespace procwall

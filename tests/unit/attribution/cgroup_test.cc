// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/cgroup.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

// The id of a container.
std::string Id() { return "3f2a0c9d4b1e6f7788990011223344556677889900aabbccddeeff0011223344"; }

CgroupFacts V2(const std::string& path) { return ParseCgroup("0::" + path + "\n"); }
std::string Container(const std::string& path) { return V2(path).container; }
std::string Unit(const std::string& path) { return V2(path).unit; }

TEST(ParseCgroup, KnowsTheContainersOfDockerAndPodman) {
  EXPECT_EQ(V2("/system.slice/docker-" + Id() + ".scope"),
            (CgroupFacts{.container = Id(), .unit = "docker-" + Id() + ".scope"}));
  EXPECT_EQ(V2("/docker/" + Id()), (CgroupFacts{.container = Id(), .unit = ""}));
  EXPECT_EQ(Container("/docker/" + Id() + "/system.slice/cups.service"), Id());
  EXPECT_EQ(Container("/machine.slice/libpod-" + Id() + ".scope/container"), Id());
  EXPECT_EQ(Container("/libpod_parent/libpod-" + Id()), Id());
  EXPECT_EQ(Container("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" + Id() +
                      ".scope/container"),
            Id());
}

TEST(ParseCgroup, KnowsTheContainersOfKubernetes) {
  EXPECT_EQ(Container("/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0a1b.slice/"
                      "cri-containerd-" +
                      Id() + ".scope"),
            Id());
  EXPECT_EQ(Container("/kubepods/burstable/pod0a1b2c3d-1111-2222-3333-444455556666/" + Id()), Id());
  EXPECT_EQ(Container("/kubepods.slice/kubepods-pod0a1b.slice/crio-" + Id() + ".scope"), Id());
  EXPECT_EQ(Container("/system.slice/containerd.service/kubepods-besteffort-pod0a1b.slice:"
                      "cri-containerd:" +
                      Id()),
            Id());
  EXPECT_EQ(Container("/default/nerdctl-" + Id() + ".scope"), Id());
}

TEST(ParseCgroup, LeavesTheWatchersOfContainersOutside) {
  EXPECT_EQ(Container("/machine.slice/libpod-conmon-" + Id() + ".scope"), "");
  EXPECT_EQ(Container("/kubepods.slice/crio-conmon-" + Id() + ".scope"), "");
  EXPECT_EQ(Container("/lxc.monitor.web"), "");
  EXPECT_EQ(Container("/system.slice/docker.service"), "");
}

TEST(ParseCgroup, KnowsContainersThatHaveNames) {
  EXPECT_EQ(Container("/lxc.payload.web/system.slice/ssh.service"), "web");
  EXPECT_EQ(Container("/lxc.payload/web"), "web");
  EXPECT_EQ(Container("/lxc/web/init.scope"), "web");
  EXPECT_EQ(Container("/machine.slice/machine-deb\\x2d12.scope/payload/init.scope"), "deb-12");
  EXPECT_EQ(Container("/machine.slice/systemd-nspawn@build.service/payload"), "build");
  EXPECT_EQ(Container("/machine.slice/machine-qemu\\x2d1\\x2dwin.scope/libvirt/emulator"), "");
}

TEST(ParseCgroup, KnowsApplicationsOfFlatpakAndSnap) {
  const std::string app = "/user.slice/user-1000.slice/user@1000.service/app.slice/";
  EXPECT_EQ(V2(app + "app-flatpak-org.mozilla.firefox-4711.scope"),
            (CgroupFacts{.container = "org.mozilla.firefox",
                         .unit = "user@1000.service/app-flatpak-org.mozilla.firefox-4711.scope"}));
  EXPECT_EQ(Container(app + "snap.firefox.firefox.1b4e28ba-2fa1-11d2-883f-0016d3cca427.scope"),
            "snap.firefox");
  EXPECT_EQ(Container("/system.slice/snap.lxd.daemon.service"), "snap.lxd");
  EXPECT_EQ(Container(app + "app-gnome-org.gnome.Terminal-99.scope"), "");
}

TEST(ParseCgroup, NamesTheUnitOfTheSystem) {
  EXPECT_EQ(Unit("/system.slice/cups.service"), "cups.service");
  EXPECT_EQ(Unit("/system.slice/system-getty.slice/getty@tty1.service"), "getty@tty1.service");
  EXPECT_EQ(Unit("/init.scope"), "init.scope");
  EXPECT_EQ(Unit("/user.slice/user-1000.slice/session-2.scope"), "session-2.scope");
  EXPECT_EQ(Unit("/system.slice/dbus.socket"), "dbus.socket");
  EXPECT_EQ(Unit("/"), "");
  EXPECT_EQ(Unit("/some/other/manager"), "");
}

TEST(ParseCgroup, WritesAUsersUnitBehindThatUsers) {
  const std::string manager = "/user.slice/user-1000.slice/user@1000.service";
  EXPECT_EQ(Unit(manager + "/app.slice/cups.service"), "user@1000.service/cups.service");
  EXPECT_EQ(Unit(manager + "/init.scope"), "user@1000.service/init.scope");
  EXPECT_EQ(Unit(manager), "user@1000.service");
}

TEST(ParseCgroup, DoesNotBelieveNamesBelowAUnit) {
  EXPECT_EQ(Unit("/system.slice/x.service/system.slice/cups.service"), "x.service");
  EXPECT_EQ(Unit("/mine/cups.service"), "");
}

TEST(ParseCgroup, ReadsVersionOneAndBothAtOnce) {
  EXPECT_EQ(ParseCgroup("12:pids:/docker/" + Id() +
                        "\n"
                        "4:memory:/docker/" +
                        Id() +
                        "\n"
                        "1:name=systemd:/system.slice/docker.service\n"
                        "0::/\n"),
            (CgroupFacts{.container = Id(), .unit = "docker.service"}));
  EXPECT_EQ(ParseCgroup("2:cpu,cpuacct:/system.slice/cups.service\n0::/\n").unit, "cups.service");
  EXPECT_EQ(ParseCgroup("2:cpu:/system.slice/other.service\n1:name=systemd:/init.scope\n").unit,
            "init.scope");
}

TEST(ParseCgroup, TakesTheKernelsMarkOff) {
  EXPECT_EQ(Unit("/system.slice/cups.service (deleted)"), "cups.service");
}

TEST(ParseCgroup, SurvivesCutsAndFlippedBytes) {
  const std::string text =
      "1:name=systemd:/machine.slice/machine-a\\x2db.scope\n0::/docker/" + Id();
  for (std::size_t i = 0; i < text.size(); ++i) {
    (void)ParseCgroup(text.substr(0, i));
    for (const char flip : {'\x01', '\x15', '\x7f'}) {
      std::string damaged = text;
      damaged[i] = static_cast<char>(damaged[i] ^ flip);
      (void)ParseCgroup(damaged);
    }
  }
}

TEST(ParseCgroup, TakesNoShorterOrLongerNumberForAnId) {
  EXPECT_EQ(Container("/docker/" + Id().substr(1)), "");
  EXPECT_EQ(Container("/docker/a" + Id()), "");
  EXPECT_EQ(Container("/docker/G" + Id().substr(1)), "");
}

}  // namespace
}  // namespace procwall

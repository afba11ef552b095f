// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// What the witness's kernel half sees of real sockets and processes. Needs root, not only a user
// namespace of its own: BPF asks the initial one.
#include "attribution/kernel_witness.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/lab/lab_socket.h"
#include "tests/lab/own_network.h"
#include "tests/support/kernel_program.h"

namespace procwall {
namespace {

constexpr Port kPort = 4000;
const Endpoint kPeer{IpAddress::V4({127, 0, 0, 1}), kPort};

Pid PidOf(const std::optional<Actor>& actor) { return actor ? actor->program.id.pid : 0; }

// The pid of a child that did it, and is gone.
template <typename Act>
pid_t InAChild(Act act) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(act() ? 0 : 1);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  return child;
}

template <typename T, typename Wanted>
std::optional<T> FindEvent(const std::vector<ProcessEvent>& events, Wanted wanted) {
  for (const ProcessEvent& event : events) {
    if (const T* const what = std::get_if<T>(&event.what); what && wanted(*what)) return *what;
  }
  return std::nullopt;
}

struct KernelWitnessTest : testing::Test {
  void SetUp() override {
    auto started = KernelWitness::Start(clock, WitnessScope::kOwnNamespace);
    if (!started && started.error().starts_with("this build has none"))
      GTEST_SKIP() << started.error();
    ASSERT_TRUE(started) << started.error();
    witness = *std::move(started);
  }

  // What is told of processes while it is done.
  template <typename Act>
  std::vector<ProcessEvent> EventsOf(Act act) {
    witness->DrainEvents([](const ProcessEvent&) {});
    act();
    std::vector<ProcessEvent> events;
    witness->DrainEvents([&](ProcessEvent event) { events.push_back(std::move(event)); });
    return events;
  }

  SystemClock clock;
  std::unique_ptr<KernelWitness> witness;
};

TEST_F(KernelWitnessTest, RunsEveryPartOnThisKernel) {
  for (const WitnessPart& part : witness->Parts())
    EXPECT_TRUE(part.runs) << part.name << ": " << part.why_not;
}

TEST_F(KernelWitnessTest, KnowsWhoMadeASocket) {
  const LabSocket socket(IpFamily::kV4, IpProtocol::kUdp);
  const auto use = witness->SocketOf(socket.Cookie());
  ASSERT_TRUE(use);
  ASSERT_TRUE(use->creator);
  EXPECT_EQ(use->creator->program.id.pid, ::getpid());
  EXPECT_EQ(use->creator, use->user);
  EXPECT_EQ(use->hook, WitnessHook::kCreate);
}

TEST_F(KernelWitnessTest, TellsHowFullItsTablesAre) {
  EXPECT_EQ(witness->Sockets().most, 65536U);
  EXPECT_EQ(witness->Sockets().displaced, 0U);
  const std::uint32_t before = witness->Sockets().held;
  { const LabSocket socket(IpFamily::kV4, IpProtocol::kUdp); }
  EXPECT_GT(witness->Sockets().held, before);
  for (int i = 0; i < 70'000; ++i) const LabSocket socket(IpFamily::kV4, IpProtocol::kUdp);
  EXPECT_EQ(witness->Sockets().held, 65536U);
  EXPECT_GE(witness->Sockets().displaced, 70'000U - 65'536U);
}

// With the very events that were full of them, so that nobody trusts what came before.
TEST_F(KernelWitnessTest, TellsOfEventsThatFoundNoRoom) {
  constexpr int kMostChildren = 20'000;
  const auto events = EventsOf([this] {
    for (int i = 0; i < kMostChildren && witness->Losses().events == 0; ++i) {
      InAChild([] { return true; });
    }
  });
  const auto any = [](const ProcessEventsLost&) { return true; };
  const auto lost = FindEvent<ProcessEventsLost>(events, any);
  ASSERT_TRUE(lost);
  EXPECT_GT(lost->count, 0U);
  EXPECT_TRUE(std::holds_alternative<ProcessEventsLost>(events.back().what));
  EXPECT_FALSE(FindEvent<ProcessEventsLost>(EventsOf([] {}), any));
}

TEST_F(KernelWitnessTest, CountsTheFlowsItNotes) {
  const std::uint32_t before = witness->Flows().held;
  const LabSocket socket(IpFamily::kV4, IpProtocol::kUdp);
  ASSERT_TRUE(socket.SendTo(kPeer, "x"));
  EXPECT_GT(witness->Flows().held, before);
  EXPECT_EQ(witness->Flows().displaced, 0U);
}

TEST_F(KernelWitnessTest, ForgetsTheOldestFlowsForNewOnes) {
  const LabSocket socket(IpFamily::kV4, IpProtocol::kUdp);
  const auto peer = [](std::uint32_t number) {
    const auto byte = [&](unsigned shift) { return static_cast<std::uint8_t>(number >> shift); };
    return Endpoint{IpAddress::V4({127, 1, byte(8), byte(0)}), kPort};
  };
  constexpr std::uint32_t kFlows = 60'000;  // some 58 for each set: all are full
  for (std::uint32_t i = 0; i < kFlows; ++i) ASSERT_TRUE(socket.SendTo(peer(i), "x"));
  EXPECT_EQ(witness->Flows().most, 16'384U);
  EXPECT_EQ(witness->Flows().held, 16'384U);
  EXPECT_GE(witness->Flows().displaced, kFlows - 16'384U);
  const auto known = [&](std::uint32_t i) {
    Connection connection = socket.ConnectionTo(peer(i));
    connection.local.address = IpAddress::V4({127, 0, 0, 1});
    const auto use = witness->FlowOf(connection);
    return use && use->socket.cookie == socket.Cookie() && PidOf(use->socket.user) == ::getpid();
  };
  int of_the_last = 0;
  int of_the_first = 0;
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    of_the_last += known(kFlows - 1 - i) ? 1 : 0;
    of_the_first += known(i) ? 1 : 0;
  }
  EXPECT_EQ(of_the_last, 1'000);
  EXPECT_EQ(of_the_first, 0);
}

TEST_F(KernelWitnessTest, KnowsTheFlowOfATcpConnection) {
  const LabSocket listener(IpFamily::kV4, IpProtocol::kTcp);
  ASSERT_TRUE(listener.Bind(kPeer) && listener.Listen());
  const LabSocket socket(IpFamily::kV4, IpProtocol::kTcp);
  ASSERT_TRUE(socket.Connect(kPeer));
  const auto use = witness->FlowOf(socket.ConnectionTo(kPeer));
  ASSERT_TRUE(use);
  EXPECT_EQ(use->socket.hook, WitnessHook::kPacket);
  EXPECT_EQ(use->socket.cookie, socket.Cookie());
  EXPECT_EQ(PidOf(use->socket.user), ::getpid());
}

TEST_F(KernelWitnessTest, KnowsAV4MappedConnectionByItsV4Addresses) {
  const LabSocket listener(IpFamily::kV4, IpProtocol::kTcp);
  ASSERT_TRUE(listener.Bind(kPeer) && listener.Listen());
  const LabSocket socket(IpFamily::kV6, IpProtocol::kTcp);
  ASSERT_TRUE(socket.Connect(kPeer));
  const auto use = witness->FlowOf(socket.ConnectionTo(kPeer));
  ASSERT_TRUE(use);
  EXPECT_EQ(use->socket.cookie, socket.Cookie());
}

TEST_F(KernelWitnessTest, KnowsTheUserOfAnEarlierConnectionOfTheSameSocketFromThisOnes) {
  const LabSocket socket(IpFamily::kV4, IpProtocol::kTcp);
  ASSERT_TRUE(socket.Bind({Loopback4(), 4321}));
  ASSERT_FALSE(socket.Connect(kPeer));  // nobody listens
  const pid_t child = InAChild([&] { return !socket.Connect(kPeer) && errno == ECONNREFUSED; });
  const auto use = witness->FlowOf(socket.ConnectionTo(kPeer));
  ASSERT_TRUE(use);
  EXPECT_EQ(PidOf(use->socket.user), child);
  EXPECT_EQ(PidOf(use->socket.creator), ::getpid());
  EXPECT_EQ(PidOf(use->previous), ::getpid());
}

// What is sent there gets no answer.
constexpr Endpoint kNobody{IpAddress::V4({10, 9, 0, 2}), kPort};
void AddWayToNobody() {
  ASSERT_EQ(RunProgram({"ip", "link", "add", "silent", "type", "veth", "peer", "deaf"}), 0);
  ASSERT_EQ(RunProgram({"ip", "address", "add", "10.9.0.1/24", "dev", "silent"}), 0);
  ASSERT_EQ(RunProgram({"ip", "link", "set", "silent", "arp", "off", "up"}), 0);
  ASSERT_EQ(RunProgram({"ip", "link", "set", "deaf", "up"}), 0);
}

std::uint64_t RepeatedSegments() {
  std::ifstream file("/proc/self/net/snmp");
  std::string word;
  std::vector<std::string> names;
  while (file >> word && word != "Tcp:") {
  }
  while (file >> word && word != "Tcp:") names.push_back(word);
  std::uint64_t value = 0;
  for (const std::string& name : names) {
    if (file >> value && name == "RetransSegs") return value;
  }
  ADD_FAILURE() << "no RetransSegs";
  return 0;
}

// The kernel repeats a SYN in an interrupt, of whatever runs just then.
TEST_F(KernelWitnessTest, ARepeatedSynIsNotOfTheProcessThatItInterrupts) {
  AddWayToNobody();
  std::vector<pid_t> busy;
  for (long i = 0; i < 2 * ::sysconf(_SC_NPROCESSORS_ONLN); ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(30);
      for (;;) ::getppid();
    }
    busy.push_back(child);
  }
  const std::uint64_t before = RepeatedSegments();
  std::vector<std::unique_ptr<LabSocket>> sockets;
  for (int i = 0; i < 8; ++i) {
    sockets.push_back(std::make_unique<LabSocket>(IpFamily::kV4, IpProtocol::kTcp));
    ASSERT_TRUE(sockets.back()->ConnectWithoutWaiting(kNobody));
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (RepeatedSegments() < before + sockets.size()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  for (const pid_t child : busy) ::kill(child, SIGKILL);
  for (const pid_t child : busy) ::waitpid(child, nullptr, 0);
  for (const auto& socket : sockets) {
    const auto use = witness->FlowOf(socket->ConnectionTo(kNobody));
    ASSERT_TRUE(use);
    EXPECT_EQ(PidOf(use->socket.user), ::getpid());
    EXPECT_FALSE(use->previous);
  }
  ASSERT_EQ(RunProgram({"ip", "link", "delete", "silent"}), 0);
}

LabSocket MptcpSocket() {
  return {IpFamily::kV4, IpProtocol::kTcp,
          UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_MPTCP))};
}

// The one TCP connection from that address to kPeerOfPaths's port.
constexpr Endpoint kPeerOfPaths{IpAddress::V4({10, 9, 0, 1}), kPort};
std::optional<Connection> PathFrom(const IpAddress& address) {
  std::ifstream table("/proc/self/net/tcp");
  std::string line;
  std::getline(table, line);
  while (std::getline(table, line)) {
    std::istringstream fields(line);
    std::string slot;
    std::string local;
    std::string remote;
    fields >> slot >> local >> remote;
    const auto port = [](const std::string& text) {
      return static_cast<Port>(std::stoul(text.substr(text.find(':') + 1), nullptr, 16));
    };
    std::uint32_t number = static_cast<std::uint32_t>(std::stoul(local, nullptr, 16));
    if (port(remote) != kPort || std::memcmp(&number, address.Data(), 4) != 0) continue;
    Connection connection;
    connection.local = {address, port(local)};
    connection.remote = kPeerOfPaths;
    return connection;
  }
  return std::nullopt;
}

// A thread of the kernel's connects them.
TEST_F(KernelWitnessTest, NamesTheProgramOfThePathsThatMptcpAdds) {
  AddWayToNobody();
  const IpAddress second = IpAddress::V4({10, 9, 1, 1});
  ASSERT_EQ(RunProgram({"ip", "address", "add", "10.9.1.1/24", "dev", "silent"}), 0);
  ASSERT_EQ(RunProgram({"ip", "mptcp", "limits", "set", "subflow", "2"}), 0);
  ASSERT_EQ(RunProgram({"ip", "mptcp", "endpoint", "add", "10.9.1.1", "subflow"}), 0);
  const LabSocket listener = MptcpSocket();
  ASSERT_TRUE(listener.Bind(kPeerOfPaths) && listener.Listen()) << std::strerror(errno);
  const LabSocket socket = MptcpSocket();
  const pid_t child = InAChild([&] { return socket.Connect(kPeerOfPaths); });
  const LabSocket accepted = listener.Accept();
  ASSERT_TRUE(socket.Send("x") && accepted.Receive() == "x" && accepted.Send("y") &&
              socket.Receive() == "y");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::optional<Connection> path;
  while (!(path = PathFrom(second))) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const auto use = witness->FlowOf(*path);
  ASSERT_TRUE(use);
  EXPECT_FALSE(use->from_kernel);
  EXPECT_EQ(PidOf(use->socket.user), child);
  EXPECT_EQ(PidOf(use->socket.creator), ::getpid());
  ASSERT_EQ(RunProgram({"ip", "mptcp", "endpoint", "flush"}), 0);
  ASSERT_EQ(RunProgram({"ip", "link", "delete", "silent"}), 0);
}

TEST_F(KernelWitnessTest, RemembersADatagramWhoseSocketIsClosed) {
  Connection connection;
  {
    const LabSocket socket(IpFamily::kV4, IpProtocol::kUdp);
    ASSERT_TRUE(socket.SendTo(kPeer, "x"));
    connection = socket.ConnectionTo(kPeer);
  }
  const auto use = witness->FlowOf(connection);
  ASSERT_TRUE(use);
  EXPECT_EQ(PidOf(use->socket.user), ::getpid());
  EXPECT_EQ(use->socket.hook, WitnessHook::kPacket);
}

TEST_F(KernelWitnessTest, NamesTheChildThatSendsThroughAConnectedSocketItInherited) {
  const LabSocket socket(IpFamily::kV4, IpProtocol::kUdp);
  ASSERT_TRUE(socket.Connect(kPeer));
  const pid_t child = InAChild([&] { return socket.Send("x"); });
  const auto use = witness->FlowOf(socket.ConnectionTo(kPeer));
  ASSERT_TRUE(use);
  EXPECT_EQ(PidOf(use->socket.user), child);
  EXPECT_EQ(PidOf(use->socket.creator), ::getpid());
}

TEST_F(KernelWitnessTest, NamesBothSendersOfOneFlow) {
  const LabSocket receiver(IpFamily::kV4, IpProtocol::kUdp);
  ASSERT_TRUE(receiver.Bind(kPeer));
  const LabSocket socket(IpFamily::kV4, IpProtocol::kUdp);
  ASSERT_TRUE(socket.Connect(kPeer));
  ASSERT_TRUE(socket.Send("x"));
  const pid_t child = InAChild([&] { return socket.Send("x"); });
  const auto use = witness->FlowOf(socket.ConnectionTo(kPeer));
  ASSERT_TRUE(use);
  EXPECT_EQ(PidOf(use->socket.user), child);
  EXPECT_EQ(PidOf(use->previous), ::getpid());
  EXPECT_FALSE(use->more_previous);
}

TEST_F(KernelWitnessTest, NamesThePingThatNoLookupFinds) {
  std::ofstream("/proc/sys/net/ipv4/ping_group_range") << "0 2147483647";
  const LabSocket socket(IpFamily::kV4, IpProtocol::kIcmp);
  ASSERT_TRUE(socket.Bind({Loopback4(), 77})) << std::strerror(errno);
  ASSERT_TRUE(socket.SendTo({Loopback4(), 0}, std::string_view("\x08\0\0\0\0\0\0\0", 8)));
  Connection connection;
  connection.protocol = IpProtocol::kIcmp;
  connection.local = {Loopback4(), 77};
  connection.remote = {Loopback4(), 0};
  const auto use = witness->FlowOf(connection);
  ASSERT_TRUE(use);
  EXPECT_EQ(PidOf(use->socket.user), ::getpid());
  EXPECT_FALSE(use->from_kernel);
  std::swap(connection.local, connection.remote);  // the reply is the kernel's
  const auto reply = witness->FlowOf(connection);
  ASSERT_TRUE(reply);
  EXPECT_TRUE(reply->from_kernel);
}

// What a child in a network namespace of its own sends, as this one would forward it.
Connection SentInAnotherNamespace(IpProtocol protocol) {
  const Endpoint local{Loopback4(), 4321};
  InAChild([&] {
    if (::unshare(CLONE_NEWNET) != 0 || RunProgram({"ip", "link", "set", "lo", "up"}) != 0) {
      return false;
    }
    const LabSocket receiver(IpFamily::kV4, protocol);
    const LabSocket sender(IpFamily::kV4, protocol);
    const bool is_ready = receiver.Bind(kPeer) && sender.Bind(local) &&
                          (protocol != IpProtocol::kTcp || receiver.Listen());
    return is_ready &&
           (protocol == IpProtocol::kTcp ? sender.Connect(kPeer) : sender.SendTo(kPeer, "x"));
  });
  Connection connection;
  connection.protocol = protocol;
  connection.direction = Direction::kForwarded;
  connection.local = local;
  connection.remote = kPeer;
  return connection;
}

TEST_F(KernelWitnessTest, NotesWhatOtherNamespacesSendOnlyIfItMayBeForwarded) {
  for (const IpProtocol protocol : {IpProtocol::kUdp, IpProtocol::kTcp}) {
    EXPECT_FALSE(witness->GhostOf(SentInAnotherNamespace(protocol)));
  }
  witness.reset();
  auto started = KernelWitness::Start(clock, WitnessScope::kAllNamespaces);
  ASSERT_TRUE(started);
  for (const IpProtocol protocol : {IpProtocol::kUdp, IpProtocol::kTcp}) {
    EXPECT_TRUE((*started)->GhostOf(SentInAnotherNamespace(protocol)));
  }
}

TEST_F(KernelWitnessTest, FindsTheSocketsThatWereThereBefore) {
  witness.reset();
  const LabSocket socket(IpFamily::kV4, IpProtocol::kUdp);
  auto started = KernelWitness::Start(clock, WitnessScope::kOwnNamespace);
  ASSERT_TRUE(started);
  ASSERT_TRUE((*started)->ScanSockets());
  const auto use = (*started)->SocketOf(socket.Cookie());
  ASSERT_TRUE(use);
  EXPECT_EQ(use->hook, WitnessHook::kScan);
  EXPECT_EQ(PidOf(use->user), ::getpid());
  EXPECT_FALSE(use->creator);
}

TEST_F(KernelWitnessTest, TellsWhatAProcessExecutesAndWhenItEnds) {
  std::vector<ProcessEvent> events = EventsOf([] { RunProgram({"/bin/true", "a", "b c"}); });
  const auto exec = FindEvent<ProcessExecuted>(events, [](const ProcessExecuted& executed) {
    return executed.args == std::vector<std::string>{"/bin/true", "a", "b c"};
  });
  ASSERT_TRUE(exec);
  EXPECT_EQ(exec->path, "/usr/bin/true");
  EXPECT_FALSE(exec->path_is_cut);
  EXPECT_EQ(exec->parent.pid, ::getpid());
  struct stat file {};
  ASSERT_EQ(::stat("/usr/bin/true", &file), 0);
  EXPECT_EQ(exec->executable, (FileId{file.st_dev, file.st_ino}));
  const auto made = FindEvent<ProcessForked>(
      events, [&](const ProcessForked& forked) { return forked.id == exec->id; });
  ASSERT_TRUE(made);
  EXPECT_EQ(made->parent.pid, ::getpid());
  EXPECT_TRUE(FindEvent<ProcessExited>(
      events, [&](const ProcessExited& exited) { return exited.id == exec->id; }));
}

TEST_F(KernelWitnessTest, TellsWhatIsExecutedThroughADescriptor) {
  const UniqueFd program(::open("/bin/true", O_RDONLY | O_CLOEXEC));
  const UniqueFd folder(::open("/usr", O_PATH | O_CLOEXEC));
  const auto execute = [](int descriptor, const char* name, int flags) {
    const pid_t child = ::fork();
    if (child == 0) {
      char argument[] = "true";
      char* const arguments[] = {argument, nullptr};  // NOLINT(*-avoid-c-arrays): execveat's
      ::syscall(SYS_execveat, descriptor, name, arguments, nullptr, flags);
      ::_exit(127);
    }
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  };
  const auto told = [&](const auto& act) {
    const auto exec = FindEvent<ProcessExecuted>(
        EventsOf(act), [](const ProcessExecuted& it) { return it.path == "/usr/bin/true"; });
    EXPECT_TRUE(exec);
    return exec && exec->by_descriptor;
  };
  EXPECT_TRUE(told([&] { execute(program.UnsafeFd(), "", AT_EMPTY_PATH); }));
  const std::string own = "/proc/self/fd/" + std::to_string(program.UnsafeFd());
  EXPECT_TRUE(told([&] { execute(AT_FDCWD, own.c_str(), 0); }));
  EXPECT_FALSE(told([&] { execute(folder.UnsafeFd(), "bin/true", 0); }));
  EXPECT_FALSE(told([&] { execute(AT_FDCWD, "/usr/bin/true", 0); }));
}

TEST_F(KernelWitnessTest, CutsAPathThatIsTooLongAtItsFront) {
  std::string folder = testing::TempDir() + "deep";
  const std::string top = folder;
  for (int i = 0; i < 15; ++i) folder += "/" + std::string(250, 'x');
  ASSERT_EQ(RunProgram({"mkdir", "-p", folder}), 0);
  ASSERT_EQ(RunProgram({"cp", "/bin/true", folder + "/a program\nof \xff mine"}), 0);
  const auto events = EventsOf([&] {
    RunProgram({"sh", "-c", "cd " + folder + " && './a program\nof \xff mine'"});
  });
  RunProgram({"rm", "-r", top});
  const auto exec = FindEvent<ProcessExecuted>(events, [](const ProcessExecuted& executed) {
    return executed.path.ends_with("/a program\nof \xff mine");
  });
  ASSERT_TRUE(exec);
  EXPECT_EQ(exec->path_is_cut, exec->path != folder + "/a program\nof \xff mine");
}

}  // namespace
}  // namespace procwall

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  testing::AddGlobalTestEnvironment(std::make_unique<procwall::OwnNetworkAsRoot>().release());
  return procwall::RunKernelTests();
}

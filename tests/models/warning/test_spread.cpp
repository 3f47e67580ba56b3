// How messages spread: networks small enough for the hand, then random ones against Dijkstra.
#include <catch2/catch.hpp>

#include <memory>
#include <queue>
#include <random>
#include <vector>

#include "models/warning/spread.hpp"

using namespace longwatch;

namespace {

constexpr OriginSet red = 1, blue = 2;

/// A network in the making: nodes with a relay time, links with a latency and a release rule.
struct Net {
    std::unique_ptr<NetworkParams> params = std::make_unique<NetworkParams>();
    std::vector<double> latency_s, relay_s, release_s;

    explicit Net(std::vector<double> relays) : relay_s(std::move(relays))
    {
        params->node_count = static_cast<int>(relay_s.size());
        params->arm_count = 1;
    }
    Net& link(int from, int to, double seconds, OriginSet release = red | blue,
              double released_after_s = 0)
    {
        int const l = params->link_count++;
        params->link[l].from = from;
        params->link[l].to = to;
        params->arm[0].link[l].present = true;
        for (auto& origins : params->arm[0].link[l].release) { origins = release; }
        latency_s.push_back(seconds);
        release_s.push_back(released_after_s);
        return *this;
    }
    Arrivals<double> from(int node, double t_s, OriginSet origins = red,
                          MessageKind kind = MessageKind::alert) const
    {
        Arrivals<double> message;
        message.clear(params->node_count, true);
        message.make(node, t_s);
        pass(message, origins, kind);
        return message;
    }
    void pass(Arrivals<double>& message, OriginSet origins = red,
              MessageKind kind = MessageKind::alert) const
    {
        struct Waits {
            Net const& net;
            double relay_s(int n) const { return net.relay_s[static_cast<std::size_t>(n)]; }
            double release_s(int l) const { return net.release_s[static_cast<std::size_t>(l)]; }
            double latency_s(int l) const { return net.latency_s[static_cast<std::size_t>(l)]; }
        };
        spread(*params, params->arm[0], kind, origins, Waits{*this}, message);
    }
};

bool is_never(double t_s) { return t_s >= never_s; }

/// Dijkstra's algorithm with a queue: the maker sends at once, others after their relay time.
std::vector<double> shortest_s(Net const& net, int source, double t_s, OriginSet origins)
{
    std::vector<double> held(net.relay_s.size(), never_s);
    std::priority_queue<std::pair<double, int>> queue;
    held[static_cast<std::size_t>(source)] = t_s;
    queue.emplace(-t_s, source);
    while (!queue.empty()) {
        auto const [minus_t, node] = queue.top();
        queue.pop();
        if (-minus_t > held[static_cast<std::size_t>(node)]) { continue; }
        double const leaves =
            -minus_t + (node == source ? 0 : net.relay_s[static_cast<std::size_t>(node)]);
        for (int l = 0; l < net.params->link_count; ++l) {
            auto const& link = net.params->link[l];
            if (link.from != node || (origins & ~net.params->arm[0].link[l].release[0]) != 0) {
                continue;
            }
            double const arrives = leaves + net.latency_s[static_cast<std::size_t>(l)];
            if (arrives < held[static_cast<std::size_t>(link.to)]) {
                held[static_cast<std::size_t>(link.to)] = arrives;
                queue.emplace(-arrives, link.to);
            }
        }
    }
    return held;
}

}  // namespace

TEST_CASE("a message takes each link's latency, and the relay time of each node between",
          "[warning]")
{
    Net net({5, 7, 11, 13});
    net.link(0, 1, 10).link(1, 2, 20).link(2, 3, 30);
    auto const m = net.from(0, 100);
    CHECK(m.held_s[0] == 100);
    CHECK(m.held_s[1] == 110);  // its maker does not relay
    CHECK(m.held_s[2] == 110 + 7 + 20);
    CHECK(m.held_s[3] == 137 + 11 + 30);  // and the last node's relay time does not count
}

TEST_CASE(
    "what a node stamps anew goes by what the new origin is released to, the first origin's too",
    "[warning]")
{
    Net net({5, 7, 0});
    net.link(0, 1, 10).link(1, 2, 20, red);
    net.params->node[1].restamps = true;
    net.params->arm[0].restamp_origin = -1;
    CHECK(is_never(net.from(0, 100, blue).held_s[2]));
    net.params->arm[0].restamp_origin = 0;  // red
    CHECK(net.from(0, 100, blue).held_s[2] == 110 + 7 + 20);
    net.params->arm[0].restamp_origin = 1;  // blue
    CHECK(is_never(net.from(0, 100, red).held_s[2]));
}

TEST_CASE("a message waits for a link's release, and time on links is told from time at nodes",
          "[warning]")
{
    Net net({5, 7, 0});
    net.link(0, 1, 20, red | blue, 3).link(1, 2, 30, red | blue, 11);
    auto const m = net.from(0, 100);
    CHECK(m.held_s[1] == 100 + 3 + 20);
    CHECK(m.link_s[1] == 20);
    CHECK(m.held_s[2] == 123 + 7 + 11 + 30);
    CHECK(m.link_s[2] == 50);
    CHECK(m.link_s[0] == 0);
    CHECK(m.maker[2] == 0);
}

TEST_CASE("what a node holds tells who made it, and by links of which length it came", "[warning]")
{
    Net net({0, 2, 0, 0});
    net.link(0, 1, 1).link(1, 2, 10).link(3, 2, 40);
    Arrivals<double> message;
    message.clear(4, false);
    message.make(0, 0);
    message.make(3, 5);
    net.pass(message);
    CHECK(message.held_s[2] == 13);
    CHECK(message.link_s[2] == 11);
    CHECK(message.maker[2] == 0);
    net.params->arm[0].link[1].present = false;
    Arrivals<double> again;
    again.clear(4, false);
    again.make(0, 0);
    again.make(3, 5);
    net.pass(again);
    CHECK(again.held_s[2] == 45);
    CHECK(again.link_s[2] == 40);
    CHECK(again.maker[2] == 3);
}

TEST_CASE("the earliest of several ways counts", "[warning]")
{
    Net net({0, 30, 1, 0});
    net.link(0, 1, 1).link(1, 3, 1).link(0, 2, 10).link(2, 3, 10);
    CHECK(net.from(0, 0).held_s[3] == 21);  // 1 + 30 + 1 by node 1, 10 + 1 + 10 by node 2
}

TEST_CASE("a link carries one way, and a message without a way never arrives", "[warning]")
{
    Net net({0, 0, 0, 0});
    net.link(1, 0, 1).link(2, 3, 1);
    auto const m = net.from(0, 50);
    CHECK(m.held_s[0] == 50);
    CHECK(is_never(m.held_s[1]));
    CHECK(is_never(m.held_s[2]));
    CHECK(is_never(m.held_s[3]));
}

TEST_CASE("a link that is out, or not in the arm, passes nothing", "[warning]")
{
    Net net({0, 0, 0, 0});
    net.link(0, 1, never_s).link(0, 2, 5).link(2, 1, 5);
    CHECK(net.from(0, 0).held_s[1] == 10);
    net.params->arm[0].link[1].present = false;
    CHECK(is_never(net.from(0, 0).held_s[1]));
}

TEST_CASE("a link passes a message only if it releases every origin of it", "[warning]")
{
    Net net({0, 0, 0, 0});
    net.link(0, 1, 1).link(1, 2, 1, red).link(1, 3, 1, blue);
    CHECK(net.from(0, 0, red).held_s[2] == 2);
    CHECK(is_never(net.from(0, 0, red).held_s[3]));
    CHECK(net.from(0, 0, blue).held_s[3] == 2);
    auto const both = net.from(0, 0, red | blue);
    CHECK(both.held_s[1] == 1);
    CHECK(is_never(both.held_s[2]));
    CHECK(is_never(both.held_s[3]));
}

TEST_CASE("release is decided by the kind of message", "[warning]")
{
    Net net({0, 0});
    net.link(0, 1, 1);
    net.params->arm[0].link[0].release[static_cast<int>(MessageKind::track)] = 0;
    CHECK(net.from(0, 0, red, MessageKind::alert).held_s[1] == 1);
    CHECK(is_never(net.from(0, 0, red, MessageKind::track).held_s[1]));
    CHECK(net.from(0, 0, red, MessageKind::impact_prediction).held_s[1] == 1);
}

TEST_CASE("a message going round a cycle gains nothing", "[warning]")
{
    Net net({0, 0, 0, 0});
    net.link(0, 1, 1).link(1, 2, 1).link(2, 0, 1).link(2, 3, 0).link(3, 2, 0);
    auto const m = net.from(0, 10);
    CHECK(m.held_s[0] == 10);
    CHECK(m.held_s[2] == 12);
    CHECK(m.held_s[3] == 12);
}

TEST_CASE("a node that makes a message later than it hears of it relays the one it heard",
          "[warning]")
{
    Net net({0, 8, 0, 0});
    net.link(0, 1, 1).link(1, 2, 1);
    Arrivals<double> message;
    message.clear(4, false);
    message.make(0, 0);
    SECTION("relayed first")
    {
        message.make(1, 100);
        net.pass(message);
        CHECK(message.held_s[1] == 1);
        CHECK(message.held_s[2] == 10);
    }
    SECTION("made first, since its own leaves at once")
    {
        message.make(1, 5);
        net.pass(message);
        CHECK(message.held_s[1] == 1);
        CHECK(message.held_s[2] == 6);
    }
}

TEST_CASE("in random networks messages arrive as early as Dijkstra's algorithm says", "[warning]")
{
    std::mt19937_64 random(12);
    std::uniform_real_distribution<double> uniform(0, 30);
    int reached = 0, unreached = 0, different = 0;
    for (int trial = 0; trial < 200; ++trial) {
        std::vector<double> relays(static_cast<std::size_t>(3 + trial % 20));
        for (double& r : relays) { r = uniform(random); }
        Net net(relays);
        auto const node = [&] { return static_cast<int>(random() % relays.size()); };
        for (int l = 0; l < 2 * static_cast<int>(relays.size()); ++l) {
            net.link(node(), node(), uniform(random), 1 + static_cast<OriginSet>(random() % 3));
        }
        int const source = node();
        auto const found = net.from(source, 17, red);
        auto const expected = shortest_s(net, source, 17, red);
        for (std::size_t n = 0; n < relays.size(); ++n) {
            (is_never(expected[n]) ? unreached : reached) += 1;
            different += found.held_s[n] == expected[n] ? 0 : 1;
        }
    }
    CHECK(different == 0);
    CHECK(reached > 500);
    CHECK(unreached > 500);
}

TEST_CASE("another link never makes a message later, and never delays a third", "[warning]")
{
    std::mt19937_64 random(13);
    std::uniform_real_distribution<double> uniform(0, 30);
    int later = 0;
    for (int trial = 0; trial < 100; ++trial) {
        Net net({3, 5, 7, 2, 9, 4});
        auto const node = [&] { return static_cast<int>(random() % 6); };
        for (int l = 0; l < 7; ++l) { net.link(node(), node(), uniform(random)); }
        auto const before = net.from(0, 0);
        net.link(node(), node(), uniform(random));
        auto const after = net.from(0, 0);
        for (int n = 0; n < 6; ++n) { later += after.held_s[n] > before.held_s[n] ? 1 : 0; }
    }
    CHECK(later == 0);
}

// The nodes of an exercise, told everything in the order of time, against what share finds for the same flights.
#include <catch2/catch.hpp>

#include <map>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "host/exercise/model_events.hpp"
#include "host/plan/prepare.hpp"

namespace longwatch {
namespace {

/// All nodes of an arm in one process: whatever comes next, comes next.
class Together {
public:
    Together(Study const& study, std::vector<std::unique_ptr<FlownFlight>> const& flights, int arm)
        : network_(study.scenario->network)
    {
        for (int n = 0; n < network_.node_count; ++n) {
            scripts_.push_back(std::make_unique<NodeScript>(NodeScript{n, arm, {}}));
            for (auto const& flown : flights) {
                scripts_.back()->flights.push_back(script_of(study, *flown, arm, n));
            }
            nodes_.push_back(std::make_unique<LiveNode>(*study.scenario, *scripts_.back()));
        }
    }

    void run()
    {
        for (;;) {
            LiveNode* next = nodes_.front().get();
            for (auto const& node : nodes_) {
                if (node->next_s() < next->next_s()) { next = node.get(); }
            }
            double const arrival = under_way_.empty() ? double(never_s) : under_way_.begin()->first;
            if (arrival >= never_s && next->next_s() >= never_s) { return; }
            Outbox out;
            if (arrival <= next->next_s()) {
                auto const sent = under_way_.extract(under_way_.begin()).mapped();
                int const to = network_.link[sent.link].to;
                nodes_[static_cast<std::size_t>(to)]->hear(arrival, sent.message, out);
            } else {
                next->step(out);
            }
            for (auto const& sent : out.sent) { under_way_.emplace(sent.t_arrives_s, sent); }
            events_.insert(events_.end(), out.events.begin(), out.events.end());
        }
    }

    std::vector<NodeEvent> const& events() const { return events_; }

private:
    NetworkParams const& network_;
    std::vector<std::unique_ptr<NodeScript>> scripts_;
    std::vector<std::unique_ptr<LiveNode>> nodes_;
    std::multimap<double, SentMessage> under_way_;
    std::vector<NodeEvent> events_;
};

struct Compared {
    int warned = 0, committed = 0;
    std::vector<std::string> apart;

    void add(ComparedEvent const& e)
    {
        warned += e.event.kind == NodeEventKind::warned ? 1 : 0;
        committed += e.event.kind == NodeEventKind::commits ? 1 : 0;
        if (!e.is_apart()) { return; }
        apart.push_back(fmt::format("kind {} of {}, flight {}: live {}, model {}",
                                    static_cast<int>(e.event.kind), e.event.who, e.event.flight,
                                    e.t_live_s.value_or(-1), e.t_model_s.value_or(-1)));
    }
};

Compared compare_arms(char const* file, int flights)
{
    auto study = read_study(std::string(LW_SOURCE_DIR) + "/studies/" + file);
    prepare(study);
    std::vector<std::unique_ptr<FlownFlight>> flown;
    for (int f = 0; f < flights; ++f) {
        flown.push_back(
            std::make_unique<FlownFlight>(flight_on_cpu(*study.scenario, study.seed, f)));
    }
    Compared compared;
    for (int arm = 0; arm < study.scenario->network.arm_count; ++arm) {
        Together live(study, flown, arm);
        live.run();
        std::vector<NodeEvent> model;
        for (auto const& flight : flown) {
            auto const of_flight = model_events(study, *flight, arm);
            model.insert(model.end(), of_flight.begin(), of_flight.end());
        }
        for (auto const& event : compare_events(model, live.events())) { compared.add(event); }
    }
    return compared;
}

}  // namespace

TEST_CASE("nodes that exchange messages warn and commit when the model says they do", "[exercise]")
{
    auto const compared = compare_arms("trilateral-warning.toml", 200);
    CHECK(compared.warned > 1000);
    CHECK(compared.committed > 400);
    for (auto const& apart : compared.apart) { UNSCOPED_INFO(apart); }
    CHECK(compared.apart.empty());
}

}  // namespace longwatch

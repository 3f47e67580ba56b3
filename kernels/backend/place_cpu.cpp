// Candidate places on the CPU: threads take packs of flights, lanes take flights, candidates come one after the other.
#include "kernels/backend/place.hpp"

#include <atomic>
#include <cmath>
#include <memory>

#include "kernels/backend/cpu_packs.hpp"
#include "kernels/stages/battlespace_stage.hpp"
#include "kernels/stages/clock_stage.hpp"
#include "kernels/stages/engage_stage.hpp"
#include "kernels/stages/fly_stage.hpp"
#include "kernels/stages/measure_stage.hpp"
#include "kernels/stages/observe_stage.hpp"
#include "kernels/stages/place_stage.hpp"
#include "kernels/stages/tally_stage.hpp"

namespace longwatch {

namespace {

/// One thread's: the scenario with a seat to put candidates in, and room for the looks from there.
class Seat {
public:
    explicit Seat(Scenario const& scenario)
        : scenario_(std::make_unique<Scenario>(scenario)),
          looks_(static_cast<std::size_t>(longest(scenario))), points_(looks_), rows_(looks_),
          blocks_(looks_ / LookTable<Lanes>::block_looks + 1), hits_(looks_ + 1),
          cued_hits_(looks_ + 1), weight_(looks_ + 1)
    {
        table.point = points_.data();
        table.rows = rows_.data();
        table.block = blocks_.data();
        table.sensor = scenario.sensor_count - 1;
        table.room = {hits_.data(), cued_hits_.data(), weight_.data()};
    }

    Scenario const& scenario() const { return *scenario_; }
    void take(SensorParams const& candidate)
    {
        scenario_->sensor[scenario_->sensor_count - 1] = candidate;
    }

    LookTable<Lanes> table;

private:
    static int longest(Scenario const& scenario)
    {
        return lay_out(scenario, 1, nullptr).looks[scenario.sensor_count - 1].capacity;
    }

    std::unique_ptr<Scenario> scenario_;
    std::size_t looks_;
    std::vector<LookPoint<Lanes>> points_;
    std::vector<StateRows<Lanes>> rows_;
    std::vector<LookTable<Lanes>::Block> blocks_;
    std::vector<Lanes> hits_, cued_hits_, weight_;
};

/// The stages before share, of one member of a pack of raids.
void fly_member(Scenario const& scenario, Launch const& flights, Columns const& c)
{
    std::int64_t const i = flights.column_first;
    fly_at<Lanes>(scenario, flights, c, i);
    clock_at<Lanes>(scenario, flights, c, i);
    observe_at<Lanes>(scenario, flights, c, i);
    measure_at<Lanes>(scenario, flights, c, i);
}

/// When consumers act with the candidate in the seat, [consumer], and its track.
struct Acting {
    Lanes t_message_s[max_consumers];
    Lanes t_firm_s;
};

Acting acting(PlaceFlight<Lanes>& flight, Seat& seat)
{
    Acting out;
    flight.add(seat.table);
    for (int n = 0; n < seat.scenario().network.consumer_count; ++n) {
        out.t_message_s[n] = flight.candidate_message_s(n);
    }
    out.t_firm_s = flight.t_firm_s();
    return out;
}

/// The same when the stages of a run have been there.
Acting acting_in_full(Scenario const& scenario, Columns const& c, std::int64_t i)
{
    Acting out;
    for (int n = 0; n < scenario.network.consumer_count; ++n) {
        out.t_message_s[n] = c.t_message_s.load<Lanes>(i, n);
    }
    out.t_firm_s = c.t_firm_s.load<Lanes>(i, scenario.sensor_count - 1);
    return out;
}

/// What is too large to have once per thread, and the flights asked for.
struct SharedCount {
    PlacementTally& all;
    FlightRange const& range;
};

/// Adds the flights of one launch to a thread's tally.
class LaunchCount {
public:
    LaunchCount(PlacementTally& own, SharedCount const& shared, Scenario const& scenario,
                Launch const& launch, Columns const& c)
        : own_(own), shared_(shared), scenario_(scenario), launch_(launch), c_(c)
    {
        for (std::int64_t lane = 0; lane < launch.count; ++lane) {
            std::int64_t const i = launch.column_first + lane;
            auto const fate = static_cast<Fate>(static_cast<int>(c.fate.load<double>(i)));
            own_.flights += 1;
            own_.failed += is_failure(fate) ? 1 : 0;
            std::int64_t const flight = launch.flight_of(i);
            own_.in_group[static_cast<std::size_t>(group_of(flight))] += is_failure(fate) ? 0 : 1;
            bool const is_out = is_failure(fate) || fate == Fate::broke_up;
            bool const may_be_killed = is_defended(scenario, launch.threat) && fate == Fate::impact;
            lanes_.push_back({static_cast<int>(lane), group_of(flight), flight - shared.range.first,
                              is_failure(fate), is_out, may_be_killed, false});
        }
    }

    void add_present(int consumer, Lanes const& t_message_s)
    {
        present_[consumer] = t_message_s;
        for (OfLane const& lane : lanes_) {
            if (!concerns(lane, consumer)) { continue; }
            auto const warning = warning_of(lane, consumer, t_message_s);
            auto const at = own_.of_group(0, consumer, lane.group);
            own_.concerned[at] += 1;
            own_.usable_us[at] += warning.usable();
            own_.at_least[at] += gives(warning) ? 1 : 0;
            own_.present_warned[static_cast<std::size_t>(consumer)] += warning.warned() ? 1 : 0;
            if (warning.has_message) {
                int const cell = consumer * warning_cells + cell_of(warning);
                own_.present_histogram[static_cast<std::size_t>(cell)] += 1;
            }
        }
    }
    void add_present_kills()
    {
        int const batteries = own_.shape.consumers - 1;
        for (OfLane& lane : lanes_) {
            if (!lane.may_be_killed) { continue; }
            lane.killed_at_present = is_killed(lane);
            auto const at = own_.of_group(0, batteries, lane.group);
            own_.concerned[at] += 1;
            own_.at_least[at] += lane.killed_at_present ? 1 : 0;
        }
    }

    void add_track(int candidate, Lanes const& t_firm_s)
    {
        for (OfLane const& lane : lanes_) {
            bool const firm = !lane.failed && Lane<Lanes>::at(t_firm_s, lane.lane) < never_s;
            int const at = candidate * own_.shape.groups + lane.group;
            own_.tracked[static_cast<std::size_t>(at)] += firm ? 1 : 0;
        }
    }

    void add_candidate(int candidate, int consumer, Lanes const& t_message_s)
    {
        Lanes const& present = present_[consumer];
        if (!any(t_message_s < present || t_message_s > present)) { return; }
        for (OfLane const& lane : lanes_) {
            if (!concerns(lane, consumer)) { continue; }
            auto const before = warning_of(lane, consumer, present);
            auto const after = warning_of(lane, consumer, t_message_s);
            bool const same =
                before.has_message == after.has_message && before.time_quanta == after.time_quanta;
            if (!same) { add_change({candidate, consumer}, lane, before, after); }
        }
    }
    void add_kills(int candidate)
    {
        int const batteries = own_.shape.consumers - 1;
        for (OfLane const& lane : lanes_) {
            if (!lane.may_be_killed) { continue; }
            int const more = (is_killed(lane) ? 1 : 0) - (lane.killed_at_present ? 1 : 0);
            own_.more_at_least[own_.of_group(candidate, batteries, lane.group)] += more;
            keep({candidate, batteries}, lane, more);
        }
    }

private:
    struct OfLane {
        int lane, group;
        std::int64_t number;  ///< of the flight, from the first on
        bool failed;
        bool is_out;  ///< failed or broke up: endangers nobody
        bool may_be_killed, killed_at_present;
    };
    struct Pair {
        int candidate, consumer;
    };

    int group_of(std::int64_t flight) const
    {
        return scenario_.sampling.randomisations > 1
                   ? randomisation_of(scenario_, launch_, flight)
                   : static_cast<int>(flight / launch_.flight_step % own_.shape.groups);
    }
    bool concerns(OfLane const& lane, int consumer) const
    {
        std::int64_t const i = launch_.column_first + lane.lane;
        return !lane.is_out &&
               (scenario_.network.consumer[consumer].threats >> launch_.threat & 1U) != 0 &&
               c_.concerns.load<double>(i, consumer) > 0.5;
    }
    bool is_killed(OfLane const& lane) const
    {
        return c_.killed_by.load<double>(launch_.column_first + lane.lane) >= 0;
    }
    Warning warning_of(OfLane const& lane, int consumer, Lanes const& t_message_s) const
    {
        std::int64_t const i = launch_.column_first + lane.lane;
        return Warning::of(c_.t_clock_end_s.load<double>(i, consumer),
                           Lane<Lanes>::at(t_message_s, lane.lane));
    }
    bool gives(Warning const& warning) const
    {
        return warning.warned() &&
               static_cast<double>(warning.time_quanta) * time_quantum_s >= own_.shape.at_least_s;
    }
    static int cell_of(Warning const& warning) { return warning_cell(warning.time_quanta); }

    void add_change(Pair const& of, OfLane const& lane, Warning const& before, Warning const& after)
    {
        auto const at = own_.of_group(of.candidate, of.consumer, lane.group);
        std::int64_t const gain_us = after.usable() - before.usable();
        int const more = (gives(after) ? 1 : 0) - (gives(before) ? 1 : 0);
        own_.gain_us[at] += gain_us;
        own_.more_at_least[at] += more;
        auto const both = own_.of_consumer(of.candidate, of.consumer);
        own_.newly_warned[both] += after.warned() && !before.warned() ? 1 : 0;
        own_.lost_warning[both] += before.warned() && !after.warned() ? 1 : 0;
        move(both, before, -1);
        move(both, after, 1);
        keep(of, lane, own_.shape.keeps_at_least ? more : gain_us);
    }

    void move(std::size_t both, Warning const& warning, std::int32_t amount)
    {
        if (!warning.has_message) { return; }
        auto const at = both * static_cast<std::size_t>(warning_cells) +
                        static_cast<std::size_t>(cell_of(warning));
        std::atomic_ref<std::int32_t>(shared_.all.histogram_change[at])
            .fetch_add(amount, std::memory_order_relaxed);
    }

    /// No two threads have the same flight.
    void keep(Pair const& of, OfLane const& lane, std::int64_t amount)
    {
        auto& all = shared_.all;
        if (lane.number >= all.shape.kept_flights || amount <= 0) { return; }
        double const unit = all.shape.keeps_at_least ? 1 : kept_gain_s / time_quantum_s;
        double const kept = std::fmin(static_cast<double>(amount) / unit, kept_gain_max);
        all.kept[all.of_kept(lane.number, of.consumer, of.candidate)] =
            static_cast<std::uint16_t>(std::lround(kept));
    }

    PlacementTally& own_;
    SharedCount shared_;
    Scenario const& scenario_;
    Launch const& launch_;
    Columns const& c_;
    std::vector<OfLane> lanes_;
    Lanes present_[max_consumers];
};

/// What a thread counts for itself.
PlacementTally own_part(PlacementShape const& shape)
{
    PlacementShape small = shape;
    small.kept_flights = 0;
    small.has_histograms = false;
    return PlacementTally(small);
}

/// One thread's way through packs of raids.
class Placing {
public:
    Placing(Scenario const& scenario, std::vector<SensorParams> const& candidates,
            SharedCount const& shared)
        : seat_(scenario), candidates_(candidates), shared_(shared),
          own_(own_part(shared.all.shape))
    {
    }
    PlacementTally const& own() const { return own_; }

    void judge(RaidLaunch const& pack, Columns const& c)
    {
        if (own_.shape.counts_kills) {
            judge_kills(pack, c);
            return;
        }
        for (int m = 0; m < seat_.scenario().raid.size; ++m) {
            judge_warnings(pack.of_member(seat_.scenario(), m, c.raid_capacity), c);
        }
    }

private:
    int consumers() const { return seat_.scenario().network.consumer_count; }

    void add(LaunchCount& count, int candidate, Acting const& now) const
    {
        count.add_track(candidate, now.t_firm_s);
        for (int n = 0; n < consumers(); ++n) {
            count.add_candidate(candidate, n, now.t_message_s[n]);
        }
    }

    void judge_warnings(Launch const& flights, Columns const& c)
    {
        Scenario const& scenario = seat_.scenario();
        fly_member(scenario, flights, c);
        auto const flight =
            std::make_unique<PlaceFlight<Lanes>>(scenario, flights, c, flights.column_first);
        flight->find_present(seat_.table);
        LaunchCount count(own_, shared_, scenario, flights, c);
        for (int n = 0; n < consumers(); ++n) {
            count.add_present(n, flight->present_message_s(n));
        }
        for (std::size_t k = 0; k < candidates_.size(); ++k) {
            seat_.take(candidates_[k]);
            add(count, static_cast<int>(k), acting(*flight, seat_));
        }
    }

    /// Batteries act on more than warnings, so raids are flown in full with each candidate.
    void judge_kills(RaidLaunch const& pack, Columns const& c)
    {
        Scenario const& scenario = seat_.scenario();
        std::vector<Launch> members;
        for (int m = 0; m < scenario.raid.size; ++m) {
            members.push_back(pack.of_member(scenario, m, c.raid_capacity));
            Launch const& flights = members.back();
            fly_member(scenario, flights, c);
            silence_last_sensor<Lanes>(scenario, c, flights.column_first);
            share_at<Lanes>(scenario, flights, c, flights.column_first);
            battlespace_at<Lanes>(scenario, flights, c, flights.column_first);
        }
        engage_at<Lanes>(scenario, pack, c, 0);
        std::vector<LaunchCount> counts;
        for (Launch const& flights : members) {
            auto& count = counts.emplace_back(own_, shared_, scenario, flights, c);
            auto const present = acting_in_full(scenario, c, flights.column_first);
            for (int n = 0; n < consumers(); ++n) { count.add_present(n, present.t_message_s[n]); }
            count.add_present_kills();
        }
        for (std::size_t k = 0; k < candidates_.size(); ++k) {
            seat_.take(candidates_[k]);
            for (Launch const& flights : members) {
                add_last_sensor_in_full<Lanes>(scenario, flights, c, flights.column_first);
            }
            engage_at<Lanes>(scenario, pack, c, 0);
            for (std::size_t m = 0; m < members.size(); ++m) {
                add(counts[m], static_cast<int>(k),
                    acting_in_full(scenario, c, members[m].column_first));
                counts[m].add_kills(static_cast<int>(k));
            }
        }
    }

    Seat seat_;
    std::vector<SensorParams> const& candidates_;
    SharedCount shared_;
    PlacementTally own_;
};

}  // namespace

double placement_bytes(PlacementShape const& shape, int threads)
{
    double const pairs = static_cast<double>(shape.candidates) * shape.consumers;
    double const of_thread = 2.0 * shape.groups * sizeof(std::int64_t);
    return pairs * (warning_cells * sizeof(std::int32_t) + threads * of_thread +
                    static_cast<double>(shape.kept_flights) * sizeof(std::uint16_t));
}

PlacementTally place_on_cpu(Scenario const& scenario, std::vector<SensorParams> const& candidates,
                            PlacementShape const& shape, FlightRange const& range,
                            Dealing const& dealing, Progress const& progress)
{
    int const threads = thread_count(scenario, range, dealing);
    PlacementTally all(shape);
    SharedCount const shared{all, range};
    std::vector<std::unique_ptr<Placing>> parts(static_cast<std::size_t>(threads));
    ProgressCalls calls(progress, range.count);
    auto const fly = [&](int thread, RaidLaunch const& pack, Columns const& c) {
        auto& part = parts[static_cast<std::size_t>(thread)];
        if (!part) { part = std::make_unique<Placing>(scenario, candidates, shared); }
        part->judge(pack, c);
    };
    for_each_pack(scenario, range, dealing, threads, fly,
                  [&](std::int64_t count) { calls.add(count); });
    for (auto const& part : parts) {
        if (part) { all.merge_sums(part->own()); }
    }
    return all;
}

std::vector<double> placed_messages_s(Scenario const& scenario,
                                      std::vector<SensorParams> const& candidates,
                                      FlightRange const& range, Dealing const& dealing,
                                      bool in_full)
{
    auto const consumers = static_cast<std::size_t>(scenario.network.consumer_count);
    std::vector<double> out(static_cast<std::size_t>(range.count) * candidates.size() * consumers);
    Seat seat(scenario);
    auto const judge = [&](Launch const& flights, Columns const& c) {
        std::int64_t const i = flights.column_first;
        fly_member(seat.scenario(), flights, c);
        auto const flight = std::make_unique<PlaceFlight<Lanes>>(seat.scenario(), flights, c, i);
        flight->find_present(seat.table);
        for (std::size_t k = 0; k < candidates.size(); ++k) {
            seat.take(candidates[k]);
            if (in_full) { add_last_sensor_in_full<Lanes>(seat.scenario(), flights, c, i); }
            Acting const now =
                in_full ? acting_in_full(seat.scenario(), c, i) : acting(*flight, seat);
            for (std::int64_t lane = 0; lane < flights.count; ++lane) {
                auto const number =
                    static_cast<std::size_t>(flights.flight_of(i + lane) - range.first);
                for (std::size_t n = 0; n < consumers; ++n) {
                    out[(number * candidates.size() + k) * consumers + n] =
                        Lane<Lanes>::at(now.t_message_s[n], static_cast<int>(lane));
                }
            }
        }
    };
    for_each_pack(
        scenario, range, dealing, 1,
        [&](int, RaidLaunch const& pack, Columns const& c) {
            for (int m = 0; m < scenario.raid.size; ++m) {
                judge(pack.of_member(scenario, m, c.raid_capacity), c);
            }
        },
        [](std::int64_t) {});
    return out;
}

}  // namespace longwatch

#include "host/exercise/link_end.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace longwatch {

namespace {

/// What a later message of the same takes the place of.
std::string what_is_told(WireMessage const& m)
{
    return fmt::format("{}/{}/{}/{}/{}", m.flight, static_cast<int>(m.kind), m.maker, m.part,
                       m.stamp);
}

}  // namespace

void LinkBeginning::send(WireMessage message, double t_arrives_s, double t_now_s, Send const& send)
{
    message.sequence_number = ++number_;
    message.t_sent_s = t_now_s;
    message.t_arrives_s = t_arrives_s + fault_.slower_s;
    if (fault_.is_cut) {
        kept_[what_is_told(message)] = std::move(message);
        return;
    }
    lost_so_far_ += fault_.lost;
    if (lost_so_far_ >= 1) {
        lost_so_far_ -= 1;
        return;
    }
    for (int copies = fault_.is_doubled ? 2 : 1; copies > 0; --copies) { leave(message, send); }
}

void LinkBeginning::leave(WireMessage const& message, Send const& send)
{
    ++sent_;
    send(link_, message);
    last_.insert_or_assign(what_is_told(message), message);
    unheard_.push_back(message);
}

void LinkBeginning::heard(std::uint64_t number)
{
    heard_ = std::max(heard_, number);
    while (!unheard_.empty() && unheard_.front().sequence_number <= heard_) {
        unheard_.pop_front();
    }
}

void LinkBeginning::send_again(Send const& send) const
{
    std::map<std::uint64_t, WireMessage const*> in_order;
    for (auto const& [what, message] : last_) { in_order[message.sequence_number] = &message; }
    for (auto const& message : unheard_) { in_order[message.sequence_number] = &message; }
    for (auto const& [number, message] : in_order) { send(link_, *message); }
}

void LinkBeginning::set(LinkFault const& fault, double t_now_s, Send const& send)
{
    bool const is_mended = fault_.is_cut && !fault.is_cut;
    fault_ = fault;
    if (!is_mended) { return; }
    std::vector<WireMessage> waiting;
    for (auto& [what, message] : kept_) { waiting.push_back(std::move(message)); }
    kept_.clear();
    std::sort(waiting.begin(), waiting.end(),
              [](auto const& a, auto const& b) { return a.sequence_number < b.sequence_number; });
    for (auto& message : waiting) {
        message.t_arrives_s = std::max(message.t_arrives_s, t_now_s);
        leave(message, send);
    }
}

std::variant<LiveMessage, DroppedMessage> LinkEnd::check(WireMessage const& message, double t_now_s,
                                                         IsSigned const& is_signed)
{
    auto checked = from_wire(study_, exercise_, message);
    if (std::holds_alternative<DroppedMessage>(checked)) { return checked; }
    auto const& live = std::get<LiveMessage>(checked);
    auto const from = [&] { return fmt::format("a message by {} of {}", name(), message.maker); };
    if (!is_signed(message)) {
        return DroppedMessage{Dropped::forged,
                              from() + " is not signed by its maker's node, " + message.maker_node};
    }
    ArmParams const& arm = study_.scenario->network.arm[arm_];
    bool const may_be_stamped = live.stamp_origin < 0 || live.stamp_origin == arm.restamp_origin;
    if (!may_be_stamped || !carries(arm.link[link_], live.id.kind, live.counts_as())) {
        return DroppedMessage{Dropped::refused,
                              from() + " is of a kind or a state that the link does not carry"};
    }
    // When it arrives its sender says, and nobody has signed that.
    if (live.t_expires_s < std::max(t_now_s, message.t_arrives_s)) {
        return DroppedMessage{Dropped::expired, fmt::format("{} was of use until {:.1f} s", from(),
                                                            live.t_expires_s)};
    }
    if (has_come(message)) {
        return DroppedMessage{Dropped::replayed,
                              fmt::format("{} has the number {}, and {} has come before", from(),
                                          message.sequence_number, heard_)};
    }
    heard_ = std::max(heard_, message.sequence_number);
    return checked;
}

/// Tracks that it had heard before it went away it takes once more: it has not kept them.
bool LinkEnd::has_come(WireMessage const& message)
{
    auto const number = message.sequence_number;
    if (number > heard_) { return false; }
    bool const is_given_again = message.kind == MessageKind::track && number <= before_;
    return !is_given_again || !again_.insert(number).second;
}

}  // namespace longwatch

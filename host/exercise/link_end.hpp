// The two ends of a link of an exercise: what leaves is numbered and stamped, what comes is checked and held until the link would
// give it out.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include "host/exercise/wire_message.hpp"

namespace longwatch {

/// What is made to go wrong at the beginning of a link.
struct LinkFault {
    bool is_cut = false;  ///< nothing leaves; on mending, the last word of everything does
    double slower_s = 0;  ///< more latency
    double lost =
        0;  ///< part of the messages that never leave, one after the other as evenly as that goes
    bool is_doubled = false;
};

/// Where messages leave by one link.
class LinkBeginning {
public:
    explicit LinkBeginning(std::string link) : link_(std::move(link)) {}

    using Send = std::function<void(std::string const& link, WireMessage const& message)>;
    void send(WireMessage message, double t_arrives_s, double t_now_s, Send const& send);
    void set(LinkFault const& fault, double t_now_s, Send const& send);
    LinkFault const& fault() const { return fault_; }

    std::uint64_t sent() const { return sent_; }        ///< handed to the wire
    std::uint64_t numbered() const { return number_; }  ///< the last sequence number
    void number_from(std::uint64_t number) { number_ = number; }
    void heard(std::uint64_t number);
    std::uint64_t acknowledged() const { return heard_; }
    /// The last of everything, and what its end has not heard, under the old numbers: for a wire that knows nothing of it.
    void send_again(Send const& send) const;

private:
    void leave(WireMessage const& message, Send const& send);

    std::string link_;
    LinkFault fault_;
    std::uint64_t number_ = 0, sent_ = 0, heard_ = 0;
    double lost_so_far_ = 0;
    std::map<std::string, WireMessage> kept_;  ///< while it is cut, the last word of everything
    std::map<std::string, WireMessage> last_;  ///< of everything that has left
    std::deque<WireMessage> unheard_;          ///< has left, in this order
};

/// Where messages come in by one link.
class LinkEnd {
public:
    LinkEnd(Study const& study, std::string exercise, int arm, int link)
        : study_(study), exercise_(std::move(exercise)), arm_(arm), link_(link)
    {
    }

    /// Whether bytes were signed by a member.
    using IsSigned = std::function<bool(WireMessage const& message)>;
    /// The message, or why it is thrown away. Of equals only the first is a message.
    std::variant<LiveMessage, DroppedMessage> check(WireMessage const& message, double t_now_s,
                                                    IsSigned const& is_signed);

    std::uint64_t heard() const { return heard_; }  ///< the highest sequence number
    /// It has come back, and had heard so far. The wire gives it the last of every track again.
    void heard_before(std::uint64_t number) { heard_ = before_ = number; }
    int link() const { return link_; }
    std::string const& name() const { return study_.links[static_cast<std::size_t>(link_)]; }

private:
    Study const& study_;
    std::string exercise_;
    bool has_come(WireMessage const& message);

    int arm_, link_;
    std::uint64_t heard_ = 0, before_ = 0;
    std::set<std::uint64_t> again_;  ///< numbers of tracks that it has been given again
};

}  // namespace longwatch

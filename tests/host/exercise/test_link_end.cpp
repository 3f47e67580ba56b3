// The ends of a link: what is thrown away, and why; what a broken link does with what leaves.
#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "host/exercise/link_end.hpp"

namespace longwatch {
namespace {

Study const& study()
{
    static Study const read =
        read_study(std::string(LW_SOURCE_DIR) + "/studies/trilateral-warning.toml");
    return read;
}

template <class Names>
int place_of(Names const& names, std::string const& name)
{
    return static_cast<int>(std::find(names.begin(), names.end(), name) - names.begin());
}

/// A Korean radar's track, as it comes from the fusion centre to the hub.
WireMessage korean_track()
{
    LiveMessage track;
    int const sensor = place_of(study().sensors, "spy-kr");
    track.id = {3, MessageKind::track, sensor, 17};
    track.origins = OriginSet{1} << study().scenario->sensor[sensor].origin;
    track.t_made_s = 100;
    track.t_expires_s = 3700;
    track.track.emplace().t_look_s = 99;
    auto message = to_wire(study(), "an-exercise", track);
    message.sequence_number = 5;
    message.t_sent_s = 101;
    message.t_arrives_s = 103;
    message.signature.assign(64, 1);
    return message;
}

/// What the end of a link says of a message at 104 s; "" where it takes it.
std::string said_of(WireMessage const& message, char const* link = "korea-to-hub",
                    bool is_signed = true, double t_now_s = 104)
{
    LinkEnd end(study(), "an-exercise", place_of(study().arms, "via-us-hub"),
                place_of(study().links, link));
    auto const checked = end.check(message, t_now_s, [&](WireMessage const&) { return is_signed; });
    auto const* const dropped = std::get_if<DroppedMessage>(&checked);
    return dropped ? dropped_names[static_cast<int>(dropped->why)] : "";
}

template <class Change>
std::string said_of_changed(Change const& change)
{
    auto message = korean_track();
    change(message);
    return said_of(message);
}

}  // namespace

TEST_CASE("a message that fits its link is taken, as its maker made it", "[exercise]")
{
    CHECK(said_of(korean_track()).empty());
    auto const back = from_wire(study(), "an-exercise", korean_track());
    REQUIRE(std::holds_alternative<LiveMessage>(back));
    auto const& live = std::get<LiveMessage>(back);
    CHECK(live.id.number == 17);
    CHECK(live.track->t_look_s == 99);
    CHECK(signed_bytes(to_wire(study(), "an-exercise", live)) == signed_bytes(korean_track()));
}

TEST_CASE("what a link does not carry by kind or origin is refused at its end", "[exercise]")
{
    // A Korean track has no business on the link by which Japan reports to the hub.
    CHECK(said_of(korean_track(), "japan-to-hub") == "refused");
    CHECK(said_of_changed([](auto& m) { m.stamp = "united-states"; }) == "refused");
}

TEST_CASE("what is not signed by its maker's node is forged", "[exercise]")
{
    CHECK(said_of(korean_track(), "korea-to-hub", false) == "forged");
}

TEST_CASE("what is of no more use has expired", "[exercise]")
{
    CHECK(said_of(korean_track(), "korea-to-hub", true, 3701) == "expired");
    CHECK(said_of(korean_track(), "korea-to-hub", true, 3699).empty());
}

TEST_CASE("a number that has come before is a replay", "[exercise]")
{
    LinkEnd end(study(), "an-exercise", place_of(study().arms, "via-us-hub"),
                place_of(study().links, "korea-to-hub"));
    auto const is_signed = [](WireMessage const&) { return true; };
    auto message = korean_track();
    CHECK(std::holds_alternative<LiveMessage>(end.check(message, 104, is_signed)));
    for (std::uint64_t const number : {5, 4, 1}) {
        message.sequence_number = number;
        auto const again = end.check(message, 104, is_signed);
        REQUIRE(std::holds_alternative<DroppedMessage>(again));
        CHECK(std::get<DroppedMessage>(again).why == Dropped::replayed);
    }
    message.sequence_number = 6;
    CHECK(std::holds_alternative<LiveMessage>(end.check(message, 104, is_signed)));
    CHECK(end.heard() == 6);
}

TEST_CASE("names, numbers and contents that cannot be are malformed", "[exercise]")
{
    double const nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(said_of_changed([](auto& m) { m.schema_major = 2; }) == "malformed");
    CHECK(said_of_changed([](auto& m) { m.exercise = "another"; }) == "malformed");
    CHECK(said_of_changed([](auto& m) { m.maker = "nobody"; }) == "malformed");
    CHECK(said_of_changed([](auto& m) { m.maker_node = "us-hub"; }) == "malformed");
    CHECK(said_of_changed([](auto& m) { m.origins = {"atlantis"}; }) == "malformed");
    CHECK(said_of_changed([](auto& m) { m.origins = {"japan"}; }) == "malformed");
    CHECK(said_of_changed([](auto& m) { m.origins.clear(); }) == "malformed");
    CHECK(said_of_changed([](auto& m) { m.stamp = "atlantis"; }) == "malformed");
    CHECK(said_of_changed([](auto& m) { m.flight = -1; }) == "malformed");
    CHECK(said_of_changed([](auto& m) { m.number = -1; }) == "malformed");
    CHECK(said_of_changed([](auto& m) { m.part = 1; }) == "malformed");
    CHECK(said_of_changed([](auto& m) { m.track.reset(); }) == "malformed");
    CHECK(said_of_changed([](auto& m) { m.impact.emplace(); }) == "malformed");
    CHECK(said_of_changed([&](auto& m) { m.track->information[20] = nan; }) == "malformed");
    CHECK(said_of_changed([&](auto& m) { m.t_arrives_s = nan; }) == "malformed");
    CHECK(said_of_changed([](auto& m) {
              m.kind = static_cast<MessageKind>(9);
              m.maker = m.maker_node = "kr-sensors";
              m.track.reset();
          }) == "malformed");
}

TEST_CASE("a signature covers everything that its maker says", "[exercise]")
{
    auto const differs = [](auto const& change) {
        auto message = korean_track();
        change(message);
        return signed_bytes(message) != signed_bytes(korean_track());
    };
    CHECK(differs([](auto& m) { m.flight = 4; }));
    CHECK(differs([](auto& m) { m.number = 18; }));
    CHECK(differs([](auto& m) { m.origins.emplace_back("japan"); }));
    CHECK(differs([](auto& m) { m.t_made_s += 1e-9; }));
    CHECK(differs([](auto& m) { m.t_expires_s += 1; }));
    CHECK(differs([](auto& m) { m.track->information[0] += 1; }));
    CHECK(differs([](auto& m) { m.track->error[5] -= 1; }));
    // What links add is theirs.
    CHECK_FALSE(differs([](auto& m) { m.sequence_number = 9; }));
    CHECK_FALSE(differs([](auto& m) { m.stamp = "united-states"; }));
}

TEST_CASE("a cut link keeps the last word of everything, and gives it out when mended",
          "[exercise]")
{
    LinkBeginning link("korea-to-hub");
    std::vector<WireMessage> out;
    auto const send = [&](std::string const&, WireMessage const& m) { out.push_back(m); };
    LinkFault cut;
    cut.is_cut = true;
    link.set(cut, 10, send);
    for (int number = 1; number <= 3; ++number) {
        auto track = korean_track();
        track.number = number;
        link.send(track, 20 + number, 18, send);
    }
    auto other = korean_track();
    other.flight = 4;
    link.send(other, 25, 19, send);
    CHECK(out.empty());
    link.set({}, 60, send);
    REQUIRE(out.size() == 2);
    CHECK(out[0].number == 3);
    CHECK(out[0].t_arrives_s == 60);
    CHECK(out[1].flight == 4);
    CHECK(out[1].sequence_number == 4);
}

TEST_CASE("by a new wire a link sends the last of everything and what was not heard, in order",
          "[exercise]")
{
    LinkBeginning link("korea-to-hub");
    std::vector<std::uint64_t> out;
    auto const send = [&](std::string const&, WireMessage const& m) {
        out.push_back(m.sequence_number);
    };
    auto const track_of = [](std::int64_t flight) {
        auto track = korean_track();
        track.flight = flight;
        return track;
    };
    // The last word of flight 7 is the second, of flight 8 the fifth.
    for (std::int64_t const flight : {7, 7, 8, 8, 8}) { link.send(track_of(flight), 9, 9, send); }
    link.heard(3);
    out.clear();
    link.send_again(send);
    CHECK(out == std::vector<std::uint64_t>{2, 4, 5});
    link.heard(5);
    out.clear();
    link.send_again(send);
    CHECK(out == std::vector<std::uint64_t>{2, 5});
    CHECK(link.sent() == 5);
}

TEST_CASE("a link that loses a half sends every second message, a doubling one each twice",
          "[exercise]")
{
    LinkBeginning link("korea-to-hub");
    int sent = 0;
    auto const send = [&](std::string const&, WireMessage const&) { ++sent; };
    LinkFault fault;
    fault.lost = 0.5;
    link.set(fault, 0, send);
    for (int k = 0; k < 10; ++k) { link.send(korean_track(), 1, 0, send); }
    CHECK(sent == 5);
    fault = {};
    fault.is_doubled = true;
    link.set(fault, 0, send);
    for (int k = 0; k < 10; ++k) { link.send(korean_track(), 1, 0, send); }
    CHECK(sent == 25);
    CHECK(link.sent() == 25);
    CHECK(link.numbered() == 20);
}

}  // namespace longwatch

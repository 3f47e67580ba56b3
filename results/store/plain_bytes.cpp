#include "results/store/plain_bytes.hpp"

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

#include "results/store/file_parts.hpp"
#include "results/store/hdf5_file.hpp"
#include "results/store/schema.hpp"

namespace longwatch {

namespace {

// Each thing is put and taken by one function, `pass`, over a Putter or a Taker: so both go through the same fields in the
// same order.

class Putter {
public:
    static constexpr bool takes = false;
    std::string bytes;

    template <class Number>
    void number(Number const& value)
    {
        static_assert(std::is_arithmetic_v<Number> || std::is_enum_v<Number>);
        bytes.append(reinterpret_cast<char const*>(&value), sizeof(value));
    }
    std::size_t count(std::size_t n)
    {
        number(static_cast<std::uint64_t>(n));
        return n;
    }
    void text(std::string const& value)
    {
        count(value.size());
        bytes += value;
    }
    void cells(std::vector<std::uint64_t> const& values)
    {
        bytes.append(reinterpret_cast<char const*>(values.data()),
                     values.size() * sizeof(values[0]));
    }
};

class Taker {
public:
    static constexpr bool takes = true;
    explicit Taker(std::string_view bytes) : rest_(bytes) {}

    template <class Number>
    void number(Number& value)
    {
        static_assert(std::is_arithmetic_v<Number> || std::is_enum_v<Number>);
        std::memcpy(&value, taken(sizeof(value)).data(), sizeof(value));
    }
    /// How many things follow; each takes eight bytes at least, or is a character.
    std::size_t count(std::size_t)
    {
        std::uint64_t n = 0;
        number(n);
        if (n > rest_.size()) { garbled(); }
        return static_cast<std::size_t>(n);
    }
    void text(std::string& value) { value = taken(count(0)); }
    void cells(std::vector<std::uint64_t>& values)
    {
        auto const size = values.size() * sizeof(values[0]);
        if (size > 0) { std::memcpy(values.data(), taken(size).data(), size); }
    }
    void end() const
    {
        if (!rest_.empty()) { garbled(); }
    }
    [[noreturn]] static void garbled() { throw Hdf5Failure("its reading gave a garbled answer"); }

private:
    std::string_view taken(std::size_t size)
    {
        if (size > rest_.size()) { garbled(); }
        auto const part = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return part;
    }

    std::string_view rest_;
};

template <class Way, class List, class Pass>
void pass_list(Way& way, List& list, Pass const& pass)
{
    auto const n = way.count(list.size());
    if constexpr (Way::takes) {
        list.clear();
        for (std::size_t i = 0; i < n; ++i) { pass(list.emplace_back()); }
    } else {
        for (auto& one : list) { pass(one); }
    }
}

template <class Way, class Texts>
void pass_texts(Way& way, Texts& texts)
{
    pass_list(way, texts, [&](auto& text) { way.text(text); });
}

template <class Way, class P>
void pass_provenance(Way& way, P& p)
{
    for (auto* const text :
         {&p.code_version, &p.git_hash, &p.created_utc, &p.device, &p.precision, &p.instructions}) {
        way.text(*text);
    }
    way.number(p.lanes);
    way.number(p.threads);
}

template <class Way, class S>
void pass_study(Way& way, S& s)
{
    for (auto* const text : {&s.name, &s.question, &s.text, &s.resolved, &s.hash}) {
        way.text(*text);
    }
}

template <class Way, class N>
void pass_names(Way& way, N& n)
{
    for (auto* const names : {&n.threats, &n.arms, &n.consumers, &n.batteries, &n.sensors,
                              &n.origins, &n.nodes, &n.links}) {
        pass_texts(way, *names);
    }
}

template <class Way, class T>
void pass_tally(Way& way, T& tally)
{
    auto layout = tally.layout;
    for (auto* const size :
         {&layout.threat_count, &layout.arm_count, &layout.consumer_count, &layout.battery_count,
          &layout.randomisation_count, &layout.sensor_count, &layout.raid_size}) {
        way.number(*size);
        if (Way::takes && (*size < 0 || *size > labels_max)) { Taker::garbled(); }
    }
    if constexpr (Way::takes) {
        if (layout.raid_size < 1) { Taker::garbled(); }
        check_cells(layout);
        tally = Tally(layout);
    }
    way.cells(tally.cells);
}

template <class Way, class F>
void pass_failures(Way& way, F& failures)
{
    pass_list(way, failures, [&](auto& failure) {
        way.number(failure.flight);
        way.number(failure.fate);
        auto const fate = static_cast<int>(failure.fate);
        if (Way::takes && (fate < 0 || fate >= fate_count)) { Taker::garbled(); }
    });
}

template <class Way, class Spans>
void pass_spans(Way& way, Spans& spans)
{
    pass_list(way, spans, [&](auto& span) {
        way.number(span.first);
        way.number(span.count);
    });
}

template <class Way, class Tracks>
void pass_tracks(Way& way, Tracks& tracks)
{
    pass_list(way, tracks, [&](auto& track) {
        for (auto* const values :
             {&track.t_s, &track.latitude_deg, &track.longitude_deg, &track.altitude_km}) {
            pass_list(way, *values, [&](auto& value) { way.number(value); });
        }
    });
}

template <class Way, class Randomisations>
void pass_randomisations(Way& way, Randomisations& all)
{
    auto const n = way.count(all.size());
    if constexpr (Way::takes) {
        all.clear();
        for (std::size_t i = 0; i < n; ++i) {
            pass_tally(way, all.emplace_back(Tally(TallyLayout{})));
        }
    } else {
        for (auto& one : all) { pass_tally(way, one); }
    }
}

template <class Way, class Result>
void pass_result(Way& way, Result& result)
{
    way.text(result.schema_version);
    pass_provenance(way, result.provenance);
    pass_study(way, result.study);
    way.number(result.seed);
    way.number(result.first_flight);
    way.number(result.flight_count);
    pass_spans(way, result.gaps);
    pass_texts(way, result.assumptions);
    pass_names(way, result.names);
    way.text(result.sampling);
    pass_tally(way, result.tally);
    pass_randomisations(way, result.randomisations);
    way.text(result.stopped);
    pass_failures(way, result.failures);
    pass_tracks(way, result.tracks);
}

template <class Way, class Part>
void pass_part(Way& way, Part& part)
{
    pass_provenance(way, part.provenance);
    pass_study(way, part.study);
    way.number(part.seed);
    pass_spans(way, part.spans);
    pass_tally(way, part.tally);
    pass_failures(way, part.failures);
}

}  // namespace

std::string plain_bytes_of(ResultFile const& result)
{
    Putter to;
    pass_result(to, result);
    return std::move(to.bytes);
}

std::string plain_bytes_of(FlownPart const& part)
{
    Putter to;
    pass_part(to, part);
    return std::move(to.bytes);
}

ResultFile result_of_plain_bytes(std::string_view bytes)
{
    Taker from(bytes);
    ResultFile result;
    pass_result(from, result);
    from.end();
    return result;
}

FlownPart part_of_plain_bytes(std::string_view bytes)
{
    Taker from(bytes);
    FlownPart part;
    pass_part(from, part);
    from.end();
    return part;
}

}  // namespace longwatch

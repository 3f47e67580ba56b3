// A checked view of one table of a study: a study's own entry laid over a catalogue model. Reading a
// key checks it, converts it to SI, and writes it down for the resolved study; what was never read is
// an unknown key. Problems are collected, never thrown, so reading goes on with a harmless value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/study/problems.hpp"
#include "host/study/units.hpp"
#include "models/math/distribution.hpp"

namespace longwatch {

/// One of the tables a view looks through, and what a message calls it: "threat 'x'".
struct Layer {
    toml::table const* table = nullptr;
    std::string what;
};

/// Whether a key may come from the catalogue, or only from the study.
enum class Whose { anyone, study };

/// How well founded the values are.
struct SourceCount {
    int entries = 0;    ///< tables that describe something
    int assumed = 0;    ///< of these, those that say "assumed"
    int unsourced = 0;  ///< of these, those that give no source
};

class TableView {
public:
    TableView(Problems& problems, std::vector<Layer> layers)
        : problems_(&problems), layers_(std::move(layers))
    {
    }

    bool has(std::string const& key) const;
    /// The key that gives the quantity, in whatever unit; the base itself if none does.
    std::string spelling_used(std::string const& base, Dimension dimension) const;
    /// For an entry whose model could not be read: missing keys are then no news.
    void forgive_missing() { forgives_missing_ = true; }
    bool forgives_missing() const { return forgives_missing_; }
    int problem_count() const { return problems_->count(); }
    std::string const& what() const { return layers_.front().what; }
    std::vector<Layer> const& layers() const { return layers_; }
    toml::table const& own() const { return *layers_.front().table; }
    void know(std::string const& key, Whose whose) { known_.emplace_back(key, whose); }
    void rename(std::string what) { layers_.front().what = std::move(what); }

    /// Which of the study's tables this is ("threat.stage"; empty for the whole), and whether a catalogue
    /// model may give what it lacks: for what is written down of the keys asked for.
    void call_table(std::string table, bool rests_on_model = false)
    {
        table_ = std::move(table);
        rests_on_model_ = rests_on_model;
    }
    std::optional<std::string> const& table_called() const { return table_; }
    /// Writes down a key that is read by other means, or what more is known of one.
    void note(AskedKey key) { asked_.push_back(std::move(key)); }

    double number(std::string const& base, Dimension dimension, Bounds const& bounds,
                  std::optional<double> fallback = std::nullopt, Whose whose = Whose::anyone);
    std::int64_t integer(std::string const& key, std::int64_t low, std::int64_t high,
                         std::optional<std::int64_t> fallback = std::nullopt);
    bool boolean(std::string const& key, bool fallback);
    /// Without a fallback the key is required; a fallback of "" is not written down.
    std::string text(std::string const& key,
                     std::optional<std::string> const& fallback = std::nullopt,
                     Whose whose = Whose::anyone);
    /// One of the choices; the fallback, or "", if it is none of them.
    std::string choice(std::string const& key, std::vector<std::string> const& choices,
                       std::optional<std::string> const& fallback = std::nullopt,
                       Whose whose = Whose::anyone);
    /// A list of texts with the place of each.
    using Texts = std::vector<std::pair<std::string, Place>>;
    Texts texts(std::string const& key, std::optional<std::vector<std::string>> const& fallback);
    /// A list of 1 to so many numbers, under a key with a unit where they have a dimension; empty
    /// where it is missing.
    std::vector<double> numbers(std::string const& base, Bounds const& bounds, int most,
                                Dimension dimension = Dimension::none, bool required = true);
    /// A list of such lists: the rows of a matrix.
    std::vector<std::vector<double>> rows(std::string const& key, Bounds const& bounds, int most);

    /// A number under a key with a unit, or a table { kind = ... } under the key without it.
    /// bounds hold every value that may be drawn; a plain normal is refused where it says so.
    enum class Normals { allowed, refused };
    Distribution distribution(std::string const& base, Dimension dimension, Bounds const& bounds,
                              std::optional<double> fallback, Normals normals = Normals::allowed);

    /// A table within; empty if it is missing (which is a problem if required) or no table.
    std::optional<TableView> table(std::string const& key, bool required,
                                   Whose whose = Whose::anyone);
    /// An array of tables within, of the first layer that has it, at most so many.
    std::vector<TableView> tables(std::string const& key, int most, Whose whose = Whose::anyone);

    /// Reads "source", "description" and "assumed", and counts them.
    void read_provenance(SourceCount& provenance);
    /// Reports the keys nobody asked for. Call it when all have been read.
    void report_unknown_keys() const;
    /// Keys of the catalogue model that the study replaces.
    std::vector<std::string> replaced_keys() const;

    Place place() const { return place_of(layers_.front().table->source()); }
    Place place_of_key(std::string const& key) const;  ///< of the table where the key is missing
    void problem(std::string message) const { problems_->add(place(), std::move(message)); }
    void problem_at_key(std::string const& key, std::string const& message) const;

    /// The resolved study's text of what was read.
    void write(std::string const& key, std::string const& value)
    {
        fields_.push_back(key + " = " + value);
    }
    std::vector<std::string> fields_of(std::vector<std::string> const& keys) const;
    std::string as_lines() const;
    std::string as_inline() const;

private:
    struct Found {
        Layer const* layer = nullptr;
        toml::key const* key = nullptr;
        toml::node const* value = nullptr;
        int spelling = 0;
    };
    std::optional<Found> find(std::vector<std::string> const& keys, Whose whose);
    /// Whether the lack of a key is a problem.
    bool is_missed(bool required) const { return required && !forgives_missing_; }
    /// The problem; wanted: the keys and what they may be.
    void lacks(std::string const& wanted) const { problem(what() + " lacks " + wanted); }
    void wrong(Found const& found, std::string const& allowed) const;
    struct Kind {
        Dimension dimension;
        Bounds bounds;
    };
    std::vector<double> checked_numbers(Found const& found, toml::node const& list,
                                        std::string const& allowed, Kind const& kind, int most);
    double checked_number(Found const& found, Dimension dimension, Bounds const& bounds);
    /// Its kind and bounds; required unless the study or a model may leave it out.
    void note(AskedKey key, bool required, Whose whose);
    TableView inner(std::vector<Layer> layers, std::string const& key, bool rests_on_model) const;
    Distribution read_distribution_table(TableView& inner, Dimension dimension,
                                         Bounds const& bounds, Normals normals);

    Problems* problems_;
    std::vector<Layer> layers_;
    std::vector<std::pair<std::string, Whose>> known_;
    std::vector<std::string> fields_;
    std::vector<AskedKey> asked_;
    std::optional<std::string> table_;  ///< none where nothing is written down
    bool rests_on_model_ = false;
    bool forgives_missing_ = false;
};

/// "'key' (required, allowed)", and for a quantity its key in the usual unit, then the other keys.
std::string wanted_key(std::string const& key, std::string const& allowed);
std::string wanted_quantity(std::string const& base, Dimension dimension,
                            std::string const& allowed);

std::string toml_text(std::string_view text);  ///< as a TOML string
std::string toml_list(std::vector<std::string> const& texts);

}  // namespace longwatch

// [[arm]]: which links an alternative has, what they release, and which sensors take part.
#include <optional>

#include "host/study/nearest_name.hpp"
#include "host/study/release_classes.hpp"
#include "host/study/study_reader.hpp"

namespace longwatch {
namespace {

/// An arm as written, before it takes over what it extends.
struct ArmEntry {
    TableView view;
    int extends = -1;
    std::vector<int> links;
    struct Release {
        int link = -1;
        unsigned kinds = 0;
        OriginSet origins = 0;
        Place where;
    };
    std::vector<Release> release;
    std::optional<std::uint64_t> without_sensors, without_nodes;
    std::vector<int> without_links;
    /// A node or a link with other values, and their text.
    struct Change {
        int node = -1, link = -1;
        TableView given;  ///< what the arm says
        NodeParams as_node = {};
        LinkParams as_link = {};
        std::string text = {};
        bool own = false;  ///< of the arm in hand, not of one that it extends
    };
    std::vector<Change> changes;
};

std::uint64_t all_sensors(Scenario const& scenario)
{
    return scenario.sensor_count >= 64 ? ~std::uint64_t(0)
                                       : (std::uint64_t(1) << scenario.sensor_count) - 1;
}

void read_links_and_groups(StudyReader& reader, ArmEntry& arm)
{
    std::vector<std::string> const none;
    auto& view = arm.view;
    for (auto const& [name, where] : view.texts("links", none)) {
        int const link =
            reader.links.index(name, where, "key 'links' of " + view.what(), reader.problems);
        if (link >= 0 && link < max_links) { arm.links.push_back(link); }
    }
    for (auto const& [name, where] : view.texts("groups", none)) {
        auto const before = arm.links.size();
        for (std::size_t i = 0; i < reader.link_group.size(); ++i) {
            if (reader.link_group[i] == name) { arm.links.push_back(static_cast<int>(i)); }
        }
        if (arm.links.size() == before) {
            reader.problems.add(where, "key 'groups' of " + view.what() + " names group '" +
                                           shown(name) + "' (no [[link]] has it)" +
                                           did_you_mean(name, reader.link_group));
        }
    }
}

void read_release_rules(StudyReader& reader, ArmEntry& arm)
{
    for (auto& rule : arm.view.tables("release", max_links * message_kind_count)) {
        ArmEntry::Release release;
        release.where = rule.place();
        release.link = reader.links.index_of_key(rule, "link", reader.problems);
        release.kinds = read_kinds(reader, rule, "kinds", message_kind_names());
        release.origins = static_cast<OriginSet>(
            reader.origins.set_of_key(rule, "origins", std::nullopt, reader.problems));
        rule.text("source", "");
        rule.report_unknown_keys();
        for (auto const& other : arm.release) {
            if (other.link == release.link && (other.kinds & release.kinds) != 0) {
                rule.problem(rule.what() + " rules a second time what its link releases (one " +
                             "rule per link and kind of message)");
            }
        }
        arm.release.push_back(release);
    }
}

/// Keys that say what a node or link is, and not what it is like.
constexpr char const* identity_keys[] = {"name",    "origin", "from",  "to",      "carries",
                                         "origins", "group",  "model", "based_on"};

/// The values of a change over those of the arms it extends, the last first, and over what is changed.
void read_change(StudyReader& reader, Problems& problems, ArmEntry::Change& change,
                 std::vector<Layer> layers)
{
    bool const of_node = change.node >= 0;
    auto const index = static_cast<std::size_t>(of_node ? change.node : change.link);
    auto const& base = (of_node ? reader.node_views : reader.link_views)[index].layers();
    layers.insert(layers.end(), base.begin(), base.end());
    TableView view(problems, layers);
    view.call_table("arm.change", true);
    for (auto const* key : identity_keys) { view.know(key, Whose::anyone); }
    auto const* const key = of_node ? "node" : "link";
    view.know(key, Whose::anyone);
    view.note({key});
    view.write(key, toml_text((of_node ? reader.nodes : reader.links).names()[index]));
    auto const& network = reader.study.scenario->network;
    if (of_node) {
        change.as_node.name_hash = network.node[index].name_hash;
        read_node_values(view, change.as_node);
    } else {
        change.as_link = network.link[index];
        read_link_values(view, change.as_link);
    }
    SourceCount uncounted;
    view.read_provenance(uncounted);
    view.report_unknown_keys();
    change.text = view.as_inline();
}

void read_changes(StudyReader& reader, ArmEntry& arm)
{
    for (auto& entry : arm.view.tables("change", max_links)) {
        bool const of_node = entry.has("node");
        if (of_node == entry.has("link")) {
            entry.problem(entry.what() + " names " + (of_node ? "a node and a link" : "nothing") +
                          " ('node' or 'link' is wanted)");
            continue;
        }
        auto const* const key = of_node ? "node" : "link";
        int const index =
            (of_node ? reader.nodes : reader.links).index_of_key(entry, key, reader.problems);
        for (auto const* other : identity_keys) {
            if (entry.own().contains(other)) {
                entry.problem_at_key(other, entry.what() + " gives '" + other +
                                                "' (an arm changes values, not what a " + key +
                                                " is)");
            }
        }
        if (index < 0) { continue; }
        ArmEntry::Change change{of_node ? index : -1, of_node ? -1 : index, entry};
        for (auto const& other : arm.changes) {
            if (other.node == change.node && other.link == change.link) {
                entry.problem(entry.what() + " changes its " + key +
                              " a second time (one change per node and link)");
            }
        }
        // Read for its problems; what it comes to over the arms extended is found later.
        read_change(reader, reader.problems, change, {{&entry.own(), entry.what()}});
        entry.read_provenance(reader.provenance["change"]);
        arm.changes.push_back(std::move(change));
    }
}

ArmEntry read_arm(StudyReader& reader, TableView view)
{
    ArmEntry arm{std::move(view), -1, {}, {}, std::nullopt, std::nullopt, {}, {}};
    reader.arms.read_name(arm.view, reader.problems);
    read_links_and_groups(reader, arm);
    read_release_rules(reader, arm);
    if (arm.view.has("without_sensors")) {
        arm.without_sensors = reader.sensors.set_of_key(
            arm.view, "without_sensors", std::vector<std::string>(), reader.problems);
    }
    arm.view.know("without_sensors", Whose::study);
    if (arm.view.has("without_nodes")) {
        arm.without_nodes = reader.nodes.set_of_key(arm.view, "without_nodes",
                                                    std::vector<std::string>(), reader.problems);
    }
    arm.view.know("without_nodes", Whose::study);
    for (auto const& [name, where] : arm.view.texts("without_links", std::vector<std::string>())) {
        int const link = reader.links.index(
            name, where, "key 'without_links' of " + arm.view.what(), reader.problems);
        if (link >= 0 && link < max_links) { arm.without_links.push_back(link); }
    }
    read_changes(reader, arm);
    arm.view.read_provenance(reader.provenance["arm"]);
    return arm;
}

/// The arms from the one that extends nothing to this one; empty, with a problem, if they go round.
std::vector<std::size_t> lineage(StudyReader& reader, std::vector<ArmEntry> const& arms,
                                 std::size_t arm)
{
    std::vector<std::size_t> line = {arm};
    while (arms[line.front()].extends >= 0) {
        line.insert(line.begin(), static_cast<std::size_t>(arms[line.front()].extends));
        if (line.size() > arms.size()) {
            reader.problems.add(arms[arm].view.place_of_key("extends"),
                                arms[arm].view.what() + " extends itself by way of other arms " +
                                    "('extends' must end at an arm that extends none)");
            return {};
        }
    }
    return line;
}

/// Their links and sensors with them.
void take_nodes_away(Scenario const& scenario, std::uint64_t nodes, ArmParams& p)
{
    auto const gone = [&](int node) { return node >= 0 && (nodes >> node & 1U) != 0; };
    for (int l = 0; l < scenario.network.link_count; ++l) {
        LinkParams const& link = scenario.network.link[l];
        if (gone(link.from) || gone(link.to)) { p.link[l].present = false; }
    }
    for (int s = 0; s < scenario.sensor_count; ++s) {
        if (gone(scenario.sensor[s].node)) { p.sensors &= ~(std::uint64_t(1) << s); }
    }
}

/// What the arm makes of nodes and links stands after all of the study's own, drawn by the same names: so the arms
/// differ by the change and not by luck. `changes` are of the whole lineage, the last of each counts.
void apply_changes(StudyReader& reader, std::string const& arm,
                   std::vector<ArmEntry::Change> const& changes, ArmParams& p)
{
    auto& network = reader.study.scenario->network;
    auto const variant = [&](NameList& names, int index) {
        names.add_variant(names.names()[static_cast<std::size_t>(index)] + " in " + arm);
    };
    auto const too_many = [&](ArmEntry::Change const& change, char const* what, int most) {
        reader.problems.add(change.given.place(),
                            std::string("the study has more ") + what +
                                ", those that arms change included, than a run takes (at most " +
                                std::to_string(most) + ")");
    };
    for (auto const& change : changes) {
        if (change.node >= 0) {
            int const entry = network.node_count + network.node_changes;
            if (entry >= max_nodes) { return too_many(change, "nodes", max_nodes); }
            network.node[entry] = change.as_node;
            ++network.node_changes;
            p.changed_node[change.node] = entry;
            variant(reader.nodes, change.node);
        } else if (p.link[change.link].present) {
            if (network.link_count >= max_links) { return too_many(change, "links", max_links); }
            int const entry = network.link_count++;
            network.link[entry] = change.as_link;
            p.link[entry] = p.link[change.link];
            p.link[change.link].present = false;
            reader.link_default.push_back(
                reader.link_default[static_cast<std::size_t>(change.link)]);
            variant(reader.links, change.link);
        } else if (change.own) {
            reader.problems.add(change.given.place(),
                                "arm '" + arm + "' changes link '" +
                                    reader.links.names()[static_cast<std::size_t>(change.link)] +
                                    "', which it does not have (add it to 'links')");
        }
    }
}

void apply(StudyReader& reader, ArmEntry const& entry, ArmParams& p)
{
    for (int const link : entry.links) {
        auto& to = p.link[link];
        if (!to.present) { to = reader.link_default[static_cast<std::size_t>(link)]; }
        to.present = true;
    }
    for (auto const& rule : entry.release) {
        if (rule.link < 0 || rule.link >= max_links) { continue; }
        auto& to = p.link[rule.link];
        if (!to.present) {
            reader.problems.add(rule.where,
                                entry.view.what() + " rules what link '" +
                                    reader.links.names()[static_cast<std::size_t>(rule.link)] +
                                    "' releases, which it does not have (add it to 'links')");
        }
        for (int k = 0; k < message_kind_count; ++k) {
            if ((rule.kinds >> k & 1) != 0) { to.release[k] = rule.origins; }
        }
    }
    if (entry.without_sensors) {
        p.sensors = all_sensors(*reader.study.scenario) & ~*entry.without_sensors;
    }
    for (int const link : entry.without_links) { p.link[link].present = false; }
}

/// The state whose nodes re-stamp: one at most in an arm.
void find_restamping(StudyReader& reader, TableView const& view, std::uint64_t gone, ArmParams& p)
{
    auto const& network = reader.study.scenario->network;
    for (int n = 0; n < network.node_count; ++n) {
        bool const is_gone = (gone >> n & 1U) != 0;
        if (is_gone || !network.node[node_entry(p, n)].restamps) { continue; }
        int const origin = reader.study.node_origins[static_cast<std::size_t>(n)];
        if (p.restamp_origin >= 0 && origin >= 0 && origin != p.restamp_origin) {
            reader.problems.add(
                view.place(),
                view.what() + " has nodes of two states that re-stamp, '" +
                    reader.origins.names()[static_cast<std::size_t>(origin)] + "' and '" +
                    reader.origins.names()[static_cast<std::size_t>(p.restamp_origin)] +
                    "' (one state's at most)");
            return;
        }
        p.restamp_origin = origin;
    }
}

void find_classes(StudyReader& reader, TableView const& view, ArmParams& p)
{
    auto const& network = reader.study.scenario->network;
    constexpr int predictions = static_cast<int>(MessageKind::impact_prediction);
    std::vector<OriginSet> released;
    for (int i = 0; i < network.link_count; ++i) {
        if (p.link[i].present) { released.push_back(p.link[i].release[predictions]); }
    }
    auto const everyone = (OriginSet(1) << network.origin_count) - 1;
    auto const classes = release_classes(released, everyone, max_release_classes);
    if (static_cast<int>(classes.size()) > max_release_classes) {
        reader.problems.add(
            view.place(), view.what() + " needs more than " + std::to_string(max_release_classes) +
                              " sets of origins for its impact predictions (the release rules "
                              "of its links, met with one another); release more alike");
        return;
    }
    for (OriginSet const set : classes) { p.prediction_class[p.class_count++] = set; }
}

std::vector<std::string> named(std::vector<std::string> const& names, std::uint64_t set)
{
    std::vector<std::string> list;
    for (std::size_t i = 0; i < names.size() && i < 64; ++i) {
        if ((set >> i & 1) != 0) { list.push_back(names[i]); }
    }
    return list;
}

/// The arm's resolved text: all it has, whatever it extends; `p` is as it was before its changes.
std::string resolved_text(StudyReader const& reader, TableView& view, ArmParams const& p,
                          std::vector<ArmEntry::Change> const& changes, std::string const& name)
{
    std::vector<std::string> links;
    std::string rules, changed;
    for (std::size_t i = 0; i < reader.link_views.size(); ++i) {
        if (!p.link[i].present) { continue; }
        links.push_back(reader.links.names()[i]);
        for (int k = 0; k < message_kind_count; ++k) {
            auto const origins = p.link[i].release[k];
            if (origins == reader.link_default[i].release[k]) { continue; }
            rules += "    { link = " + toml_text(links.back()) +
                     ", kinds = " + toml_list({message_kind_names()[static_cast<std::size_t>(k)]}) +
                     ", origins = " + toml_list(named(reader.origins.names(), origins)) + " },\n";
        }
    }
    for (auto const& change : changes) {
        bool const there = change.node >= 0 || p.link[change.link].present;
        if (there) { changed += "    " + change.text + ",\n"; }
    }
    std::string text =
        "\n[[arm]]\nname = " + toml_text(name) + "\nlinks = " + toml_list(links) + "\nrelease = [" +
        (rules.empty() ? "" : "\n" + rules) +
        "]\nwithout_sensors = " + toml_list(named(reader.sensors.names(), ~p.sensors)) + '\n';
    if (!changed.empty()) { text += "change = [\n" + changed + "]\n"; }
    // Source and description are all else that an arm says.
    for (auto const& line : view.fields_of({"description", "assumed", "source"})) {
        text += line + '\n';
    }
    return text;
}

/// What the changes of a lineage come to, one of each node and link: a later one's values lie over the earlier ones'.
std::vector<ArmEntry::Change> changes_of(StudyReader& reader, std::vector<ArmEntry> const& arms,
                                         std::vector<std::size_t> const& line)
{
    std::vector<ArmEntry::Change> out;
    std::vector<std::vector<Layer>> layers;
    for (std::size_t const from : line) {
        for (auto const& change : arms[from].changes) {
            std::size_t k = 0;
            while (k < out.size() && (out[k].node != change.node || out[k].link != change.link)) {
                ++k;
            }
            if (k == out.size()) {
                out.push_back(change);
                layers.emplace_back();
            }
            layers[k].insert(layers[k].begin(), change.given.layers().front());
            out[k].own = from == line.back();
        }
    }
    Problems told_already;
    for (std::size_t k = 0; k < out.size(); ++k) {
        read_change(reader, told_already, out[k], layers[k]);
    }
    return out;
}

}  // namespace

void read_arms(StudyReader& reader, TableView& root)
{
    auto& scenario = *reader.study.scenario;
    auto& network = scenario.network;
    std::vector<ArmEntry> arms;
    for (auto& view : entries(reader, root, reader.arms, 1, max_arms)) {
        arms.push_back(read_arm(reader, std::move(view)));
    }
    for (auto& arm : arms) {
        if (arm.view.has("extends")) {
            arm.extends = reader.arms.index_of_key(arm.view, "extends", reader.problems);
        }
        arm.view.know("extends", Whose::study);
        arm.view.report_unknown_keys();
    }
    for (std::size_t i = 0; i < arms.size(); ++i) {
        auto& p = network.arm[network.arm_count++];
        p.sensors = all_sensors(scenario);
        auto const line = lineage(reader, arms, i);
        std::uint64_t gone = 0;
        for (std::size_t const from : line) {
            apply(reader, arms[from], p);
            gone |= arms[from].without_nodes.value_or(0);
        }
        // A node that is gone stays away, whatever an arm that extends this one adds.
        take_nodes_away(scenario, gone, p);
        auto const changes = changes_of(reader, arms, line);
        auto const& name = reader.arms.names()[i];
        reader.resolved += resolved_text(reader, arms[i].view, p, changes, name);
        apply_changes(reader, name, changes, p);
        find_restamping(reader, arms[i].view, gone, p);
        find_classes(reader, arms[i].view, p);
    }
}

}  // namespace longwatch

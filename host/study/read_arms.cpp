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
    std::optional<std::uint64_t> without_sensors;
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

ArmEntry read_arm(StudyReader& reader, TableView view)
{
    ArmEntry arm{std::move(view), -1, {}, {}, std::nullopt};
    reader.arms.read_name(arm.view, reader.problems);
    read_links_and_groups(reader, arm);
    read_release_rules(reader, arm);
    if (arm.view.has("without_sensors")) {
        arm.without_sensors = reader.sensors.set_of_key(
            arm.view, "without_sensors", std::vector<std::string>(), reader.problems);
    }
    arm.view.know("without_sensors", Whose::study);
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

/// The arm's resolved text: all it has, whatever it extends.
std::string resolved_text(StudyReader const& reader, TableView& view, ArmParams const& p,
                          std::string const& name)
{
    auto const& network = reader.study.scenario->network;
    std::vector<std::string> links;
    std::string rules;
    for (int i = 0; i < network.link_count; ++i) {
        auto const index = static_cast<std::size_t>(i);
        if (!p.link[i].present) { continue; }
        links.push_back(reader.links.names()[index]);
        for (int k = 0; k < message_kind_count; ++k) {
            auto const origins = p.link[i].release[k];
            if (origins == reader.link_default[index].release[k]) { continue; }
            rules += "    { link = " + toml_text(links.back()) +
                     ", kinds = " + toml_list({message_kind_names()[static_cast<std::size_t>(k)]}) +
                     ", origins = " + toml_list(named(reader.origins.names(), origins)) + " },\n";
        }
    }
    std::string text =
        "\n[[arm]]\nname = " + toml_text(name) + "\nlinks = " + toml_list(links) + "\nrelease = [" +
        (rules.empty() ? "" : "\n" + rules) +
        "]\nwithout_sensors = " + toml_list(named(reader.sensors.names(), ~p.sensors)) + '\n';
    // Source and description are all else that an arm says.
    for (auto const& line : view.fields_of({"description", "assumed", "source"})) {
        text += line + '\n';
    }
    return text;
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
        for (std::size_t const from : lineage(reader, arms, i)) { apply(reader, arms[from], p); }
        find_classes(reader, arms[i].view, p);
        reader.resolved += resolved_text(reader, arms[i].view, p, reader.arms.names()[i]);
    }
}

}  // namespace longwatch

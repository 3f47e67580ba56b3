// [[origin]], [[node]], [[link]] and [[consumer]]: who holds information, and who must be told.
#include "host/study/name_hash.hpp"
#include "host/study/study_reader.hpp"

namespace longwatch {

void read_origins(StudyReader& reader, TableView& root)
{
    for (auto& origin : entries(reader, root, reader.origins, 1, max_origins)) {
        reader.origins.read_name(origin, reader.problems);
        origin.text("source", "");
        origin.text("description", "");
        origin.report_unknown_keys();
        reader.resolved += "\n[[origin]]\n" + origin.as_lines();
    }
    reader.study.scenario->network.origin_count = reader.origins.size();
}

void read_node_values(TableView& node, NodeParams& p)
{
    p.relay_s = read_delay(node, "relay", 0.0);
    p.release_s = read_delay(node, "release", 0.0);
    p.restamps = node.boolean("restamps", false);
    p.fuses = node.boolean("fuses", false);
    p.fusion_s = read_delay(node, "fusion", p.fuses ? std::nullopt : std::optional<double>(0.0));
    p.wait_s = read_delay(node, "wait", 0.0);
    p.tracks_required =
        static_cast<int>(node.integer("tracks_required", 1, max_tracks_required, 1));
}

void read_link_values(TableView& link, LinkParams& p)
{
    p.latency_s = read_delay(link, "latency", std::nullopt);
    p.release_s = read_delay(link, "release", 0.0);
    p.slot_period_s = link.number("slot_period", Dimension::time, between(0, 3600), 0.0);
    p.availability = link.number("availability", Dimension::none, between(0, 1), 1.0);
    p.repair_mean_s = link.number("repair_mean", Dimension::time, between(0, 86400), 0.0);
    p.service_s = link.number("service", Dimension::time, between(0, 3600), 0.0);
    p.load = link.number("load", Dimension::none, between(0, 0.99), 0.0);
    if (p.load > 0 && !(p.service_s > 0)) {
        link.problem_at_key("load", link.what() +
                                        " has a load but no 'service' time (give how long " +
                                        "it takes to pass one message)");
    }
    p.loss = link.number("loss", Dimension::none, between(0, 0.99), 0.0);
    p.retransmit_s = link.number("retransmit", Dimension::time, between(0, 3600),
                                 p.loss > 0 ? std::nullopt : std::optional<double>(0.0));
}

void read_nodes(StudyReader& reader, TableView& root)
{
    auto& network = reader.study.scenario->network;
    for (auto& node : entries(reader, root, reader.nodes, 1, max_nodes)) {
        auto& p = network.node[network.node_count++];
        p.name_hash = name_hash(reader.nodes.read_name(node, reader.problems));
        reader.study.node_origins.push_back(
            reader.origins.index_of_key(node, "origin", reader.problems));
        read_node_values(node, p);
        reader.node_views.push_back(node);
        node.read_provenance(reader.provenance["node"]);
        node.report_unknown_keys();
        reader.resolved += "\n[[node]]\n" + node.as_lines();
    }
}

void read_links(StudyReader& reader, TableView& root)
{
    auto& network = reader.study.scenario->network;
    for (auto& entry : entries(reader, root, reader.links, 0, max_links)) {
        auto link = overlaid(reader, entry, "links");
        auto& p = network.link[network.link_count++];
        p.name_hash = name_hash(reader.links.read_name(link, reader.problems));
        read_model_name(link);
        p.from = reader.nodes.index_of_key(link, "from", reader.problems);
        p.to = reader.nodes.index_of_key(link, "to", reader.problems);
        if (p.from >= 0 && p.from == p.to) {
            link.problem_at_key(
                "to", link.what() + " leads from a node to itself (from and to " + "must differ)");
        }
        read_link_values(link, p);
        reader.link_views.push_back(link);
        ArmLink as_declared;
        auto const kinds = read_kinds(reader, link, "carries", message_kind_names());
        auto const origins = static_cast<OriginSet>(
            reader.origins.set_of_key(link, "origins", reader.origins.names(), reader.problems));
        for (int k = 0; k < message_kind_count; ++k) {
            as_declared.release[k] = (kinds >> k & 1) != 0 ? origins : 0;
        }
        reader.link_default.push_back(as_declared);
        link.know("group", Whose::study);
        link.note({"group"});
        auto const group = link.own().find("group");
        reader.link_group.emplace_back();
        if (group != link.own().end()) {
            auto const name = group->second.as_string();
            if (name && is_plain_name(name->get())) {
                reader.link_group.back() = name->get();
            } else {
                link.problem_at_key("group", "key 'group' = " + shown(group->second) +
                                                 " (must be lower-case letters, digits and " +
                                                 "hyphens) in " + link.what());
            }
        }
        link.read_provenance(reader.provenance["link"]);
        link.report_unknown_keys();
        reader.replaced.push_back({link.what(), link.replaced_keys()});
        reader.resolved += "\n[[link]]\n" + link.as_lines();
    }
}

void read_consumers(StudyReader& reader, TableView& root)
{
    auto& network = reader.study.scenario->network;
    for (auto& consumer : entries(reader, root, reader.consumers, 1, max_consumers)) {
        auto& p = network.consumer[network.consumer_count++];
        p.name_hash = name_hash(reader.consumers.read_name(consumer, reader.problems));
        p.node = reader.nodes.index_of_key(consumer, "node", reader.problems);
        p.threats = static_cast<std::uint32_t>(
            reader.threats.set_of_key(consumer, "threats", std::nullopt, reader.problems));
        if (p.threats == 0 && consumer.has("threats")) {
            consumer.problem_at_key("threats", consumer.what() + " is concerned by no threat " +
                                                   "(name at least one in 'threats')");
        }
        auto const clock = consumer.choice("clock", {"impact", "overflight"});
        p.clock = clock == "overflight" ? Clock::overflight : Clock::impact;
        p.concern_radius_m =
            consumer.number("concern_radius", Dimension::length, between(0, 2e7), 0.0);
        if (p.clock == Clock::overflight || p.concern_radius_m > 0 ||
            consumer.has("latitude_deg") || consumer.has("latitude_rad")) {
            p.place = read_place(consumer);
        }
        auto const kinds =
            read_kinds(reader, consumer, "acts_on", {"impact-prediction"}, actionable_kind_names());
        if (kinds == 0) {
            consumer.problem_at_key("acts_on", consumer.what() + " acts on nothing (name at " +
                                                   "least one kind of message in 'acts_on')");
        }
        for (int k = 0; k < message_kind_count; ++k) { p.acts_on[k] = (kinds >> k & 1) != 0; }
        bool const asks = p.acts_on[static_cast<int>(MessageKind::impact_prediction)] ||
                          consumer.has("impact_sigma_km") || consumer.has("impact_sigma_m");
        reader.consumer_quality.push_back(asks ? read_impact_sigma(reader, consumer)
                                               : TrackQuality{});
        p.decision_s = read_delay(consumer, "decision", 0.0);
        p.acts_in_time = consumer.has(consumer.spelling_used("precaution", Dimension::time)) ||
                         consumer.has("precaution");
        if (p.acts_in_time) { p.precaution_s = read_delay(consumer, "precaution", std::nullopt); }
        consumer.read_provenance(reader.provenance["consumer"]);
        consumer.report_unknown_keys();
        reader.resolved += "\n[[consumer]]\n" + consumer.as_lines();
    }
}

}  // namespace longwatch

#include "host/exercise/dds_configuration.hpp"

#include <sstream>

#include <pugixml.hpp>

namespace longwatch {

namespace {

/// RTPS: participant i of domain 0 is met at base + 10 + 2 i.
int port_of(WireSettings const& settings, WirePlace const& place)
{
    return settings.base_port + 10 + 2 * place.index;
}

void add(pugi::xml_node parent, char const* name, std::string const& text)
{
    parent.append_child(name).text().set(text.c_str());
}

void add_address(pugi::xml_node parent, char const* name, std::string const& address)
{
    parent.append_child(name).append_attribute("address").set_value(address.c_str());
}

void add_discovery(pugi::xml_node domain, WireSettings const& settings)
{
    auto discovery = domain.append_child("Discovery");
    add(discovery.append_child("Ports"), "Base", std::to_string(settings.base_port));
    add(discovery, "ParticipantIndex", std::to_string(settings.place.index));
    add(discovery, "Tag", settings.exercise);
    add(discovery, "SPDPInterval", "2 s");
    // Two of whom only one has given the other up never find each other again (Cyclone DDS issue 1895), so that who stands
    // still for some seconds is not given up.
    add(discovery, "LeaseDuration", "10 s");
    auto peers = discovery.append_child("Peers");
    for (auto const& peer : settings.peers) {
        add_address(peers, "Peer", peer.address + ':' + std::to_string(port_of(settings, peer)));
    }
}

void add_internal(pugi::xml_node domain)
{
    auto internal = domain.append_child("Internal");
    // More threads that receive would each be ended by a datagram to itself, and wait for ever where the interface is gone.
    add(internal, "MultipleReceiveThreads", "false");
    // A writer whose reader is gone waits for as long as it is not given up, once it has the high mark's bytes for it.
    auto marks = internal.append_child("Watermarks");
    add(marks, "WhcHigh", "500 kB");
    add(marks, "WhcHighInit", "500 kB");
    add(marks, "WhcAdaptive", "false");
}

}  // namespace

std::string dds_configuration(WireSettings const& settings)
{
    pugi::xml_document document;
    auto domain = document.append_child("CycloneDDS").append_child("Domain");
    auto general = domain.append_child("General");
    add_address(general.append_child("Interfaces"), "NetworkInterface", settings.place.address);
    add(general, "AllowMulticast", "false");
    add_discovery(domain, settings);
    add_internal(domain);
    auto tracing = domain.append_child("Tracing");
    add(tracing, "Verbosity", "warning");
    add(tracing, "OutputFile", "stderr");
    std::ostringstream out;
    document.save(out, "", pugi::format_raw | pugi::format_no_declaration);
    return out.str();
}

}  // namespace longwatch

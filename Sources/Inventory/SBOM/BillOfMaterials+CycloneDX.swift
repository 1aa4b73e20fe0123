import Foundation
import OCI

extension BillOfMaterials {
    /// CycloneDX 1.6 as JSON, in UTF-8.
    ///
    /// Packages are libraries with their places as evidence, flaws are vulnerabilities that affect them; what is Pratique's own stands in properties that begin with
    /// `pratique:`. Source: CycloneDX specification 1.6, bom-1.6.schema.json.
    public func cycloneDX() -> [UInt8] {
        var json = JSONWriter()
        let references = references(prefix: "")
        json.object { json in
            json.member("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json")
            json.member("bomFormat", "CycloneDX")
            json.member("specVersion", "1.6")
            json.member("serialNumber", "urn:uuid:\(identifier.uuidString.lowercased())")
            json.member("version", 1)
            json.object("metadata", writeMetadata)
            json.array("components") { json in
                if let release = inventory.release { json.element { write(release, "release", to: &$0) } }
                for (package, reference) in zip(inventory.packages, references) {
                    json.element { write(package, reference, to: &$0) }
                }
            }
            json.array("dependencies") { json in
                json.element { json in
                    json.member("ref", BillOfMaterials.rootReference)
                    json.array("dependsOn", isEmpty: references.isEmpty) { json in
                        for reference in references { json.element(reference) }
                    }
                }
            }
            json.array("compositions") { json in
                json.element { json in
                    json.member("aggregate", saysAll ? "complete" : "incomplete")
                    json.array("assemblies") { $0.element(BillOfMaterials.rootReference) }
                }
            }
            let known = vulnerabilities.filter { references.indices.contains($0.package) }
            json.array("vulnerabilities", isEmpty: known.isEmpty) { json in
                for flaw in known { json.element { flaw.write(to: &$0, affecting: references[flaw.package]) } }
            }
        }
        return json.finish()
    }

    private static let rootReference = "image"

    /// A name for each package that no other has: its package URL, with a number behind it where that is taken.
    private func references(prefix: String) -> [String] {
        var taken: [String: Int] = [:]
        return inventory.packages.map { package in
            let name =
                package.purl(release: inventory.release)?.description ?? "\(package.kind.rawValue):\(package.name)"
            let count = taken[name, default: 0] + 1
            taken[name] = count
            // A package URL holds no bare parenthesis, so no other package can be called so.
            return prefix + (count == 1 ? name : "\(name) (\(count))")
        }
    }

    private func writeMetadata(_ json: inout JSONWriter) {
        json.member("timestamp", time)
        json.tool(version: toolVersion)
        json.object("component") { json in
            writeImage(BillOfMaterials.rootReference, with: [], to: &json)
        }
        json.array("properties", isEmpty: statements.isEmpty) { json in
            for statement in statements { write("completeness:\(statement.name)", statement.value, to: &json) }
        }
    }

    /// The image itself, with `more` among its properties.
    private func writeImage(_ reference: String, with more: [Statement], to json: inout JSONWriter) {
        json.member("type", "container")
        json.member("bom-ref", reference)
        json.member("name", image)
        json.member("version", digest?.description)
        json.member("purl", imagePURL?.description)
        json.array("properties") { json in
            write("platform", platform.description, to: &json)
            for (index, layer) in layers.enumerated() {
                write("layer:\(index):digest", layer.digest.description, to: &json)
                if let createdBy = layer.createdBy { write("layer:\(index):created-by", createdBy, to: &json) }
            }
            for statement in more { write("completeness:\(statement.name)", statement.value, to: &json) }
        }
    }

    /// The image as a component of something larger, its packages inside; `reference` is its own in the whole document.
    func writeComponent(_ reference: String, to json: inout JSONWriter) {
        writeImage(reference, with: statements, to: &json)
        json.array("components", isEmpty: inventory.packages.isEmpty && inventory.release == nil) { json in
            if let release = inventory.release { json.element { write(release, "\(reference)/release", to: &$0) } }
            for (package, name) in zip(inventory.packages, references(prefix: "\(reference)/")) {
                json.element { write(package, name, to: &$0) }
            }
        }
    }

    private func write(_ release: Release, _ reference: String, to json: inout JSONWriter) {
        json.member("type", "operating-system")
        json.member("bom-ref", reference)
        json.member("name", release.id)
        json.member("version", release.version.isEmpty ? nil : release.version)
        json.member("description", release.prettyName)
    }

    private func write(_ package: Package, _ reference: String, to json: inout JSONWriter) {
        json.member("type", "library")
        json.member("bom-ref", reference)
        json.member("group", package.kind.isDistribution ? nil : package.namespace)
        json.member("name", package.name)
        json.member("version", package.version.isEmpty ? nil : package.version)
        write(licenses: package.licenses, to: &json)
        json.member("purl", package.purl(release: inventory.release)?.description)
        json.array("properties") { json in
            write("kind", package.kind.rawValue, to: &json)
            if let source = package.source {
                write("source:name", source.name, to: &json)
                write("source:version", source.version, to: &json)
            }
            if let layer = package.locations.first?.layer {
                write("layer:index", "\(layer)", to: &json)
                if layers.indices.contains(layer) { write("layer:digest", layers[layer].digest.description, to: &json) }
            }
            if let owner = package.ownedBy { write("owned-by", owner, to: &json) }
            if let label = package.modularityLabel { write("modularity-label", label, to: &json) }
        }
        json.object("evidence") { json in
            json.array("occurrences") { json in
                for location in package.locations { json.element { $0.member("location", location.place) } }
            }
        }
    }

    /// Either one expression, or licenses by their SPDX name or their own.
    private func write(licenses: [String], to json: inout JSONWriter) {
        json.array("licenses", isEmpty: licenses.isEmpty) { json in
            if licenses.count == 1, let expression = SPDXLicense.expression(licenses[0]), expression.isCompound {
                return json.element { $0.member("expression", expression.text) }
            }
            for license in licenses {
                json.element { json in
                    json.object("license") { json in
                        if let expression = SPDXLicense.expression(license), !expression.isCompound {
                            json.member("id", expression.text)
                        } else {
                            json.member("name", license)
                        }
                    }
                }
            }
        }
    }

    private func write(_ name: String, _ value: String, to json: inout JSONWriter) {
        json.element { json in
            json.member("name", "pratique:\(name)")
            json.member("value", value)
        }
    }
}

extension JSONWriter {
    /// Who wrote the document, as a member of CycloneDX's metadata.
    mutating func tool(version: String) {
        object("tools") { json in
            json.array("components") { json in
                json.element { json in
                    json.member("type", "application")
                    json.member("name", "pratique")
                    json.member("version", version)
                }
            }
        }
    }
}

extension Package.Location {
    /// With the place inside of an archive behind it.
    var place: String { inner.map { "\(path)!/\($0)" } ?? path }
}

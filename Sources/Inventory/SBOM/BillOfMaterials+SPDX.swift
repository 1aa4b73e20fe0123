import Foundation
import OCI

extension BillOfMaterials {
    /// SPDX 2.3 as JSON, in UTF-8.
    ///
    /// The image contains the packages; where each was found is its `sourceInfo`. Licenses that SPDX does not know keep their own
    /// words. Source: SPDX specification 2.3, spdx-schema.json.
    public func spdx() -> [UInt8] {
        var json = JSONWriter()
        var foreign: [String: String] = [:]
        json.object { json in
            json.member("spdxVersion", "SPDX-2.3")
            json.member("dataLicense", "CC0-1.0")
            json.member("SPDXID", "SPDXRef-DOCUMENT")
            json.member("name", image)
            json.member("documentNamespace", "https://pratique.invalid/spdx/\(identifier.uuidString.lowercased())")
            json.object("creationInfo") { json in
                json.member("created", time)
                json.array("creators") { $0.element("Tool: pratique-\(toolVersion)") }
            }
            json.member("comment", comment)
            json.array("packages") { json in
                json.element(writeImage)
                if let release = inventory.release { json.element { write(release, to: &$0) } }
                for (number, package) in inventory.packages.enumerated() {
                    json.element { write(package, number, foreign: &foreign, to: &$0) }
                }
            }
            json.array("relationships", writeRelationships)
            json.array("hasExtractedLicensingInfos", isEmpty: foreign.isEmpty) { json in
                for (id, text) in foreign.sorted(by: { $0.key < $1.key }) {
                    json.element { json in
                        json.member("licenseId", id)
                        json.member("extractedText", text)
                        json.member("name", String(text.prefix(200)))
                    }
                }
            }
        }
        return json.finish()
    }

    private static let none = "NOASSERTION"
    private static let imageID = "SPDXRef-Image"
    private static let releaseID = "SPDXRef-Release"

    private func id(of number: Int) -> String { "SPDXRef-Package-\(number + 1)" }

    private var comment: String {
        let lines = statements.map { "\($0.name): \($0.value)" }
        return ([saysAll ? "The inventory is complete." : "The inventory is incomplete."] + lines).joined(
            separator: "\n"
        )
    }

    private func writeImage(_ json: inout JSONWriter) {
        json.member("SPDXID", BillOfMaterials.imageID)
        json.member("name", image)
        json.member("versionInfo", digest?.description)
        json.member("primaryPackagePurpose", "CONTAINER")
        writeUnknowns(license: nil, to: &json)
        if let digest {
            json.array("checksums") { json in
                json.element { json in
                    json.member("algorithm", digest.algorithm.rawValue.uppercased())
                    json.member("checksumValue", digest.hexadecimal)
                }
            }
        }
        write(imagePURL, to: &json)
    }

    private func write(_ release: Release, to json: inout JSONWriter) {
        json.member("SPDXID", BillOfMaterials.releaseID)
        json.member("name", release.id)
        json.member("versionInfo", release.version.isEmpty ? nil : release.version)
        json.member("summary", release.prettyName)
        json.member("primaryPackagePurpose", "OPERATING-SYSTEM")
        writeUnknowns(license: nil, to: &json)
    }

    private func write(
        _ package: Package,
        _ number: Int,
        foreign: inout [String: String],
        to json: inout JSONWriter
    ) {
        json.member("SPDXID", id(of: number))
        json.member("name", package.fullName)
        json.member("versionInfo", package.version.isEmpty ? nil : package.version)
        json.member("primaryPackagePurpose", "LIBRARY")
        json.member("sourceInfo", sourceInfo(of: package))
        var declared: [String] = []
        for license in package.licenses {
            if let expression = SPDXLicense.expression(license) {
                declared.append(expression.isCompound ? "(\(expression.text))" : expression.text)
            } else {
                let reference = SPDXLicense.reference(for: license)
                foreign[reference] = license
                declared.append(reference)
            }
        }
        writeUnknowns(license: declared.isEmpty ? nil : declared.joined(separator: " AND "), to: &json)
        write(package.purl(release: inventory.release), to: &json)
    }

    private func sourceInfo(of package: Package) -> String {
        var parts = package.locations.map { location in
            let layer = location.layer.map { layer in
                layers.indices.contains(layer) ? " in layer \(layer) (\(layers[layer].digest))" : " in layer \(layer)"
            }
            return "stated by \(location.place)\(layer ?? "")"
        }
        if let source = package.source { parts.append("built from \(source.name) \(source.version)") }
        if let owner = package.ownedBy { parts.append("installed by the distribution's package \(owner)") }
        return parts.joined(separator: "; ")
    }

    private func writeUnknowns(license: String?, to json: inout JSONWriter) {
        json.member("downloadLocation", BillOfMaterials.none)
        json.member("filesAnalyzed", false)
        json.member("licenseConcluded", BillOfMaterials.none)
        json.member("licenseDeclared", license ?? BillOfMaterials.none)
        json.member("copyrightText", BillOfMaterials.none)
        json.member("supplier", BillOfMaterials.none)
    }

    private func write(_ url: PackageURL?, to json: inout JSONWriter) {
        guard let url else { return }
        json.array("externalRefs") { json in
            json.element { json in
                json.member("referenceCategory", "PACKAGE-MANAGER")
                json.member("referenceType", "purl")
                json.member("referenceLocator", url.description)
            }
        }
    }

    private func writeRelationships(_ json: inout JSONWriter) {
        func relate(_ from: String, _ type: String, _ to: String) {
            json.element { json in
                json.member("spdxElementId", from)
                json.member("relationshipType", type)
                json.member("relatedSpdxElement", to)
            }
        }
        relate("SPDXRef-DOCUMENT", "DESCRIBES", BillOfMaterials.imageID)
        if inventory.release != nil { relate(BillOfMaterials.imageID, "CONTAINS", BillOfMaterials.releaseID) }
        for number in inventory.packages.indices { relate(BillOfMaterials.imageID, "CONTAINS", id(of: number)) }
    }
}

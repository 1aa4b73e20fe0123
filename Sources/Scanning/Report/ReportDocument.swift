import Advisories
import Foundation
import Inventory
import Layers
import OCI
import Storage

/// The report as our own JSON: stable names, nothing nested without need.
struct ReportDocument: Encodable {
    struct Image: Encodable {
        var name: String
        var digest: String
        var indexDigest: String?
        var configurationDigest: String
        var platform: String
        var created: String?
        var layers: [Layer]
    }

    struct Layer: Encodable {
        var digest: String
        var size: Int64
        var mediaType: String
        var createdBy: String?
        var complete: Bool
        var entries: Int
    }

    struct OperatingSystem: Encodable {
        var id: String
        var version: String
        var name: String
        var endOfLife: EndOfLife?
    }

    struct PackageEntry: Encodable {
        var purl: String
        var type: String
        var name: String
        var version: String
        var architecture: String?
        var source: String?
        var sourceVersion: String?
        var licenses: [String]?
        var ownedBy: String?
        var path: String?
        var layer: Int?
    }

    struct FindingEntry: Encodable {
        var id: String
        var aliases: [String]
        var severity: String
        var score: Double?
        var vector: String?
        var package: String
        var version: String
        var purl: String
        var fixedIn: String?
        var urgency: String?
        var exploited: Bool
        var epss: Double?
        var summary: String
        var status: String?
        var statusReason: String?
        var published: String?
        var modified: String?
        var references: [String]
        var cwes: [String]
        var path: String?
        var layer: Int?
        var layerDigest: String?
        var introducedBy: String?
    }

    struct Completeness: Codable {
        var inventoryComplete: Bool
        var layersDone: Int
        var layersTotal: Int
        var bytesRead: Int64
        var bytesTotal: Int64
        var incompleteLayers: [ReportCompleteness.IncompleteLayer]
        var incompleteMerge: String?
        var ecosystems: [ReportCompleteness.Ecosystem]
        var unknownEcosystems: [String]
        var uncomparablePackages: Int
        var unreadable: [Unreadable]
        var advisories: ReportCompleteness.Advisories?
    }

    struct Unreadable: Codable {
        var path: String
        var reason: String
    }

    var tool: [String: String]
    var createdAt: String
    var image: Image
    var os: OperatingSystem?
    var completeness: Completeness
    var counts: [String: Int]
    var findings: [FindingEntry]
    var packages: [PackageEntry]

    init(_ report: ImageReport) {
        let scanned = report.scanned
        let image = scanned.image
        let release = scanned.inventory.release
        tool = ["name": "pratique", "version": report.toolVersion]
        createdAt = report.timestamp
        self.image = Image(
            name: image.name,
            digest: image.digest.description,
            indexDigest: image.indexDigest?.description,
            configurationDigest: image.configurationDigest.description,
            platform: image.platform.description,
            created: image.created,
            layers: scanned.layers.map {
                Layer(
                    digest: $0.layer.digest.description,
                    size: $0.layer.sizeInBytes,
                    mediaType: $0.layer.mediaType.description,
                    createdBy: $0.layer.createdBy,
                    complete: $0.completeness == .complete,
                    entries: $0.counts.entries
                )
            }
        )
        os = release.map {
            OperatingSystem(
                id: $0.id,
                version: $0.version,
                name: $0.prettyName,
                endOfLife: report.completeness.endOfLife
            )
        }
        completeness = Completeness(report.completeness)
        counts = Dictionary(uniqueKeysWithValues: report.counts.map { ($0.severity.rawValue, $0.count) })
        findings = report.findings.map { FindingEntry($0, scanned) }
        packages = scanned.inventory.packages.map { PackageEntry($0, release) }
    }
}

extension ReportDocument.Completeness {
    init(_ completeness: ReportCompleteness) {
        inventoryComplete = completeness.isInventoryComplete
        layersDone = completeness.layersDone
        layersTotal = completeness.layersTotal
        bytesRead = completeness.bytesRead
        bytesTotal = completeness.bytesTotal
        incompleteLayers = completeness.incompleteLayers
        incompleteMerge = completeness.incompleteMerge
        ecosystems = completeness.ecosystems
        unknownEcosystems = completeness.unknownEcosystems
        uncomparablePackages = completeness.uncomparable
        unreadable = completeness.unreadable.map { ReportDocument.Unreadable(path: $0.path, reason: $0.reason) }
        advisories = completeness.advisories
    }
}

extension ReportDocument.PackageEntry {
    fileprivate init(_ package: Package, _ release: Release?) {
        purl = package.purlText(release)
        type = package.kind.rawValue
        name = package.fullName
        version = package.version
        architecture = package.architecture
        source = package.source?.name
        sourceVersion = package.source?.version
        licenses = package.licenses.isEmpty ? nil : package.licenses
        ownedBy = package.ownedBy
        path = package.locations.first?.path
        layer = package.locations.first?.layer
    }
}

extension ReportDocument.FindingEntry {
    fileprivate init(_ finding: Finding, _ scanned: ScannedImage) {
        let place = finding.package.locations.first
        let layer = place?.layer.flatMap { scanned.layers.indices.contains($0) ? scanned.layers[$0].layer : nil }
        id = finding.id
        aliases = finding.aliases
        severity = finding.severity.rawValue
        score = finding.score
        vector = finding.vector
        package = finding.package.fullName
        version = finding.package.version
        purl = finding.package.purlText(scanned.inventory.release)
        fixedIn = finding.fixedIn
        urgency = finding.urgency
        exploited = finding.isExploited
        epss = finding.exploitProbability
        summary = finding.summary
        status = finding.decision?.status.rawValue
        statusReason = finding.decision?.reason
        published = finding.published
        modified = finding.modified
        references = finding.references
        cwes = finding.weaknesses
        path = place?.path
        self.layer = place?.layer
        layerDigest = layer?.digest.description
        introducedBy = layer?.createdBy
    }
}

extension ImageReport {
    /// The report as JSON, indented, with sorted keys.
    public func json() throws -> [UInt8] { try ImageReport.encode(ReportDocument(self)) }

    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }
}

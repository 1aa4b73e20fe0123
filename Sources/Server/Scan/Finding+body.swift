import Advisories
import Foundation
import Inventory
import Storage
import Tenancy

/// What a worker kept of a flaw, for its words.
private struct FlawDetail {
    private let members: [(name: String, value: RequestValue)]

    init(_ text: String) {
        // What cannot be read has no words; the finding itself is told all the same.
        members = (try? JSONReader.members(of: text.utf8)) ?? []
    }

    func text(_ name: String) -> String {
        if case .string(let text)? = members.first(where: { $0.name == name })?.value { text } else { "" }
    }

    func texts(_ name: String) -> [String] {
        guard case .array(let items)? = members.first(where: { $0.name == name })?.value else { return [] }
        return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }
}

extension StoredFinding {
    /// A finding as the contract's lists and its client have it, with ours beside. Source: published-api-notes.md, "Results".
    var body: JSON {
        let detail = FlawDetail(self.detail)
        let place = places.first
        let summary = detail.text("summary")
        let weaknesses = detail.texts("cwes")
        let ids = [flaw] + aliases
        let advisory = ids.first { $0.hasPrefix("GHSA-") }
        let vulnerability = ids.first { $0.hasPrefix("CVE-") }
        let paths: [JSON] = place?.path.map { [.string($0)] } ?? []
        let fixes: [JSON] = place.flatMap { fix($0) }.map { [$0] } ?? []
        return [
            "base": base(detail, summary: summary, weaknesses: weaknesses),
            "library": [
                "packageName": .string(packageName), "packageVersion": .string(place?.installedVersion ?? ""),
                "fileName": .string(place?.path ?? ""), "ecosystem": .string(kind.rawValue),
                "path": .array(paths),
            ],
            "metadata": [
                "ghsaId": .nullable(advisory),
                "cve": .nullable(vulnerability),
                "summary": .string(summary.isEmpty ? flaw : summary), "details": .string(summary),
                "cwes": .array(weaknesses.map { ["cweId": .string($0)] }),
                "aliases": .array(aliases.map { ["alias": .string($0)] }),
            ],
            "autofixRecords": .array(fixes), "finding": own,
        ]
    }

    private func base(_ detail: FlawDetail, summary: String, weaknesses: [String]) -> JSON {
        let fixed = places.first?.fixedIn
        let prevention = fixed.map { "Upgrade \(packageName) to \($0)" } ?? "No fixed version is known yet"
        return [
            "id": .id(id), "currentSeverity": .string(severity.rawValue), "currentState": .string(status.rawValue),
            "currentPriority": .string(FindingPriority(severity).rawValue), "language": .string(kind.rawValue),
            "path": .string(places.first?.path ?? ""), "vulnerableStartLine": 0, "vulnerableEndLine": 0,
            "vulnerability": [
                "name": .string(flaw), "description": .string(summary), "severity": .string(severity.rawValue),
                "howToPrevent": .string(prevention), "cwe": .array(weaknesses.map { .string($0) }), "owaspTop10": [],
                "vulnerabilityType": "container",
            ], "branch": .string(places.first?.branch ?? ""), "createdAt": .time(firstSeenAt),
            "updateAt": .time(lastSeenAt),
        ]
    }

    private func fix(_ place: FindingPlace) -> JSON? {
        place.fixedIn.map { version in
            [
                "cveId": .string(flaw), "vulnerablePackage": .string(packageName),
                "vulnerableVersion": .string(place.installedVersion), "recommendedProposedVersion": .string(version),
                "installCommand": .string(kind.installCommand(packageName, version)), "hasFixAvailable": true,
            ]
        }
    }

    /// What the contract has no words for.
    private var own: JSON {
        [
            "flaw": .string(flaw), "repository": .string(repository), "status": .string(status.rawValue),
            "decision": decision?.body ?? .null, "score": .tenths(scoreInTenths),
            "isFixable": .bool(isFixable), "isExploited": .bool(isExploited), "imageCount": .integer(imageCount),
            "firstSeenAt": .time(firstSeenAt), "lastSeenAt": .time(lastSeenAt), "knownSince": .time(knownSince),
            "places": .array(places.map(\.body)), "advisory": JSON.embedding(detail),
        ]
    }

    static let schema: JSON = {
        let text = Schema.string("Text")
        let vulnerability = Schema.object([
            ("name", text), ("description", text), ("severity", text), ("howToPrevent", text),
            ("cwe", Schema.array(text)), ("owaspTop10", Schema.array(text)), ("vulnerabilityType", text),
        ])
        let base = Schema.object([
            ("id", Schema.uuid("Finding")), ("currentSeverity", .severity), ("currentState", .findingStatus),
            ("currentPriority", Schema.choice(FindingPriority.allCases.map(\.rawValue), "Follows the severity")),
            ("language", Schema.string("Kind of package")), ("path", Schema.string("File that states the package")),
            ("vulnerableStartLine", Schema.integer("Always 0: a package has no lines")),
            ("vulnerableEndLine", Schema.integer("Always 0")), ("vulnerability", vulnerability),
            ("branch", Schema.string("Branch of the image, or empty")),
            ("createdAt", Schema.time("When a scan first had it")),
            ("updateAt", Schema.time("When a scan last had it")),
        ])
        let library = Schema.object([
            ("packageName", text), ("packageVersion", text), ("fileName", text), ("ecosystem", text),
            ("path", Schema.array(text)),
        ])
        let metadata = Schema.object([
            ("ghsaId", text.adding(["nullable": true])), ("cve", text.adding(["nullable": true])), ("summary", text),
            ("details", text), ("cwes", Schema.array(Schema.object([("cweId", text)]))),
            ("aliases", Schema.array(Schema.object([("alias", text)]))),
        ])
        let fix = Schema.object([
            ("cveId", text), ("vulnerablePackage", text), ("vulnerableVersion", text),
            ("recommendedProposedVersion", text),
            ("installCommand", Schema.string("Empty where there is none that is sure to be right")),
            ("hasFixAvailable", Schema.boolean("Always true")),
        ])
        return Schema.object([
            ("base", base), ("library", library), ("metadata", metadata), ("autofixRecords", Schema.array(fix)),
            ("finding", ownSchema),
        ])
    }()

    private static let ownSchema = Schema.object([
        ("flaw", Schema.string("The id that people know")), ("repository", Schema.string("Registry and repository")),
        ("status", .findingStatus), ("decision", FindingDecision.schema),
        ("score", ["type": "number", "nullable": true, "description": "CVSS base score"]),
        ("isFixable", Schema.boolean("Whether there is a version to go to in any image")),
        ("isExploited", Schema.boolean("Whether it is known to be exploited")),
        ("imageCount", Schema.integer("Images that have it")),
        ("firstSeenAt", Schema.time("When a scan first had it")),
        ("lastSeenAt", Schema.time("When a scan last had it")),
        ("knownSince", Schema.time("Since when the advisories tell of it")),
        ("places", Schema.array(FindingPlace.schema, "In lists the first place only")),
        (
            "advisory",
            [
                "type": "object", "nullable": true, "additionalProperties": true,
                "description": "What the advisories say: summary, vector, references and more",
            ]
        ),
    ])
}

extension JSON {
    fileprivate static let severity = Schema.choice(Severity.worstFirst.map(\.rawValue), "Severity")
    static let findingStatus = Schema.choice(FindingStatus.allCases.map(\.rawValue), "Status")

    /// A number with one digit behind the point, or null.
    static func tenths(_ number: Int?) -> JSON {
        guard let number, number >= 0 else { return .null }
        return .written(Array("\(number / 10).\(number % 10)".utf8))
    }

    /// A whole number, or null.
    static func count(_ number: Int?) -> JSON {
        guard let number else { return .null }
        return .integer(number)
    }
}

extension FindingDecision {
    fileprivate var body: JSON {
        [
            "status": .string(status.rawValue), "reason": .nullable(reason),
            "author": .nullable(author?.description), "decidedAt": .time(decidedAt), "expiresAt": .time(expiresAt),
        ]
    }

    fileprivate static let schema = Schema.object([
        ("status", .findingStatus), ("reason", Schema.string("Why").adding(["nullable": true])),
        ("author", Schema.uuid("Who decided").adding(["nullable": true])), ("decidedAt", Schema.time("When")),
        ("expiresAt", Schema.time("When it is to be verified again", nullable: true)),
    ]).adding(["nullable": true])
}

extension FindingPlace {
    fileprivate var body: JSON {
        [
            "imageId": .id(image), "tag": .string(tag), "platform": .string(platform),
            "branch": .nullable(branch), "installedVersion": .string(installedVersion),
            "fixedIn": .nullable(fixedIn), "severity": .string(severity.rawValue),
            "score": .tenths(scoreInTenths), "layer": .count(layer),
            "layerDigest": .nullable(layerDigest), "introducedBy": .nullable(introducedBy),
            "path": .nullable(path),
        ]
    }

    fileprivate static let schema: JSON = {
        func nullable(_ schema: JSON) -> JSON { schema.adding(["nullable": true]) }
        return Schema.object([
            ("imageId", Schema.uuid("Image")), ("tag", Schema.string("Tag, or digest")),
            ("platform", Schema.string("Platform")), ("branch", nullable(Schema.string("Branch"))),
            ("installedVersion", Schema.string("Installed")), ("fixedIn", nullable(Schema.string("Version to go to"))),
            ("severity", .severity), ("score", ["type": "number", "nullable": true, "description": "CVSS base score"]),
            ("layer", nullable(Schema.integer("Counted from 0"))),
            ("layerDigest", nullable(Schema.string("Layer that brought the package"))),
            ("introducedBy", nullable(Schema.string("Command that made the layer"))),
            ("path", nullable(Schema.string("File that states the package"))),
        ])
    }()
}

extension Package.Kind {
    /// What installs `version`; empty where nothing is sure to be right. Names and versions come from images and advisories: what a
    /// shell could take for more than a word makes no command.
    fileprivate func installCommand(_ name: String, _ version: String) -> String {
        func isPlain(_ text: String) -> Bool {
            !text.isEmpty && text.first != "-"
                && text.utf8.allSatisfy {
                    (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
                        || "._+:~@/-".utf8.contains($0)
                }
        }
        guard isPlain(name), isPlain(version) else { return "" }
        return switch self {
        case .deb: "apt-get install \(name)=\(version)"
        case .apk: "apk add \(name)=\(version)"
        case .rpm: "dnf install \(name)-\(version)"
        case .pypi: "pip install \(name)==\(version)"
        case .npm: "npm install \(name)@\(version)"
        case .golang: "go get \(name)@\(version.hasPrefix("v") ? version : "v\(version)")"
        case .gem: "gem install \(name) -v \(version)"
        case .maven, .cargo, .composer, .nuget: ""
        }
    }
}

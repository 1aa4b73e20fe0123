import Foundation
import HTTPTypes
import Inventory
import OCI
import Registries
import Storage

/// An OpenVEX document, as far as it decides anything. Source: OpenVEX specification 0.2.0.
struct VEXDocument: Sendable {
    /// One statement.
    struct Statement: Sendable {
        /// Where it stands: `statements[3]`.
        let path: String
        /// The flaw's name, then its other ids.
        let flaws: [String]
        let status: FindingStatus
        let reason: String?
        let time: Date?
        let products: [Product]
    }

    /// A product, and where it stands.
    struct Product: Sendable {
        let path: String
        /// Empty when nothing that Pratique knows is meant.
        let subjects: [FindingSubject]
    }

    /// In the order in which they count: the later ones later.
    let statements: [Statement]

    /// Reads a document. Throws every complaint, with its path.
    init(_ body: Data) throws(APIError) {
        let members: [(name: String, value: RequestValue)]
        do throws(JSONReader.Malformed) {
            members = try JSONReader.members(of: body)
        } catch {
            throw .notAnObject(expecting: "an OpenVEX document")
        }
        var reader = VEXReader()
        let read = reader.statements(Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first })
        try reader.finish()
        // Those of one moment stay in their order.
        statements = read.enumerated().sorted {
            ($0.element.time ?? .distantPast, $0.offset) < ($1.element.time ?? .distantPast, $1.offset)
        }.map(\.element)
    }
}

/// Reads the parts of a document and collects what is wrong with them.
private struct VEXReader {
    typealias Members = [String: RequestValue]

    private var errors: [FieldError] = []
    private var more = 0

    private static let statuses: [String: FindingStatus] = [
        "not_affected": .ignored, "affected": .confirmed, "fixed": .resolved, "under_investigation": .toVerify,
    ]
    private static let justifications = [
        "component_not_present", "vulnerable_code_not_present", "vulnerable_code_not_in_execute_path",
        "vulnerable_code_cannot_be_controlled_by_adversary", "inline_mitigations_already_exist",
    ]

    mutating func finish() throws(APIError) {
        guard !errors.isEmpty else { return }
        if more > 0 { errors.append(FieldError("statements", "has \(more) more mistakes like these")) }
        throw .invalid(errors)
    }

    private mutating func complain(_ path: String, _ message: String) {
        if errors.count < VEXLimits.complaints { errors.append(FieldError(path, message)) } else { more += 1 }
    }

    mutating func statements(_ document: Members) -> [VEXDocument.Statement] {
        let context = text(document["@context"], "@context") ?? ""
        if !context.isEmpty, !context.hasPrefix("https://openvex.dev/ns") {
            complain("@context", "must be https://openvex.dev/ns/v0.2.0: this is no OpenVEX document")
        }
        let time = time(document["timestamp"], "timestamp")
        return items(document["statements"], "statements", limit: VEXLimits.statements).compactMap { item, path in
            guard case .object(let members) = item else {
                complain(path, "must be an object")
                return nil
            }
            return statement(members, path, time)
        }
    }

    private mutating func statement(_ members: Members, _ path: String, _ time: Date?) -> VEXDocument.Statement {
        let flaws = flaws(members["vulnerability"], "\(path).vulnerability")
        let word = text(members["status"], "\(path).status") ?? ""
        let status = Self.statuses[word]
        if status == nil, !word.isEmpty {
            complain("\(path).status", "must be one of: \(Self.statuses.keys.sorted().joined(separator: ", "))")
        }
        let justification = optionalText(members["justification"], "\(path).justification")
        if let justification, !Self.justifications.contains(justification) {
            complain("\(path).justification", "must be one of: \(Self.justifications.joined(separator: ", "))")
        }
        let impact = optionalText(members["impact_statement"], "\(path).impact_statement")
        if status == .ignored, justification == nil, impact == nil {
            complain("\(path).justification", "not_affected needs a justification or an impact_statement")
        }
        let words = [
            justification, impact, optionalText(members["action_statement"], "\(path).action_statement"),
            optionalText(members["status_notes"], "\(path).status_notes"),
        ].compactMap { $0 }
        return VEXDocument.Statement(
            path: path,
            flaws: flaws,
            status: status ?? .toVerify,
            reason: words.isEmpty ? nil : String(words.joined(separator: ": ").prefix(DecisionRoutes.reasonLimit)),
            time: self.time(members["timestamp"], "\(path).timestamp") ?? time,
            products: items(members["products"], "\(path).products", limit: VEXLimits.products).map { item, path in
                VEXDocument.Product(path: path, subjects: subjects(item, path))
            }
        )
    }

    /// An object with a name, or the bare name of version 0.0.1.
    private mutating func flaws(_ value: RequestValue?, _ path: String) -> [String] {
        guard case .object(let members)? = value else { return text(value, path).map { [$0] } ?? [] }
        var flaws = text(members["name"], "\(path).name").map { [$0] } ?? []
        guard let aliases = members["aliases"], aliases != .null else { return flaws }
        for (item, place) in items(aliases, "\(path).aliases", limit: VEXLimits.aliases, mayBeEmpty: true) {
            if let alias = text(item, place) { flaws.append(alias) }
        }
        return flaws
    }

    private mutating func subjects(_ product: RequestValue, _ path: String) -> [FindingSubject] {
        let url = url(product, path)
        let images = url.flatMap(FindingSubject.Images.init)
        let package = url.flatMap { PackageQuery($0) }
        var parts: [PackageQuery?] = []
        var hasParts = false
        if case .object(let members) = product, let value = members["subcomponents"], value != .null {
            for (item, place) in items(value, "\(path).subcomponents", limit: VEXLimits.products, mayBeEmpty: true) {
                hasParts = true
                if let part = self.url(item, place).flatMap({ PackageQuery($0) }) { parts.append(part) }
            }
        }
        if let images { return (hasParts ? parts : [nil]).map { FindingSubject(images: images, package: $0) } }
        // Which images hold a part inside of another package is not known here.
        guard let package, !hasParts || parts.contains(package) else { return [] }
        return [FindingSubject(images: nil, package: package)]
    }

    /// The package URL of a component, which stands in one of three places; nil when it has none.
    private mutating func url(_ value: RequestValue, _ path: String) -> PackageURL? {
        var (texts, place): ([RequestValue?], String) = ([value], path)
        if case .object(let members) = value {
            texts = [members["@id"]]
            place = "\(path).@id"
            if case .object(let identifiers)? = members["identifiers"], let purl = identifiers["purl"] {
                (texts, place) = ([purl], "\(path).identifiers.purl")
            } else if members["@id"] == nil {
                if members["identifiers"] == nil, members["hashes"] == nil {
                    complain(path, "must have an @id or identifiers.purl")
                }
                return nil
            }
        }
        guard let text = texts.first.flatMap({ text($0, place) }), text.lowercased().hasPrefix("pkg:") else {
            return nil
        }
        do throws(PackageURL.ValidationError) {
            return try PackageURL(text)
        } catch {
            complain(place, "must be a package URL: \(error.message)")
            return nil
        }
    }

    private mutating func items(
        _ value: RequestValue?,
        _ path: String,
        limit: Int,
        mayBeEmpty: Bool = false
    ) -> [(RequestValue, String)] {
        guard case .array(let items)? = value, mayBeEmpty || !items.isEmpty else {
            complain(path, "must be an array\(mayBeEmpty ? "" : " of at least one item")")
            return []
        }
        guard items.count <= limit else {
            complain(path, "must have at most \(limit) items")
            return []
        }
        return items.enumerated().map { ($1, "\(path)[\($0)]") }
    }

    private mutating func text(_ value: RequestValue?, _ path: String) -> String? {
        guard case .string(let text)? = value, !text.isEmpty else {
            complain(path, "must be a text that is not empty")
            return nil
        }
        guard text.utf8.count <= VEXLimits.textInBytes, text.unicodeScalars.allSatisfy({ $0.value >= 32 }) else {
            complain(path, "must have at most \(VEXLimits.textInBytes) bytes and no control characters")
            return nil
        }
        return text
    }

    /// Words for people: as long as the body allows, without control characters.
    private mutating func optionalText(_ value: RequestValue?, _ path: String) -> String? {
        switch value {
        case nil, .null: return nil
        case .string(let text):
            let words = text.unicodeScalars.split { $0.value < 32 || $0.value == 127 }.map { String($0) }
            let clean = words.joined(separator: " ").trimmingCharacters(in: .whitespaces)
            return clean.isEmpty ? nil : clean
        default:
            complain(path, "must be a text")
            return nil
        }
    }

    private mutating func time(_ value: RequestValue?, _ path: String) -> Date? {
        switch value {
        case nil, .null: return nil
        case .string(let text):
            if let date = Date(rfc3339: text) { return date }
        default: break
        }
        complain(path, "must be a time in RFC 3339, 2026-11-24T12:00:00Z for one")
        return nil
    }
}

extension FindingSubject.Images {
    /// The images of a package URL of the type `oci` or `docker`; nil for another. Source: purl-spec, oci-definition.json.
    fileprivate init?(_ url: PackageURL) {
        guard url.type == "oci" || url.type == "docker" else { return nil }
        var repository = url.qualifiers["repository_url"]
        for scheme in ["https://", "http://"] where repository?.hasPrefix(scheme) == true {
            repository = repository.map { String($0.dropFirst(scheme.count)) }
        }
        let digest = url.version.flatMap { try? Digest($0) }
        self.init(
            repository: repository,
            name: url.name.lowercased(),
            digest: digest,
            // What is no digest in the place of one is a tag, as Docker's URLs have it.
            tag: url.qualifiers["tag"] ?? (digest == nil ? url.version : nil)
        )
    }
}
